data "aws_caller_identity" "current" {}

data "aws_canonical_user_id" "current" {}

data "aws_region" "current" {}

variable "file" {
  type = string
}

resource "aws_kms_key" "files" {
  description             = "Files"
  deletion_window_in_days = 14
}

resource "aws_sns_topic" "events" {
  name   = "s3-events"
  policy = data.aws_iam_policy_document.events.json
}

resource "aws_sqs_queue" "events" {
  name = "s3-events"
}

resource "aws_lambda_function" "thumbnails" {
  function_name = "thumbnails"
  role          = aws_iam_role.services.arn
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "thumbnails.zip"
}

resource "aws_lambda_permission" "events" {
  statement_id  = "AllowEventsOfTheBucket"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.thumbnails.arn
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.files.arn
}

data "aws_iam_policy_document" "events" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    actions   = ["SNS:Publish"]
    resources = ["arn:aws:sns:*:*:s3-events"]

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.files.arn]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com", "lambda.amazonaws.com"]
    }

    actions = ["sts:AssumeRole"]
  }
}

data "aws_iam_policy_document" "readers" {
  statement {
    principals {
      type        = "AWS"
      identifiers = ["123456789012"]
    }

    actions = [
      "s3:GetObject",
      "s3:ListBucket",
    ]

    resources = [
      aws_s3_bucket.files.arn,
      "${aws_s3_bucket.files.arn}/*",
    ]
  }
}

resource "aws_iam_role" "services" {
  name               = "s3-services"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# website/docs/r/s3_bucket.html.markdown
resource "aws_s3_bucket" "files" {
  bucket = "orchard-files"

  tags = {
    Name  = "Files"
    Stage = "production"
  }
}

resource "aws_s3_bucket" "regional" {
  bucket           = format("orchard-%s-%s-an", data.aws_caller_identity.current.account_id, data.aws_region.current.region)
  bucket_namespace = "account-regional"
}

resource "aws_s3_bucket" "copies" {
  bucket = "orchard-copies"
}

# website/docs/r/s3_bucket_abac.html.markdown
resource "aws_s3_bucket_abac" "files" {
  bucket = aws_s3_bucket.files.bucket

  abac_status {
    status = "Enabled"
  }
}

# website/docs/r/s3_bucket_accelerate_configuration.html.markdown
resource "aws_s3_bucket_accelerate_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  status = "Enabled"
}

# website/docs/r/s3_bucket_acl.html.markdown
resource "aws_s3_bucket_acl" "private" {
  depends_on = [aws_s3_bucket_ownership_controls.files]

  bucket = aws_s3_bucket.files.id
  acl    = "private"
}

resource "aws_s3_bucket_acl" "public" {
  depends_on = [
    aws_s3_bucket_ownership_controls.files,
    aws_s3_bucket_public_access_block.open,
  ]

  bucket = aws_s3_bucket.files.id
  acl    = "public-read"
}

resource "aws_s3_bucket_acl" "grants" {
  depends_on = [aws_s3_bucket_ownership_controls.files]

  bucket = aws_s3_bucket.files.id

  access_control_policy {
    grant {
      grantee {
        id   = data.aws_canonical_user_id.current.id
        type = "CanonicalUser"
      }

      permission = "READ"
    }

    grant {
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }

      permission = "READ_ACP"
    }

    owner {
      id = data.aws_canonical_user_id.current.id
    }
  }
}

# website/docs/r/s3_bucket_analytics_configuration.html.markdown
resource "aws_s3_bucket_analytics_configuration" "everything" {
  bucket = aws_s3_bucket.files.id
  name   = "everything"

  storage_class_analysis {
    data_export {
      destination {
        s3_bucket_destination {
          bucket_arn = aws_s3_bucket.copies.arn
        }
      }
    }
  }
}

resource "aws_s3_bucket_analytics_configuration" "filtered" {
  bucket = aws_s3_bucket.files.id
  name   = "invoices"

  filter {
    prefix = "invoices/"

    tags = {
      kept  = "long"
      class = "red"
    }
  }
}

# website/docs/r/s3_bucket_cors_configuration.html.markdown
resource "aws_s3_bucket_cors_configuration" "files" {
  bucket = aws_s3_bucket.files.id

  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["PUT", "POST"]
    allowed_origins = ["https://upload.example.com"]
    expose_headers  = ["ETag"]
    max_age_seconds = 600
  }

  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}

# website/docs/r/s3_bucket_intelligent_tiering_configuration.html.markdown
resource "aws_s3_bucket_intelligent_tiering_configuration" "everything" {
  bucket = aws_s3_bucket.files.id
  name   = "everything"

  tiering {
    access_tier = "DEEP_ARCHIVE_ACCESS"
    days        = 240
  }

  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 120
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "filtered" {
  bucket = aws_s3_bucket.files.id
  name   = "invoices"

  status = "Disabled"

  filter {
    prefix = "invoices/"

    tags = {
      kept  = "long"
      class = "red"
    }
  }

  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 120
  }
}

# website/docs/r/s3_bucket_inventory.html.markdown
resource "aws_s3_bucket_inventory" "daily" {
  bucket = aws_s3_bucket.files.id
  name   = "daily"

  included_object_versions = "All"

  schedule {
    frequency = "Daily"
  }

  destination {
    bucket {
      format     = "ORC"
      bucket_arn = aws_s3_bucket.copies.arn
    }
  }
}

resource "aws_s3_bucket_inventory" "filtered" {
  bucket = aws_s3_bucket.files.id
  name   = "invoices"

  included_object_versions = "All"

  schedule {
    frequency = "Weekly"
  }

  filter {
    prefix = "invoices/"
  }

  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.copies.arn
      prefix     = "inventory"
    }
  }
}

# website/docs/r/s3_bucket_lifecycle_configuration.html.markdown
resource "aws_s3_bucket_lifecycle_configuration" "without_filter" {
  bucket = aws_s3_bucket.files.bucket

  rule {
    id = "everything"

    filter {}

    expiration {
      days = 365
    }

    status = "Enabled"
  }

  rule {
    id     = "sizes"
    status = "Enabled"

    filter {
      and {
        prefix                   = "uploads/"
        object_size_greater_than = 1024
        object_size_less_than    = 1048576
      }
    }

    transition {
      days          = 0
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "tagged"
    status = "Enabled"

    filter {
      tag {
        key   = "class"
        value = "draft"
      }
    }

    expiration {
      days = 14
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "filtered" {
  bucket = aws_s3_bucket.copies.id

  rule {
    id = "journal"

    expiration {
      days = 120
    }

    filter {
      and {
        prefix = "journal/"

        tags = {
          kept  = "short"
          class = "green"
        }
      }
    }

    status = "Enabled"

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }

    transition {
      days          = 75
      storage_class = "GLACIER"
    }
  }

  rule {
    id = "scratch"

    filter {
      prefix = "scratch/"
    }

    expiration {
      date = "2031-04-01T00:00:00Z"
    }

    status = "Enabled"
  }

  rule {
    id     = "abort"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 3
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "versions" {
  depends_on = [aws_s3_bucket_versioning.files]

  bucket = aws_s3_bucket.regional.bucket

  rule {
    id = "settings"

    filter {
      prefix = "settings/"
    }

    noncurrent_version_expiration {
      noncurrent_days = 120
    }

    noncurrent_version_transition {
      noncurrent_days = 30
      storage_class   = "STANDARD_IA"
    }

    noncurrent_version_transition {
      noncurrent_days = 75
      storage_class   = "GLACIER"
    }

    status = "Enabled"
  }
}

# website/docs/r/s3_bucket_logging.html.markdown
resource "aws_s3_bucket_logging" "partitioned" {
  bucket = aws_s3_bucket.files.bucket

  target_bucket = aws_s3_bucket.copies.bucket
  target_prefix = "access/"

  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "DeliveryTime"
    }
  }
}

# website/docs/r/s3_bucket_metadata_configuration.html.markdown
resource "aws_s3_bucket_metadata_configuration" "files" {
  bucket = aws_s3_bucket.files.bucket

  metadata_configuration {
    inventory_table_configuration {
      configuration_state = "ENABLED"
    }

    journal_table_configuration {
      record_expiration {
        days       = 30
        expiration = "ENABLED"
      }
    }
  }
}

# website/docs/r/s3_bucket_metric.html.markdown
resource "aws_s3_bucket_metric" "everything" {
  bucket = aws_s3_bucket.files.id
  name   = "everything"
}

resource "aws_s3_bucket_metric" "filtered" {
  bucket = aws_s3_bucket.files.id
  name   = "invoices"

  filter {
    prefix = "invoices/"

    tags = {
      kept  = "long"
      class = "red"
    }
  }
}

resource "aws_s3_bucket_metric" "access_point" {
  bucket = aws_s3_bucket.files.id
  name   = "clerks"

  filter {
    access_point = aws_s3_access_point.clerks.arn

    tags = {
      class = "red"
    }
  }
}

resource "aws_s3_access_point" "clerks" {
  bucket = aws_s3_bucket.files.id
  name   = "clerks"
}

# website/docs/r/s3_bucket_notification.html.markdown
resource "aws_s3_bucket_notification" "topic" {
  bucket = aws_s3_bucket.files.id

  topic {
    topic_arn     = aws_sns_topic.events.arn
    events        = ["s3:ObjectCreated:*"]
    filter_suffix = ".pdf"
  }
}

resource "aws_s3_bucket_notification" "queues" {
  bucket = aws_s3_bucket.copies.id

  queue {
    id            = "pictures"
    queue_arn     = aws_sqs_queue.events.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "pictures/"
  }

  queue {
    id            = "sounds"
    queue_arn     = aws_sqs_queue.events.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "sounds/"
  }
}

resource "aws_s3_bucket_notification" "functions" {
  bucket      = aws_s3_bucket.regional.id
  eventbridge = true

  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbnails.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "pictures/"
    filter_suffix       = ".png"
  }

  depends_on = [aws_lambda_permission.events]
}

# website/docs/r/s3_bucket_object_lock_configuration.html.markdown
resource "aws_s3_bucket_object_lock_configuration" "files" {
  bucket = aws_s3_bucket.files.id

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 30
    }
  }
}

# website/docs/r/s3_bucket_ownership_controls.html.markdown
resource "aws_s3_bucket_ownership_controls" "files" {
  bucket = aws_s3_bucket.files.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

# website/docs/r/s3_bucket_replication_configuration.html.markdown
resource "aws_s3_bucket_replication_configuration" "copies" {
  region = "eu-west-3"

  depends_on = [aws_s3_bucket_versioning.files]

  role   = aws_iam_role.services.arn
  bucket = aws_s3_bucket.files.id

  rule {
    id = "invoices"

    filter {
      prefix = "invoices"
    }

    status = "Enabled"

    destination {
      bucket        = aws_s3_bucket.copies.arn
      storage_class = "STANDARD"
    }
  }
}

# website/docs/r/s3_bucket_request_payment_configuration.html.markdown
resource "aws_s3_bucket_request_payment_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  payer  = "Requester"
}

# website/docs/r/s3_bucket_server_side_encryption_configuration.html.markdown
resource "aws_s3_bucket_server_side_encryption_configuration" "key" {
  bucket = aws_s3_bucket.files.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.files.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "blocking" {
  bucket = aws_s3_bucket.copies.id

  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.files.arn
      sse_algorithm     = "aws:kms"
    }

    bucket_key_enabled       = true
    blocked_encryption_types = ["SSE-C"]
  }
}

# website/docs/r/s3_bucket_versioning.html.markdown
resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "off" {
  bucket = aws_s3_bucket.copies.id

  versioning_configuration {
    status = "Disabled"
  }
}

# website/docs/r/s3_bucket_website_configuration.html.markdown
resource "aws_s3_bucket_website_configuration" "rules" {
  bucket = aws_s3_bucket.files.id

  index_document {
    suffix = "start.html"
  }

  error_document {
    key = "lost.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "manual/"
    }

    redirect {
      replace_key_prefix_with = "handbook/"
    }
  }
}

resource "aws_s3_bucket_website_configuration" "rules_in_json" {
  bucket = aws_s3_bucket.copies.id

  index_document {
    suffix = "start.html"
  }

  error_document {
    key = "lost.html"
  }

  routing_rules = <<EOF
[{
    "Condition": {
        "KeyPrefixEquals": "manual/"
    },
    "Redirect": {
        "ReplaceKeyPrefixWith": ""
    }
}]
EOF
}

# website/docs/r/s3_object.html.markdown
resource "aws_s3_object" "upload" {
  bucket = aws_s3_bucket.files.bucket
  key    = "upload"
  source = var.file
  etag   = filemd5(var.file)
}

resource "aws_s3_object" "encrypted" {
  key        = "encrypted"
  bucket     = aws_s3_bucket.files.id
  source     = "index.html"
  kms_key_id = aws_kms_key.files.arn
}

resource "aws_s3_object" "locked" {
  depends_on = [aws_s3_bucket_versioning.files]

  key    = "locked"
  bucket = aws_s3_bucket.files.id
  source = "contract.pdf"

  server_side_encryption = "AES256"

  object_lock_legal_hold_status = "ON"
  object_lock_mode              = "GOVERNANCE"
  object_lock_retain_until_date = "2031-04-01T18:30:00Z"

  force_destroy = true

  tags = {
    class = "red"
  }

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

# website/docs/r/s3_bucket_object.html.markdown
resource "aws_s3_bucket_object" "upload" {
  bucket = aws_s3_bucket.files.bucket
  key    = "old/upload"
  source = var.file
  etag   = filemd5(var.file)
}

resource "aws_s3_bucket_object" "encrypted" {
  key        = "old/encrypted"
  bucket     = aws_s3_bucket.files.id
  source     = "index.html"
  kms_key_id = aws_kms_key.files.arn
}

resource "aws_s3_bucket_object" "locked" {
  depends_on = [aws_s3_bucket_versioning.files]

  key    = "old/locked"
  bucket = aws_s3_bucket.files.id
  source = "contract.pdf"

  server_side_encryption = "aws:kms"

  object_lock_legal_hold_status = "ON"
  object_lock_mode              = "GOVERNANCE"
  object_lock_retain_until_date = "2031-04-01T18:30:00Z"

  force_destroy = true
}

# website/docs/r/s3_object_copy.html.markdown
resource "aws_s3_object_copy" "public" {
  bucket = aws_s3_bucket.files.id
  key    = "copy"
  source = "orchard-copies/original"

  grant {
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    type        = "Group"
    permissions = ["READ"]
  }
}

resource "aws_s3_object_copy" "untagged" {
  bucket = aws_s3_bucket.files.bucket
  key    = "untagged"
  source = "${aws_s3_bucket.copies.bucket}/original"

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

# website/docs/r/s3_bucket_public_access_block.html.markdown
resource "aws_s3_bucket_public_access_block" "closed" {
  bucket = aws_s3_bucket.copies.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "open" {
  bucket = aws_s3_bucket.files.id

  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

# website/docs/r/s3_bucket_policy.html.markdown
resource "aws_s3_bucket_policy" "readers" {
  bucket = aws_s3_bucket.files.id
  policy = data.aws_iam_policy_document.readers.json
}
