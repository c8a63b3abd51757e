resource "aws_ssm_parameter" "example" {
  name  = "foo"
  type  = "String"
  value = "bar"
}

resource "aws_ssm_parameter" "secret" {
  name        = "/production/database/password/master"
  description = "The parameter description"
  type        = "SecureString"
  value       = "database-master-password"
}

resource "aws_ssm_activation" "example" {
  name               = "test_ssm_activation"
  description        = "Test"
  iam_role           = "service-role"
  registration_limit = "5"
}

resource "aws_ssm_document" "example" {
  name          = "test_document"
  document_type = "Command"

  content = jsonencode({
    schemaVersion = "1.2"
    description   = "Check ip configuration of a Linux instance."
    parameters    = {}
    runtimeConfig = {
      "aws:runShellScript" = { properties = [{ id = "0.aws:runShellScript", runCommand = ["ifconfig"] }] }
    }
  })
}

resource "aws_ssm_document" "yaml" {
  name            = "yaml_document"
  document_format = "YAML"
  document_type   = "Command"
  content         = "schemaVersion: '1.2'\n"
}

resource "aws_ssm_association" "example" {
  name = aws_ssm_document.example.name

  targets {
    key    = "InstanceIds"
    values = ["i-12345678"]
  }
}

resource "aws_ssm_default_patch_baseline" "example" {
  baseline_id      = aws_ssm_patch_baseline.example.id
  operating_system = aws_ssm_patch_baseline.example.operating_system
}

resource "aws_ssm_patch_baseline" "example" {
  name             = "patch-baseline"
  description      = "Patch Baseline Description"
  approved_patches = ["KB123456", "KB456789"]
  rejected_patches = ["KB987654"]
  operating_system = "WINDOWS"
}

resource "aws_ssm_maintenance_window" "example" {
  name     = "maintenance-window-application"
  schedule = "cron(0 16 ? * TUE *)"
  duration = 3
  cutoff   = 1
}

resource "aws_ssm_maintenance_window_target" "example" {
  window_id     = aws_ssm_maintenance_window.example.id
  name          = "maintenance-window-target"
  description   = "This is a maintenance window target"
  resource_type = "INSTANCE"

  targets {
    key    = "tag:Name"
    values = ["acceptance_test"]
  }
}

resource "aws_ssm_maintenance_window_task" "example" {
  max_concurrency = 2
  max_errors      = 1
  priority        = 1
  task_arn        = "AWS-RestartEC2Instance"
  task_type       = "AUTOMATION"
  window_id       = aws_ssm_maintenance_window.example.id

  targets {
    key    = "InstanceIds"
    values = ["i-12345678"]
  }

  task_invocation_parameters {
    automation_parameters {
      document_version = "$LATEST"

      parameter {
        name   = "InstanceId"
        values = ["i-12345678"]
      }
    }
  }
}

resource "aws_ssm_resource_data_sync" "example" {
  name = "foo"

  s3_destination {
    bucket_name = "tf-test-bucket-1234"
    region      = "eu-west-1"
  }
}

resource "aws_ssm_service_setting" "example" {
  setting_id    = "arn:aws:ssm:us-east-1:123456789012:servicesetting/ssm/parameter-store/high-throughput-enabled"
  setting_value = "true"
}

resource "aws_secretsmanager_secret" "example" {
  name = "example"
}

resource "aws_secretsmanager_secret_version" "example" {
  secret_id     = aws_secretsmanager_secret.example.id
  secret_string = "example-string-to-protect"
}

resource "aws_secretsmanager_secret_rotation" "example" {
  secret_id           = aws_secretsmanager_secret.example.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"

  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_security_group" "example" {
  name        = "allow_tls"
  description = "Allow TLS inbound traffic and all outbound traffic"
  vpc_id      = "vpc-12345678"

  tags = {
    Name = "allow_tls"
  }
}

resource "aws_security_group" "blocks" {
  name   = "blocks"
  vpc_id = "vpc-12345678"

  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group_rule" "example" {
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  cidr_blocks       = ["10.0.0.0/16"]
  ipv6_cidr_blocks  = ["::/0"]
  security_group_id = aws_security_group.example.id
}

resource "aws_vpc_security_group_egress_rule" "example" {
  security_group_id = aws_security_group.example.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "example" {
  security_group_id = aws_security_group.example.id
  cidr_ipv4         = "10.0.0.0/8"
  from_port         = 80
  ip_protocol       = "tcp"
  to_port           = 80
}
