terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

provider "aws" {
  default_tags {
    tags = local.tags
  }
}

variable "name" {
  description = "Name of the platform, first part of every name."
  type        = string
  default     = "orders"
}

variable "environment" {
  description = "Stage that is deployed."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "vpc_cidr" {
  description = "Network of the VPC: /16, of which each subnet takes a /20."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0))
    error_message = "The network is one in CIDR notation."
  }
}

variable "zone_count" {
  description = "How many availability zones the tiers are spread over."
  type        = number
  default     = 3
}

variable "certificate_arn" {
  description = "Certificate of the load balancer, in ACM."
  type        = string
}

variable "owner" {
  description = "Team that answers for the platform."
  type        = string
  default     = "platform"
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  prefix = "${var.name}-${var.environment}"
  prod   = var.environment == "prod"
  tags = {
    Environment = var.environment
    Owner       = var.owner
    CostCenter  = "4711"
    ManagedBy   = "terraform"
  }

  zones = slice(data.aws_availability_zones.available.names, 0, var.zone_count)
  tiers = ["public", "app", "data"]

  # One subnet for each tier and zone: "app-0" is the app tier's in the first zone.
  subnets = merge([
    for t, tier in local.tiers : {
      for z, zone in local.zones : "${tier}-${z}" => {
        tier = tier
        zone = zone
        cidr = cidrsubnet(var.vpc_cidr, 4, t * 4 + z)
      }
    }
  ]...)

  public_subnets = [for key, subnet in aws_subnet.this : subnet.id if startswith(key, "public-")]
  app_subnets    = [for key, subnet in aws_subnet.this : subnet.id if startswith(key, "app-")]
  data_subnets   = [for key, subnet in aws_subnet.this : subnet.id if startswith(key, "data-")]

  nat_zones = local.prod ? var.zone_count : 1
  app_port  = 8080
}

# ---- network -----------------------------------------------------------------------------------------------

resource "aws_vpc" "main" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = local.prefix }
}

# Whatever names no group of its own gets nowhere.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "this" {
  for_each = local.subnets

  vpc_id            = aws_vpc.main.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr

  tags = {
    Name = "${local.prefix}-${each.key}"
    Tier = each.value.tier
  }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id

  tags = { Name = local.prefix }
}

resource "aws_eip" "nat" {
  count = local.nat_zones

  domain = "vpc"

  tags = { Name = "${local.prefix}-nat-${count.index}" }
}

# One NAT gateway per zone in prod, so that a zone that fails takes no other with it; each costs some 35 dollars a month,
# which is why the other stages share a single one.
resource "aws_nat_gateway" "zone" {
  count = local.nat_zones

  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = aws_subnet.this["public-${count.index}"].id

  tags = { Name = "${local.prefix}-${count.index}" }

  depends_on = [aws_internet_gateway.main]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.prefix}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table" "app" {
  count = var.zone_count

  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.prefix}-app-${count.index}" }
}

resource "aws_route" "egress" {
  count = var.zone_count

  route_table_id         = aws_route_table.app[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.zone[local.prod ? count.index : 0].id
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.prefix}-data" }
}

resource "aws_route_table_association" "public" {
  count = var.zone_count

  subnet_id      = aws_subnet.this["public-${count.index}"].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "app" {
  count = var.zone_count

  subnet_id      = aws_subnet.this["app-${count.index}"].id
  route_table_id = aws_route_table.app[count.index].id
}

resource "aws_route_table_association" "data" {
  count = var.zone_count

  subnet_id      = aws_subnet.this["data-${count.index}"].id
  route_table_id = aws_route_table.data.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${data.aws_region.current.name}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat(aws_route_table.app[*].id, [aws_route_table.data.id])

  tags = { Name = "${local.prefix}-s3" }
}

# Session Manager instead of SSH.
resource "aws_vpc_endpoint" "manager" {
  for_each = toset(["ssm", "ssmmessages", "ec2messages"])

  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = local.app_subnets
  security_group_ids  = [aws_security_group.this["endpoints"].id]
  private_dns_enabled = true

  tags = { Name = "${local.prefix}-${each.key}" }
}

# ---- flow logs ---------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/vpc/${local.prefix}/flow"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.main.arn
}

data "aws_iam_policy_document" "flow_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "flow" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    resources = ["${aws_cloudwatch_log_group.flow.arn}:*"]
  }
}

resource "aws_iam_role" "flow" {
  name               = "${local.prefix}-flow"
  assume_role_policy = data.aws_iam_policy_document.flow_trust.json
}

resource "aws_iam_role_policy" "flow" {
  name   = "write"
  role   = aws_iam_role.flow.id
  policy = data.aws_iam_policy_document.flow.json
}

resource "aws_flow_log" "vpc" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  iam_role_arn    = aws_iam_role.flow.arn
  log_destination = aws_cloudwatch_log_group.flow.arn
  depends_on      = [aws_iam_role_policy.flow]

  tags = { Name = local.prefix }
}

# ---- key ---------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Administration"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.current.name}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:/vpc/${local.prefix}/*"]
    }
  }
}

resource "aws_kms_key" "main" {
  description         = "Data of ${local.prefix} at rest"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

# ---- who reaches whom --------------------------------------------------------------------------------------

resource "aws_security_group" "this" {
  for_each = {
    balancer  = "Load balancer"
    app       = "Instances of the application"
    data      = "Database"
    endpoints = "Interface endpoints"
  }

  name        = "${local.prefix}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.prefix}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  for_each = toset(["80", "443"])

  security_group_id = aws_security_group.this["balancer"].id
  description       = "The shop's customers"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "inner" {
  for_each = {
    app       = { from = "balancer", port = local.app_port }
    data      = { from = "app", port = 5432 }
    endpoints = { from = "app", port = 443 }
  }

  security_group_id            = aws_security_group.this[each.key].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = "From ${each.value.from}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  security_group_id            = aws_security_group.this["balancer"].id
  referenced_security_group_id = aws_security_group.this["app"].id
  description                  = "To the instances"
  ip_protocol                  = "tcp"
  from_port                    = local.app_port
  to_port                      = local.app_port
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.this["app"].id
  description       = "Database, endpoints and package mirrors"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# ---- load balancer -----------------------------------------------------------------------------------------

# SLA: answers within 2 seconds at P99.
resource "aws_lb" "front" {
  name                       = "${local.prefix}-front"
  load_balancer_type         = "application"
  subnets                    = local.public_subnets
  security_groups            = [aws_security_group.this["balancer"].id]
  drop_invalid_header_fields = true
  enable_deletion_protection = local.prod
}

resource "aws_lb_target_group" "app" {
  name     = "${local.prefix}-app"
  vpc_id   = aws_vpc.main.id
  port     = local.app_port
  protocol = "HTTP"

  health_check {
    path = "/healthz"
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.front.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

# ---- instances ---------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "app_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "app" {
  statement {
    sid       = "Parameters"
    actions   = ["ssm:GetParameter", "ssm:GetParametersByPath"]
    resources = ["arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:parameter/${local.prefix}/*"]
  }
}

resource "aws_iam_role" "app" {
  name               = "${local.prefix}-app"
  assume_role_policy = data.aws_iam_policy_document.app_trust.json
}

resource "aws_iam_policy" "app" {
  name   = "${local.prefix}-app"
  policy = data.aws_iam_policy_document.app.json
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.app.arn
}

resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "app" {
  name = "${local.prefix}-app"
  role = aws_iam_role.app.name
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_launch_template" "app" {
  name_prefix            = "${local.prefix}-app-"
  image_id               = data.aws_ssm_parameter.image.insecure_value
  instance_type          = "m7g.large"
  update_default_version = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.app.arn
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  network_interfaces {
    associate_public_ip_address = false
    security_groups             = [aws_security_group.this["app"].id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted   = true
      volume_size = 20
      volume_type = "gp3"
    }
  }
}

resource "aws_autoscaling_group" "app" {
  name                = "${local.prefix}-app"
  min_size            = max(2, local.prod ? var.zone_count : 2)
  max_size            = 12
  vpc_zone_identifier = local.app_subnets
  target_group_arns   = [aws_lb_target_group.app.arn]
  health_check_type   = "ELB"

  launch_template {
    id      = aws_launch_template.app.id
    version = aws_launch_template.app.latest_version
  }

  dynamic "tag" {
    for_each = merge(local.tags, { Name = "${local.prefix}-app" })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

# ---- database ----------------------------------------------------------------------------------------------

resource "aws_db_subnet_group" "data" {
  name       = "${local.prefix}-data"
  subnet_ids = local.data_subnets
}

resource "aws_db_instance" "orders" {
  identifier     = "${local.prefix}-orders"
  engine         = "postgres"
  engine_version = "16.4"
  instance_class = "db.r7g.large"

  allocated_storage = 100
  storage_type      = "gp3"
  storage_encrypted = true
  kms_key_id        = aws_kms_key.main.arn

  db_name                     = "orders"
  username                    = "orders_admin"
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.data.name
  vpc_security_group_ids = [aws_security_group.this["data"].id]
  publicly_accessible    = false
  multi_az               = local.prod

  iam_database_authentication_enabled = true
  backup_retention_period             = local.prod ? 14 : 7
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${local.prefix}-orders-last"
  enabled_cloudwatch_logs_exports     = ["postgresql"]
}

# ---- outputs -----------------------------------------------------------------------------------------------

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.main.id
}

output "app_subnet_ids" {
  description = "Subnets of the app tier, one for each zone."
  value       = local.app_subnets
}

output "data_subnet_ids" {
  description = "Subnets of the data tier, one for each zone."
  value       = local.data_subnets
}

output "url_host" {
  description = "DNS name of the load balancer."
  value       = aws_lb.front.dns_name
}

output "database_endpoint" {
  description = "Host and port of the database."
  value       = aws_db_instance.orders.endpoint
  sensitive   = true
}
