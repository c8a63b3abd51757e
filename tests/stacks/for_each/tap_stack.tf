# Hotel bookings worldwide. Whatever comes in several copies is written once, over a map of what makes the difference.

# ==== What the deployment decides ====

# Read by provider.tf.
variable "aws_region" {
  description = "Home region"
  type        = string
  default     = "us-west-2"
}

variable "project_name" {
  description = "Project"
  type        = string
  default     = "global-booking"
}

variable "environment" {
  description = "Stage"
  type        = string
  default     = "prod"
}

variable "dynamodb_table_name" {
  description = "Table of room-nights, behind the prefix"
  type        = string
  default     = "rooms"
}

variable "dynamodb_replica_regions" {
  description = "Other regions with a copy of the table"
  type        = set(string)
  default     = ["eu-central-1"]
}

variable "cache_node_type" {
  description = "Size of the cache's nodes"
  type        = string
  default     = "cache.r7g.large"
}

variable "pms_queue_visibility_timeout_seconds" {
  description = "How long a message is hidden that a worker has taken"
  type        = number
  default     = 60
}

variable "booking_api_rate_limit_rps" {
  description = "Requests per second that may come in a burst"
  type        = number
  default     = "2000"
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default = {
    Owner       = "team"
    CostCenter  = "1"
    Environment = "prod"
  }
}

variable "vpc_id" {
  description = "Network"
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of functions, cache and database"
  type        = set(string)
}

variable "security_group_ids" {
  description = "Groups of the functions"
  type        = set(string)
}

variable "packages" {
  description = "Bucket with a ZIP for each function"
  type        = string
  default     = "global-booking-packages"
}

# ==== What differs between things of a kind ====

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  name_prefix = join("-", [var.project_name, var.environment])
  common_tags = merge(var.tags, {
    Project     = var.project_name
    Environment = var.environment
    Owner       = lookup(var.tags, "Owner", "none")
    CostCenter  = lookup(var.tags, "CostCenter", "none")
  })

  account = data.aws_caller_identity.this.account_id
  aws     = "arn:${data.aws_partition.this.partition}"
  home    = "${var.aws_region}:${local.account}"
  copies  = setsubtract(var.dynamodb_replica_regions, [var.aws_region])
  metrics = "${local.name_prefix}/bookings"

  # Where each function runs, with what, and how many of it at once. No value below is a secret: the one that there is
  # comes from Secrets Manager at run time, and the functions are told its ARN.
  functions = {
    booking-handler = {
      memory    = 1024, timeout = 5, at_once = 500, in_vpc = false
      variables = { TABLE = aws_dynamodb_table.this.name, TOPIC = aws_sns_topic.this["inventory-updates"].arn }
    }
    cache-updater = {
      memory    = 512, timeout = 10, at_once = 100, in_vpc = true
      variables = { CACHE = aws_elasticache_replication_group.this.primary_endpoint_address, TTL_SECONDS = 300 }
    }
    pms-sync-worker = {
      memory = 512, timeout = 10, at_once = 50, in_vpc = false
      variables = {
        MAX_RETRIES          = 3
        CIRCUIT_OPEN_SECONDS = 60
        METRICS              = local.metrics
        SECRET               = aws_secretsmanager_secret.pms.arn
      }
    }
    reconciliation-checker = {
      memory = 1024, timeout = 20, at_once = 20, in_vpc = true
      variables = {
        TABLE  = aws_dynamodb_table.this.name
        CACHE  = aws_elasticache_replication_group.this.reader_endpoint_address
        AURORA = aws_rds_cluster.this.reader_endpoint
      }
    }
    overbooking-resolver = {
      memory = 512, timeout = 30, at_once = 20, in_vpc = false
      variables = {
        TABLE   = aws_dynamodb_table.this.name
        TOPIC   = aws_sns_topic.this["inventory-updates"].arn
        METRICS = local.metrics
      }
    }
  }

  # What each may do beside its logs, traces and network. A condition on `version` is part of a write.
  use_key = ["kms:Decrypt", "kms:GenerateDataKey"]
  put_metrics = {
    Action    = "cloudwatch:PutMetricData"
    Resource  = "*" # the action knows no resources
    Condition = { StringEquals = { "cloudwatch:namespace" = local.metrics } }
  }
  rights = {
    booking-handler = [
      { Action = ["dynamodb:PutItem", "dynamodb:UpdateItem"], Resource = aws_dynamodb_table.this.arn },
      { Action = "sns:Publish", Resource = aws_sns_topic.this["inventory-updates"].arn },
    ]
    cache-updater = [
      {
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = aws_dynamodb_table.this.stream_arn
      },
      { Action = "sqs:SendMessage", Resource = aws_sqs_queue.this["lost-changes"].arn },
      {
        Action   = "elasticache:Connect"
        Resource = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.this["writer"].arn]
      },
    ]
    pms-sync-worker = [
      {
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        Resource = aws_sqs_queue.this["hotel-pms-queue"].arn
      },
      { Action = "secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.pms.arn },
      local.put_metrics,
    ]
    reconciliation-checker = [
      { Action = ["dynamodb:BatchGetItem", "dynamodb:GetItem"], Resource = aws_dynamodb_table.this.arn },
      { Action = "sqs:SendMessage", Resource = aws_sqs_queue.this["lost-changes"].arn },
      {
        Action   = "elasticache:Connect"
        Resource = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.this["reader"].arn]
      },
      {
        Action   = "rds-db:connect"
        Resource = "${local.aws}:rds-db:${local.home}:dbuser:${aws_rds_cluster.this.cluster_resource_id}/checker"
      },
    ]
    overbooking-resolver = [
      { Action = ["dynamodb:GetItem", "dynamodb:UpdateItem"], Resource = aws_dynamodb_table.this.arn },
      { Action = "sns:Publish", Resource = aws_sns_topic.this["inventory-updates"].arn },
      { Action = "sqs:SendMessage", Resource = aws_sqs_queue.this["lost-changes"].arn },
      local.put_metrics,
    ]
  }

  # The services by whose hands the key is used.
  services = {
    booking-handler        = ["dynamodb", "sns"]
    cache-updater          = ["dynamodb", "sqs"]
    pms-sync-worker        = ["sqs", "secretsmanager"]
    reconciliation-checker = ["dynamodb", "sqs"]
    overbooking-resolver   = ["dynamodb", "sns", "sqs"]
  }

  # A role is the machine's or the rule's alone.
  runners = {
    machine  = { service = "states", source = "${local.aws}:states:${local.home}:stateMachine:${local.name_prefix}-audit" }
    schedule = { service = "events", source = "${local.aws}:events:${local.home}:rule/${local.name_prefix}-audit" }
  }
  rights_of_runners = {
    machine = [
      {
        Action   = "lambda:InvokeFunction"
        Resource = [for name in ["reconciliation-checker", "overbooking-resolver"] : aws_lambda_function.this[name].arn]
      },
      {
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
          "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
        ]
        Resource = "*" # none of them knows resources
      },
    ]
    schedule = [{ Action = "states:StartExecution", Resource = aws_sfn_state_machine.this.arn }]
  }

  plaintext = {
    Sid       = "NoPlaintext"
    Effect    = "Deny"
    Principal = "*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

# ==== One key for all ====

# A "*" in its policy is the key itself.
resource "aws_kms_key" "this" {
  description             = "Data of ${local.name_prefix}"
  multi_region            = true
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = merge(local.common_tags, { Name = "${local.name_prefix}-key" })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "${local.aws}:iam::${local.account}:root" }
        Action = [
          "kms:CancelKeyDeletion", "kms:Decrypt", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey", "kms:Encrypt",
          "kms:GenerateDataKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListResourceTags",
          "kms:PutKeyPolicy", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:ReplicateKey", "kms:RevokeGrant",
          "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
        ]
        Resource = "*"
      },
      {
        Sid       = "Grants"
        Effect    = "Allow"
        Principal = { AWS = "${local.aws}:iam::${local.account}:root" }
        Action    = "kms:CreateGrant"
        Resource  = "*"
        Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
      },
      {
        Sid       = "Deliveries"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"] }
        Action    = local.use_key
        Resource  = "*"
        Condition = { ArnLike = { "aws:SourceArn" = [
          "${local.aws}:cloudwatch:${local.home}:alarm:${local.name_prefix}-*",
          "${local.aws}:events:${local.home}:rule/${local.name_prefix}-audit",
          "${local.aws}:sns:${local.home}:${local.name_prefix}-inventory-updates",
        ] } }
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.aws_region}.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        Resource  = "*"
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "${local.aws}:logs:${local.home}:log-group:*${local.name_prefix}-*" } }
      },
    ]
  })
}

# Copies of the table are encrypted by copies of the key.
resource "aws_kms_replica_key" "this" {
  for_each                = local.copies
  region                  = each.key
  description             = "Data of ${local.name_prefix}"
  primary_key_arn         = aws_kms_key.this.arn
  deletion_window_in_days = 30
  tags                    = merge(local.common_tags, { Name = "${local.name_prefix}-key-${each.key}" })
}

# What the worker shows the PMS.
resource "aws_secretsmanager_secret" "pms" {
  name       = "${local.name_prefix}-pms"
  kms_key_id = aws_kms_key.this.arn
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-pms" })
}

# ==== The table ====

# Items hold `available_units` and `version`, beside their key.
# SLA: a replica follows in <5 s as a rule; we alert if it takes >10 s.
resource "aws_dynamodb_table" "this" {
  name                        = "${local.name_prefix}-${var.dynamodb_table_name}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "property_id#room_id#date"
  stream_enabled              = "true"
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  deletion_protection_enabled = true
  tags                        = merge(local.common_tags, { Name = "${local.name_prefix}-rooms" })

  attribute {
    name = "property_id#room_id#date"
    type = "S"
  }

  # holds that nobody confirmed
  ttl {
    attribute_name = "held_until"
    enabled        = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }

  point_in_time_recovery { enabled = true }

  dynamic "replica" {
    for_each = local.copies
    content {
      region_name                 = replica.value
      kms_key_arn                 = aws_kms_replica_key.this[replica.key].arn
      point_in_time_recovery      = true
      deletion_protection_enabled = true
      propagate_tags              = true
    }
  }
}

# ==== Functions, each with its role, its policy and its log group ====

# Whom each of these roles may be taken by.
resource "aws_iam_role" "function" {
  for_each = local.functions
  name     = "${local.name_prefix}-${each.key}"
  tags     = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

# Lambda logs are enabled by the execution role of each, which may write to its own group.
resource "aws_iam_policy" "function" {
  for_each = local.functions
  name     = "${local.name_prefix}-${each.key}"
  tags     = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in concat(
      [
        {
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.function[each.key].arn}:*"
        },
        {
          Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
          Resource = "*"
        },
        {
          Action    = local.use_key
          Resource  = aws_kms_key.this.arn
          Condition = { StringEquals = { "kms:ViaService" = [for service in local.services[each.key] : "${service}.${var.aws_region}.amazonaws.com"] } }
        },
        {
          Action    = "kms:Decrypt"
          Resource  = aws_kms_key.this.arn
          Condition = { StringEquals = { "kms:EncryptionContext:aws:lambda:FunctionArn" = "${local.aws}:lambda:${local.home}:function:${local.name_prefix}-${each.key}" } }
        },
      ],
      [for statement in [
        {
          Action = "ec2:CreateNetworkInterface"
          Resource = concat(
            ["${local.aws}:ec2:${local.home}:network-interface/*"],
            [for id in var.private_subnet_ids : "${local.aws}:ec2:${local.home}:subnet/${id}"],
            [for id in var.security_group_ids : "${local.aws}:ec2:${local.home}:security-group/${id}"],
          )
        },
        {
          Action   = ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
          Resource = "${local.aws}:ec2:${local.home}:network-interface/*"
        },
        {
          Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
          Resource = "*"
        },
      ] : statement if each.value.in_vpc],
      local.rights[each.key],
    ) : merge({ Effect = "Allow" }, statement)]
  })
}

# A policy for a role.
resource "aws_iam_role_policy_attachment" "function" {
  for_each   = local.functions
  role       = aws_iam_role.function[each.key].name
  policy_arn = aws_iam_policy.function[each.key].arn
}

# Kept for a month.
resource "aws_cloudwatch_log_group" "function" {
  for_each          = local.functions
  name              = "/aws/lambda/${local.name_prefix}-${each.key}"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.this.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# SLA of `booking-handler`: from the request to the answer <400 ms P95.
# SLA of `reconciliation-checker`: hot bookings are rechecked within 30 s.
# SLA of `overbooking-resolver`: conflicts are detected within 5 s, guests reassigned within 60 s, and the correction is
# with the PMS within 2 minutes; what isn't resolved by then is told to people.
resource "aws_lambda_function" "this" {
  for_each                       = local.functions
  function_name                  = "${local.name_prefix}-${each.key}"
  role                           = aws_iam_role.function[each.key].arn
  s3_bucket                      = var.packages
  s3_key                         = "${each.key}.zip"
  runtime                        = "python3.13"
  handler                        = "main.handle"
  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.at_once
  kms_key_arn                    = aws_kms_key.this.arn
  tags                           = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
  depends_on                     = [aws_iam_role_policy_attachment.function]

  environment { variables = each.value.variables }

  tracing_config { mode = "Active" }

  dynamic "vpc_config" {
    for_each = each.value.in_vpc ? [1] : []
    content {
      subnet_ids         = var.private_subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
}

# ==== The API ====

# SLA: ~70,000 booking requests per minute (~1,200 RPS sustained, burst ~2,000 RPS).
resource "aws_apigatewayv2_api" "this" {
  name          = "${local.name_prefix}-api"
  protocol_type = "HTTP"
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-api" })
}

# To the handler, as it is.
resource "aws_apigatewayv2_integration" "this" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.this["booking-handler"].invoke_arn
  payload_format_version = "2.0"
}

# Callers sign.
resource "aws_apigatewayv2_route" "this" {
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = "POST /book"
  authorization_type = "AWS_IAM"
  target             = join("/", ["integrations", aws_apigatewayv2_integration.this.id])
}

# What is beyond 2,000 RPS is refused.
resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = local.name_prefix
  auto_deploy = true
  tags        = merge(local.common_tags, { Name = "${local.name_prefix}-stage" })

  default_route_settings {
    throttling_rate_limit  = 1200
    throttling_burst_limit = var.booking_api_rate_limit_rps
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.other["api"].arn
    format          = jsonencode({ id = "$context.requestId", status = "$context.status" })
  }
}

# Logs of what isn't a function.
resource "aws_cloudwatch_log_group" "other" {
  for_each = {
    api    = "/aws/vendedlogs/${local.name_prefix}-api"
    audit  = "/aws/vendedlogs/${local.name_prefix}-audit"
    aurora = "/aws/rds/cluster/${local.name_prefix}-aurora/postgresql"
  }
  name              = each.value
  retention_in_days = 30
  kms_key_id        = aws_kms_key.this.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# Who may call which function: the API the first, the topic the two that don't wait for the schedule.
resource "aws_lambda_permission" "this" {
  for_each = {
    booking-handler        = { service = "apigateway", source = "${aws_apigatewayv2_api.this.execution_arn}/${aws_apigatewayv2_stage.this.name}/POST/book" }
    reconciliation-checker = { service = "sns", source = aws_sns_topic.this["inventory-updates"].arn }
    overbooking-resolver   = { service = "sns", source = aws_sns_topic.this["inventory-updates"].arn }
  }
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  principal     = "${each.value.service}.amazonaws.com"
  source_arn    = each.value.source
}

# ==== Topics, queues, and who listens to what ====

# Booking changes are fanned out to the PMS of the affected hotel, never to all 45,000 hotels.
# SLA: they are enqueued, and delivery to the PMS is attempted, in <60 s.
resource "aws_sns_topic" "this" {
  for_each          = toset(["inventory-updates", "alerts"])
  name              = "${local.name_prefix}-${each.key}"
  kms_master_key_id = aws_kms_key.this.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# Alarms may publish alerts; nobody publishes anything in plain text.
resource "aws_sns_topic_policy" "this" {
  for_each = {
    inventory-updates = []
    alerts = [{
      Sid       = "Alarms"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.this["alerts"].arn
      Condition = { ArnLike = { "aws:SourceArn" = "${local.aws}:cloudwatch:${local.home}:alarm:${local.name_prefix}-*" } }
    }]
  }
  arn = aws_sns_topic.this[each.key].arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(each.value, [merge(local.plaintext, { Action = "sns:Publish", Resource = aws_sns_topic.this[each.key].arn })])
  })
}

# The queue of one PMS, where its poison ends, and what else got lost on its way.
resource "aws_sqs_queue" "this" {
  for_each = {
    hotel-pms-queue = { days = 4, hidden = var.pms_queue_visibility_timeout_seconds }
    hotel-pms-dlq   = { days = 14, hidden = null }
    lost-changes    = { days = 14, hidden = null }
  }
  name                       = "${local.name_prefix}-${each.key}"
  message_retention_seconds  = each.value.days * 24 * 60 * 60
  visibility_timeout_seconds = each.value.hidden
  kms_master_key_id          = aws_kms_key.this.arn
  tags                       = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# Five times, then it is poison.
resource "aws_sqs_queue_redrive_policy" "this" {
  queue_url = aws_sqs_queue.this["hotel-pms-queue"].id
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.this["hotel-pms-dlq"].arn
    maxReceiveCount     = 5
  })
}

# Poison of the one queue, of no other.
resource "aws_sqs_queue_redrive_allow_policy" "this" {
  for_each = {
    hotel-pms-dlq = { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this["hotel-pms-queue"].arn] }
    lost-changes  = { redrivePermission = "denyAll" }
  }
  queue_url            = aws_sqs_queue.this[each.key].id
  redrive_allow_policy = jsonencode(each.value)
}

# Who may send: the topic, and the rule what it can't start.
resource "aws_sqs_queue_policy" "this" {
  for_each = {
    hotel-pms-queue = { sns = aws_sns_topic.this["inventory-updates"].arn }
    hotel-pms-dlq   = {}
    lost-changes    = { sns = aws_sns_topic.this["inventory-updates"].arn, events = aws_cloudwatch_event_rule.this.arn }
  }
  queue_url = aws_sqs_queue.this[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for service, source in each.value : {
        Sid       = "From${title(service)}"
        Effect    = "Allow"
        Principal = { Service = "${service}.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this[each.key].arn
        Condition = { ArnEquals = { "aws:SourceArn" = source } }
      }],
      [merge(local.plaintext, { Action = "sqs:*", Resource = aws_sqs_queue.this[each.key].arn })],
    )
  })
}

# A queue gets its own hotel's changes; the two functions those that the handler marks as hot or as a conflict.
resource "aws_sns_topic_subscription" "this" {
  for_each = {
    hotel-pms-queue        = { protocol = "sqs", endpoint = aws_sqs_queue.this["hotel-pms-queue"].arn, kind = "change" }
    reconciliation-checker = { protocol = "lambda", endpoint = aws_lambda_function.this["reconciliation-checker"].arn, kind = "hot" }
    overbooking-resolver   = { protocol = "lambda", endpoint = aws_lambda_function.this["overbooking-resolver"].arn, kind = "conflict" }
  }
  topic_arn      = aws_sns_topic.this["inventory-updates"].arn
  protocol       = each.value.protocol
  endpoint       = each.value.endpoint
  filter_policy  = jsonencode({ kind = [each.value.kind] })
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.this["lost-changes"].arn })
  depends_on     = [aws_sqs_queue_policy.this, aws_lambda_permission.this]
}

# What they fail on isn't lost.
resource "aws_lambda_function_event_invoke_config" "this" {
  for_each               = toset(["reconciliation-checker", "overbooking-resolver"])
  function_name          = aws_lambda_function.this[each.key].function_name
  maximum_retry_attempts = 1

  destination_config {
    on_failure { destination = aws_sqs_queue.this["lost-changes"].arn }
  }
}

# SLA of `cache-updater`: the cache is up to date in <1 s P95 after a change.
# SLA of `pms-sync-worker`: delivery is attempted in <60 s.
resource "aws_lambda_event_source_mapping" "this" {
  for_each = {
    pms-sync-worker = { source = aws_sqs_queue.this["hotel-pms-queue"].arn, batch = 5 }
    cache-updater   = { source = aws_dynamodb_table.this.stream_arn, batch = 100, from = "TRIM_HORIZON" }
  }
  event_source_arn               = each.value.source
  function_name                  = aws_lambda_function.this[each.key].arn
  batch_size                     = each.value.batch
  starting_position              = try(each.value.from, null)
  maximum_retry_attempts         = can(each.value.from) ? 3 : null
  bisect_batch_on_function_error = can(each.value.from) ? true : null
  function_response_types        = ["ReportBatchItemFailures"]
  tags                           = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })

  dynamic "destination_config" {
    for_each = can(each.value.from) ? [1] : []
    content {
      on_failure { destination_arn = aws_sqs_queue.this["lost-changes"].arn }
    }
  }

  dynamic "scaling_config" {
    for_each = can(each.value.from) ? [] : [1]
    content { maximum_concurrency = 50 }
  }
}

# ==== The cache ====

# In the private subnets.
resource "aws_elasticache_subnet_group" "this" {
  name       = "${local.name_prefix}-cache"
  subnet_ids = var.private_subnet_ids
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# One may write, one may read, and the one that Redis insists on may do nothing.
resource "aws_elasticache_user" "this" {
  for_each = {
    default = { name = "default", may = "off ~* -@all", by = "no-password-required" }
    writer  = { name = "${local.name_prefix}-writer", may = "on ~hotel:* -@all +@read +@write +@connection", by = "iam" }
    reader  = { name = "${local.name_prefix}-reader", may = "on ~hotel:* -@all +@read +@connection", by = "iam" }
  }
  user_id       = "${local.name_prefix}-${each.key}"
  user_name     = each.value.name
  engine        = "redis"
  access_string = each.value.may
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })

  authentication_mode { type = each.value.by }
}

# All of them.
resource "aws_elasticache_user_group" "this" {
  user_group_id = "${local.name_prefix}-cache"
  engine        = "redis"
  user_ids      = [for user in aws_elasticache_user.this : user.user_id]
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# Each hotel has its own snapshot, which expires after its TTL; an update touches only the affected hotel's keys.
resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "${local.name_prefix}-cache"
  description                = "Availability, hotel by hotel"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.cache_node_type
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  snapshot_retention_limit   = 7
  tags                       = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# The functions may come in, to the cache and to Aurora.
resource "aws_security_group" "this" {
  name        = "${local.name_prefix}-stores"
  description = "Cache and Aurora"
  vpc_id      = var.vpc_id
  tags        = merge(local.common_tags, { Name = "${local.name_prefix}-stores" })

  dynamic "ingress" {
    for_each = { Redis = 6379, PostgreSQL = 5432 }
    content {
      description     = ingress.key
      protocol        = "tcp"
      from_port       = ingress.value
      to_port         = ingress.value
      security_groups = var.security_group_ids
    }
  }
}

# ==== The audit ====

# Only one machine and only one rule may take them.
resource "aws_iam_role" "runner" {
  for_each = local.runners
  name     = "${local.name_prefix}-${each.key}"
  tags     = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${each.value.service}.amazonaws.com" }
      Condition = { ArnEquals = { "aws:SourceArn" = each.value.source } }
    }]
  })
}

# What they may do is in the map.
resource "aws_iam_policy" "runner" {
  for_each = local.runners
  name     = "${local.name_prefix}-${each.key}"
  tags     = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.rights_of_runners[each.key] : merge({ Effect = "Allow" }, statement)]
  })
}

# A policy for a role.
resource "aws_iam_role_policy_attachment" "runner" {
  for_each   = local.runners
  role       = aws_iam_role.runner[each.key].name
  policy_arn = aws_iam_policy.runner[each.key].arn
}

# SLA: hot bookings are rechecked within 30 s; the wide audit runs every 5 minutes and is done in under 2 minutes.
# tap:ignore[references/missing-depends-on] reason: the rights of the runners name the machine, so they come after it
resource "aws_sfn_state_machine" "this" {
  name     = "${local.name_prefix}-audit"
  role_arn = aws_iam_role.runner["machine"].arn
  tags     = merge(local.common_tags, { Name = "${local.name_prefix}-audit" })

  definition = jsonencode({
    StartAt        = "Check"
    TimeoutSeconds = 120
    States = merge(
      {
        for name, state in {
          Check   = { function = "reconciliation-checker", seconds = 22, then = { Next = "Drift" } }
          Resolve = { function = "overbooking-resolver", seconds = 33, then = { End = true } }
        } :
        name => merge(state.then, {
          Type           = "Task"
          Resource       = aws_lambda_function.this[state.function].arn
          TimeoutSeconds = state.seconds
          Retry          = [{ ErrorEquals = ["Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.SdkClientException"], IntervalSeconds = 1, MaxAttempts = 1, BackoffRate = 2 }]
          Catch          = [{ ErrorEquals = ["States.ALL"], Next = "Failed" }]
        })
      },
      {
        Drift  = { Type = "Choice", Choices = [{ Variable = "$.drift", BooleanEquals = true, Next = "Resolve" }], Default = "Fine" }
        Fine   = { Type = "Succeed" }
        Failed = { Type = "Fail", Error = "AuditFailed", Cause = "See the execution's history" }
      },
    )
  })

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.other["audit"].arn}:*"
  }

  tracing_configuration { enabled = true }
}

# Periodic sampling, instead of looking at every hotel every 30 seconds.
resource "aws_cloudwatch_event_rule" "this" {
  name                = "${local.name_prefix}-audit"
  schedule_expression = "cron(0/5 * * * ? *)"
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-audit" })
}

# From the one to the other.
resource "aws_cloudwatch_event_target" "this" {
  rule     = aws_cloudwatch_event_rule.this.name
  arn      = aws_sfn_state_machine.this.arn
  role_arn = aws_iam_role.runner["schedule"].arn

  retry_policy {
    maximum_event_age_in_seconds = 300
    maximum_retry_attempts       = 3
  }

  dead_letter_config { arn = aws_sqs_queue.this["lost-changes"].arn }
}

# ==== Aurora ====

# In the private subnets.
resource "aws_db_subnet_group" "this" {
  name       = "${local.name_prefix}-aurora"
  subnet_ids = var.private_subnet_ids
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-aurora" })
}

# No connection without TLS.
resource "aws_rds_cluster_parameter_group" "this" {
  name   = "${local.name_prefix}-aurora"
  family = "aurora-postgresql16"
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-aurora" })

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

# For reporting; not the source of truth. The checker compares it with DynamoDB.
resource "aws_rds_cluster" "this" {
  cluster_identifier                  = "${local.name_prefix}-aurora"
  engine                              = "aurora-postgresql"
  engine_version                      = "16.8"
  db_subnet_group_name                = aws_db_subnet_group.this.name
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.this.arn
  master_username                     = "keeper"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.this.arn
  iam_database_authentication_enabled = true
  backup_retention_period             = 14
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "${local.name_prefix}-aurora-final"
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  tags                                = merge(local.common_tags, { Name = "${local.name_prefix}-aurora" })
  depends_on                          = [aws_cloudwatch_log_group.other]

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}

# The first writes, the second is read.
resource "aws_rds_cluster_instance" "this" {
  count              = 2
  identifier         = "${local.name_prefix}-aurora-${count.index}"
  cluster_identifier = aws_rds_cluster.this.cluster_identifier
  instance_class     = "db.serverless"
  engine             = aws_rds_cluster.this.engine
  engine_version     = aws_rds_cluster.this.engine_version
  promotion_tier     = count.index
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-aurora-${count.index}" })
}

# ==== Alarms ====

# SLA: unresolved overbookings are told to people within 2 minutes.
resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = merge(
    {
      dlq = {
        text      = "Poison: a PMS missed a change"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", above = 0, periods = 1
        of        = { QueueName = aws_sqs_queue.this["hotel-pms-dlq"].name }
      }
      lost = {
        text      = "Changes or audits got lost on their way"
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", above = 0, periods = 1
        of        = { QueueName = aws_sqs_queue.this["lost-changes"].name }
      }
      backlog = {
        text      = "SLA breach: messages to the PMS wait >60 s"
        namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", above = 60, periods = 1
        of        = { QueueName = aws_sqs_queue.this["hotel-pms-queue"].name }
      }
      circuit = {
        text      = "A PMS doesn't come back: its circuit is open too long"
        namespace = local.metrics, metric = "PmsCircuitOpen", statistic = "Maximum", above = 0, periods = 5
        of        = {}
      }
      overbooked = {
        text      = "SLA breach: an overbooking is unresolved after 2 minutes"
        namespace = local.metrics, metric = "UnresolvedOverbookings", statistic = "Sum", above = 0, periods = 2
        of        = {}
      }
    },
    {
      for region in local.copies : "replication-${region}" => {
        text      = "SLA breach: replication to ${region} takes >10 s"
        namespace = "AWS/DynamoDB", metric = "ReplicationLatency", statistic = "Average", above = 10000, periods = 1
        of        = { TableName = aws_dynamodb_table.this.name, ReceivingRegion = region }
      }
    },
  )
  alarm_name          = "${local.name_prefix}-${each.key}"
  alarm_description   = each.value.text
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.of
  statistic           = each.value.statistic
  period              = 60
  threshold           = each.value.above
  evaluation_periods  = each.value.periods
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.this["alerts"].arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# ==== What others need ====

output "all" {
  description = "Where everything is"
  value = {
    url     = aws_apigatewayv2_stage.this.invoke_url
    table   = aws_dynamodb_table.this.id
    topics  = { for name, topic in aws_sns_topic.this : name => topic.arn }
    queues  = [for queue in aws_sqs_queue.this : queue.url]
    machine = aws_sfn_state_machine.this.arn
    cache   = aws_elasticache_replication_group.this.primary_endpoint_address
    aurora  = aws_rds_cluster.this.reader_endpoint
  }
}
