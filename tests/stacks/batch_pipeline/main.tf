# tap:ignore-file[bucket/no-access-log] reason: the trail of the account records who reads the data

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = {
      Project    = "sales"
      DataClass  = "internal"
      CostCenter = "0815"
    }
  }
}

variable "stage" {
  description = "Stage that is deployed: test or live."
  type        = string

  validation {
    condition     = contains(["test", "live"], var.stage)
    error_message = "The stage is test or live."
  }
}

variable "retention_days" {
  description = "Days for which curated files are kept."
  type        = number
  default     = 400
}

variable "subnet_ids" {
  description = "Private subnets in which jobs run."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Security groups of the jobs."
  type        = list(string)
}

variable "image" {
  description = "Container image of the jobs, with its digest."
  type        = string
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

data "aws_partition" "here" {}

locals {
  prefix  = "sales-${var.stage}"
  account = data.aws_caller_identity.me.account_id
  root    = "arn:${data.aws_partition.here.partition}:iam::${local.account}:root"

  buckets = toset(["landing", "curated", "reports"])
  next    = { check = "convert", convert = "load", load = "" }

  # What each job reads and writes, and how long it may run.
  jobs = {
    check   = { reads = ["landing"], writes = [], minutes = 10, secrets = {} }
    convert = { reads = ["landing"], writes = ["curated"], minutes = 30, secrets = {} }
    load    = { reads = ["curated"], writes = ["reports"], minutes = 20, secrets = { WAREHOUSE_PASSWORD = aws_secretsmanager_secret.warehouse.arn } }
  }
}

# ---- keys --------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Administration"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
  }
}

resource "aws_kms_key" "bucket" {
  for_each = local.buckets

  description             = "Files in ${local.prefix}-${each.key}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "bucket" {
  for_each = local.buckets

  name          = "alias/${local.prefix}-${each.key}"
  target_key_id = aws_kms_key.bucket[each.key].key_id
}

data "aws_iam_policy_document" "operation_key" {
  source_policy_documents = [data.aws_iam_policy_document.key.json]

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.here.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${data.aws_partition.here.partition}:logs:${data.aws_region.here.region}:${local.account}:log-group:*${local.prefix}*"]
    }
  }

  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

# Logs, messages and the warehouse's password.
resource "aws_kms_key" "operation" {
  description             = "Operation of ${local.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.operation_key.json
}

resource "aws_kms_alias" "operation" {
  name          = "alias/${local.prefix}-operation"
  target_key_id = aws_kms_key.operation.key_id
}

# ---- buckets -----------------------------------------------------------------------------------------------

resource "aws_s3_bucket" "data" {
  for_each = local.buckets

  bucket = "${local.prefix}-${each.key}-${local.account}"
}

resource "aws_s3_bucket_public_access_block" "data" {
  for_each = aws_s3_bucket.data

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "data" {
  for_each = aws_s3_bucket.data

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  for_each = aws_s3_bucket.data

  bucket = each.value.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.bucket[each.key].arn
    }
  }
}

data "aws_iam_policy_document" "tls" {
  for_each = aws_s3_bucket.data

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  for_each = aws_s3_bucket.data

  bucket = each.value.id
  policy = data.aws_iam_policy_document.tls[each.key].json
}

resource "aws_s3_bucket_lifecycle_configuration" "landing" {
  bucket = aws_s3_bucket.data["landing"].id

  rule {
    id     = "forget"
    status = "Enabled"

    filter {}

    expiration {
      days = 30
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "curated" {
  bucket = aws_s3_bucket.data["curated"].id

  rule {
    id     = "archive"
    status = "Enabled"

    filter {}

    transition {
      days          = 90
      storage_class = "GLACIER"
    }

    expiration {
      days = var.retention_days
    }
  }
}

# ---- jobs --------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "job" {
  for_each = local.jobs

  name               = "${local.prefix}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "job" {
  for_each = local.jobs

  dynamic "statement" {
    for_each = length(each.value.reads) > 0 ? [each.value.reads] : []

    content {
      sid       = "Read"
      actions   = ["s3:GetObject"]
      resources = [for name in statement.value : "${aws_s3_bucket.data[name].arn}/*"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.reads) > 0 ? [each.value.reads] : []

    content {
      sid       = "List"
      actions   = ["s3:ListBucket"]
      resources = [for name in statement.value : aws_s3_bucket.data[name].arn]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.writes) > 0 ? [each.value.writes] : []

    content {
      sid       = "Write"
      actions   = ["s3:PutObject"]
      resources = [for name in statement.value : "${aws_s3_bucket.data[name].arn}/*"]
    }
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [for name in concat(each.value.reads, each.value.writes) : aws_kms_key.bucket[name].arn]
  }
}

resource "aws_iam_role_policy" "job" {
  for_each = local.jobs

  name   = "files"
  role   = aws_iam_role.job[each.key].id
  policy = data.aws_iam_policy_document.job[each.key].json
}

resource "aws_iam_role" "execution" {
  name               = "${local.prefix}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "Password"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.warehouse.arn]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.operation.arn]
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "password"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "warehouse" {
  name       = "${local.prefix}-warehouse"
  kms_key_id = aws_kms_key.operation.arn

  tags = { DataClass = "confidential" }
}

resource "aws_cloudwatch_log_group" "jobs" {
  name              = "/aws/batch/${local.prefix}"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.operation.arn
}

resource "aws_batch_compute_environment" "fargate" {
  name = "${local.prefix}-fargate"
  type = "MANAGED"

  compute_resources {
    type               = "FARGATE"
    max_vcpus          = 64
    subnets            = var.subnet_ids
    security_group_ids = var.security_group_ids
  }
}

resource "aws_batch_job_queue" "nightly" {
  name     = "${local.prefix}-nightly"
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.fargate.arn
  }
}

resource "aws_batch_job_definition" "job" {
  for_each = local.jobs

  name                  = "${local.prefix}-${each.key}"
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  propagate_tags        = true

  retry_strategy {
    attempts = 1
  }

  timeout {
    attempt_duration_seconds = each.value.minutes * 60
  }

  container_properties = jsonencode({
    image            = var.image
    command          = ["sales", each.key]
    jobRoleArn       = aws_iam_role.job[each.key].arn
    executionRoleArn = aws_iam_role.execution.arn
    resourceRequirements = [
      { type = "VCPU", value = "2" },
      { type = "MEMORY", value = "8192" },
    ]
    environment = [
      { name = "BUCKETS", value = join(",", [for name in concat(each.value.reads, each.value.writes) : aws_s3_bucket.data[name].id]) },
    ]
    secrets = [for name, arn in each.value.secrets : { name = name, valueFrom = arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.jobs.name
        awslogs-region        = data.aws_region.here.region
        awslogs-stream-prefix = each.key
      }
    }
  })
}

# ---- flow --------------------------------------------------------------------------------------------------

resource "aws_sns_topic" "failures" {
  name              = "${local.prefix}-failures"
  kms_master_key_id = aws_kms_key.operation.arn
}

variable "analysts" {
  description = "Address to which failures are sent."
  type        = string
  nullable    = false
}

resource "aws_sns_topic_subscription" "analysts" {
  topic_arn = aws_sns_topic.failures.arn
  protocol  = "email"
  endpoint  = var.analysts
}

resource "aws_cloudwatch_log_group" "machine" {
  name              = "/aws/vendedlogs/states/${local.prefix}-nightly"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.operation.arn
}

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
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "machine" {
  statement {
    sid       = "Submit"
    actions   = ["batch:SubmitJob"]
    resources = concat([aws_batch_job_queue.nightly.arn], [for job in aws_batch_job_definition.job : job.arn])
  }

  statement {
    sid       = "Wait"
    actions   = ["batch:DescribeJobs", "batch:TerminateJob"]
    resources = ["*"] # tap:ignore[iam/wildcard-resource] reason: Step Functions ends jobs whose ids nobody knows before
  }

  statement {
    sid       = "Rule"
    actions   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
    resources = ["arn:${data.aws_partition.here.partition}:events:${data.aws_region.here.region}:${local.account}:rule/StepFunctionsGetEventsForBatchJobsRule"]
  }

  statement {
    sid       = "Tell"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.failures.arn]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = [aws_kms_key.operation.arn]
  }

  statement {
    sid = "LogsAndTraces"
    actions = [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role" "machine" {
  name               = "${local.prefix}-machine"
  assume_role_policy = data.aws_iam_policy_document.states.json
}

resource "aws_iam_role_policy" "machine" {
  name   = "run"
  role   = aws_iam_role.machine.id
  policy = data.aws_iam_policy_document.machine.json
}

# SLA: a run finishes within 4 hours, so that the figures are there by 07:00.
resource "aws_sfn_state_machine" "nightly" {
  name       = "${local.prefix}-nightly"
  role_arn   = aws_iam_role.machine.arn
  depends_on = [aws_iam_role_policy.machine] # Step Functions checks the rights for its log at once

  definition = jsonencode({
    Comment        = "check, convert, load"
    StartAt        = "check"
    TimeoutSeconds = 4 * 3600
    States = merge(
      {
        for index, name in ["check", "convert", "load"] : name => merge(
          {
            Type           = "Task"
            Resource       = "arn:${data.aws_partition.here.partition}:states:::batch:submitJob.sync"
            TimeoutSeconds = local.jobs[name].minutes * 60 + 300
            Parameters = {
              JobName       = name
              JobQueue      = aws_batch_job_queue.nightly.arn
              JobDefinition = aws_batch_job_definition.job[name].arn
            }
            Retry = [{
              ErrorEquals     = ["Batch.AWSBatchException"]
              IntervalSeconds = 60
              MaxAttempts     = 2
              BackoffRate     = 2
            }]
            Catch = [{ ErrorEquals = ["States.ALL"], Next = "tell" }]
          },
          { for key, value in { Next = local.next[name], End = true } : key => value if key == (name == "load" ? "End" : "Next") },
        )
      },
      {
        tell = {
          Type           = "Task"
          Resource       = "arn:${data.aws_partition.here.partition}:states:::sns:publish"
          TimeoutSeconds = 60
          Parameters = {
            TopicArn    = aws_sns_topic.failures.arn
            "Message.$" = "States.JsonToString($)"
          }
          Retry = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 5, MaxAttempts = 2, BackoffRate = 2 }]
          Next  = "failed"
        }
        failed = { Type = "Fail", Error = "NightlyRunFailed" }
      },
    )
  })

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.machine.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }
}

resource "aws_sqs_queue" "missed" {
  name                      = "${local.prefix}-missed"
  message_retention_seconds = 14 * 86400
  kms_master_key_id         = aws_kms_key.operation.arn
}

data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.nightly.arn]
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.missed.arn]
  }

  statement {
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = [aws_kms_key.operation.arn]
  }
}

resource "aws_iam_role" "scheduler" {
  name               = "${local.prefix}-scheduler"
  assume_role_policy = data.aws_iam_policy_document.scheduler_trust.json
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "start"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.scheduler.json
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "${local.prefix}-nightly"
  schedule_expression          = "cron(30 2 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  state                        = var.stage == "live" ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.nightly.arn
    role_arn = aws_iam_role.scheduler.arn

    dead_letter_config {
      arn = aws_sqs_queue.missed.arn
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "missed" {
  alarm_name          = "${local.prefix}-missed"
  alarm_description   = "The nightly run couldn't be started"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.failures.arn]
  dimensions          = { QueueName = aws_sqs_queue.missed.name }
}

output "buckets" {
  description = "Names of the buckets, by what they are for."
  value       = { for name, bucket in aws_s3_bucket.data : name => bucket.bucket }
}

output "machine_arn" {
  description = "State machine of the nightly run."
  value       = aws_sfn_state_machine.nightly.arn
}
