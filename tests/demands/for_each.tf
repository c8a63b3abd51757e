# The booking stack as somebody else would write it: functions and their roles in for_each over a map, policies as data
# sources, the definition in a heredoc, other names, other words.

variable "aws_region" { type = string }

variable "project_name" {
  type    = string
  default = "global-booking"
}

variable "environment" {
  type    = string
  default = "prod"
}

variable "dynamodb_table_name" { type = string }

variable "dynamodb_replica_regions" {
  type    = set(string)
  default = ["eu-central-1"]
}

variable "cache_node_type" {
  type    = string
  default = "cache.r7g.large"
}

variable "pms_queue_visibility_timeout_seconds" {
  type    = number
  default = 60
}

variable "booking_api_rate_limit_rps" {
  type    = number
  default = "2000"
}

variable "tags" {
  type = map(string)
  default = {
    Owner       = "team"
    CostCenter  = "1"
    Environment = "prod"
  }
}

variable "vpc_id" { type = string }
variable "private_subnet_ids" { type = set(string) }
variable "security_group_ids" { type = set(string) }

locals {
  name_prefix = join("-", [var.project_name, var.environment])
  common_tags = merge(var.tags, {
    Project     = var.project_name
    Environment = var.environment
    Owner       = lookup(var.tags, "Owner", "none")
    CostCenter  = lookup(var.tags, "CostCenter", "none")
  })

  # What each function may do, and where it runs. Lambda logs are enabled by the execution role of each.
  functions = {
    booking-handler        = { timeout = 5, in_vpc = false, env = { TABLE = aws_dynamodb_table.this.name } }
    cache-updater          = { timeout = 10, in_vpc = true, env = { CACHE = aws_elasticache_replication_group.this.primary_endpoint_address } }
    pms-sync-worker        = { timeout = 10, in_vpc = false, env = { MAX_RETRIES = 3, CIRCUIT_OPEN_SECONDS = 60 } }
    reconciliation-checker = { timeout = 20, in_vpc = true, env = { TABLE = aws_dynamodb_table.this.name } }
    overbooking-resolver   = { timeout = 30, in_vpc = false, env = { TABLE = aws_dynamodb_table.this.name } }
  }
}

# A secret is fetched at run time: this is Secrets Manager's.
resource "aws_secretsmanager_secret" "pms" {
  name = "${local.name_prefix}-pms"
}

# Items hold `available_units` and `version`, beside their key.
resource "aws_dynamodb_table" "this" {
  name             = "${local.name_prefix}-${var.dynamodb_table_name}"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "pk"
  stream_enabled   = "true"
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "pk"
    type = "S"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  dynamic "replica" {
    for_each = var.dynamodb_replica_regions
    content { region_name = replica.value }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "states.amazonaws.com", "events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each           = local.functions
  name               = "${local.name_prefix}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "function" {
  for_each = local.functions

  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.this.arn]
  }

  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.this.arn]
  }
}

resource "aws_iam_policy" "function" {
  for_each = local.functions
  name     = "${local.name_prefix}-${each.key}"
  policy   = data.aws_iam_policy_document.function[each.key].json
}

resource "aws_iam_role_policy_attachment" "function" {
  for_each   = local.functions
  role       = aws_iam_role.function[each.key].name
  policy_arn = aws_iam_policy.function[each.key].arn
}

resource "aws_lambda_function" "this" {
  for_each      = local.functions
  function_name = "${local.name_prefix}-${each.key}"
  role          = aws_iam_role.function[each.key].arn
  memory_size   = 512
  timeout       = each.value.timeout

  environment { variables = each.value.env }

  dynamic "vpc_config" {
    for_each = each.value.in_vpc ? [1] : []
    content {
      subnet_ids         = var.private_subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = local.name_prefix
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "this" {
  api_id           = aws_apigatewayv2_api.this.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.this["booking-handler"].arn
}

resource "aws_apigatewayv2_route" "this" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "POST /book"
  target    = join("/", ["integrations", aws_apigatewayv2_integration.this.id])
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["booking-handler"].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

# booking changes are fanned out to the PMS of the affected hotel, never to all 45,000 hotels.
resource "aws_sns_topic" "this" {
  name = "${local.name_prefix}-inventory-updates"
}

resource "aws_sqs_queue" "pms" {
  for_each                   = { hotel-pms-queue = var.pms_queue_visibility_timeout_seconds, hotel-pms-dlq = null }
  name                       = "${local.name_prefix}-${each.key}"
  visibility_timeout_seconds = each.value
}

resource "aws_sqs_queue_redrive_policy" "pms" {
  queue_url      = aws_sqs_queue.pms["hotel-pms-queue"].id
  redrive_policy = <<-JSON
    {"deadLetterTargetArn": "${aws_sqs_queue.pms["hotel-pms-dlq"].arn}", "maxReceiveCount": 5}
  JSON
}

resource "aws_sns_topic_subscription" "pms" {
  topic_arn = aws_sns_topic.this.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.pms["hotel-pms-queue"].arn
}

# Hot changes and conflicts don't wait for the schedule.
resource "aws_sns_topic_subscription" "urgent" {
  for_each  = toset(["reconciliation-checker", "overbooking-resolver"])
  topic_arn = aws_sns_topic.this.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.this[each.key].arn
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = {
    pms-sync-worker = aws_sqs_queue.pms["hotel-pms-queue"].arn
    cache-updater   = aws_dynamodb_table.this.stream_arn
  }
  event_source_arn = each.value
  function_name    = aws_lambda_function.this[each.key].arn
}

resource "aws_elasticache_subnet_group" "this" {
  name       = local.name_prefix
  subnet_ids = var.private_subnet_ids
}

# Each hotel has its own snapshot, which expires after its TTL; an update touches only the affected hotel's keys.
resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.name_prefix
  description          = "cache"
  node_type            = var.cache_node_type
  subnet_group_name    = aws_elasticache_subnet_group.this.name
}

resource "aws_iam_role" "machine" {
  name               = "${local.name_prefix}-machine"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name_prefix
  role_arn   = aws_iam_role.machine.arn
  definition = <<-JSON
    {
      "StartAt": "Check",
      "States": {
        "Check": {"Type": "Task", "Resource": "${aws_lambda_function.this["reconciliation-checker"].arn}", "Next": "Drift"},
        "Drift": {
          "Type": "Choice",
          "Choices": [{"Variable": "$.drift", "BooleanEquals": true, "Next": "Log"}],
          "Default": "Done"
        },
        "Log": {"Type": "Pass", "Next": "Resolve"},
        "Resolve": {"Type": "Task", "Resource": "${aws_lambda_function.this["overbooking-resolver"].arn}", "End": true},
        "Done": {"Type": "Succeed"}
      }
    }
  JSON
}

# Periodic sampling, instead of looking at every hotel every 30 seconds.
resource "aws_cloudwatch_event_rule" "this" {
  name                = local.name_prefix
  schedule_expression = "cron(0/5 * * * ? *)"
}

resource "aws_cloudwatch_event_target" "this" {
  rule     = aws_cloudwatch_event_rule.this.id
  arn      = aws_sfn_state_machine.this.id
  role_arn = aws_iam_role.machine.arn
}

# For reporting; not the source of truth. The checker compares it with DynamoDB.
resource "aws_rds_cluster" "this" {
  cluster_identifier = local.name_prefix
  engine             = "aurora-mysql"
}

resource "aws_rds_cluster_instance" "this" {
  count              = 2
  cluster_identifier = aws_rds_cluster.this.cluster_identifier
  instance_class     = "db.serverless"
  engine             = aws_rds_cluster.this.engine
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = {
    replication = { metric = "ReplicationLatency", namespace = "AWS/DynamoDB", dimensions = { TableName = aws_dynamodb_table.this.name } }
    dlq         = { metric = "ApproximateNumberOfMessagesVisible", namespace = "AWS/SQS", dimensions = { QueueName = aws_sqs_queue.pms["hotel-pms-dlq"].name } }
    circuit     = { metric = "PmsCircuitOpen", namespace = "Booking", dimensions = {} }
  }
  alarm_name          = "${local.name_prefix}-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  evaluation_periods  = 1
}

output "all" {
  value = {
    url     = aws_apigatewayv2_api.this.api_endpoint
    table   = aws_dynamodb_table.this.id
    topic   = aws_sns_topic.this.arn
    queues  = [for queue in aws_sqs_queue.pms : queue.url]
    machine = aws_sfn_state_machine.this.arn
    cache   = aws_elasticache_replication_group.this.primary_endpoint_address
    aurora  = aws_rds_cluster.this.reader_endpoint
  }
}
