data "aws_region" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["ssm.amazonaws.com", "lambda.amazonaws.com"]
    }

    actions = ["sts:AssumeRole"]
  }
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "environment" {
  type = string
}

variable "connection" {
  type = map(string)

  default = {
    host = "db.internal.example.com"
    port = "5432"
  }
}

resource "aws_iam_role" "managed" {
  name               = "managed"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.managed.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_instance" "web" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.micro"
}

resource "aws_lambda_function" "function" {
  function_name = "rotate"
  role          = aws_iam_role.managed.arn
  handler       = "rotate.handler"
  runtime       = "python3.13"
  filename      = "rotate.zip"
}

resource "aws_sns_topic" "events" {
  name = "maintenance"
}

resource "aws_db_instance" "orders" {
  allocated_storage           = 20
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  manage_master_user_password = true
  skip_final_snapshot         = true
  username                    = "orders"
}

resource "aws_vpc" "main" {
  assign_generated_ipv6_cidr_block = true
  cidr_block                       = "10.8.0.0/16"
}

resource "aws_vpc_endpoint" "storage" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.${data.aws_region.current.region}.s3"
}

data "aws_prefix_list" "storage" {
  name = "com.amazonaws.${data.aws_region.current.region}.s3"
}

# website/docs/r/ssm_parameter.html.markdown
resource "aws_ssm_parameter" "plain" {
  name  = "colour"
  type  = "String"
  value = "green"
}

resource "aws_ssm_parameter" "secret" {
  name        = "/${var.environment}/orders/password"
  description = "Password of the orders database"
  type        = "SecureString"
  value       = var.database_password

  tags = {
    environment = var.environment
  }
}

# website/docs/r/ssm_activation.html.markdown
resource "aws_ssm_activation" "depot" {
  name               = "depot"
  description        = "Machines of the depot"
  iam_role           = aws_iam_role.managed.id
  registration_limit = "5"
  depends_on         = [aws_iam_role_policy_attachment.managed]
}

# website/docs/r/ssm_document.html.markdown
resource "aws_ssm_document" "json" {
  name          = "show-disks"
  document_type = "Command"

  content = <<DOC
  {
    "schemaVersion": "1.2",
    "description": "Show how full the disks are.",
    "parameters": {

    },
    "runtimeConfig": {
      "aws:runShellScript": {
        "properties": [
          {
            "id": "0.aws:runShellScript",
            "runCommand": ["df -h"]
          }
        ]
      }
    }
  }
DOC
}

resource "aws_ssm_document" "yaml" {
  name            = "show-memory"
  document_format = "YAML"
  document_type   = "Command"

  content = <<DOC
schemaVersion: '1.2'
description: Show how much memory is left.
parameters: {}
runtimeConfig:
  'aws:runShellScript':
    properties:
      - id: '0.aws:runShellScript'
        runCommand:
          - free -m
DOC
}

resource "aws_ssm_document" "package" {
  name          = "agent"
  document_type = "Package"

  attachments_source {
    key    = "SourceUrl"
    values = ["s3://${aws_s3_bucket.results.bucket}/agent"]
  }

  content = <<DOC
  {
    "schemaVersion": "2.0",
    "version": "1.0.0",
    "packages": {}
  }
DOC

  lifecycle {
    ignore_changes = [attachments_source]
  }
}

# website/docs/r/ssm_association.html.markdown
resource "aws_ssm_association" "instance" {
  name = aws_ssm_document.json.name

  targets {
    key    = "InstanceIds"
    values = [aws_instance.web.id]
  }
}

resource "aws_ssm_association" "every_instance" {
  name = "AWS-GatherSoftwareInventory"

  targets {
    key    = "InstanceIds"
    values = ["*"]
  }
}

resource "aws_ssm_association" "scheduled" {
  name                = "AWS-RunShellScript"
  association_name    = "weekly-cleaning"
  schedule_expression = "cron(30 3 ? * SAT *)"

  parameters = {
    commands = join("\n", [
      "#!/bin/sh",
      "journalctl --vacuum-time=14d",
      "rm -rf /var/tmp/orders",
    ])
    workingDirectory = "/var/tmp"
    executionTimeout = "1800"
  }

  targets {
    key    = "tag:environment"
    values = [var.environment]
  }

  compliance_severity = "HIGH"
  max_concurrency     = "10%"
  max_errors          = "0"

  tags = {
    environment = var.environment
  }
}

# website/docs/r/ssm_default_patch_baseline.html.markdown
resource "aws_ssm_default_patch_baseline" "listed" {
  baseline_id      = aws_ssm_patch_baseline.listed.id
  operating_system = aws_ssm_patch_baseline.listed.operating_system
}

# website/docs/r/ssm_patch_baseline.html.markdown
resource "aws_ssm_patch_baseline" "listed" {
  name             = "listed"
  approved_patches = ["KB4012212"]
}

resource "aws_ssm_patch_baseline" "rules" {
  name             = "rules"
  description      = "What is taken on after a week"
  approved_patches = ["KB4012212", "KB4012598"]
  rejected_patches = ["KB4019264"]

  global_filter {
    key    = "PRODUCT"
    values = ["WindowsServer2022"]
  }

  global_filter {
    key    = "CLASSIFICATION"
    values = ["ServicePacks"]
  }

  global_filter {
    key    = "MSRC_SEVERITY"
    values = ["Low"]
  }

  approval_rule {
    approve_after_days = 7
    compliance_level   = "CRITICAL"

    patch_filter {
      key    = "PRODUCT"
      values = ["WindowsServer2022"]
    }

    patch_filter {
      key    = "CLASSIFICATION"
      values = ["SecurityUpdates", "CriticalUpdates"]
    }

    patch_filter {
      key    = "MSRC_SEVERITY"
      values = ["Critical", "Important"]
    }
  }

  approval_rule {
    approve_after_days = 14

    patch_filter {
      key    = "PRODUCT"
      values = ["WindowsServer2019"]
    }
  }
}

resource "aws_ssm_patch_baseline" "with_source" {
  name             = "with-source"
  description      = "Amazon Linux with a repository of our own"
  operating_system = "AMAZON_LINUX"

  approval_rule {
    approve_after_days = 3

    patch_filter {
      key    = "PRODUCT"
      values = ["AmazonLinux2018.03"]
    }
  }

  source {
    name     = "orchard"
    products = ["AmazonLinux2018.03"]

    configuration = <<EOF
[orchard]
name=orchard
baseurl=https://packages.example.com/main
enabled=1
gpgcheck=1
EOF
  }
}

# website/docs/r/ssm_maintenance_window.html.markdown
resource "aws_ssm_maintenance_window" "nightly" {
  name     = "nightly"
  schedule = "cron(0 2 ? * WED *)"
  duration = 4
  cutoff   = 1
}

# website/docs/r/ssm_maintenance_window_target.html.markdown
resource "aws_ssm_maintenance_window_target" "instances" {
  window_id     = aws_ssm_maintenance_window.nightly.id
  name          = "instances"
  description   = "Machines of the web tier"
  resource_type = "INSTANCE"

  targets {
    key    = "tag:tier"
    values = ["web"]
  }
}

resource "aws_ssm_maintenance_window_target" "resource_group" {
  window_id     = aws_ssm_maintenance_window.nightly.id
  name          = "groups"
  description   = "Whatever is an instance"
  resource_type = "RESOURCE_GROUP"

  targets {
    key    = "resource-groups:ResourceTypeFilters"
    values = ["AWS::EC2::Instance"]
  }
}

# website/docs/r/ssm_maintenance_window_task.html.markdown
resource "aws_ssm_maintenance_window_task" "automation" {
  max_concurrency = 3
  max_errors      = 1
  priority        = 1
  task_arn        = "AWS-StopEC2Instance"
  task_type       = "AUTOMATION"
  window_id       = aws_ssm_maintenance_window.nightly.id

  targets {
    key    = "InstanceIds"
    values = [aws_instance.web.id]
  }

  task_invocation_parameters {
    automation_parameters {
      document_version = "$LATEST"

      parameter {
        name   = "InstanceId"
        values = [aws_instance.web.id]
      }
    }
  }
}

resource "aws_ssm_maintenance_window_task" "function" {
  max_concurrency = 3
  max_errors      = 1
  priority        = 1
  task_arn        = aws_lambda_function.function.arn
  task_type       = "LAMBDA"
  window_id       = aws_ssm_maintenance_window.nightly.id

  targets {
    key    = "InstanceIds"
    values = [aws_instance.web.id]
  }

  task_invocation_parameters {
    lambda_parameters {
      client_context = base64encode("{\"tier\":\"web\"}")
      payload        = "{\"tier\":\"web\"}"
    }
  }
}

resource "aws_ssm_maintenance_window_task" "command" {
  max_concurrency = 3
  max_errors      = 1
  priority        = 1
  task_arn        = "AWS-RunShellScript"
  task_type       = "RUN_COMMAND"
  window_id       = aws_ssm_maintenance_window.nightly.id

  targets {
    key    = "InstanceIds"
    values = [aws_instance.web.id]
  }

  task_invocation_parameters {
    run_command_parameters {
      output_s3_bucket     = aws_s3_bucket.results.id
      output_s3_key_prefix = "commands"
      service_role_arn     = aws_iam_role.managed.arn
      timeout_seconds      = 300

      notification_config {
        notification_arn    = aws_sns_topic.events.arn
        notification_events = ["All"]
        notification_type   = "Command"
      }

      parameter {
        name   = "commands"
        values = ["uptime"]
      }
    }
  }
}

resource "aws_s3_bucket" "results" {
  bucket = "orchard-results"
}

data "aws_iam_policy_document" "results" {
  statement {
    sid    = "Check"
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["ssm.amazonaws.com"]
    }

    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.results.arn]
  }
}

resource "aws_s3_bucket_policy" "results" {
  bucket = aws_s3_bucket.results.id
  policy = data.aws_iam_policy_document.results.json
}

# website/docs/r/ssm_resource_data_sync.html.markdown
resource "aws_ssm_resource_data_sync" "inventory" {
  name = "inventory"

  s3_destination {
    bucket_name = aws_s3_bucket.results.bucket
    region      = aws_s3_bucket.results.region
  }
}

# website/docs/r/ssm_service_setting.html.markdown
resource "aws_ssm_service_setting" "throughput" {
  setting_id    = "/ssm/parameter-store/high-throughput-enabled"
  setting_value = "true"
}

# website/docs/r/secretsmanager_secret.html.markdown
resource "aws_secretsmanager_secret" "orders" {
  name = "orders"
}

resource "aws_secretsmanager_secret" "external" {
  name = "partner"
  type = "BigIDClientSecret"
}

# website/docs/r/secretsmanager_secret_version.html.markdown
resource "aws_secretsmanager_secret_version" "plain" {
  secret_id     = aws_secretsmanager_secret.orders.id
  secret_string = "green-apples"
}

resource "aws_secretsmanager_secret_version" "pairs" {
  secret_id     = aws_secretsmanager_secret.orders.id
  secret_string = jsonencode(var.connection)
}

output "host" {
  value     = jsondecode(aws_secretsmanager_secret_version.pairs.secret_string)["host"]
  sensitive = true
}

# website/docs/r/secretsmanager_secret_rotation.html.markdown
resource "aws_secretsmanager_secret_rotation" "function" {
  secret_id           = aws_secretsmanager_secret.orders.id
  rotation_lambda_arn = aws_lambda_function.function.arn

  rotation_rules {
    automatically_after_days = 60
  }
}

resource "aws_secretsmanager_secret_rotation" "external" {
  secret_id                         = aws_secretsmanager_secret.external.id
  external_secret_rotation_role_arn = aws_iam_role.managed.arn

  external_secret_rotation_metadata {
    key   = "adminSecretArn"
    value = aws_secretsmanager_secret.orders.arn
  }

  external_secret_rotation_metadata {
    key   = "apiVersion"
    value = "v2"
  }

  rotation_rules {
    automatically_after_days = 60
  }
}

resource "aws_secretsmanager_secret_rotation" "off" {
  secret_id        = aws_db_instance.orders.master_user_secret[0].secret_arn
  rotation_enabled = false
}

# website/docs/r/security_group.html.markdown
resource "aws_security_group" "web" {
  name        = "web"
  description = "Reached by HTTPS, reaching everything"
  vpc_id      = aws_vpc.main.id

  tags = {
    Name = "web"
  }
}

resource "aws_security_group" "inline" {
  name   = "inline"
  vpc_id = aws_vpc.main.id

  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  timeouts {
    delete = "5m"
  }
}

resource "aws_security_group" "emptied" {
  name   = "emptied"
  vpc_id = aws_vpc.main.id

  ingress = []
  egress  = []
}

# website/docs/r/security_group_rule.html.markdown
resource "aws_security_group_rule" "from_vpc" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  cidr_blocks       = [aws_vpc.main.cidr_block]
  ipv6_cidr_blocks  = [aws_vpc.main.ipv6_cidr_block]
  security_group_id = aws_security_group.web.id
}

resource "aws_security_group_rule" "to_endpoint" {
  type              = "egress"
  to_port           = 0
  protocol          = "-1"
  prefix_list_ids   = [aws_vpc_endpoint.storage.prefix_list_id]
  from_port         = 0
  security_group_id = aws_security_group.web.id
}

resource "aws_security_group_rule" "to_prefix_list" {
  type              = "egress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  prefix_list_ids   = [data.aws_prefix_list.storage.id]
  security_group_id = aws_security_group.web.id
}

# website/docs/r/vpc_security_group_egress_rule.html.markdown
resource "aws_vpc_security_group_egress_rule" "ports" {
  security_group_id = aws_security_group.web.id

  cidr_ipv4   = "10.0.0.0/8"
  from_port   = 443
  ip_protocol = "tcp"
  to_port     = 443
}

resource "aws_vpc_security_group_egress_rule" "everything" {
  security_group_id = aws_security_group.web.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

# website/docs/r/vpc_security_group_ingress_rule.html.markdown
resource "aws_vpc_security_group_ingress_rule" "ports" {
  security_group_id = aws_security_group.web.id

  cidr_ipv4   = "10.0.0.0/8"
  from_port   = 443
  ip_protocol = "tcp"
  to_port     = 443
}

resource "aws_vpc_security_group_ingress_rule" "ipv6" {
  security_group_id = aws_security_group.web.id
  cidr_ipv6         = aws_vpc.main.ipv6_cidr_block
  from_port         = 443
  ip_protocol       = "tcp"
  to_port           = 443
}
