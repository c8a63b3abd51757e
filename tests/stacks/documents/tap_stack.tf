/*
 * Booking platform for hotels all over the world.
 *
 * Every policy is a document of its own, as a data source; the state machine is written in Amazon's own language.
 * A block follows what it needs.
 */

variable "project_name" {
  type        = string
  default     = "global-booking"
  description = "What all names start with."
}

variable "environment" {
  type        = string
  default     = "prod"
  description = "What follows it in all names."
}

variable "aws_region" {
  type        = string
  default     = "us-west-2"
  description = "Where the primary table lives; for provider.tf, which configures the provider with it."
}

variable "tags" {
  type        = map(string)
  description = "owner, cost_center and environment have to be among them."
  default = {
    owner       = "reservations"
    cost_center = "4711"
    environment = "prod"
  }
}

variable "vpc_id" {
  type        = string
  description = "Where the cache and Aurora are."
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Two or more, in different zones."
}

variable "security_group_ids" {
  type        = list(string)
  description = "What the functions wear."
}

variable "dynamodb_table_name" {
  type        = string
  default     = "availability"
  description = "The table's own part of its name."
}

variable "dynamodb_replica_regions" {
  type        = list(string)
  default     = ["ap-southeast-1", "eu-west-1"]
  description = "Everywhere else that the table is to be; not aws_region."

  validation {
    condition     = !contains(var.dynamodb_replica_regions, var.aws_region)
    error_message = "The primary region holds the table already."
  }
}

variable "cache_node_type" {
  type        = string
  default     = "cache.m7g.large"
  description = "Of each node."
}

variable "pms_queue_visibility_timeout_seconds" {
  type        = number
  default     = 48
  description = "Six times what the worker may take."
}

variable "booking_api_rate_limit_rps" {
  type        = number
  default     = 2000
  description = "The burst that the API admits."
}

variable "pms_secret_arn" {
  type        = string
  description = "ARN of the secret in Secrets Manager that opens the PMS."
}

variable "token_issuer" {
  type        = string
  nullable    = false
  description = "Whose tokens the API takes."
}

variable "code_bucket" {
  type        = string
  default     = "global-booking-code"
  description = "Where the functions' archives are."
}

locals {
  name_prefix = "${var.project_name}-${var.environment}"

  common_tags = merge(
    { for key, value in var.tags : key => value if !contains(["owner", "cost_center", "environment"], lower(key)) },
    {
      Project     = var.project_name
      Environment = var.environment
      Owner       = var.tags["owner"]
      CostCenter  = var.tags["cost_center"]
    },
  )
}

/* Nothing about the caller is written down. */
data "aws_caller_identity" "me" {}
data "aws_partition" "mine" {}
data "aws_region" "here" {}

/* ------------------------------------------------------------------ our own key -------------------------- */

data "aws_iam_policy_document" "key" {
  statement {
    sid = "Keepers"
    actions = [
      "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey", "kms:EnableKeyRotation",
      "kms:Encrypt", "kms:GenerateDataKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
      "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
    ]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.mine.partition}:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }

  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "sns.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }

  statement {
    sid       = "LogGroups"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.here.region}.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:*:logs:*:${data.aws_caller_identity.me.account_id}:log-group:*${local.name_prefix}-*"]
    }
  }

  statement {
    sid       = "Grants"
    actions   = ["kms:CreateGrant"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.mine.partition}:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

# CloudWatch can't publish into a topic that the key of AWS encrypts, so topics, logs and environments have one of ours.
resource "aws_kms_key" "own" {
  description             = "Topics, logs and environments of ${local.name_prefix}"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 14
  tags                    = merge(local.common_tags, { Name = "${local.name_prefix}-own" })
}

# So that people find it.
resource "aws_kms_alias" "own" {
  name          = "alias/${local.name_prefix}-own"
  target_key_id = aws_kms_key.own.key_id
}

/* ------------------------------------------------------------------ bookings ----------------------------- */

# The truth about every room-night. Next to its key an item stores `available_units`, the `version` that writers
# compare (two that sell the same night can't both win), and when it was made and changed.
#
# SLA: what is written here is in the other regions within 5 seconds as a rule; >10 s raises an alert.
resource "aws_dynamodb_table" "availability" {
  name         = "${local.name_prefix}-${var.dynamodb_table_name}"
  billing_mode = "PAY_PER_REQUEST"

  hash_key  = "property_id#room_id"
  range_key = "stay_date"

  attribute {
    name = "property_id#room_id"
    type = "S"
  }

  attribute {
    name = "stay_date"
    type = "S"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  # Guests who don't pay in time lose their hold.
  ttl {
    enabled        = true
    attribute_name = "hold_ends"
  }

  dynamic "replica" {
    for_each = toset(var.dynamodb_replica_regions)
    iterator = region

    content {
      region_name                 = region.value
      propagate_tags              = true
      point_in_time_recovery      = true
      deletion_protection_enabled = true
    }
  }

  server_side_encryption { enabled = true }
  point_in_time_recovery { enabled = true }
  deletion_protection_enabled = true

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-${var.dynamodb_table_name}" })
}

# Tells the world that room X of hotel Y changed. Changes fan out to the affected property's PMS, not to all 45k hotels.
#
# SLA: enqueued, and tried at the PMS, in <60 seconds.
resource "aws_sns_topic" "inventory_updates" {
  name              = "${local.name_prefix}-inventory-updates"
  kms_master_key_id = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-inventory-updates" })
}

/* ------------------------------------------------------------------ what all functions need -------------- */

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# X-Ray and the network know no resources for these; an interface is made where the function runs.
data "aws_iam_policy_document" "traced" {
  statement {
    sid       = "Traces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }

  statement {
    sid       = "Environment"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.own.arn]
    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
      values   = ["arn:*:lambda:*:${data.aws_caller_identity.me.account_id}:function:${local.name_prefix}-*"]
    }
  }
}

data "aws_iam_policy_document" "in_vpc" {
  source_policy_documents = [data.aws_iam_policy_document.traced.json]

  statement {
    sid     = "Interfaces"
    actions = ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"]
    resources = [
      for kind in ["network-interface", "security-group", "subnet"] :
      "arn:${data.aws_partition.mine.partition}:ec2:${data.aws_region.here.region}:${data.aws_caller_identity.me.account_id}:${kind}/*"
    ]
  }

  statement {
    sid       = "Look"
    actions   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
    resources = ["*"]
  }
}

# Metrics know no resources either; the namespace narrows it.
data "aws_iam_policy_document" "measured" {
  source_policy_documents = [data.aws_iam_policy_document.traced.json]

  statement {
    sid       = "Metrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = [local.name_prefix]
    }
  }
}

/* ------------------------------------------------------------------ booking_handler ---------------------- */

# Function logs are enabled by the execution role: it may create streams in this group and write to them.
resource "aws_cloudwatch_log_group" "booking_handler" {
  name              = "/aws/lambda/${local.name_prefix}-booking-handler"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler" })
}

data "aws_iam_policy_document" "booking_handler" {
  source_policy_documents = [data.aws_iam_policy_document.traced.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.booking_handler.arn}:*"]
  }

  statement {
    sid       = "Book"
    actions   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.availability.arn]
  }

  statement {
    sid       = "Tell"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.inventory_updates.arn]
  }

  statement {
    sid       = "Encrypt"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.own.arn]
    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["sns.*.amazonaws.com"]
    }
  }

  # A write that finds somebody else's booking is a collision, and the resolver's work at once.
  statement {
    sid       = "Resolve"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.overbooking_resolver.arn]
  }
}

# What the function is.
resource "aws_iam_role" "booking_handler_role" {
  name               = "${local.name_prefix}-booking-handler-role"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler-role" })
}

# What it may.
resource "aws_iam_policy" "booking_handler" {
  name   = "${local.name_prefix}-booking-handler"
  policy = data.aws_iam_policy_document.booking_handler.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "booking_handler" {
  role       = aws_iam_role.booking_handler_role.name
  policy_arn = aws_iam_policy.booking_handler.arn
}

# Takes a booking: a conditional write on `version`, then a message to the topic, then the answer.
#
# SLA: returns in <400 ms P95.
resource "aws_lambda_function" "booking_handler" {
  function_name = "${local.name_prefix}-booking-handler"
  role          = aws_iam_role.booking_handler_role.arn

  kms_key_arn  = aws_kms_key.own.arn
  package_type = "Zip"
  s3_bucket    = var.code_bucket
  s3_key       = "booking-handler.zip"
  runtime      = "nodejs24.x"
  handler      = "index.handler"

  memory_size                    = 1769
  timeout                        = 3
  reserved_concurrent_executions = 700

  environment {
    variables = {
      TABLE_NAME   = aws_dynamodb_table.availability.name
      TOPIC_ARN    = aws_sns_topic.inventory_updates.arn
      ON_COLLISION = aws_lambda_function.overbooking_resolver.function_name
    }
  }

  tracing_config { mode = "Active" }
  depends_on = [aws_iam_role_policy_attachment.booking_handler]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-booking-handler" })
}

/* ------------------------------------------------------------------ POST /book --------------------------- */

# SLA: 70,000 booking requests a minute, that is 1,200 RPS sustained; burst 2,000 RPS.
resource "aws_apigatewayv2_api" "bookings" {
  name          = "${local.name_prefix}-bookings"
  protocol_type = "HTTP"
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-bookings" })
}

# Who has no token of ours doesn't book.
resource "aws_apigatewayv2_authorizer" "bookings" {
  name             = "${local.name_prefix}-tokens"
  api_id           = aws_apigatewayv2_api.bookings.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.token_issuer
    audience = ["bookings"]
  }
}

# Bookings go to the handler.
resource "aws_apigatewayv2_integration" "bookings" {
  api_id                 = aws_apigatewayv2_api.bookings.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.booking_handler.invoke_arn
  payload_format_version = "2.0"
}

# All that there is to ask.
resource "aws_apigatewayv2_route" "bookings" {
  api_id             = aws_apigatewayv2_api.bookings.id
  route_key          = "POST /book"
  target             = "integrations/${aws_apigatewayv2_integration.bookings.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.bookings.id
}

# Who asked what.
resource "aws_cloudwatch_log_group" "bookings" {
  name              = "/aws/vendedlogs/${local.name_prefix}-bookings"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-bookings" })
}

# Bursts of 2,000 RPS are let through; who comes beyond is told to come again.
resource "aws_apigatewayv2_stage" "bookings" {
  api_id      = aws_apigatewayv2_api.bookings.id
  name        = "${local.name_prefix}-v1"
  auto_deploy = true
  tags        = merge(local.common_tags, { Name = "${local.name_prefix}-v1" })

  route_settings {
    route_key              = aws_apigatewayv2_route.bookings.route_key
    throttling_burst_limit = var.booking_api_rate_limit_rps
    throttling_rate_limit  = 0.6 * var.booking_api_rate_limit_rps
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.bookings.arn
    format          = "$context.requestId $context.routeKey $context.status $context.responseLatency"
  }
}

# The API may call the handler, by this route.
resource "aws_lambda_permission" "bookings" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.booking_handler.arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.bookings.execution_arn}/*/POST/book"
}

/* ------------------------------------------------------------------ the cache ---------------------------- */

# Where it is.
resource "aws_elasticache_subnet_group" "snapshots" {
  name       = "${local.name_prefix}-snapshots"
  subnet_ids = var.private_subnet_ids
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-snapshots" })
}

# Who gets in: functions, by Redis over TLS.
resource "aws_security_group" "snapshots" {
  name        = "${local.name_prefix}-snapshots"
  description = "The cache"
  vpc_id      = var.vpc_id
  tags        = merge(local.common_tags, { Name = "${local.name_prefix}-snapshots" })

  ingress {
    description     = "Functions"
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = var.security_group_ids
  }
}

# Redis insists on a user of that name; ours is off.
resource "aws_elasticache_user" "nobody" {
  user_id       = "${local.name_prefix}-nobody"
  user_name     = "default"
  engine        = "redis"
  access_string = "off ~* -@all"
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-nobody" })

  authentication_mode { type = "no-password-required" }
}

# The two functions come as this one, with a token of IAM.
resource "aws_elasticache_user" "functions" {
  user_id       = "${local.name_prefix}-functions"
  user_name     = "${local.name_prefix}-functions"
  engine        = "redis"
  access_string = "on ~hotel:* -@all +@read +@write +@connection"
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-functions" })

  authentication_mode { type = "iam" }
}

# Both.
resource "aws_elasticache_user_group" "snapshots" {
  user_group_id = "${local.name_prefix}-snapshots"
  engine        = "redis"
  user_ids      = [aws_elasticache_user.nobody.user_id, aws_elasticache_user.functions.user_id]
  tags          = merge(local.common_tags, { Name = "${local.name_prefix}-snapshots" })
}

# One snapshot of availability per hotel, which dies with its TTL. A change refreshes only that hotel's keys: there is
# no refresh of everything.
resource "aws_elasticache_replication_group" "snapshots" {
  replication_group_id = "${local.name_prefix}-snapshots"
  description          = "Availability by hotel"
  node_type            = var.cache_node_type
  engine               = "redis"

  num_node_groups            = 1
  replicas_per_node_group    = 1
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.snapshots.name
  security_group_ids = [aws_security_group.snapshots.id]
  user_group_ids     = [aws_elasticache_user_group.snapshots.id]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  snapshot_retention_limit   = 3

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-snapshots" })
}

/* ------------------------------------------------------------------ cache_updater ------------------------ */

# Its logs.
resource "aws_cloudwatch_log_group" "cache_updater" {
  name              = "/aws/lambda/${local.name_prefix}-cache-updater"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater" })
}

# Changes that it could not carry over.
resource "aws_sqs_queue" "stream_dlq" {
  name                      = "${local.name_prefix}-stream-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
  tags                      = merge(local.common_tags, { Name = "${local.name_prefix}-stream-dlq" })
}

data "aws_iam_policy_document" "cache_updater" {
  source_policy_documents = [data.aws_iam_policy_document.in_vpc.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.cache_updater.arn}:*"]
  }

  statement {
    sid       = "Follow"
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
    resources = [aws_dynamodb_table.availability.stream_arn]
  }

  statement {
    sid       = "SetAside"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.stream_dlq.arn]
  }

  statement {
    sid       = "Cache"
    actions   = ["elasticache:Connect"]
    resources = [aws_elasticache_replication_group.snapshots.arn, aws_elasticache_user.functions.arn]
  }

  # The stream of a global table bears no second reader.
  statement {
    sid       = "PassOn"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.reconciliation_checker.arn]
  }
}

# What the function is.
resource "aws_iam_role" "cache_updater_role" {
  name               = "${local.name_prefix}-cache-updater-role"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater-role" })
}

# What it may.
resource "aws_iam_policy" "cache_updater" {
  name   = "${local.name_prefix}-cache-updater"
  policy = data.aws_iam_policy_document.cache_updater.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "cache_updater" {
  role       = aws_iam_role.cache_updater_role.name
  policy_arn = aws_iam_policy.cache_updater.arn
}

# Carries a change of the table into the cache, for the hotel, the room and the night that changed.
resource "aws_lambda_function" "cache_updater" {
  function_name = "${local.name_prefix}-cache-updater"
  role          = aws_iam_role.cache_updater_role.arn

  kms_key_arn  = aws_kms_key.own.arn
  package_type = "Zip"
  s3_bucket    = var.code_bucket
  s3_key       = "cache-updater.zip"
  runtime      = "nodejs24.x"
  handler      = "index.handler"

  memory_size                    = 512
  timeout                        = 15
  reserved_concurrent_executions = 60

  environment {
    variables = {
      ENDPOINT    = aws_elasticache_replication_group.snapshots.primary_endpoint_address
      TTL_SECONDS = "600"
      RECHECK     = aws_lambda_function.reconciliation_checker.function_name
    }
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = var.security_group_ids
  }

  tracing_config { mode = "Active" }
  depends_on = [aws_iam_role_policy_attachment.cache_updater]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater" })
}

# From the table's stream to the cache.
#
# SLA: the hotel's cache entries are right in <1 s P95 after the change.
resource "aws_lambda_event_source_mapping" "cache_updater" {
  event_source_arn  = aws_dynamodb_table.availability.stream_arn
  function_name     = aws_lambda_function.cache_updater.function_name
  starting_position = "LATEST"
  batch_size        = 50

  maximum_retry_attempts         = 2
  bisect_batch_on_function_error = true
  function_response_types        = ["ReportBatchItemFailures"]

  destination_config {
    on_failure { destination_arn = aws_sqs_queue.stream_dlq.arn }
  }

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache-updater" })
}

/* ------------------------------------------------------------------ pms_sync_worker ---------------------- */

# What one PMS has to know. SLA: the sync is attempted in <60 s.
resource "aws_sqs_queue" "hotel_pms_queue" {
  name                       = "${local.name_prefix}-hotel-pms-queue"
  visibility_timeout_seconds = var.pms_queue_visibility_timeout_seconds
  message_retention_seconds  = 86400
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = <<-JSON
    {
      "deadLetterTargetArn": "${aws_sqs_queue.hotel_pms_dlq.arn}",
      "maxReceiveCount": 8
    }
  JSON

  tags = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-queue" })
}

# What it would not take.
resource "aws_sqs_queue" "hotel_pms_dlq" {
  name                      = "${local.name_prefix}-hotel-pms-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-dlq" })
}

# No other queue's.
resource "aws_sqs_queue_redrive_allow_policy" "hotel_pms_dlq" {
  queue_url            = aws_sqs_queue.hotel_pms_dlq.id
  redrive_allow_policy = <<-JSON
    {"redrivePermission": "byQueue", "sourceQueueArns": ["${aws_sqs_queue.hotel_pms_queue.arn}"]}
  JSON
}

# Deliveries that SNS gave up.
resource "aws_sqs_queue" "delivery_dlq" {
  name                      = "${local.name_prefix}-delivery-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
  tags                      = merge(local.common_tags, { Name = "${local.name_prefix}-delivery-dlq" })
}

data "aws_iam_policy_document" "from_topic" {
  statement {
    sid       = "Topic"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.hotel_pms_queue.arn, aws_sqs_queue.delivery_dlq.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.inventory_updates.arn]
    }
  }

  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# The topic may fill it.
resource "aws_sqs_queue_policy" "hotel_pms_queue" {
  queue_url = aws_sqs_queue.hotel_pms_queue.url
  policy    = data.aws_iam_policy_document.from_topic.json
}

# This one too.
resource "aws_sqs_queue_policy" "delivery_dlq" {
  queue_url = aws_sqs_queue.delivery_dlq.url
  policy    = data.aws_iam_policy_document.from_topic.json
}

# This PMS hears of its own property only.
resource "aws_sns_topic_subscription" "hotel_pms_queue" {
  topic_arn            = aws_sns_topic.inventory_updates.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.hotel_pms_queue.arn
  raw_message_delivery = true
  filter_policy        = "{\"property\": [{\"prefix\": \"example-\"}]}"
  redrive_policy       = "{\"deadLetterTargetArn\": \"${aws_sqs_queue.delivery_dlq.arn}\"}"
  depends_on           = [aws_sqs_queue_policy.hotel_pms_queue, aws_sqs_queue_policy.delivery_dlq]
}

# Its logs.
resource "aws_cloudwatch_log_group" "pms_sync_worker" {
  name              = "/aws/lambda/${local.name_prefix}-pms-sync-worker"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker" })
}

data "aws_iam_policy_document" "pms_sync_worker" {
  source_policy_documents = [data.aws_iam_policy_document.measured.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.pms_sync_worker.arn}:*"]
  }

  statement {
    sid       = "Consume"
    actions   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.hotel_pms_queue.arn]
  }

  statement {
    sid       = "Secret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.pms_secret_arn]
  }
}

# What the function is.
resource "aws_iam_role" "pms_sync_worker_role" {
  name               = "${local.name_prefix}-pms-sync-worker-role"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker-role" })
}

# What it may.
resource "aws_iam_policy" "pms_sync_worker" {
  name   = "${local.name_prefix}-pms-sync-worker"
  policy = data.aws_iam_policy_document.pms_sync_worker.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "pms_sync_worker" {
  role       = aws_iam_role.pms_sync_worker_role.name
  policy_arn = aws_iam_policy.pms_sync_worker.arn
}

# Tells the PMS, patiently; one that stays away is spared for a while. Its password is a secret of Secrets Manager: the
# function reads it when it runs, and the environment has the ARN alone.
resource "aws_lambda_function" "pms_sync_worker" {
  function_name = "${local.name_prefix}-pms-sync-worker"
  role          = aws_iam_role.pms_sync_worker_role.arn

  kms_key_arn  = aws_kms_key.own.arn
  package_type = "Zip"
  s3_bucket    = var.code_bucket
  s3_key       = "pms-sync-worker.zip"
  runtime      = "nodejs24.x"
  handler      = "index.handler"

  memory_size                    = 256
  timeout                        = 8
  reserved_concurrent_executions = 40

  environment {
    variables = {
      MAX_RETRIES          = "2"
      BACKOFF_SECONDS      = "1"
      CIRCUIT_OPEN_SECONDS = "90"
      SECRET_ARN           = var.pms_secret_arn
      METRICS              = local.name_prefix
    }
  }

  tracing_config { mode = "Active" }
  depends_on = [aws_iam_role_policy_attachment.pms_sync_worker]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker" })
}

# From the queue to the PMS.
resource "aws_lambda_event_source_mapping" "pms_sync_worker" {
  event_source_arn        = aws_sqs_queue.hotel_pms_queue.arn
  function_name           = aws_lambda_function.pms_sync_worker.function_name
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = merge(local.common_tags, { Name = "${local.name_prefix}-pms-sync-worker" })

  scaling_config { maximum_concurrency = 40 }
}

/* ------------------------------------------------------------------ Aurora ------------------------------- */

# Where it is.
resource "aws_db_subnet_group" "ledger" {
  name       = "${local.name_prefix}-ledger"
  subnet_ids = var.private_subnet_ids
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-ledger" })
}

# Who gets in.
resource "aws_security_group" "ledger" {
  name        = "${local.name_prefix}-ledger"
  description = "Aurora"
  vpc_id      = var.vpc_id
  tags        = merge(local.common_tags, { Name = "${local.name_prefix}-ledger" })

  ingress {
    description     = "Functions"
    from_port       = 3306
    to_port         = 3306
    protocol        = "tcp"
    security_groups = var.security_group_ids
  }
}

# No TLS, no connection.
resource "aws_rds_cluster_parameter_group" "ledger" {
  name   = "${local.name_prefix}-ledger"
  family = "aurora-mysql8.0"
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-ledger" })

  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }
}

# Its logs.
resource "aws_cloudwatch_log_group" "ledger" {
  name              = "/aws/rds/cluster/${local.name_prefix}-ledger/audit"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-ledger" })
}

# The books for reporting and audit: never the source of truth of a booking. `reconciliation_checker` compares what
# DynamoDB says with what has arrived here.
resource "aws_rds_cluster" "ledger" {
  cluster_identifier = "${local.name_prefix}-ledger"
  engine             = "aurora-mysql"
  engine_version     = "8.0.mysql_aurora.3.08.2"

  db_subnet_group_name            = aws_db_subnet_group.ledger.name
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.ledger.name
  vpc_security_group_ids          = [aws_security_group.ledger.id]
  storage_encrypted               = true

  master_username                     = "bookkeeper"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  backup_retention_period         = 30
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  final_snapshot_identifier       = "${local.name_prefix}-ledger-last"
  enabled_cloudwatch_logs_exports = ["audit"]

  depends_on = [aws_cloudwatch_log_group.ledger]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-ledger" })
}

# Is written.
resource "aws_rds_cluster_instance" "writer" {
  identifier         = "${local.name_prefix}-ledger-writer"
  cluster_identifier = aws_rds_cluster.ledger.id
  engine             = aws_rds_cluster.ledger.engine
  instance_class     = "db.r6g.large"
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-ledger-writer" })
}

# Is read.
resource "aws_rds_cluster_instance" "reader" {
  identifier         = "${local.name_prefix}-ledger-reader"
  cluster_identifier = aws_rds_cluster.ledger.id
  engine             = aws_rds_cluster.ledger.engine
  instance_class     = "db.r6g.large"
  promotion_tier     = 2
  depends_on         = [aws_rds_cluster_instance.writer]
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-ledger-reader" })
}

/* ------------------------------------------------------------------ reconciliation_checker --------------- */

# Its logs.
resource "aws_cloudwatch_log_group" "reconciliation_checker" {
  name              = "/aws/lambda/${local.name_prefix}-reconciliation-checker"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker" })
}

data "aws_iam_policy_document" "reconciliation_checker" {
  source_policy_documents = [data.aws_iam_policy_document.in_vpc.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.reconciliation_checker.arn}:*"]
  }

  statement {
    sid       = "Table"
    actions   = ["dynamodb:Query"]
    resources = [aws_dynamodb_table.availability.arn]
  }

  statement {
    sid       = "Cache"
    actions   = ["elasticache:Connect"]
    resources = [aws_elasticache_replication_group.snapshots.arn, aws_elasticache_user.functions.arn]
  }

  statement {
    sid     = "Ledger"
    actions = ["rds-db:connect"]
    resources = [format(
      "arn:%s:rds-db:%s:%s:dbuser:%s/auditor",
      data.aws_partition.mine.partition, data.aws_region.here.region, data.aws_caller_identity.me.account_id,
      aws_rds_cluster.ledger.cluster_resource_id,
    )]
  }
}

# What the function is.
resource "aws_iam_role" "reconciliation_checker_role" {
  name               = "${local.name_prefix}-reconciliation-checker-role"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker-role" })
}

# What it may.
resource "aws_iam_policy" "reconciliation_checker" {
  name   = "${local.name_prefix}-reconciliation-checker"
  policy = data.aws_iam_policy_document.reconciliation_checker.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "reconciliation_checker" {
  role       = aws_iam_role.reconciliation_checker_role.name
  policy_arn = aws_iam_policy.reconciliation_checker.arn
}

# Holds table, cache, replicas and ledger against each other.
#
# SLA: a hot booking is rechecked within 30 seconds. `cache_updater` passes
# it on at once; the schedule brings the rest.
resource "aws_lambda_function" "reconciliation_checker" {
  function_name = "${local.name_prefix}-reconciliation-checker"
  role          = aws_iam_role.reconciliation_checker_role.arn

  kms_key_arn  = aws_kms_key.own.arn
  package_type = "Zip"
  s3_bucket    = var.code_bucket
  s3_key       = "reconciliation-checker.zip"
  runtime      = "nodejs24.x"
  handler      = "index.handler"

  memory_size                    = 1024
  timeout                        = 25
  reserved_concurrent_executions = 30

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.availability.name
      ENDPOINT   = aws_elasticache_replication_group.snapshots.primary_endpoint_address
      LEDGER     = aws_rds_cluster.ledger.reader_endpoint
    }
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = var.security_group_ids
  }

  tracing_config { mode = "Active" }
  depends_on = [aws_iam_role_policy_attachment.reconciliation_checker]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-reconciliation-checker" })
}

/* ------------------------------------------------------------------ overbooking_resolver ----------------- */

# Its logs.
resource "aws_cloudwatch_log_group" "overbooking_resolver" {
  name              = "/aws/lambda/${local.name_prefix}-overbooking-resolver"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver" })
}

data "aws_iam_policy_document" "overbooking_resolver" {
  source_policy_documents = [data.aws_iam_policy_document.measured.json]

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.overbooking_resolver.arn}:*"]
  }

  statement {
    sid       = "Move"
    actions   = ["dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.availability.arn]
  }

  statement {
    sid       = "Tell"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.inventory_updates.arn]
  }

  statement {
    sid       = "Encrypt"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.own.arn]
    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["sns.*.amazonaws.com"]
    }
  }
}

# What the function is.
resource "aws_iam_role" "overbooking_resolver_role" {
  name               = "${local.name_prefix}-overbooking-resolver-role"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver-role" })
}

# What it may.
resource "aws_iam_policy" "overbooking_resolver" {
  name   = "${local.name_prefix}-overbooking-resolver"
  policy = data.aws_iam_policy_document.overbooking_resolver.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "overbooking_resolver" {
  role       = aws_iam_role.overbooking_resolver_role.name
  policy_arn = aws_iam_policy.overbooking_resolver.arn
}

# Finds another room of the same hotel, or counts the conflict for people to see.
#
# SLA: a conflict is detected within 5 seconds of the collision, the guest reassigned within 60 seconds where that can
# be, and the correction with the PMS within 2 minutes.
resource "aws_lambda_function" "overbooking_resolver" {
  function_name = "${local.name_prefix}-overbooking-resolver"
  role          = aws_iam_role.overbooking_resolver_role.arn

  kms_key_arn  = aws_kms_key.own.arn
  package_type = "Zip"
  s3_bucket    = var.code_bucket
  s3_key       = "overbooking-resolver.zip"
  runtime      = "nodejs24.x"
  handler      = "index.handler"

  memory_size                    = 512
  timeout                        = 20
  reserved_concurrent_executions = 30

  environment {
    variables = {
      TABLE_NAME = aws_dynamodb_table.availability.name
      TOPIC_ARN  = aws_sns_topic.inventory_updates.arn
      METRICS    = local.name_prefix
    }
  }

  tracing_config { mode = "Active" }
  depends_on = [aws_iam_role_policy_attachment.overbooking_resolver]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking-resolver" })
}

/* ------------------------------------------------------------------ every five minutes ------------------- */

data "aws_iam_policy_document" "states" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }
}

data "aws_iam_policy_document" "machine" {
  statement {
    sid       = "Invoke"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.reconciliation_checker.arn, aws_lambda_function.overbooking_resolver.arn]
  }

  # None of these knows resources.
  statement {
    sid = "LogsAndTraces"
    actions = [
      "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
      "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ]
    resources = ["*"]
  }
}

# What the machine is.
resource "aws_iam_role" "machine" {
  name               = "${local.name_prefix}-machine"
  assume_role_policy = data.aws_iam_policy_document.states.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-machine" })
}

# What it may.
resource "aws_iam_policy" "machine" {
  name   = "${local.name_prefix}-machine"
  policy = data.aws_iam_policy_document.machine.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-machine" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "machine" {
  role       = aws_iam_role.machine.name
  policy_arn = aws_iam_policy.machine.arn
}

# Its logs.
resource "aws_cloudwatch_log_group" "machine" {
  name              = "/aws/vendedlogs/${local.name_prefix}-machine"
  retention_in_days = 60
  kms_key_id        = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-machine" })
}

# First look, then mend.
#
# SLA: hot bookings are looked at again within 30 seconds of being final; the deep audit comes every 5 minutes and is
# through in under 2 minutes.
resource "aws_sfn_state_machine" "audit" {
  name       = "${local.name_prefix}-audit"
  role_arn   = aws_iam_role.machine.arn
  depends_on = [aws_iam_role_policy_attachment.machine]
  tags       = merge(local.common_tags, { Name = "${local.name_prefix}-audit" })

  definition = <<-ASL
    {
      "Comment": "A sample of hot bookings, and what to do where it doesn't fit",
      "StartAt": "Look",
      "TimeoutSeconds": 110,
      "States": {
        "Look": {
          "Type": "Task",
          "Resource": "arn:${data.aws_partition.mine.partition}:states:::lambda:invoke",
          "Parameters": {
            "FunctionName": "${aws_lambda_function.reconciliation_checker.arn}",
            "Payload": {"sample": true}
          },
          "OutputPath": "$.Payload",
          "TimeoutSeconds": 26,
          "Retry": [
            {
              "ErrorEquals": ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
              "IntervalSeconds": 2,
              "MaxAttempts": 1
            }
          ],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Broken"}],
          "Next": "Fits?"
        },
        "Fits?": {
          "Type": "Choice",
          "Choices": [
            {
              "And": [
                {"Variable": "$.drift", "IsPresent": true},
                {"Variable": "$.drift", "NumericGreaterThan": 0}
              ],
              "Next": "Mend"
            }
          ],
          "Default": "Done"
        },
        "Mend": {
          "Type": "Task",
          "Resource": "arn:${data.aws_partition.mine.partition}:states:::lambda:invoke",
          "Parameters": {
            "FunctionName": "${aws_lambda_function.overbooking_resolver.arn}",
            "Payload.$": "$"
          },
          "TimeoutSeconds": 21,
          "Retry": [
            {
              "ErrorEquals": ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
              "IntervalSeconds": 2,
              "MaxAttempts": 1
            }
          ],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Broken"}],
          "End": true
        },
        "Done": {"Type": "Succeed"},
        "Broken": {"Type": "Fail", "Error": "AuditBroken"}
      }
    }
  ASL

  logging_configuration {
    level           = "ERROR"
    log_destination = "${aws_cloudwatch_log_group.machine.arn}:*"
  }

  tracing_configuration { enabled = true }
}

# Once we asked every hotel, each 30 seconds; now a sample is asked instead of all of them.
resource "aws_cloudwatch_event_rule" "audit" {
  name                = "${local.name_prefix}-audit"
  schedule_expression = "rate(5 minutes)"
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-audit" })
}

data "aws_iam_policy_document" "events" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.audit.arn]
    }
  }
}

data "aws_iam_policy_document" "rule" {
  statement {
    sid       = "Start"
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.audit.arn]
  }
}

# What the rule is.
resource "aws_iam_role" "rule" {
  name               = "${local.name_prefix}-rule"
  assume_role_policy = data.aws_iam_policy_document.events.json
  tags               = merge(local.common_tags, { Name = "${local.name_prefix}-rule" })
}

# What it may.
resource "aws_iam_policy" "rule" {
  name   = "${local.name_prefix}-rule"
  policy = data.aws_iam_policy_document.rule.json
  tags   = merge(local.common_tags, { Name = "${local.name_prefix}-rule" })
}

# The one for the other.
resource "aws_iam_role_policy_attachment" "rule" {
  role       = aws_iam_role.rule.name
  policy_arn = aws_iam_policy.rule.arn
}

# Audits that did not start.
resource "aws_sqs_queue" "audit_dlq" {
  name                      = "${local.name_prefix}-audit-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
  tags                      = merge(local.common_tags, { Name = "${local.name_prefix}-audit-dlq" })
}

data "aws_iam_policy_document" "audit_dlq" {
  statement {
    sid       = "Rule"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.audit_dlq.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.audit.arn]
    }
  }

  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.audit_dlq.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

# The rule may fill it.
resource "aws_sqs_queue_policy" "audit_dlq" {
  queue_url = aws_sqs_queue.audit_dlq.url
  policy    = data.aws_iam_policy_document.audit_dlq.json
}

# The rule starts the machine.
resource "aws_cloudwatch_event_target" "audit" {
  rule     = aws_cloudwatch_event_rule.audit.name
  arn      = aws_sfn_state_machine.audit.arn
  role_arn = aws_iam_role.rule.arn

  dead_letter_config { arn = aws_sqs_queue.audit_dlq.arn }

  retry_policy {
    maximum_retry_attempts       = 2
    maximum_event_age_in_seconds = 240
  }
}

/* ------------------------------------------------------------------ who is woken, and when --------------- */

# People.
resource "aws_sns_topic" "pager" {
  name              = "${local.name_prefix}-pager"
  kms_master_key_id = aws_kms_key.own.arn
  tags              = merge(local.common_tags, { Name = "${local.name_prefix}-pager" })
}

data "aws_iam_policy_document" "pager" {
  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.pager.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.me.account_id]
    }
  }

  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.pager.arn]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

# Alarms may page them.
resource "aws_sns_topic_policy" "pager" {
  arn    = aws_sns_topic.pager.arn
  policy = data.aws_iam_policy_document.pager.json
}

# Replicas that are behind.
resource "aws_cloudwatch_metric_alarm" "replication" {
  for_each            = toset(var.dynamodb_replica_regions)
  alarm_name          = "${local.name_prefix}-replication-${each.value}"
  alarm_description   = "SLA breach: ${each.value} is more than 10 seconds behind (replication >10 s)"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReplicationLatency"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10000
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-replication-${each.value}" })

  dimensions = {
    TableName       = aws_dynamodb_table.availability.name
    ReceivingRegion = each.value
  }
}

# The first message is one too many.
resource "aws_cloudwatch_metric_alarm" "hotel_pms_dlq" {
  alarm_name          = "${local.name_prefix}-hotel-pms-dlq"
  alarm_description   = "A PMS will never hear of a change"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.hotel_pms_dlq.name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-hotel-pms-dlq" })
}

# The others' first message, too.
resource "aws_cloudwatch_metric_alarm" "other_dlqs" {
  for_each = {
    stream   = aws_sqs_queue.stream_dlq.name
    delivery = aws_sqs_queue.delivery_dlq.name
    audit    = aws_sqs_queue.audit_dlq.name
  }
  alarm_name          = "${local.name_prefix}-${each.key}-dlq"
  alarm_description   = "Something got lost on its way: ${each.key}"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value }
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}-dlq" })
}

# The worker is behind.
resource "aws_cloudwatch_metric_alarm" "backlog" {
  alarm_name          = "${local.name_prefix}-backlog"
  alarm_description   = "SLA breach: the PMS backlog is older than 60 seconds (>60 s)"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.hotel_pms_queue.name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-backlog" })
}

# A PMS has been spared for five minutes.
resource "aws_cloudwatch_metric_alarm" "breaker" {
  alarm_name          = "${local.name_prefix}-breaker"
  alarm_description   = "The circuit breaker of a PMS stays open"
  namespace           = local.name_prefix
  metric_name         = "BreakerOpen"
  statistic           = "Minimum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-breaker" })
}

# A guest has no room.
resource "aws_cloudwatch_metric_alarm" "overbooking" {
  alarm_name          = "${local.name_prefix}-overbooking"
  alarm_description   = "SLA breach: overbooking not resolved after 2 minutes"
  namespace           = local.name_prefix
  metric_name         = "OverbookingUnresolved"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.pager.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-overbooking" })
}

/* ------------------------------------------------------------------ for others --------------------------- */

output "bookings_url" {
  value       = aws_apigatewayv2_stage.bookings.invoke_url
  description = "Where to book"
}

output "availability_table" {
  value       = aws_dynamodb_table.availability.name
  description = "Table"
}

output "topic" {
  value       = aws_sns_topic.inventory_updates.arn
  description = "Changes"
}

output "pms_queue" {
  value       = aws_sqs_queue.hotel_pms_queue.url
  description = "What a PMS has to know"
}

output "pms_dead_letters" {
  value       = aws_sqs_queue.hotel_pms_dlq.url
  description = "What it would not take"
}

output "audit" {
  value       = aws_sfn_state_machine.audit.arn
  description = "State machine"
}

output "cache" {
  value       = aws_elasticache_replication_group.snapshots.primary_endpoint_address
  description = "Cache"
}

output "ledger" {
  value       = aws_rds_cluster.ledger.reader_endpoint
  description = "Aurora, to read"
}

output "pager" {
  value       = aws_sns_topic.pager.arn
  description = "Where people subscribe to alarms"
}
