# Global hotel booking: real-time reservations for ~45,000 properties without double-selling a room-night.
#
# POST /book -> booking_handler -> DynamoDB global table (conditional write on `version`) -> SNS
#   table stream -> cache_updater -> ElastiCache (availability of the hotel that changed)
#   SNS -> SQS -> pms_sync_worker -> the property's PMS
#   schedule -> Step Functions -> reconciliation_checker -> overbooking_resolver on drift
#   SNS -> reconciliation_checker for hot bookings, overbooking_resolver for suspected conflicts
#
# provider.tf configures the AWS provider (>= 6.0, Terraform >= 1.9) and reads var.aws_region.

# ---- Variables -------------------------------------------------------------------------------------

variable "aws_region" {
  description = "Primary region; provider.tf configures the AWS provider with it."
  type        = string
  default     = "us-west-2"
}

variable "project_name" {
  description = "Project name, the first part of every resource name."
  type        = string
  default     = "global-booking"

  # ElastiCache ids end at 40 characters and RDS ids take no double hyphens.
  validation {
    condition     = length(var.project_name) <= 16 && can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.project_name))
    error_message = "project_name must be at most 16 lower-case letters, digits and single hyphens, starting with a letter."
  }
}

variable "environment" {
  description = "Deployment environment, the second part of every resource name."
  type        = string
  default     = "prod"

  validation {
    condition     = can(regex("^[a-z0-9]{1,10}$", var.environment))
    error_message = "environment must be 1 to 10 lower-case letters and digits."
  }
}

variable "dynamodb_table_name" {
  description = "Name of the booking and inventory table, without the stack's prefix."
  type        = string
  default     = "room-inventory"
}

variable "dynamodb_replica_regions" {
  description = "Regions that hold a replica of the table; the primary region is left out if it is listed."
  type        = list(string)
  default     = ["us-east-1", "eu-west-1"]

  validation {
    condition     = length(setsubtract(var.dynamodb_replica_regions, [var.aws_region])) > 0
    error_message = "dynamodb_replica_regions must name at least one region besides aws_region."
  }
}

variable "vpc_id" {
  description = "VPC that holds the private subnets."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets in at least two availability zones, for the VPC functions, the cache and Aurora. They need a route to DynamoDB and to AWS APIs (gateway endpoint, interface endpoints or NAT)."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 2
    error_message = "Multi-AZ data stores need at least two private subnets."
  }
}

variable "security_group_ids" {
  description = "Security groups of the VPC functions; the data stores admit traffic from these groups only."
  type        = list(string)

  validation {
    condition     = length(var.security_group_ids) >= 1
    error_message = "At least one security group is needed for the VPC functions."
  }
}

variable "cache_node_type" {
  description = "ElastiCache node type; the default is a placeholder, production load needs a memory-optimised type."
  type        = string
  default     = "cache.t3.micro"

  validation {
    condition     = startswith(var.cache_node_type, "cache.")
    error_message = "cache_node_type must be an ElastiCache node type such as cache.r7g.large."
  }
}

variable "pms_queue_visibility_timeout_seconds" {
  description = "Visibility timeout of the PMS queue, at least six times the worker's timeout."
  type        = number
  default     = 60

  # Fewer than six worker timeouts would hand a message out again while Lambda still retries its batch; with more than
  # a minute, what a broken worker has taken comes back too late for the SLA.
  validation {
    condition = (
      var.pms_queue_visibility_timeout_seconds >= 6 * var.pms_worker_timeout_seconds &&
      var.pms_queue_visibility_timeout_seconds <= 60
    )
    error_message = "pms_queue_visibility_timeout_seconds must be at least 6 * pms_worker_timeout_seconds and at most 60."
  }
}

variable "pms_worker_timeout_seconds" {
  description = "Timeout of pms_sync_worker, of which six fit into the queue's visibility timeout."
  type        = number
  default     = 10

  validation {
    condition     = var.pms_worker_timeout_seconds >= 5 && var.pms_worker_timeout_seconds <= 10
    error_message = "pms_worker_timeout_seconds must be 5 to 10."
  }
}

variable "pms_integration_id" {
  description = "Property or PMS integration that the example queue serves; matched against the message attribute pms_integration."
  type        = string
  default     = "example-pms"
}

variable "pms_api_base_url" {
  description = "Base URL of that integration's PMS API."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.pms_api_base_url, "https://")
    error_message = "pms_api_base_url must use https."
  }
}

# Secrets come from SSM Parameter Store or AWS Secrets Manager: the stack knows the name, never the value.
variable "pms_credentials_ssm_parameter" {
  description = "Name of the SSM SecureString parameter with the PMS API credentials, encrypted with this stack's KMS key (alias/<project>-<environment>)."
  type        = string
  default     = "/global-booking/pms/example-pms"

  validation {
    condition     = can(regex("^(/[a-zA-Z0-9_.-]+)+$", var.pms_credentials_ssm_parameter))
    error_message = "pms_credentials_ssm_parameter must be a parameter name with a leading slash."
  }
}

# SLA: burst ~2,000 RPS.
variable "booking_api_rate_limit_rps" {
  description = "Burst limit of the booking API in requests per second."
  type        = number
  default     = 2000

  validation {
    condition     = var.booking_api_rate_limit_rps >= 2000
    error_message = "The SLA asks for bursts of about 2,000 requests per second."
  }
}

variable "booking_api_sustained_rps" {
  description = "Steady limit of the booking API in requests per second."
  type        = number
  default     = 1200

  validation {
    condition     = var.booking_api_sustained_rps >= 1200
    error_message = "The SLA asks for about 1,200 sustained requests per second."
  }
}

variable "lambda_artifact_bucket" {
  description = "S3 bucket with the functions' deployment packages (placeholder)."
  type        = string
  default     = "global-booking-artifacts"
}

variable "lambda_artifact_prefix" {
  description = "Path of the deployment packages in that bucket; each is named <function>.zip."
  type        = string
  default     = "lambda/latest"
}

variable "lambda_reserved_concurrency" {
  description = "Concurrency kept for each function, at most 900 of the account's default 1,000 together."
  type = object({
    booking_handler        = number
    cache_updater          = number
    pms_sync_worker        = number
    reconciliation_checker = number
    overbooking_resolver   = number
  })
  # A burst of 2,000 RPS at 0.3 s each keeps 600 handlers busy.
  default = {
    booking_handler        = 600
    cache_updater          = 150
    pms_sync_worker        = 100
    reconciliation_checker = 5
    overbooking_resolver   = 10
  }

  validation {
    condition     = sum(values(var.lambda_reserved_concurrency)) <= 900
    error_message = "The functions may reserve 900 together; the rest of the account needs 100."
  }
}

variable "log_retention_days" {
  description = "Retention of all log groups."
  type        = number
  default     = 30
}

variable "tags" {
  description = "Standard tags: owner, cost_center, environment and any others."
  type        = map(string)
  default = {
    owner       = "booking-platform"
    cost_center = "booking"
    environment = "prod"
  }

  validation {
    condition     = alltrue([for name in ["owner", "cost_center"] : contains(keys(var.tags), name)])
    error_message = "tags must hold owner and cost_center."
  }
}

# ---- Locals ----------------------------------------------------------------------------------------

# Facts about the caller, so that no account id or partition is written down.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name_prefix = "${var.project_name}-${var.environment}"

  # The caller's tags lose their own spelling of the four below (owner, cost_center, ...), so that every
  # resource has exactly one Owner and one Environment, whatever the caller passes.
  common_tags = merge(
    {
      for name, value in var.tags : name => value
      if !contains(["project", "environment", "owner", "costcenter"], replace(lower(name), "_", ""))
    },
    {
      Project     = var.project_name
      Environment = var.environment
      Owner       = var.tags["owner"]
      CostCenter  = var.tags["cost_center"]
    },
  )

  # A global table can't have a replica in its own region.
  replica_regions = setsubtract(var.dynamodb_replica_regions, [var.aws_region])

  table_name          = "${local.name_prefix}-${var.dynamodb_table_name}"
  topic_name          = "${local.name_prefix}-inventory-updates"
  reconciliation_name = "${local.name_prefix}-reconciliation" # rule and state machine
  aurora_name         = "${local.name_prefix}-audit"
  aurora_reader_user  = "reconciliation_reader" # database user with IAM authentication

  function_names = {
    booking_handler        = "${local.name_prefix}-booking-handler"
    cache_updater          = "${local.name_prefix}-cache-updater"
    pms_sync_worker        = "${local.name_prefix}-pms-sync-worker"
    reconciliation_checker = "${local.name_prefix}-reconciliation-checker"
    overbooking_resolver   = "${local.name_prefix}-overbooking-resolver"
  }

  # Custom metrics of pms_sync_worker and overbooking_resolver.
  metric_namespace = "${local.name_prefix}/inventory"

  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # ARNs that policies name before the resource exists: references would be circular.
  regional_arn = {
    for service in ["cloudwatch", "ec2", "events", "lambda", "logs", "rds-db", "sns", "ssm", "states"] :
    service => "arn:${local.partition}:${service}:${var.aws_region}:${local.account_id}"
  }
  alarm_arns        = "${local.regional_arn["cloudwatch"]}:alarm:${local.name_prefix}-*"
  topic_arn         = "${local.regional_arn["sns"]}:${local.topic_name}"
  rule_arn          = "${local.regional_arn["events"]}:rule/${local.reconciliation_name}"
  state_machine_arn = "${local.regional_arn["states"]}:stateMachine:${local.reconciliation_name}"
  function_arns = {
    for label, name in local.function_names : label => "${local.regional_arn["lambda"]}:function:${name}"
  }
}

# ---- Encryption: one customer-managed, multi-region key for the stack ------------------------------

# In a key policy the resource "*" is the key itself.
locals {
  account_root = "arn:${local.partition}:iam::${local.account_id}:root"

  # The account administers the key and lets IAM policies grant its use.
  key_account_statements = [
    {
      Sid       = "AdministerAndDelegate"
      Effect    = "Allow"
      Principal = { AWS = local.account_root }
      Action = [
        "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey",
        "kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants",
        "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ReEncryptFrom",
        "kms:ReEncryptTo", "kms:ReplicateKey", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
        "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
      ]
      Resource = "*"
    },
    # DynamoDB, Aurora, ElastiCache and Lambda hold the key through grants; nobody else may create one.
    {
      Sid       = "GrantToAwsServices"
      Effect    = "Allow"
      Principal = { AWS = local.account_root }
      Action    = ["kms:CreateGrant"]
      Resource  = "*"
      Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
  ]

  # Services that deliver into encrypted queues, topics and log groups. The AWS-managed keys can't admit
  # them: their messages would be lost without a trace.
  key_service_statements = [
    {
      Sid       = "DeliverToQueuesAndTopics"
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"] }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = [local.alarm_arns, local.rule_arn, local.topic_arn] } }
    },
    {
      Sid       = "LogGroups"
      Effect    = "Allow"
      Principal = { Service = "logs.${var.aws_region}.amazonaws.com" }
      Action = [
        "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
      ]
      Resource = "*"
      Condition = {
        ArnLike = {
          "kms:EncryptionContext:aws:logs:arn" = [
            "${local.regional_arn["logs"]}:log-group:/aws/lambda/${local.name_prefix}-*",
            "${local.regional_arn["logs"]}:log-group:/aws/rds/cluster/${local.aurora_name}/*",
            "${local.regional_arn["logs"]}:log-group:/aws/vendedlogs/${local.name_prefix}-*",
          ]
        }
      }
    },
  ]
}

# Multi-region, so that each table replica is encrypted by a replica of the same key.
resource "aws_kms_key" "stack" {
  description             = "Encrypts the data, messages and logs of ${local.name_prefix}"
  multi_region            = true
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.key_account_statements, local.key_service_statements)
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-key" })
}

# Operators encrypt the PMS credentials under this name.
resource "aws_kms_alias" "stack" {
  name          = "alias/${local.name_prefix}"
  target_key_id = aws_kms_key.stack.key_id
}

# A replica of an encrypted table needs a key in its own region.
resource "aws_kms_replica_key" "table" {
  for_each = local.replica_regions

  region                  = each.value
  description             = "Encrypts the replica of ${local.table_name}"
  primary_key_arn         = aws_kms_key.stack.arn
  deletion_window_in_days = 30

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.key_account_statements
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-key-${each.value}" })
}

# ---- DynamoDB: the authoritative booking and inventory state ---------------------------------------

# One item per property, room and stay-date, or per hold on one. Beside the keys declared below, items store:
#   available_units         rooms left for that night
#   version                 optimistic lock; a write carries the condition `version = :read_version` and adds 1
#   created_at, updated_at  timestamps, epoch milliseconds
#   expires_at              holds only, epoch seconds: TTL drops the lock of a booking never completed
#   hot_bucket              on items with recent bookings only, "hot#0" to "hot#15"
# SLA: replication to other regions typically takes <5 seconds; alert if >10s (alarm replication_latency).
resource "aws_dynamodb_table" "inventory" {
  name             = local.table_name
  billing_mode     = "PAY_PER_REQUEST" # scales by itself with the booking load
  hash_key         = "property_room_date"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES" # cache_updater compares before and after

  deletion_protection_enabled = true

  # "<property_id>#<room_id>#<date>", for instance "h-1042#double-3#2026-05-01".
  attribute {
    name = "property_room_date"
    type = "S"
  }

  attribute {
    name = "hot_bucket"
    type = "S"
  }

  attribute {
    name = "updated_at"
    type = "N"
  }

  # Sparse: holds recently booked room-nights only, so reconciliation never scans the table. Sixteen
  # buckets spread the writes over partitions.
  global_secondary_index {
    name               = "hot-bookings"
    projection_type    = "INCLUDE"
    non_key_attributes = ["available_units", "version"]

    key_schema {
      attribute_name = "hot_bucket"
      key_type       = "HASH"
    }

    key_schema {
      attribute_name = "updated_at"
      key_type       = "RANGE"
    }
  }

  # Holds are temporary locks for pending bookings.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery { enabled = true }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.stack.arn
  }

  # Replicas make it a global table; each is protected like the primary.
  dynamic "replica" {
    for_each = local.replica_regions

    content {
      region_name                 = replica.value
      kms_key_arn                 = aws_kms_replica_key.table[replica.value].arn
      point_in_time_recovery      = true
      deletion_protection_enabled = true
      propagate_tags              = true
    }
  }

  tags = merge(local.common_tags, { Name = local.table_name })
}

# ---- SNS and SQS: booking changes to the property management systems -------------------------------

# Every topic and queue refuses unencrypted transport: merged with the Action and Resource of its policy.
locals {
  deny_plaintext = {
    Sid       = "DenyPlaintextTransport"
    Effect    = "Deny"
    Principal = "*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

# "Room X at hotel Y changed". Subscriptions filter by integration, so a change fans out only to the
# affected property/PMS, not to all 45k hotels.
# SLA: SNS -> SQS -> PMS enqueues and attempts delivery in <60 seconds.
resource "aws_sns_topic" "inventory_updates" {
  name              = local.topic_name
  kms_master_key_id = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = local.topic_name })
}

# The publishers' own IAM policies let them publish; the topic adds that nobody does so unencrypted.
resource "aws_sns_topic_policy" "inventory_updates" {
  arn = aws_sns_topic.inventory_updates.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.deny_plaintext, { Action = "sns:Publish", Resource = aws_sns_topic.inventory_updates.arn }),
    ]
  })
}

# Example queue of one property or PMS integration; each further integration gets its own queue, dead-letter
# queue, subscription and mapping, so a broken PMS holds up nobody else (nor any of the 45k hotels).
# SLA: a change is enqueued and its sync attempted in <60 seconds: no delivery delay.
resource "aws_sqs_queue" "hotel_pms_queue" {
  name                       = "${local.name_prefix}-hotel-pms-queue"
  visibility_timeout_seconds = var.pms_queue_visibility_timeout_seconds
  message_retention_seconds  = 345600 # 4 days
  receive_wait_time_seconds  = 20
  kms_master_key_id          = aws_kms_key.stack.arn

  # Five attempts, so that throttling or one bad batch doesn't discard sound messages.
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.hotel_pms_dlq.arn
    maxReceiveCount     = 5
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-queue" })
}

# Poison messages, kept longer than in the source queue: a message's age counts from when it was first sent.
resource "aws_sqs_queue" "hotel_pms_dlq" {
  name                      = "${local.name_prefix}-hotel-pms-dlq"
  message_retention_seconds = 1209600 # 14 days
  kms_master_key_id         = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-dlq" })
}

# Only the PMS queue may use it. A resource of its own, as the two queues refer to each other.
resource "aws_sqs_queue_redrive_allow_policy" "hotel_pms_dlq" {
  queue_url = aws_sqs_queue.hotel_pms_dlq.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.hotel_pms_queue.arn]
  })
}

# Stream records that cache_updater could not process: where they are in the stream, not their content.
resource "aws_sqs_queue" "cache_updater_dlq" {
  name                      = "${local.name_prefix}-cache-updater-dlq"
  message_retention_seconds = 1209600 # 14 days
  kms_master_key_id         = aws_kms_key.stack.arn

  # An on-failure destination, not the target of a queue.
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater-dlq" })
}

# Schedule events for which EventBridge could not start the reconciliation, and changes whose recheck failed.
resource "aws_sqs_queue" "reconciliation_dlq" {
  name                      = "${local.name_prefix}-reconciliation-dlq"
  message_retention_seconds = 1209600 # 14 days
  kms_master_key_id         = aws_kms_key.stack.arn

  # The dead-letter queue of an event target and of functions, not of a queue.
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-dlq" })
}

# Changes that SNS could not deliver to the PMS queue or to a function, as when a policy or key refuses them.
resource "aws_sqs_queue" "fanout_dlq" {
  name                      = "${local.name_prefix}-fanout-dlq"
  message_retention_seconds = 1209600 # 14 days
  kms_master_key_id         = aws_kms_key.stack.arn

  # The dead-letter queue of a subscription, not of a queue.
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-fanout-dlq" })
}

# The topic, and no other, may send to the PMS queue and to what is kept of its failed deliveries.
resource "aws_sqs_queue_policy" "hotel_pms" {
  for_each = {
    hotel_pms_queue = aws_sqs_queue.hotel_pms_queue
    fanout_dlq      = aws_sqs_queue.fanout_dlq
  }

  queue_url = each.value.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ReceiveFromTopic"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = each.value.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.inventory_updates.arn } }
      },
      merge(local.deny_plaintext, { Action = "sqs:*", Resource = each.value.arn }),
    ]
  })
}

# The schedule's rule, and no other, may send to its dead-letter queue.
resource "aws_sqs_queue_policy" "reconciliation_dlq" {
  queue_url = aws_sqs_queue.reconciliation_dlq.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ReceiveFromRule"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.reconciliation_dlq.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.reconciliation.arn } }
      },
      merge(local.deny_plaintext, { Action = "sqs:*", Resource = aws_sqs_queue.reconciliation_dlq.arn }),
    ]
  })
}

# SQS itself and the role of cache_updater send to these two, so their policies only demand TLS.
resource "aws_sqs_queue_policy" "tls_only" {
  for_each = {
    hotel_pms_dlq     = aws_sqs_queue.hotel_pms_dlq
    cache_updater_dlq = aws_sqs_queue.cache_updater_dlq
  }

  queue_url = each.value.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.deny_plaintext, { Action = "sqs:*", Resource = each.value.arn })]
  })
}

# Fans out to this queue only the changes of its property/PMS, by message attribute.
resource "aws_sns_topic_subscription" "hotel_pms" {
  topic_arn            = aws_sns_topic.inventory_updates.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.hotel_pms_queue.arn
  raw_message_delivery = true

  filter_policy_scope = "MessageAttributes"
  filter_policy       = jsonencode({ pms_integration = [var.pms_integration_id] })

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.fanout_dlq.arn })

  # Without the queue's policy the first messages would be refused.
  depends_on = [aws_sqs_queue_policy.hotel_pms]
}

# What can't wait for the schedule: booking_handler marks changes of hot room-nights and suspected conflicts, and
# these go to reconciliation_checker and overbooking_resolver at once.
resource "aws_sns_topic_subscription" "urgent" {
  for_each = {
    hot      = aws_lambda_function.reconciliation_checker.arn
    conflict = aws_lambda_function.overbooking_resolver.arn
  }

  topic_arn = aws_sns_topic.inventory_updates.arn
  protocol  = "lambda"
  endpoint  = each.value

  filter_policy_scope = "MessageAttributes"
  filter_policy       = jsonencode({ urgency = [each.key] })

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.fanout_dlq.arn })

  depends_on = [aws_lambda_permission.urgent]
}

# The topic, and no other, may invoke the two.
resource "aws_lambda_permission" "urgent" {
  for_each = {
    hot      = aws_lambda_function.reconciliation_checker.function_name
    conflict = aws_lambda_function.overbooking_resolver.function_name
  }

  statement_id  = "AllowInventoryUpdates"
  action        = "lambda:InvokeFunction"
  function_name = each.value
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.inventory_updates.arn
}

# A change that neither of them could deal with is kept for inspection.
resource "aws_lambda_function_event_invoke_config" "urgent" {
  for_each = {
    hot      = aws_lambda_function.reconciliation_checker.function_name
    conflict = aws_lambda_function.overbooking_resolver.function_name
  }

  function_name          = each.value
  maximum_retry_attempts = 1

  destination_config {
    on_failure { destination = aws_sqs_queue.reconciliation_dlq.arn }
  }
}

# ---- IAM: one role per function, with what that function does and no more --------------------------

# Statements that several policies share.
locals {
  lambda_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  # Every function writes its logs and traces and decrypts its own environment. X-Ray has no resource-level permissions.
  runtime_statements = {
    for label, arn in local.function_arns : label => [
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.lambda[label].arn}:*"
      },
      {
        Sid      = "WriteTraces"
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = "*"
      },
      {
        Sid       = "DecryptOwnEnvironment"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = aws_kms_key.stack.arn
        Condition = { StringEquals = { "kms:EncryptionContext:aws:lambda:FunctionArn" = arn } }
      },
    ]
  }

  # Network interfaces of the VPC functions, in their subnets and security groups only. The ids of the
  # interfaces are not known beforehand; the describe actions have no resource-level permissions.
  network_interfaces = "${local.regional_arn["ec2"]}:network-interface/*"
  vpc_statements = [
    {
      Sid    = "CreateNetworkInterface"
      Effect = "Allow"
      Action = ["ec2:CreateNetworkInterface"]
      Resource = concat(
        [local.network_interfaces],
        [for id in var.private_subnet_ids : "${local.regional_arn["ec2"]}:subnet/${id}"],
        [for id in var.security_group_ids : "${local.regional_arn["ec2"]}:security-group/${id}"],
      )
    },
    {
      Sid      = "ManageNetworkInterfaces"
      Effect   = "Allow"
      Action   = ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
      Resource = local.network_interfaces
    },
    {
      Sid      = "DescribeNetwork"
      Effect   = "Allow"
      Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
      Resource = "*"
    },
  ]

  # PutMetricData has no resource-level permissions; the namespace limits it.
  metric_statement = {
    Sid       = "PutOwnMetrics"
    Effect    = "Allow"
    Action    = ["cloudwatch:PutMetricData"]
    Resource  = "*"
    Condition = { StringEquals = { "cloudwatch:namespace" = local.metric_namespace } }
  }

  # The key is used through the services that hold the data, never directly.
  kms_via = {
    for service in ["dynamodb", "sns", "sqs", "ssm"] : service => "${service}.${var.aws_region}.amazonaws.com"
  }
}

# booking_handler: writes bookings and holds, announces the change.
resource "aws_iam_role" "booking_handler_role" {
  name               = "${local.name_prefix}-booking-handler-role"
  assume_role_policy = local.lambda_trust

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler-role" })
}

# Conditional writes need no action of their own: the condition on `version` is part of the write.
resource "aws_iam_policy" "booking_handler" {
  name = "${local.name_prefix}-booking-handler"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.runtime_statements["booking_handler"], [
      {
        Sid      = "BookRooms"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = aws_dynamodb_table.inventory.arn
      },
      {
        Sid      = "AnnounceChanges"
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = aws_sns_topic.inventory_updates.arn
      },
      {
        Sid       = "UseKeyForTableAndTopic"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = aws_kms_key.stack.arn
        Condition = { StringEquals = { "kms:ViaService" = [local.kms_via["dynamodb"], local.kms_via["sns"]] } }
      },
    ])
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler" })
}

# Gives booking_handler its permissions.
resource "aws_iam_role_policy_attachment" "booking_handler" {
  role       = aws_iam_role.booking_handler_role.name
  policy_arn = aws_iam_policy.booking_handler.arn
}

# cache_updater: reads the table's stream, writes the cache.
resource "aws_iam_role" "cache_updater_role" {
  name               = "${local.name_prefix}-cache-updater-role"
  assume_role_policy = local.lambda_trust

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater-role" })
}

# The stream rather than the table; the cache as the one user that may write keys.
resource "aws_iam_policy" "cache_updater" {
  name = "${local.name_prefix}-cache-updater"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.runtime_statements["cache_updater"], local.vpc_statements, [
      {
        Sid    = "ReadStream"
        Effect = "Allow"
        Action = [
          "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
        ]
        Resource = aws_dynamodb_table.inventory.stream_arn
      },
      {
        Sid      = "ConnectToCache"
        Effect   = "Allow"
        Action   = ["elasticache:Connect"]
        Resource = [aws_elasticache_replication_group.availability.arn, aws_elasticache_user.function["writer"].arn]
      },
      {
        Sid      = "KeepFailedRecords"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.cache_updater_dlq.arn
      },
      {
        Sid       = "UseKeyForStreamAndQueue"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = aws_kms_key.stack.arn
        Condition = { StringEquals = { "kms:ViaService" = [local.kms_via["dynamodb"], local.kms_via["sqs"]] } }
      },
    ])
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater" })
}

# Gives cache_updater its permissions.
resource "aws_iam_role_policy_attachment" "cache_updater" {
  role       = aws_iam_role.cache_updater_role.name
  policy_arn = aws_iam_policy.cache_updater.arn
}

# pms_sync_worker: consumes the PMS queue and calls the PMS, whose own credentials authorise the call.
resource "aws_iam_role" "pms_sync_worker_role" {
  name               = "${local.name_prefix}-pms-sync-worker-role"
  assume_role_policy = local.lambda_trust

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker-role" })
}

# ChangeMessageVisibility lets the worker back off a message without sleeping on it.
resource "aws_iam_policy" "pms_sync_worker" {
  name = "${local.name_prefix}-pms-sync-worker"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.runtime_statements["pms_sync_worker"], [
      local.metric_statement,
      {
        Sid    = "ConsumeQueue"
        Effect = "Allow"
        Action = [
          "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
        ]
        Resource = aws_sqs_queue.hotel_pms_queue.arn
      },
      {
        Sid      = "ReadPmsCredentials"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter"]
        Resource = "${local.regional_arn["ssm"]}:parameter${var.pms_credentials_ssm_parameter}"
      },
      {
        Sid       = "UseKeyForQueueAndParameter"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = aws_kms_key.stack.arn
        Condition = { StringEquals = { "kms:ViaService" = [local.kms_via["sqs"], local.kms_via["ssm"]] } }
      },
    ])
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker" })
}

# Gives pms_sync_worker its permissions.
resource "aws_iam_role_policy_attachment" "pms_sync_worker" {
  role       = aws_iam_role.pms_sync_worker_role.name
  policy_arn = aws_iam_policy.pms_sync_worker.arn
}

# reconciliation_checker: reads everywhere, writes nowhere.
resource "aws_iam_role" "reconciliation_checker_role" {
  name               = "${local.name_prefix}-reconciliation-checker-role"
  assume_role_policy = local.lambda_trust

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker-role" })
}

# Hot bookings through the index, then each item in the table, its replicas, the cache and Aurora.
resource "aws_iam_policy" "reconciliation_checker" {
  name = "${local.name_prefix}-reconciliation-checker"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.runtime_statements["reconciliation_checker"], local.vpc_statements, [
      {
        Sid      = "FindHotBookings"
        Effect   = "Allow"
        Action   = ["dynamodb:Query"]
        Resource = "${aws_dynamodb_table.inventory.arn}/index/hot-bookings"
      },
      {
        Sid    = "ReadTableAndReplicas"
        Effect = "Allow"
        Action = ["dynamodb:BatchGetItem", "dynamodb:GetItem"]
        Resource = concat(
          [aws_dynamodb_table.inventory.arn],
          [
            for region in local.replica_regions :
            "arn:${local.partition}:dynamodb:${region}:${local.account_id}:table/${local.table_name}"
          ],
        )
      },
      {
        Sid      = "UseKeysForTableAndReplicas"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = concat([aws_kms_key.stack.arn], [for key in aws_kms_replica_key.table : key.arn])
        Condition = {
          StringEquals = {
            "kms:ViaService" = concat(
              [local.kms_via["dynamodb"]],
              [for region in local.replica_regions : "dynamodb.${region}.amazonaws.com"],
            )
          }
        }
      },
      {
        Sid      = "ConnectToCache"
        Effect   = "Allow"
        Action   = ["elasticache:Connect"]
        Resource = [aws_elasticache_replication_group.availability.arn, aws_elasticache_user.function["reader"].arn]
      },
      {
        Sid      = "ConnectToAurora"
        Effect   = "Allow"
        Action   = ["rds-db:connect"]
        Resource = "${local.regional_arn["rds-db"]}:dbuser:${aws_rds_cluster.audit.cluster_resource_id}/${local.aurora_reader_user}"
      },
      {
        Sid      = "KeepFailedChanges"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.reconciliation_dlq.arn
      },
      {
        Sid       = "UseKeyForFailedChanges"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = aws_kms_key.stack.arn
        Condition = { StringEquals = { "kms:ViaService" = local.kms_via["sqs"] } }
      },
    ])
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker" })
}

# Gives reconciliation_checker its permissions.
resource "aws_iam_role_policy_attachment" "reconciliation_checker" {
  role       = aws_iam_role.reconciliation_checker_role.name
  policy_arn = aws_iam_policy.reconciliation_checker.arn
}

# overbooking_resolver: moves a booking to an equivalent room and announces it, or counts it as unresolved.
resource "aws_iam_role" "overbooking_resolver_role" {
  name               = "${local.name_prefix}-overbooking-resolver-role"
  assume_role_policy = local.lambda_trust

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver-role" })
}

# Both sides of a reassignment are conditional updates; it never creates or deletes items.
resource "aws_iam_policy" "overbooking_resolver" {
  name = "${local.name_prefix}-overbooking-resolver"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.runtime_statements["overbooking_resolver"], [
      local.metric_statement,
      {
        Sid      = "ReassignRooms"
        Effect   = "Allow"
        Action   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]
        Resource = aws_dynamodb_table.inventory.arn
      },
      {
        Sid      = "AnnounceCorrections"
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = aws_sns_topic.inventory_updates.arn
      },
      {
        Sid      = "KeepFailedChanges"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.reconciliation_dlq.arn
      },
      {
        Sid      = "UseKeyForTableTopicAndQueue"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = aws_kms_key.stack.arn
        Condition = {
          StringEquals = { "kms:ViaService" = [for service in ["dynamodb", "sns", "sqs"] : local.kms_via[service]] }
        }
      },
    ])
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver" })
}

# Gives overbooking_resolver its permissions.
resource "aws_iam_role_policy_attachment" "overbooking_resolver" {
  role       = aws_iam_role.overbooking_resolver_role.name
  policy_arn = aws_iam_policy.overbooking_resolver.arn
}

# ---- Lambda functions ------------------------------------------------------------------------------

# CloudWatch Logs is enabled by each function's role (logs:CreateLogStream, logs:PutLogEvents). Lambda would
# create its log group by itself, but without retention and encryption, so the groups are declared here.
resource "aws_cloudwatch_log_group" "lambda" {
  for_each = local.function_names

  name              = "/aws/lambda/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${each.value}-logs" })
}

# No environment below holds a secret in plain text. Secrets come from SSM Parameter Store or AWS Secrets
# Manager and are fetched at run time by name; the cache and Aurora take short-lived IAM tokens instead.

# Validates the request, writes the booking under the optimistic lock, publishes the change and answers.
# SLA: the confirmation path (API -> booking_handler -> conditional write -> response) takes <400ms P95.
resource "aws_lambda_function" "booking_handler" {
  function_name = local.function_names.booking_handler
  description   = "Books room-nights by conditional writes on version"
  role          = aws_iam_role.booking_handler_role.arn
  s3_bucket     = var.lambda_artifact_bucket
  s3_key        = "${var.lambda_artifact_prefix}/booking_handler.zip"
  runtime       = "python3.13"
  architectures = ["arm64"]
  handler       = "app.handler"
  memory_size   = 1024 # CPU grows with memory; this path has the tightest SLA
  timeout       = 5    # far below the limit of an API integration
  kms_key_arn   = aws_kms_key.stack.arn

  reserved_concurrent_executions = var.lambda_reserved_concurrency.booking_handler

  environment {
    variables = {
      TABLE_NAME       = aws_dynamodb_table.inventory.name
      TOPIC_ARN        = aws_sns_topic.inventory_updates.arn
      HOLD_TTL_SECONDS = "600" # expires_at of a hold
    }
  }

  tracing_config { mode = "Active" }

  tags = merge(local.common_tags, { Name = local.function_names.booking_handler })

  # A function without its permissions would fail its first requests.
  depends_on = [aws_iam_role_policy_attachment.booking_handler]
}

# Refreshes the cached availability of the hotel, room and date that changed, and of nothing else.
# SLA: the cache follows a DynamoDB change in <1s P95. Entries have a TTL, so a lost update heals itself.
resource "aws_lambda_function" "cache_updater" {
  function_name = local.function_names.cache_updater
  description   = "Carries table changes to the cache"
  role          = aws_iam_role.cache_updater_role.arn
  s3_bucket     = var.lambda_artifact_bucket
  s3_key        = "${var.lambda_artifact_prefix}/cache_updater.zip"
  runtime       = "python3.13"
  architectures = ["arm64"]
  handler       = "app.handler"
  memory_size   = 512
  timeout       = 30
  kms_key_arn   = aws_kms_key.stack.arn

  reserved_concurrent_executions = var.lambda_reserved_concurrency.cache_updater

  environment {
    variables = {
      CACHE_ENDPOINT    = aws_elasticache_replication_group.availability.primary_endpoint_address
      CACHE_NAME        = aws_elasticache_replication_group.availability.replication_group_id
      CACHE_USER        = aws_elasticache_user.function["writer"].user_name
      CACHE_TTL_SECONDS = "300"
    }
  }

  # The cache has no address outside the VPC.
  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = var.security_group_ids
  }

  tracing_config { mode = "Active" }

  tags = merge(local.common_tags, { Name = local.function_names.cache_updater })

  # Lambda checks the network permissions when it creates the function.
  depends_on = [aws_iam_role_policy_attachment.cache_updater]
}

# Calls the property's PMS with retries, exponential backoff and a circuit breaker that spares a broken PMS.
# SLA: delivery to the PMS is attempted in <60 seconds. Outside the VPC: it needs the internet and SQS only.
resource "aws_lambda_function" "pms_sync_worker" {
  function_name = local.function_names.pms_sync_worker
  description   = "Syncs availability to the property management system"
  role          = aws_iam_role.pms_sync_worker_role.arn
  s3_bucket     = var.lambda_artifact_bucket
  s3_key        = "${var.lambda_artifact_prefix}/pms_sync_worker.zip"
  runtime       = "python3.13"
  architectures = ["arm64"]
  handler       = "app.handler"
  memory_size   = 512
  timeout       = var.pms_worker_timeout_seconds
  kms_key_arn   = aws_kms_key.stack.arn

  reserved_concurrent_executions = var.lambda_reserved_concurrency.pms_sync_worker

  environment {
    variables = {
      PMS_API_BASE_URL     = var.pms_api_base_url
      PMS_SSM_PARAMETER    = var.pms_credentials_ssm_parameter # the name; the worker fetches the value
      QUEUE_URL            = aws_sqs_queue.hotel_pms_queue.url
      MAX_RETRIES          = "3"
      BACKOFF_BASE_SECONDS = "0.5" # doubled at each retry
      BACKOFF_MAX_SECONDS  = "2"
      CIRCUIT_OPEN_SECONDS = "120" # no calls to a broken PMS for this long
      METRIC_NAMESPACE     = local.metric_namespace
    }
  }

  tracing_config { mode = "Active" }

  tags = merge(local.common_tags, { Name = local.function_names.pms_sync_worker })

  # The queue's mapping is refused until the role may read the queue.
  depends_on = [aws_iam_role_policy_attachment.pms_sync_worker]
}

# Compares recent hot bookings in DynamoDB with the cache, the replicas and the audit store in Aurora.
# SLA: hot bookings are rechecked within 30 seconds; its timeout stays below that.
resource "aws_lambda_function" "reconciliation_checker" {
  function_name = local.function_names.reconciliation_checker
  description   = "Detects drift and double allocations among hot bookings"
  role          = aws_iam_role.reconciliation_checker_role.arn
  s3_bucket     = var.lambda_artifact_bucket
  s3_key        = "${var.lambda_artifact_prefix}/reconciliation_checker.zip"
  runtime       = "python3.13"
  architectures = ["arm64"]
  handler       = "app.handler"
  memory_size   = 1024
  timeout       = 20
  kms_key_arn   = aws_kms_key.stack.arn

  reserved_concurrent_executions = var.lambda_reserved_concurrency.reconciliation_checker

  environment {
    variables = {
      TABLE_NAME      = aws_dynamodb_table.inventory.name
      HOT_INDEX_NAME  = "hot-bookings"
      REPLICA_REGIONS = join(",", local.replica_regions)
      CACHE_ENDPOINT  = aws_elasticache_replication_group.availability.reader_endpoint_address
      CACHE_NAME      = aws_elasticache_replication_group.availability.replication_group_id
      CACHE_USER      = aws_elasticache_user.function["reader"].user_name
      AURORA_ENDPOINT = aws_rds_cluster.audit.reader_endpoint
      AURORA_USER     = local.aurora_reader_user
    }
  }

  # The cache and Aurora have no address outside the VPC.
  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = var.security_group_ids
  }

  tracing_config { mode = "Active" }

  tags = merge(local.common_tags, { Name = local.function_names.reconciliation_checker })

  # Lambda checks the network permissions when it creates the function.
  depends_on = [aws_iam_role_policy_attachment.reconciliation_checker]
}

# Moves one guest of a double-allocated room-night to an equivalent room of the same property: conditional
# update, then republished to SNS. What it can't fix it counts in the metric UnresolvedOverbookings.
# SLA: conflicts are detected within 5 seconds of the collision, reassigned within 60 seconds if possible,
# and the correction reaches the PMS within 2 minutes; otherwise people are alerted.
resource "aws_lambda_function" "overbooking_resolver" {
  function_name = local.function_names.overbooking_resolver
  description   = "Reassigns double-allocated room-nights or raises an alert"
  role          = aws_iam_role.overbooking_resolver_role.arn
  s3_bucket     = var.lambda_artifact_bucket
  s3_key        = "${var.lambda_artifact_prefix}/overbooking_resolver.zip"
  runtime       = "python3.13"
  architectures = ["arm64"]
  handler       = "app.handler"
  memory_size   = 512
  timeout       = 30
  kms_key_arn   = aws_kms_key.stack.arn

  reserved_concurrent_executions = var.lambda_reserved_concurrency.overbooking_resolver

  environment {
    variables = {
      TABLE_NAME       = aws_dynamodb_table.inventory.name
      TOPIC_ARN        = aws_sns_topic.inventory_updates.arn
      METRIC_NAMESPACE = local.metric_namespace
    }
  }

  tracing_config { mode = "Active" }

  tags = merge(local.common_tags, { Name = local.function_names.overbooking_resolver })

  # A function without its permissions would fail its first run.
  depends_on = [aws_iam_role_policy_attachment.overbooking_resolver]
}

# ---- API Gateway: POST /book -----------------------------------------------------------------------

# HTTP API: lower latency and cost than a REST API, which the <400ms P95 of the confirmation path needs.
# SLA: ~70,000 booking requests per minute (~1,200 RPS sustained, burst ~2,000 RPS).
resource "aws_apigatewayv2_api" "booking" {
  name          = "${local.name_prefix}-booking-api"
  description   = "Booking endpoint of ${local.name_prefix}"
  protocol_type = "HTTP"

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-api" })
}

# Hands the whole request to booking_handler.
resource "aws_apigatewayv2_integration" "booking_handler" {
  api_id                 = aws_apigatewayv2_api.booking.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.booking_handler.invoke_arn
  payload_format_version = "2.0"
}

# The one route. Callers sign their requests with IAM credentials (execute-api:Invoke).
resource "aws_apigatewayv2_route" "book" {
  api_id             = aws_apigatewayv2_api.booking.id
  route_key          = "POST /book"
  authorization_type = "AWS_IAM"
  target             = "integrations/${aws_apigatewayv2_integration.booking_handler.id}"
}

# Access logs; the group name's prefix keeps API Gateway's log delivery clear of the policy size limit.
resource "aws_cloudwatch_log_group" "booking_api" {
  name              = "/aws/vendedlogs/${local.name_prefix}-booking-api"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-api-logs" })
}

# Throttling protects the table and the account's concurrency, and still admits what the SLA promises:
# ~1,200 RPS sustained, burst ~2,000 RPS. Beyond that, callers get 429 and retry.
resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.booking.id
  name        = local.name_prefix # part of the URL, see output booking_api_url
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.booking_api_sustained_rps
    throttling_burst_limit   = var.booking_api_rate_limit_rps
    detailed_metrics_enabled = true
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.booking_api.arn
    format = jsonencode({
      requestId    = "$context.requestId"
      requestTime  = "$context.requestTime"
      routeKey     = "$context.routeKey"
      status       = "$context.status"
      latency      = "$context.responseLatency"
      sourceIp     = "$context.identity.sourceIp"
      errorMessage = "$context.integrationErrorMessage"
    })
  }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-api-live" })
}

# Only this route of this stage may invoke the handler.
resource "aws_lambda_permission" "booking_api" {
  statement_id  = "AllowBookingApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.booking_handler.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.booking.execution_arn}/${aws_apigatewayv2_stage.live.name}/POST/book"
}

# ---- Event source mappings -------------------------------------------------------------------------

# Table stream -> cache_updater.
# SLA: a change must be in the affected hotel's cache entries in <1s P95, so records are not collected first.
resource "aws_lambda_event_source_mapping" "cache_updater" {
  event_source_arn                   = aws_dynamodb_table.inventory.stream_arn
  function_name                      = aws_lambda_function.cache_updater.arn
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = 100
  maximum_batching_window_in_seconds = 0
  parallelization_factor             = 10 # changes of one item stay in order

  # A bad record must not hold up its shard: split, retry a little, set aside. The TTL corrects the cache.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 3
  maximum_record_age_in_seconds  = 300

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.cache_updater_dlq.arn
    }
  }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater-mapping" })
}

# PMS queue -> pms_sync_worker.
# SLA: a PMS is tried in <60 seconds: small batches, handed out at once; only the failed messages come back.
resource "aws_lambda_event_source_mapping" "pms_sync_worker" {
  event_source_arn                   = aws_sqs_queue.hotel_pms_queue.arn
  function_name                      = aws_lambda_function.pms_sync_worker.arn
  batch_size                         = 5
  maximum_batching_window_in_seconds = 0
  function_response_types            = ["ReportBatchItemFailures"]

  # More pollers than reserved executions would be throttled and use up the receive count.
  scaling_config { maximum_concurrency = var.lambda_reserved_concurrency.pms_sync_worker }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker-mapping" })
}

# ---- ElastiCache (Redis): fast reads of availability -----------------------------------------------

# The data stores admit the VPC functions on their two ports and open no connection themselves.
resource "aws_security_group" "data_stores" {
  name        = "${local.name_prefix}-data-stores"
  description = "Cache and Aurora of ${local.name_prefix}"
  vpc_id      = var.vpc_id

  ingress {
    description     = "Redis over TLS from the functions"
    protocol        = "tcp"
    from_port       = 6379
    to_port         = 6379
    security_groups = var.security_group_ids
  }

  ingress {
    description     = "PostgreSQL from the functions"
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = var.security_group_ids
  }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-data-stores" })
}

# The cache lives in the private subnets.
resource "aws_elasticache_subnet_group" "availability" {
  name        = "${local.name_prefix}-cache"
  description = "Private subnets of the availability cache"
  subnet_ids  = var.private_subnet_ids

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# Redis demands a user named "default" in every group; this one can neither log in nor do anything.
resource "aws_elasticache_user" "disabled_default" {
  user_id       = "${local.name_prefix}-default"
  user_name     = "default"
  engine        = "redis"
  access_string = "off ~* -@all"

  authentication_mode { type = "no-password-required" }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-default" })
}

# cache_updater writes the keys of hotels, reconciliation_checker reads them. With IAM authentication a
# user's id and name are the same, and no password exists.
resource "aws_elasticache_user" "function" {
  for_each = {
    writer = "on ~hotel:* -@all +@read +@write +@connection"
    reader = "on ~hotel:* -@all +@read +@connection"
  }

  user_id       = "${local.name_prefix}-${each.key}"
  user_name     = "${local.name_prefix}-${each.key}"
  engine        = "redis"
  access_string = each.value

  authentication_mode { type = "iam" }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

# Who may connect to the cache.
resource "aws_elasticache_user_group" "availability" {
  user_group_id = "${local.name_prefix}-cache"
  engine        = "redis"
  user_ids = [
    aws_elasticache_user.disabled_default.user_id,
    aws_elasticache_user.function["writer"].user_id,
    aws_elasticache_user.function["reader"].user_id,
  ]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# Keys are per-hotel availability snapshots with a TTL ("hotel:<property_id>:<room_id>:<date>"). A change
# updates the keys of that hotel only; there is no global refresh. Losing the cache costs speed, not truth.
# SLA: follows a DynamoDB change in <1s P95.
resource "aws_elasticache_replication_group" "availability" {
  replication_group_id = "${local.name_prefix}-cache"
  description          = "Per-hotel availability snapshots"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.cache_node_type
  port                 = 6379

  # A primary and a replica in different zones.
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.availability.name
  security_group_ids = [aws_security_group.data_stores.id]
  user_group_ids     = [aws_elasticache_user_group.availability.user_group_id]

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.stack.arn
  transit_encryption_enabled = true

  # Snapshots spare a cold start; a rebuild would read the whole table.
  snapshot_retention_limit = 7
  snapshot_window          = "03:00-04:00"
  maintenance_window       = "sun:04:30-sun:05:30"

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })
}

# ---- Step Functions and EventBridge: reconciliation ------------------------------------------------

# Errors of the executions.
resource "aws_cloudwatch_log_group" "reconciliation" {
  name              = "/aws/vendedlogs/${local.reconciliation_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${local.reconciliation_name}-logs" })
}

# Role of the state machine, for this one machine only.
resource "aws_iam_role" "reconciliation" {
  name = local.reconciliation_name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnEquals    = { "aws:SourceArn" = local.state_machine_arn }
      }
    }]
  })

  tags = merge(local.common_tags, { Name = local.reconciliation_name })
}

# It invokes its two functions and no others. Log delivery and X-Ray have no resource-level permissions.
resource "aws_iam_policy" "reconciliation" {
  name = local.reconciliation_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "InvokeFunctions"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = [aws_lambda_function.reconciliation_checker.arn, aws_lambda_function.overbooking_resolver.arn]
      },
      {
        Sid    = "DeliverLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
          "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        ]
        Resource = "*"
      },
      {
        Sid    = "WriteTraces"
        Effect = "Allow"
        Action = [
          "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
        ]
        Resource = "*"
      },
    ]
  })

  tags = merge(local.common_tags, { Name = local.reconciliation_name })
}

# Gives the state machine its permissions.
resource "aws_iam_role_policy_attachment" "reconciliation" {
  role       = aws_iam_role.reconciliation.name
  policy_arn = aws_iam_policy.reconciliation.arn
}

# Passing faults of Lambda are retried once; more would not fit into the audit's time.
locals {
  lambda_retry = [{
    ErrorEquals = [
      "Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException", "Lambda.AWSLambdaException",
      "Lambda.SdkClientException", "Lambda.TooManyRequestsException",
    ]
    IntervalSeconds = 1
    MaxAttempts     = 1
    BackoffRate     = 2
  }]
}

# Check, and on drift resolve.
# SLA: "hot" bookings are reconciled within 30 seconds of being finalized; a deeper audit runs every 5 minutes
# and completes in under 2 minutes; conflicts are detected within 5 seconds of the collision.
# Two attempts at the check and two at the resolver, with their pauses, fit into TimeoutSeconds.
resource "aws_sfn_state_machine" "reconciliation" {
  name     = local.reconciliation_name
  role_arn = aws_iam_role.reconciliation.arn
  type     = "STANDARD"

  definition = jsonencode({
    Comment        = "Compares recent hot bookings with cache, replicas and Aurora; resolves drift"
    StartAt        = "CheckConsistency"
    TimeoutSeconds = 120

    States = {
      CheckConsistency = {
        Type     = "Task"
        Resource = "arn:${local.partition}:states:::lambda:invoke"
        Parameters = {
          FunctionName = aws_lambda_function.reconciliation_checker.arn
          Payload      = { "input.$" = "$" }
        }
        # The checker returns drift_found (boolean) and conflicts (list).
        ResultSelector = {
          "drift_found.$" = "$.Payload.drift_found"
          "conflicts.$"   = "$.Payload.conflicts"
        }
        ResultPath     = "$.check"
        TimeoutSeconds = 22
        Retry          = local.lambda_retry
        Catch          = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.error", Next = "ReconciliationFailed" }]
        Next           = "DriftFound"
      }

      DriftFound = {
        Type    = "Choice"
        Choices = [{ Variable = "$.check.drift_found", BooleanEquals = true, Next = "ResolveOverbooking" }]
        Default = "Consistent"
      }

      ResolveOverbooking = {
        Type     = "Task"
        Resource = "arn:${local.partition}:states:::lambda:invoke"
        Parameters = {
          FunctionName = aws_lambda_function.overbooking_resolver.arn
          Payload      = { "conflicts.$" = "$.check.conflicts" }
        }
        ResultSelector = { "status_code.$" = "$.StatusCode" }
        ResultPath     = "$.resolution"
        TimeoutSeconds = 33
        Retry          = local.lambda_retry
        Catch          = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.error", Next = "ReconciliationFailed" }]
        End            = true
      }

      Consistent = { Type = "Succeed" }

      # Fails the execution, which the alarm reconciliation_failed watches.
      ReconciliationFailed = {
        Type  = "Fail"
        Error = "ReconciliationFailed"
        Cause = "A function failed after its retries; see the execution's history"
      }
    }
  })

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false # payloads hold bookings
    log_destination        = "${aws_cloudwatch_log_group.reconciliation.arn}:*"
  }

  tracing_configuration { enabled = true }

  tags = merge(local.common_tags, { Name = local.reconciliation_name })

  # Log delivery is checked when the machine is created.
  depends_on = [aws_iam_role_policy_attachment.reconciliation]
}

# This replaces "every 30s, all hotels": reconciliation is now periodic and sampled.
# SLA: the audit runs every 5 minutes and finishes in under 2 minutes, so runs never overlap.
resource "aws_cloudwatch_event_rule" "reconciliation" {
  name                = local.reconciliation_name
  description         = "Starts the sampled reconciliation of bookings"
  schedule_expression = "rate(5 minutes)"

  tags = merge(local.common_tags, { Name = local.reconciliation_name })
}

# Starts the state machine; what can't be started within the period is kept for inspection.
resource "aws_cloudwatch_event_target" "reconciliation" {
  rule      = aws_cloudwatch_event_rule.reconciliation.name
  target_id = local.reconciliation_name
  arn       = aws_sfn_state_machine.reconciliation.arn
  role_arn  = aws_iam_role.reconciliation_schedule.arn

  retry_policy {
    maximum_event_age_in_seconds = 300
    maximum_retry_attempts       = 3
  }

  dead_letter_config { arn = aws_sqs_queue.reconciliation_dlq.arn }
}

# Role of the schedule, for this one rule only.
resource "aws_iam_role" "reconciliation_schedule" {
  name = "${local.name_prefix}-reconciliation-schedule"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnEquals    = { "aws:SourceArn" = aws_cloudwatch_event_rule.reconciliation.arn }
      }
    }]
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-schedule" })
}

# It starts this state machine and no other.
resource "aws_iam_policy" "reconciliation_schedule" {
  name = "${local.name_prefix}-reconciliation-schedule"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartReconciliation"
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = aws_sfn_state_machine.reconciliation.arn
    }]
  })

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-schedule" })
}

# Gives the schedule its permission.
resource "aws_iam_role_policy_attachment" "reconciliation_schedule" {
  role       = aws_iam_role.reconciliation_schedule.name
  policy_arn = aws_iam_policy.reconciliation_schedule.arn
}

# ---- Aurora: reporting, audit and reconciliation reads ---------------------------------------------

# Aurora lives in the private subnets.
resource "aws_db_subnet_group" "audit" {
  name        = local.aurora_name
  description = "Private subnets of the audit store"
  subnet_ids  = var.private_subnet_ids

  tags = merge(local.common_tags, { Name = local.aurora_name })
}

# Refuses connections without TLS.
resource "aws_rds_cluster_parameter_group" "audit" {
  name        = local.aurora_name
  description = "TLS only"
  family      = "aurora-postgresql16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  tags = merge(local.common_tags, { Name = local.aurora_name })
}

# RDS would create this group without retention and encryption.
resource "aws_cloudwatch_log_group" "audit" {
  name              = "/aws/rds/cluster/${local.aurora_name}/postgresql"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${local.aurora_name}-logs" })
}

# Reporting / audit store, not the primary source of truth for bookings: that is DynamoDB.
# reconciliation_checker compares the DynamoDB state to the state replicated into Aurora.
resource "aws_rds_cluster" "audit" {
  cluster_identifier              = local.aurora_name
  engine                          = "aurora-postgresql"
  engine_version                  = "16.8"
  db_subnet_group_name            = aws_db_subnet_group.audit.name
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.audit.name
  vpc_security_group_ids          = [aws_security_group.data_stores.id]

  storage_encrypted = true
  kms_key_id        = aws_kms_key.stack.arn

  # RDS keeps and rotates the master password in Secrets Manager; the functions use IAM authentication.
  master_username                     = "audit_admin"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.stack.arn
  iam_database_authentication_enabled = true

  backup_retention_period   = 14
  preferred_backup_window   = "02:00-03:00"
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.aurora_name}-final"

  enabled_cloudwatch_logs_exports = ["postgresql"]

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }

  tags = merge(local.common_tags, { Name = local.aurora_name })

  # Its log group has to be there first.
  depends_on = [aws_cloudwatch_log_group.audit]
}

# The writer, which the reporting pipeline fills; a single instance would be the writer and leave no reader.
resource "aws_rds_cluster_instance" "audit_writer" {
  identifier          = "${local.aurora_name}-writer"
  cluster_identifier  = aws_rds_cluster.audit.id
  engine              = aws_rds_cluster.audit.engine
  engine_version      = aws_rds_cluster.audit.engine_version
  instance_class      = "db.serverless"
  promotion_tier      = 0
  publicly_accessible = false

  tags = merge(local.common_tags, { Name = "${local.aurora_name}-writer" })
}

# The reader, which reconciliation reads from; tier 1 scales along with the writer and takes over from it.
resource "aws_rds_cluster_instance" "audit_reader" {
  identifier          = "${local.aurora_name}-reader"
  cluster_identifier  = aws_rds_cluster.audit.id
  engine              = aws_rds_cluster.audit.engine
  engine_version      = aws_rds_cluster.audit.engine_version
  instance_class      = "db.serverless"
  promotion_tier      = 1
  publicly_accessible = false

  tags = merge(local.common_tags, { Name = "${local.aurora_name}-reader" })

  # The first instance of a cluster becomes its writer.
  depends_on = [aws_rds_cluster_instance.audit_writer]
}

# ---- CloudWatch alarms: breaches of the SLA --------------------------------------------------------

# Alerts for human operators, who subscribe to it outside this stack.
resource "aws_sns_topic" "alerts" {
  name              = "${local.name_prefix}-alerts"
  kms_master_key_id = aws_kms_key.stack.arn

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-alerts" })
}

# Only the alarms of this stack may publish.
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "PublishAlarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alerts.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = local.alarm_arns }
        }
      },
      merge(local.deny_plaintext, { Action = "sns:Publish", Resource = aws_sns_topic.alerts.arn }),
    ]
  })
}

# SLA: replication typically takes <5 seconds; alert if >10s. One alarm per replica region, as DynamoDB
# publishes the metric only per receiving region. Without writes there is no data.
resource "aws_cloudwatch_metric_alarm" "replication_latency" {
  for_each = local.replica_regions

  alarm_name          = "${local.name_prefix}-replication-latency-${each.value}"
  alarm_description   = "SLA breach: DynamoDB replication to ${each.value} takes >10s (target <5 seconds)"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReplicationLatency"
  dimensions          = { TableName = aws_dynamodb_table.inventory.name, ReceivingRegion = each.value }
  statistic           = "Average"
  period              = 300 # DynamoDB reports this metric once in five minutes
  evaluation_periods  = 1
  threshold           = 10000 # milliseconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-replication-latency-${each.value}" })
}

# A message here is an availability change that its PMS never received.
resource "aws_cloudwatch_metric_alarm" "hotel_pms_dlq" {
  alarm_name          = "${local.name_prefix}-hotel-pms-dlq"
  alarm_description   = "Poison messages: availability changes missed the PMS SLA of <60 seconds for good"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.hotel_pms_dlq.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-dlq" })
}

# The other dead-letter queues: stream records, schedule events and deliveries that were given up.
resource "aws_cloudwatch_metric_alarm" "pipeline_dlq" {
  for_each = {
    cache-updater  = aws_sqs_queue.cache_updater_dlq.name
    reconciliation = aws_sqs_queue.reconciliation_dlq.name
    fanout         = aws_sqs_queue.fanout_dlq.name
  }

  alarm_name          = "${local.name_prefix}-${each.key}-dlq"
  alarm_description   = "Dead letters in ${each.value}: stale cache entries, audits that were skipped, or a PMS that was not told"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}-dlq" })
}

# SLA: a PMS is tried in <60 seconds; an older message means that the worker falls behind.
resource "aws_cloudwatch_metric_alarm" "pms_backlog" {
  alarm_name          = "${local.name_prefix}-pms-backlog"
  alarm_description   = "SLA breach: PMS sync backlog >60s"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.hotel_pms_queue.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 60 # seconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-pms-backlog" })
}

# pms_sync_worker reports 1 while it keeps calls away from a broken PMS and 0 otherwise. One opening of 120
# seconds is the breaker doing its work; five minutes mean that the PMS stays broken.
resource "aws_cloudwatch_metric_alarm" "circuit_breaker_open" {
  alarm_name          = "${local.name_prefix}-circuit-breaker-open"
  alarm_description   = "Circuit breaker of the PMS integration open too long: PMS sync backlog >60s is building up"
  namespace           = local.metric_namespace
  metric_name         = "CircuitBreakerOpen"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-circuit-breaker-open" })
}

# overbooking_resolver counts the conflicts that it could not fix; a human has to act.
# SLA: detected within 5 seconds, corrected within 2 minutes, else alerted: one datapoint of two is enough.
resource "aws_cloudwatch_metric_alarm" "unresolved_overbooking" {
  alarm_name          = "${local.name_prefix}-unresolved-overbooking"
  alarm_description   = "SLA breach: unresolved overbooking after 2 minutes; reassign the guest by hand"
  namespace           = local.metric_namespace
  metric_name         = "UnresolvedOverbookings"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-unresolved-overbooking" })
}

# Without the audit, overbookings go unnoticed. An execution that runs out of time counts apart from one that fails.
resource "aws_cloudwatch_metric_alarm" "reconciliation_failed" {
  for_each = {
    failed    = "ExecutionsFailed"
    timed-out = "ExecutionsTimedOut"
  }

  alarm_name          = "${local.name_prefix}-reconciliation-${each.key}"
  alarm_description   = "Reconciliation ${each.key}: drift and unresolved overbooking may go unnoticed"
  namespace           = "AWS/States"
  metric_name         = each.value
  dimensions          = { StateMachineArn = aws_sfn_state_machine.reconciliation.arn }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-${each.key}" })
}

# SLA: the confirmation path takes <400ms P95, measured where the caller sees it.
resource "aws_cloudwatch_metric_alarm" "booking_latency" {
  alarm_name          = "${local.name_prefix}-booking-latency"
  alarm_description   = "SLA breach: booking confirmation takes longer than 400ms P95"
  namespace           = "AWS/ApiGateway"
  metric_name         = "Latency"
  dimensions          = { ApiId = aws_apigatewayv2_api.booking.id, Stage = aws_apigatewayv2_stage.live.name }
  extended_statistic  = "p95"
  period              = 60
  evaluation_periods  = 3
  threshold           = 400 # milliseconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-latency" })
}

# Throttled handlers are refused bookings: the reserved concurrency is too low for the load.
resource "aws_cloudwatch_metric_alarm" "booking_throttles" {
  alarm_name          = "${local.name_prefix}-booking-throttles"
  alarm_description   = "booking_handler is throttled below the promised ~1,200 RPS: raise its reserved concurrency"
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.booking_handler.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-booking-throttles" })
}

# SLA: the cache follows a change in <1s P95; the age of the records is the delay before cache_updater runs.
resource "aws_cloudwatch_metric_alarm" "cache_lag" {
  alarm_name          = "${local.name_prefix}-cache-lag"
  alarm_description   = "SLA breach: cached availability follows DynamoDB later than 1s P95"
  namespace           = "AWS/Lambda"
  metric_name         = "IteratorAge"
  dimensions          = { FunctionName = aws_lambda_function.cache_updater.function_name }
  extended_statistic  = "p95"
  period              = 60
  evaluation_periods  = 3
  threshold           = 1000 # milliseconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-lag" })
}

# ---- Outputs ---------------------------------------------------------------------------------------

output "booking_api_url" {
  description = "Where to POST bookings; requests are signed with IAM credentials."
  value       = "${aws_apigatewayv2_stage.live.invoke_url}/book"
}

output "dynamodb_table_name" {
  description = "Name of the booking and inventory table, in every region."
  value       = aws_dynamodb_table.inventory.name
}

output "inventory_updates_topic_arn" {
  description = "Topic with the booking changes."
  value       = aws_sns_topic.inventory_updates.arn
}

output "hotel_pms_queue_url" {
  description = "Queue of the example PMS integration."
  value       = aws_sqs_queue.hotel_pms_queue.url
}

output "hotel_pms_dlq_url" {
  description = "Dead-letter queue of the example PMS integration."
  value       = aws_sqs_queue.hotel_pms_dlq.url
}

output "reconciliation_state_machine_arn" {
  description = "State machine that reconciles bookings."
  value       = aws_sfn_state_machine.reconciliation.arn
}

output "cache_primary_endpoint_address" {
  description = "Primary endpoint of the availability cache (TLS, IAM authentication)."
  value       = aws_elasticache_replication_group.availability.primary_endpoint_address
}

output "aurora_reader_endpoint" {
  description = "Reader endpoint of the audit store."
  value       = aws_rds_cluster.audit.reader_endpoint
}

output "alerts_topic_arn" {
  description = "Topic of the alarms; operators subscribe to it."
  value       = aws_sns_topic.alerts.arn
}
