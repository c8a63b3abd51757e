// The booking system in its smallest pieces: what a name, a limit or a statement is stands in one local, and what may be
// a resource of its own is one.

// Names, tags, limits. ---------------------------------------------------------------------------------------------

variable "aws_region" {
  default     = "us-west-2"
  description = "provider.tf asks for it"
  type        = string
}

variable "project_name" {
  default     = "global-booking"
  description = "First half of the prefix"
  type        = string
}

variable "environment" {
  default     = "prod"
  description = "Second half of the prefix"
  type        = string
}

variable "dynamodb_table_name" {
  default     = "nights"
  description = "How the table is called"
  type        = string
}

variable "dynamodb_replica_regions" {
  default     = ["us-east-2"]
  description = "More homes of the table"
  type        = list(string)
}

variable "cache_node_type" {
  default     = "cache.t4g.medium"
  description = "Machines of the cache"
  type        = string
}

variable "pms_queue_visibility_timeout_seconds" {
  default     = 36
  description = "For so long nobody else sees a message that somebody works on"
  type        = number
}

// We take bursts of up to two thousand requests per second.
variable "booking_api_rate_limit_rps" {
  default     = 2000
  description = "Burst limit"
  type        = number
}

variable "tags" {
  default     = { owner = "hotels", cost_center = "hotels", environment = "prod" }
  description = "Who pays, who cares"
  type        = map(string)
}

variable "vpc_id" {
  description = "The network that is there already"
  type        = string
}

variable "private_subnet_ids" {
  description = "Its private subnets"
  type        = list(string)
}

variable "security_group_ids" {
  description = "Its groups for functions"
  type        = list(string)
}

// An operator writes the credential into SSM; the stack sees its path and nothing else. No secret is in an environment.
variable "ssm_credential_path" {
  default     = "/hotels/pms/credential"
  description = "Path of the SSM parameter, a SecureString"
  type        = string

  validation {
    condition     = startswith(var.ssm_credential_path, "/")
    error_message = "A path begins with a slash."
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name_prefix = format("%s-%s", var.project_name, var.environment)

  common_tags = merge(var.tags, {
    Project     = var.project_name
    Environment = var.environment
    Owner       = var.tags.owner
    CostCenter  = var.tags["cost_center"]
  })

  // Everything that has a name has it from here, and its tags from below.
  short_names = toset([
    "alerts", "alerts-lost", "api", "audit", "booking_handler", "booking_handler_role", "cache", "cache_updater",
    "cache_updater_role", "data-key", "guests", "hotel_pms_dlq", "hotel_pms_queue", "inventory_updates", "ledger",
    "ledger-0", "ledger-1", "lost", "nobody", "overbooking_resolver", "overbooking_resolver_role", "pms_sync_worker",
    "pms_sync_worker_role", "reconciliation_checker", "reconciliation_checker_role", "starter", "stores", "writer",
  ])
  names = { for name in local.short_names : name => "${local.name_prefix}-${replace(name, "_", "-")}" }
  tags  = { for name, full in local.names : name => merge(local.common_tags, { Name = full }) }

  table_name = join("-", [local.name_prefix, var.dynamodb_table_name])
  elsewhere  = [for region in var.dynamodb_replica_regions : region if region != var.aws_region]
  namespace  = "${local.name_prefix}-pms"

  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id
  arn        = { for service in ["cloudwatch", "events", "lambda", "logs", "states", "sns", "ssm", "rds-db"] : service => "arn:${local.partition}:${service}:${var.aws_region}:${local.account_id}" }

  seconds = { handler = 4, updater = 9, worker = 6, checker = 24, resolver = 18, minute = 60, day = 86400 }
  ports   = { redis = 6379, postgres = 5432 }
}

// The key. ---------------------------------------------------------------------------------------------------------

locals {
  key_uses = ["kms:Decrypt", "kms:GenerateDataKey"]

  // In the key's policy "*" is the key.
  of_account = {
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
    Action = [
      "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey", "kms:EnableKeyRotation",
      "kms:Encrypt", "kms:GenerateDataKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants",
      "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RevokeGrant",
      "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias",
    ]
    Resource = "*"
  }
  of_grants = {
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
    Action    = ["kms:CreateGrant"]
    Resource  = "*"
    Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
  }
  of_senders = {
    Effect    = "Allow"
    Principal = { Service = formatlist("%s.amazonaws.com", ["cloudwatch", "events", "sns"]) }
    Action    = local.key_uses
    Resource  = "*"
    Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
  }
  of_logs = {
    Effect    = "Allow"
    Principal = { Service = "logs.${var.aws_region}.amazonaws.com" }
    Action    = concat(local.key_uses, ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"])
    Resource  = "*"
    Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "${local.arn["logs"]}:log-group:*" } }
  }
}

// Turned once a year.
resource "aws_kms_key" "data" {
  description             = "What ${local.name_prefix} keeps and says"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags["data-key"]
}

// Who may use it.
resource "aws_kms_key_policy" "data" {
  key_id = aws_kms_key.data.key_id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.of_account, local.of_grants, local.of_senders, local.of_logs]
  })
}

// Its name.
resource "aws_kms_alias" "data" {
  name          = "alias/${local.names["data-key"]}"
  target_key_id = aws_kms_key.data.arn
}

// The table. -------------------------------------------------------------------------------------------------------

locals {
  key_attributes = { night = "S", hot_until = "N" }
}

/*
  A night in a room. What an item has beside its keys: available_units, how many rooms are left; version, which every
  writer compares and raises; and two timestamps.

  Other regions have it after less than 5,000 ms as a rule. People are told when replication takes more than 10,000 ms.
*/
resource "aws_dynamodb_table" "nights" {
  name                        = local.table_name
  hash_key                    = "night"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = join("_", ["NEW", "AND", "OLD", "IMAGES"])
  tags                        = merge(local.common_tags, { Name = local.table_name })

  dynamic "attribute" {
    for_each = local.key_attributes
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  // Only nights that were booked of late have the second key.
  dynamic "global_secondary_index" {
    for_each = { hot = ["available_units", "version"] }
    iterator = index
    content {
      name               = index.key
      projection_type    = "INCLUDE"
      non_key_attributes = index.value

      key_schema {
        attribute_name = "night"
        key_type       = "HASH"
      }

      key_schema {
        attribute_name = "hot_until"
        key_type       = "RANGE"
      }
    }
  }

  dynamic "ttl" {
    for_each = ["hold_until"]
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  dynamic "replica" {
    for_each = toset(local.elsewhere)
    content {
      region_name                 = replica.key
      point_in_time_recovery      = true
      deletion_protection_enabled = true
      propagate_tags              = true
    }
  }

  dynamic "server_side_encryption" {
    for_each = [true]
    content { enabled = server_side_encryption.value }
  }

  dynamic "point_in_time_recovery" {
    for_each = [true]
    content { enabled = point_in_time_recovery.value }
  }
}

// News and where they go. -------------------------------------------------------------------------------------------

locals {
  only_tls = {
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Condition = { Bool = { "aws:SecureTransport" = ["false"] } }
  }
}

// A change is for one house. It fans out to the affected hotel's PMS; it would be madness to tell all 45 thousand hotels.
// It is in its queue, and delivery to the PMS has been tried, in under a minute.
resource "aws_sns_topic" "news" {
  name              = local.names["inventory_updates"]
  kms_master_key_id = aws_kms_key.data.id
  tags              = local.tags["inventory_updates"]
}

// No plain text.
resource "aws_sns_topic_policy" "news" {
  arn = aws_sns_topic.news.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.only_tls, { Action = ["sns:Publish"], Resource = [aws_sns_topic.news.arn] })]
  })
}

// One house's queue. What is in it is tried in less than sixty seconds.
resource "aws_sqs_queue" "house" {
  name                              = local.names["hotel_pms_queue"]
  visibility_timeout_seconds        = var.pms_queue_visibility_timeout_seconds
  message_retention_seconds         = 2 * local.seconds["day"]
  kms_master_key_id                 = aws_kms_key.data.id
  kms_data_key_reuse_period_seconds = 300
  tags                              = local.tags["hotel_pms_queue"]
}

// What the house can't digest.
resource "aws_sqs_queue" "poison" {
  name                      = local.names["hotel_pms_dlq"]
  message_retention_seconds = 14 * local.seconds["day"]
  kms_master_key_id         = aws_kms_key.data.id
  tags                      = local.tags["hotel_pms_dlq"]
}

// What never arrived.
resource "aws_sqs_queue" "lost" {
  name                      = local.names["lost"]
  message_retention_seconds = 14 * local.seconds["day"]
  kms_master_key_id         = aws_kms_key.data.id
  tags                      = local.tags["lost"]
}

// From the one to the other, after the sixth time.
resource "aws_sqs_queue_redrive_policy" "house" {
  queue_url      = aws_sqs_queue.house.url
  redrive_policy = jsonencode({ maxReceiveCount = 6, deadLetterTargetArn = aws_sqs_queue.poison.arn })
}

// And from no other queue.
resource "aws_sqs_queue_redrive_allow_policy" "poison" {
  queue_url            = aws_sqs_queue.poison.url
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.house.arn] })
}

// From none at all.
resource "aws_sqs_queue_redrive_allow_policy" "lost" {
  queue_url            = aws_sqs_queue.lost.url
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })
}

locals {
  by_news = {
    Effect    = "Allow"
    Principal = { Service = "sns.amazonaws.com" }
    Action    = "sqs:SendMessage"
    Condition = { ArnLike = { "aws:SourceArn" = aws_sns_topic.news.arn } }
  }
}

// News come in.
resource "aws_sqs_queue_policy" "house" {
  queue_url = aws_sqs_queue.house.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [local.by_news, merge(local.only_tls, { Action = "sqs:*" })] :
      merge(statement, { Resource = aws_sqs_queue.house.arn })
    ]
  })
}

// News and ticks of the clock come in that went nowhere else.
resource "aws_sqs_queue_policy" "lost" {
  queue_url = aws_sqs_queue.lost.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in [
        local.by_news,
        merge(local.by_news, { Principal = { Service = "events.amazonaws.com" }, Condition = { ArnLike = { "aws:SourceArn" = aws_cloudwatch_event_rule.clock.arn } } }),
        merge(local.only_tls, { Action = "sqs:*" }),
      ] : merge(statement, { Resource = aws_sqs_queue.lost.arn })
    ]
  })
}

// To the house go its own changes.
resource "aws_sns_topic_subscription" "house" {
  topic_arn           = aws_sns_topic.news.arn
  protocol            = "sqs"
  endpoint            = aws_sqs_queue.house.arn
  filter_policy_scope = "MessageBody"
  filter_policy       = jsonencode({ house = ["example"] })
  redrive_policy      = jsonencode({ deadLetterTargetArn = aws_sqs_queue.lost.arn })
  depends_on          = [aws_sqs_queue_policy.house, aws_sqs_queue_policy.lost]
}

// The cache. -------------------------------------------------------------------------------------------------------

// Its subnets.
resource "aws_elasticache_subnet_group" "guests" {
  name       = local.names["cache"]
  subnet_ids = var.private_subnet_ids
  tags       = local.tags["cache"]
}

// The door of cache and ledger.
resource "aws_security_group" "stores" {
  name        = local.names["stores"]
  description = "Stores"
  vpc_id      = var.vpc_id
  tags        = local.tags["stores"]
}

// Who gets through: each group of functions, at each of the two ports.
resource "aws_vpc_security_group_ingress_rule" "stores" {
  for_each                     = local.ports
  security_group_id            = aws_security_group.stores.id
  referenced_security_group_id = var.security_group_ids[0]
  description                  = "Functions, ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags["stores"]
}

// The user that Redis wants to have.
resource "aws_elasticache_user" "nobody" {
  user_id              = local.names["nobody"]
  user_name            = "default"
  engine               = "redis"
  access_string        = "off -@all"
  no_password_required = true
  tags                 = local.tags["nobody"]
}

// The user that the functions are.
resource "aws_elasticache_user" "writer" {
  user_id       = local.names["writer"]
  user_name     = local.names["writer"]
  engine        = "redis"
  access_string = "on ~hotel:* -@all +@read +@write +@connection"
  tags          = local.tags["writer"]

  dynamic "authentication_mode" {
    for_each = ["iam"]
    content { type = authentication_mode.value }
  }
}

// A group begins with the one,
resource "aws_elasticache_user_group" "guests" {
  user_group_id = local.names["guests"]
  engine        = "redis"
  user_ids      = [aws_elasticache_user.nobody.user_id]
  tags          = local.tags["guests"]

  lifecycle { ignore_changes = [user_ids] }
}

// and gets the other.
resource "aws_elasticache_user_group_association" "writer" {
  user_group_id = aws_elasticache_user_group.guests.user_group_id
  user_id       = aws_elasticache_user.writer.user_id
}

// Availability by hotel. A key belongs to one hotel and expires; a change renews only the affected hotel's keys, and
// nothing renews all of them. A snapshot is right again in less than 1,000 ms (95th percentile).
resource "aws_elasticache_replication_group" "guests" {
  replication_group_id       = local.names["cache"]
  description                = "Availability"
  node_type                  = var.cache_node_type
  engine                     = "redis"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.guests.name
  security_group_ids         = aws_security_group.stores[*].id
  user_group_ids             = [aws_elasticache_user_group.guests.user_group_id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  kms_key_id                 = aws_kms_key.data.arn
  snapshot_retention_limit   = 5
  tags                       = local.tags["cache"]
}

// The ledger. ------------------------------------------------------------------------------------------------------

// Its subnets.
resource "aws_db_subnet_group" "ledger" {
  name       = local.names["ledger"]
  subnet_ids = var.private_subnet_ids
  tags       = local.tags["ledger"]
}

// Its manners.
resource "aws_rds_cluster_parameter_group" "ledger" {
  name   = local.names["ledger"]
  family = "aurora-postgresql16"
  tags   = local.tags["ledger"]

  dynamic "parameter" {
    for_each = { "rds.force_ssl" = 1, log_min_duration_statement = 500 }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

// For auditors and reports. It is not authoritative: DynamoDB is, and the `checker` compares the two.
resource "aws_rds_cluster" "ledger" {
  cluster_identifier                  = local.names["ledger"]
  engine                              = "aurora-postgresql"
  engine_version                      = "16.8"
  db_subnet_group_name                = aws_db_subnet_group.ledger.name
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.ledger.name
  vpc_security_group_ids              = [aws_security_group.stores.id]
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  master_username                     = "clerk"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true
  backup_retention_period             = 21
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  final_snapshot_identifier           = "${local.names["ledger"]}-final"
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  tags                                = local.tags["ledger"]

  serverlessv2_scaling_configuration {
    min_capacity = 1
    max_capacity = 8
  }

  depends_on = [aws_cloudwatch_log_group.ledger]
}

// What it logs.
resource "aws_cloudwatch_log_group" "ledger" {
  name              = "/aws/rds/cluster/${local.names["ledger"]}/postgresql"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
  tags              = local.tags["ledger"]
  depends_on        = [aws_kms_key_policy.data]
}

// One to write.
resource "aws_rds_cluster_instance" "ledger_0" {
  identifier         = local.names["ledger-0"]
  cluster_identifier = aws_rds_cluster.ledger.id
  engine             = aws_rds_cluster.ledger.engine
  engine_version     = aws_rds_cluster.ledger.engine_version
  instance_class     = "db.serverless"
  tags               = local.tags["ledger-0"]
}

// One to read.
resource "aws_rds_cluster_instance" "ledger_1" {
  identifier         = local.names["ledger-1"]
  cluster_identifier = aws_rds_cluster.ledger.id
  engine             = aws_rds_cluster.ledger.engine
  engine_version     = aws_rds_cluster.ledger.engine_version
  instance_class     = "db.serverless"
  promotion_tier     = 1
  tags               = local.tags["ledger-1"]
  depends_on         = [aws_rds_cluster_instance.ledger_0]
}

// Roles. -----------------------------------------------------------------------------------------------------------

locals {
  may = {
    log     = { for name, group in aws_cloudwatch_log_group.functions : name => { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${group.arn}:*" } }
    trace   = { Effect = "Allow", Action = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource = "*" } // they know no resources
    measure = { Effect = "Allow", Action = "cloudwatch:PutMetricData", Resource = "*", Condition = { StringEquals = { "cloudwatch:namespace" = local.namespace } } }
    publish = { Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.news.arn }
    put     = { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.lost.arn }
    open    = { Effect = "Allow", Action = "elasticache:Connect", Resource = [aws_elasticache_replication_group.guests.arn, aws_elasticache_user.writer.arn] }
    decrypt = { for name in local.function_names : name => { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.data.arn, Condition = { StringEquals = { "kms:EncryptionContext:aws:lambda:FunctionArn" = "${local.arn["lambda"]}:function:${local.names[name]}" } } } }
    use_key = { for service in ["sns", "sqs", "ssm"] : service => { Effect = "Allow", Action = local.key_uses, Resource = aws_kms_key.data.arn, Condition = { StringEquals = { "kms:ViaService" = "${service}.${var.aws_region}.amazonaws.com" } } } }
  }

  // Interfaces have no ARN before they are made.
  network = [
    { Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], Resource = [for kind in ["network-interface", "security-group", "subnet"] : "arn:${local.partition}:ec2:${var.aws_region}:${local.account_id}:${kind}/*"] },
    { Effect = "Allow", Action = ["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"], Resource = "arn:${local.partition}:ec2:${var.aws_region}:${local.account_id}:network-interface/*" },
    { Effect = "Allow", Action = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], Resource = "*" },
  ]

  lambda_may_be = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = ["lambda.amazonaws.com"] } }]
  })

  function_names = ["booking_handler", "cache_updater", "pms_sync_worker", "reconciliation_checker", "overbooking_resolver"]
}

// Takes bookings.
resource "aws_iam_role" "handler" {
  name               = local.names["booking_handler_role"]
  assume_role_policy = local.lambda_may_be
  tags               = local.tags["booking_handler_role"]
}

// Writes nights; a collision, or a night that is hot, starts the machine there and then.
resource "aws_iam_policy" "handler" {
  name = local.names["booking_handler"]
  tags = local.tags["booking_handler"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.may.log["booking_handler"], local.may.trace, local.may.decrypt["booking_handler"], local.may.publish, local.may.use_key["sns"],
      { Effect = "Allow", Action = ["dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:GetItem"], Resource = aws_dynamodb_table.nights.arn },
      { Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.audit.arn },
    ]
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "handler" {
  role       = aws_iam_role.handler.id
  policy_arn = aws_iam_policy.handler.id
}

// Renews snapshots.
resource "aws_iam_role" "updater" {
  name               = local.names["cache_updater_role"]
  assume_role_policy = local.lambda_may_be
  tags               = local.tags["cache_updater_role"]
}

// Reads the stream.
resource "aws_iam_policy" "updater" {
  name = local.names["cache_updater"]
  tags = local.tags["cache_updater"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.network, [
      local.may.log["cache_updater"], local.may.trace, local.may.decrypt["cache_updater"], local.may.open, local.may.put, local.may.use_key["sqs"],
      { Effect = "Allow", Action = formatlist("dynamodb:%s", ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]), Resource = aws_dynamodb_table.nights.stream_arn },
    ])
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "updater" {
  role       = aws_iam_role.updater.id
  policy_arn = aws_iam_policy.updater.id
}

// Talks to houses.
resource "aws_iam_role" "worker" {
  name               = local.names["pms_sync_worker_role"]
  assume_role_policy = local.lambda_may_be
  tags               = local.tags["pms_sync_worker_role"]
}

// Empties the queue.
resource "aws_iam_policy" "worker" {
  name = local.names["pms_sync_worker"]
  tags = local.tags["pms_sync_worker"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.may.log["pms_sync_worker"], local.may.trace, local.may.decrypt["pms_sync_worker"], local.may.measure,
      { Effect = "Allow", Action = formatlist("sqs:%s", ["DeleteMessage", "GetQueueAttributes", "ReceiveMessage"]), Resource = aws_sqs_queue.house.arn },
      { Effect = "Allow", Action = "ssm:GetParameter", Resource = "${local.arn["ssm"]}:parameter${var.ssm_credential_path}" },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.data.arn, Condition = { StringEquals = { "kms:ViaService" = [for service in ["sqs", "ssm"] : "${service}.${var.aws_region}.amazonaws.com"] } } },
    ]
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.id
  policy_arn = aws_iam_policy.worker.id
}

// Compares.
resource "aws_iam_role" "checker" {
  name               = local.names["reconciliation_checker_role"]
  assume_role_policy = local.lambda_may_be
  tags               = local.tags["reconciliation_checker_role"]
}

// Reads whatever there is.
resource "aws_iam_policy" "checker" {
  name = local.names["reconciliation_checker"]
  tags = local.tags["reconciliation_checker"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.network, [
      local.may.log["reconciliation_checker"], local.may.trace, local.may.decrypt["reconciliation_checker"], local.may.open,
      { Effect = "Allow", Action = ["dynamodb:BatchGetItem"], Resource = aws_dynamodb_table.nights.arn },
      { Effect = "Allow", Action = ["dynamodb:Query"], Resource = "${aws_dynamodb_table.nights.arn}/index/hot" },
      { Effect = "Allow", Action = "rds-db:connect", Resource = "${local.arn["rds-db"]}:dbuser:${aws_rds_cluster.ledger.cluster_resource_id}/auditor" },
    ])
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "checker" {
  role       = aws_iam_role.checker.id
  policy_arn = aws_iam_policy.checker.id
}

// Mends.
resource "aws_iam_role" "resolver" {
  name               = local.names["overbooking_resolver_role"]
  assume_role_policy = local.lambda_may_be
  tags               = local.tags["overbooking_resolver_role"]
}

// Writes and tells, as the first does.
resource "aws_iam_policy" "resolver" {
  name = local.names["overbooking_resolver"]
  tags = local.tags["overbooking_resolver"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.may.log["overbooking_resolver"], local.may.trace, local.may.decrypt["overbooking_resolver"], local.may.publish, local.may.use_key["sns"], local.may.measure,
      { Effect = "Allow", Action = ["dynamodb:UpdateItem", "dynamodb:GetItem"], Resource = aws_dynamodb_table.nights.arn },
    ]
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "resolver" {
  role       = aws_iam_role.resolver.id
  policy_arn = aws_iam_policy.resolver.id
}

// Functions. -------------------------------------------------------------------------------------------------------

// CloudWatch Logs are on as soon as a role may write to one of these groups.
resource "aws_cloudwatch_log_group" "functions" {
  for_each          = toset(local.function_names)
  name              = "/aws/lambda/${local.names[each.key]}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
  tags              = local.tags[each.key]
  depends_on        = [aws_kms_key_policy.data]
}

locals {
  bucket  = "${local.name_prefix}-packages"
  runtime = { name = "python3.13", handler = "app.main" }
  inside  = [{ subnets = var.private_subnet_ids, groups = var.security_group_ids }]
}

// From the first byte to the last it takes no more than 0.4 s (95th percentile).
resource "aws_lambda_function" "handler" {
  function_name                  = local.names["booking_handler"]
  role                           = aws_iam_role.handler.arn
  s3_bucket                      = local.bucket
  s3_key                         = "handler"
  runtime                        = local.runtime.name
  handler                        = local.runtime.handler
  memory_size                    = 2048
  timeout                        = local.seconds["handler"]
  reserved_concurrent_executions = 480
  kms_key_arn                    = aws_kms_key.data.arn
  tags                           = local.tags["booking_handler"]

  dynamic "environment" {
    for_each = [{ NIGHTS = aws_dynamodb_table.nights.name, NEWS = aws_sns_topic.news.arn, MACHINE = aws_sfn_state_machine.audit.arn }]
    content { variables = environment.value }
  }

  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }

  depends_on = [aws_iam_role_policy_attachment.handler]
}

// The affected hotel's entries are right in less than a second (95th percentile) after a change.
resource "aws_lambda_function" "updater" {
  function_name                  = local.names["cache_updater"]
  role                           = aws_iam_role.updater.arn
  s3_bucket                      = local.bucket
  s3_key                         = "updater"
  runtime                        = local.runtime.name
  handler                        = local.runtime.handler
  memory_size                    = 512
  timeout                        = local.seconds["updater"]
  reserved_concurrent_executions = 80
  kms_key_arn                    = aws_kms_key.data.arn
  tags                           = local.tags["cache_updater"]

  dynamic "environment" {
    for_each = [{ GUESTS = aws_elasticache_replication_group.guests.primary_endpoint_address, LIFE = 900 }]
    content { variables = environment.value }
  }

  dynamic "vpc_config" {
    for_each = local.inside
    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value.groups
    }
  }

  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }

  depends_on = [aws_iam_role_policy_attachment.updater]
}

// Tries a house again and again, then leaves it alone for a while.
resource "aws_lambda_function" "worker" {
  function_name                  = local.names["pms_sync_worker"]
  role                           = aws_iam_role.worker.arn
  s3_bucket                      = local.bucket
  s3_key                         = "worker"
  runtime                        = local.runtime.name
  handler                        = local.runtime.handler
  memory_size                    = 256
  timeout                        = local.seconds["worker"]
  reserved_concurrent_executions = 50
  kms_key_arn                    = aws_kms_key.data.arn
  tags                           = local.tags["pms_sync_worker"]

  dynamic "environment" {
    for_each = [{ MAX_RETRIES = 2, BACKOFF = "exponential", CIRCUIT_OPEN_SECONDS = 2 * local.seconds["minute"], CREDENTIAL_PATH = var.ssm_credential_path, NAMESPACE = local.namespace }]
    content { variables = environment.value }
  }

  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }

  depends_on = [aws_iam_role_policy_attachment.worker]
}

// A hot night is rechecked half a minute, or less, after its booking (within 30 s).
resource "aws_lambda_function" "checker" {
  function_name                  = local.names["reconciliation_checker"]
  role                           = aws_iam_role.checker.arn
  s3_bucket                      = local.bucket
  s3_key                         = "checker"
  runtime                        = local.runtime.name
  handler                        = local.runtime.handler
  memory_size                    = 1024
  timeout                        = local.seconds["checker"]
  reserved_concurrent_executions = 10
  kms_key_arn                    = aws_kms_key.data.arn
  tags                           = local.tags["reconciliation_checker"]

  dynamic "environment" {
    for_each = [{ NIGHTS = aws_dynamodb_table.nights.name, GUESTS = aws_elasticache_replication_group.guests.reader_endpoint_address, LEDGER = aws_rds_cluster.ledger.reader_endpoint }]
    content { variables = environment.value }
  }

  dynamic "vpc_config" {
    for_each = local.inside
    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value.groups
    }
  }

  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }

  depends_on = [aws_iam_role_policy_attachment.checker]
}

// A conflict is detected no later than 5,000 ms after the collision; the guest is reassigned to a room as good in less than
// a minute, if there is one; and the PMS has the correction in no more than 120 s.
resource "aws_lambda_function" "resolver" {
  function_name                  = local.names["overbooking_resolver"]
  role                           = aws_iam_role.resolver.arn
  s3_bucket                      = local.bucket
  s3_key                         = "resolver"
  runtime                        = local.runtime.name
  handler                        = local.runtime.handler
  memory_size                    = 512
  timeout                        = local.seconds["resolver"]
  reserved_concurrent_executions = 10
  kms_key_arn                    = aws_kms_key.data.arn
  tags                           = local.tags["overbooking_resolver"]

  dynamic "environment" {
    for_each = [{ NIGHTS = aws_dynamodb_table.nights.name, NEWS = aws_sns_topic.news.arn, NAMESPACE = local.namespace }]
    content { variables = environment.value }
  }

  dynamic "tracing_config" {
    for_each = ["Active"]
    content { mode = tracing_config.value }
  }

  depends_on = [aws_iam_role_policy_attachment.resolver]
}

// The stream feeds one, without waiting for more records than there are.
resource "aws_lambda_event_source_mapping" "updater" {
  event_source_arn               = aws_dynamodb_table.nights.stream_arn
  function_name                  = aws_lambda_function.updater.arn
  starting_position              = "TRIM_HORIZON"
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 4
  function_response_types        = ["ReportBatchItemFailures"]
  tags                           = local.tags["cache_updater"]

  dynamic "destination_config" {
    for_each = [aws_sqs_queue.lost.arn]
    content {
      on_failure { destination_arn = destination_config.value }
    }
  }
}

// The queue feeds the other.
resource "aws_lambda_event_source_mapping" "worker" {
  event_source_arn        = aws_sqs_queue.house.arn
  function_name           = aws_lambda_function.worker.arn
  batch_size              = 2
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = local.tags["pms_sync_worker"]

  dynamic "scaling_config" {
    for_each = [50]
    content { maximum_concurrency = scaling_config.value }
  }
}

// The API. ---------------------------------------------------------------------------------------------------------

locals {
  route = { method = "POST", path = "/book" }
}

// Load: seventy thousand booking requests a minute, or 1.2k requests per second sustained, with bursts of 2k requests per
// second.
resource "aws_apigatewayv2_api" "public" {
  name          = local.names["api"]
  protocol_type = "HTTP"
  tags          = local.tags["api"]
}

// Behind it.
resource "aws_apigatewayv2_integration" "handler" {
  api_id                 = aws_apigatewayv2_api.public.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.handler.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 1000 * local.seconds["handler"]
}

// In front of it.
resource "aws_apigatewayv2_route" "book" {
  api_id             = aws_apigatewayv2_api.public.id
  route_key          = join(" ", values(local.route))
  authorization_type = "AWS_IAM"
  target             = format("integrations/%s", aws_apigatewayv2_integration.handler.id)
}

// Where it is logged.
resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/vendedlogs/${local.names["api"]}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
  tags              = local.tags["api"]
  depends_on        = [aws_kms_key_policy.data]
}

// Where it is.
resource "aws_apigatewayv2_stage" "public" {
  api_id      = aws_apigatewayv2_api.public.id
  name        = local.names["api"]
  auto_deploy = true
  tags        = local.tags["api"]

  dynamic "default_route_settings" {
    for_each = [{ burst = var.booking_api_rate_limit_rps, steady = 1500 }]
    content {
      throttling_burst_limit = default_route_settings.value.burst
      throttling_rate_limit  = default_route_settings.value.steady
    }
  }

  dynamic "access_log_settings" {
    for_each = [aws_cloudwatch_log_group.api.arn]
    content {
      destination_arn = access_log_settings.value
      format          = jsonencode({ for name in ["requestId", "routeKey", "status"] : name => "$context.${name}" })
    }
  }
}

// Who may knock.
resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.handler.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = join("/", [aws_apigatewayv2_api.public.execution_arn, aws_apigatewayv2_stage.public.name, local.route.method, "book"])
}

// The audit. -------------------------------------------------------------------------------------------------------

locals {
  audit_arn = "${local.arn["states"]}:stateMachine:${local.names["audit"]}"

  try_again = [{
    ErrorEquals     = ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException", "Lambda.AWSLambdaException"]
    IntervalSeconds = 1
    MaxAttempts     = 1
    BackoffRate     = 1.5
  }]
  give_up = [{ ErrorEquals = ["States.ALL"], Next = "GiveUp" }]

  invoke = "arn:${local.partition}:states:::lambda:invoke"
  steps = {
    Compare = {
      Type           = "Task"
      Resource       = local.invoke
      Arguments      = { FunctionName = aws_lambda_function.checker.arn, Payload = "{% $states.input %}" }
      Output         = "{% $states.result.Payload %}"
      TimeoutSeconds = local.seconds["checker"] + 1
      Retry          = local.try_again
      Catch          = local.give_up
      Next           = "Same"
    }
    Same = {
      Type    = "Choice"
      Choices = [{ Condition = "{% $states.input.same %}", Next = "Enough" }]
      Default = "Mend"
    }
    Mend = {
      Type           = "Task"
      Resource       = local.invoke
      Arguments      = { FunctionName = aws_lambda_function.resolver.arn, Payload = "{% $states.input %}" }
      TimeoutSeconds = local.seconds["resolver"] + 1
      Retry          = local.try_again
      Catch          = local.give_up
      Next           = "Enough"
    }
    Enough = { Type = "Succeed" }
    GiveUp = { Type = "Fail", Error = "Audit" }
  }
}

// Runs the machine.
resource "aws_iam_role" "audit" {
  name = local.names["audit"]
  tags = local.tags["audit"]
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = local.account_id }, ArnLike = { "aws:SourceArn" = local.audit_arn } } }]
  })
}

// Calls two functions; what it logs and traces knows no resources.
resource "aws_iam_policy" "audit" {
  name = local.names["audit"]
  tags = local.tags["audit"]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = [aws_lambda_function.checker.arn, aws_lambda_function.resolver.arn] },
      { Effect = "Allow", Resource = "*", Action = concat(
        formatlist("logs:%s", ["CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies", "GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery"]),
        formatlist("xray:%s", ["GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments"]),
      ) },
    ]
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "audit" {
  role       = aws_iam_role.audit.id
  policy_arn = aws_iam_policy.audit.id
}

// What it logs.
resource "aws_cloudwatch_log_group" "audit" {
  name              = "/aws/vendedlogs/${local.names["audit"]}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.data.arn
  tags              = local.tags["audit"]
  depends_on        = [aws_kms_key_policy.data]
}

// The `handler` starts it for a hot night, which is then rechecked within half a minute. The clock starts it for the
// wider audit: each 5 min, and in less than 120 s it has ended.
resource "aws_sfn_state_machine" "audit" {
  name       = local.names["audit"]
  role_arn   = aws_iam_role.audit.arn
  definition = jsonencode({ QueryLanguage = "JSONata", StartAt = "Compare", TimeoutSeconds = 100, States = local.steps })
  tags       = local.tags["audit"]

  dynamic "logging_configuration" {
    for_each = ["${aws_cloudwatch_log_group.audit.arn}:*"]
    content {
      level                  = "ERROR"
      include_execution_data = false
      log_destination        = logging_configuration.value
    }
  }

  dynamic "tracing_configuration" {
    for_each = [true]
    content { enabled = tracing_configuration.value }
  }

  depends_on = [aws_iam_role_policy_attachment.audit]
}

// A tick in five minutes takes a sample. There is no longer a tick every thirty seconds for every hotel.
resource "aws_cloudwatch_event_rule" "clock" {
  name                = local.names["audit"]
  schedule_expression = format("rate(%d minutes)", 5)
  tags                = local.tags["audit"]
}

// Runs the clock.
resource "aws_iam_role" "starter" {
  name = local.names["starter"]
  tags = local.tags["starter"]
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "events.amazonaws.com" }, Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.clock.arn } } }]
  })
}

// Starts the audit.
resource "aws_iam_policy" "starter" {
  name = local.names["starter"]
  tags = local.tags["starter"]
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.audit.arn }]
  })
}

// The two belong together.
resource "aws_iam_role_policy_attachment" "starter" {
  role       = aws_iam_role.starter.id
  policy_arn = aws_iam_policy.starter.id
}

// What a tick does.
resource "aws_cloudwatch_event_target" "clock" {
  rule     = aws_cloudwatch_event_rule.clock.name
  arn      = aws_sfn_state_machine.audit.arn
  role_arn = aws_iam_role.starter.arn
  input    = jsonencode({ sample = 0.05 })

  dynamic "dead_letter_config" {
    for_each = [aws_sqs_queue.lost.arn]
    content { arn = dead_letter_config.value }
  }

  dynamic "retry_policy" {
    for_each = [240]
    content {
      maximum_event_age_in_seconds = retry_policy.value
      maximum_retry_attempts       = 2
    }
  }
}

// Alarms. ----------------------------------------------------------------------------------------------------------

// Where they are heard.
resource "aws_sns_topic" "alerts" {
  name              = local.names["alerts"]
  kms_master_key_id = aws_kms_key.data.id
  tags              = local.tags["alerts"]
}

// Who may shout.
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [
      { Effect = "Allow", Principal = { Service = "cloudwatch.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } } },
      local.only_tls,
    ] : merge(statement, { Action = "sns:Publish", Resource = aws_sns_topic.alerts.arn })]
  })
}

// A copy is late.
resource "aws_cloudwatch_metric_alarm" "late" {
  for_each            = toset(local.elsewhere)
  alarm_name          = "${local.name_prefix}-late-${each.key}"
  alarm_description   = "SLA breach: replication to ${each.key} exceeds ten seconds"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10 * 1000
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-late-${each.key}" })

  metric_query {
    id          = "latency"
    return_data = true

    metric {
      namespace   = "AWS/DynamoDB"
      metric_name = "ReplicationLatency"
      dimensions  = { TableName = aws_dynamodb_table.nights.name, ReceivingRegion = each.key }
      stat        = "Average"
      period      = 300
    }
  }
}

locals {
  letters = {
    poison = { queue = aws_sqs_queue.poison.name, metric = "ApproximateNumberOfMessagesVisible", over = 0, text = "A house missed a change" }
    lost   = { queue = aws_sqs_queue.lost.name, metric = "ApproximateNumberOfMessagesVisible", over = 0, text = "Something never arrived" }
    behind = { queue = aws_sqs_queue.house.name, metric = "ApproximateAgeOfOldestMessage", over = local.seconds["minute"], text = "SLA breach: a message has been waiting for the PMS longer than a minute" }
  }
}

// Messages where there should be none, or too old.
resource "aws_cloudwatch_metric_alarm" "letters" {
  for_each            = local.letters
  alarm_name          = "${local.name_prefix}-${each.key}"
  alarm_description   = each.value.text
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  period              = local.seconds["minute"]
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.over
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-${each.key}" })
}

// A house is left alone for too long.
resource "aws_cloudwatch_metric_alarm" "silent" {
  alarm_name          = "${local.name_prefix}-silent"
  alarm_description   = "A house is not called any more"
  namespace           = local.namespace
  metric_name         = "OpenCircuits"
  statistic           = "Maximum"
  period              = 5 * local.seconds["minute"]
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-silent" })
}

// Two guests, one bed: the correction has to be with the PMS in no more than 120 s, or people have to act.
resource "aws_cloudwatch_metric_alarm" "twice" {
  alarm_name          = "${local.name_prefix}-twice"
  alarm_description   = "SLA breach: overbooking unresolved for more than two minutes"
  namespace           = local.namespace
  metric_name         = "OverbookedNights"
  statistic           = "Maximum"
  period              = local.seconds["minute"]
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = merge(local.common_tags, { Name = "${local.name_prefix}-twice" })
}

// What others may know. --------------------------------------------------------------------------------------------

output "api" {
  description = "URL, table, topic and queues"
  value       = [aws_apigatewayv2_api.public.api_endpoint, aws_dynamodb_table.nights.id, aws_sns_topic.news.id, aws_sqs_queue.house.id, aws_sqs_queue.poison.id]
}

output "stores" {
  description = "Cache and ledger"
  value       = format("%s %s", aws_elasticache_replication_group.guests.primary_endpoint_address, aws_rds_cluster.ledger.reader_endpoint)
}

output "audit" {
  description = "Machine and alerts"
  value       = { machine = aws_sfn_state_machine.audit.id, alerts = aws_sns_topic.alerts.id }
}
