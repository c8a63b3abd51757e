terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "services" {
  type    = list(string)
  default = ["s3", "sqs"]
}

locals {
  arn  = "arn:aws:sqs:eu-west-1:111122223333:jobs"
  text = jsonencode({ Version = "2008-10-17", Statement = [{ Sid = "Text", Effect = "Deny", Action = "sns:*", Resource = "*" }] })
}

data "aws_iam_policy_document" "empty" {}

data "aws_iam_policy_document" "plain" {
  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
    resources = [local.arn]
  }
}

data "aws_iam_policy_document" "version" {
  policy_id = "old"
  version = "2008-10-17"
  statement {
    effect        = "Deny"
    not_actions   = ["s3:*"]
    not_resources = ["*"]
    sid           = ""
  }
}

data "aws_iam_policy_document" "principals" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "states.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
    not_principals {
      type        = "Federated"
      identifiers = ["example.com"]
    }
  }
}

data "aws_iam_policy_document" "everyone" {
  statement {
    actions = ["s3:GetObject"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "conditions" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1", "o-2"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = var.services
    iterator = service
    content {
      sid       = title(service.value)
      actions   = ["${service.value}:*"]
      resources = ["*"]
      dynamic "condition" {
        for_each = service.value == "s3" ? { "s3:prefix" = ["a", "b"] } : {}
        content {
          test     = "StringLike"
          variable = condition.key
          values   = condition.value
        }
      }
    }
  }
}

data "aws_iam_policy_document" "sources" {
  source_policy_documents = [data.aws_iam_policy_document.plain.json, local.text]
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "overrides" {
  source_policy_documents   = [data.aws_iam_policy_document.plain.json]
  override_policy_documents = [data.aws_iam_policy_document.replacement.json, data.aws_iam_policy_document.dynamic.minified_json]
  statement {
    sid       = "Own"
    actions   = ["sns:Publish"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "replacement" {
  statement {
    sid       = "Send"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["*"]
  }
  statement {
    sid       = "New"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "nulls" {
  source_policy_documents = []
  statement {
    sid       = null
    effect    = null
    actions   = concat(["a:B"], [for s in var.services : "${s}:Get"])
    resources = setunion(["x"], ["y", "x"])
  }
}

data "aws_iam_policy_document" "each" {
  for_each = toset(var.services)
  statement {
    actions   = ["${each.key}:List"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "joined" {
  source_policy_documents = [for document in data.aws_iam_policy_document.each : document.json]
}

output "documents" {
  value = {
    empty       = data.aws_iam_policy_document.empty.json
    plain       = data.aws_iam_policy_document.plain.json
    version     = data.aws_iam_policy_document.version.json
    principals  = data.aws_iam_policy_document.principals.json
    everyone    = data.aws_iam_policy_document.everyone.json
    conditions  = data.aws_iam_policy_document.conditions.json
    dynamic     = data.aws_iam_policy_document.dynamic.json
    sources     = data.aws_iam_policy_document.sources.json
    overrides   = data.aws_iam_policy_document.overrides.json
    replacement = data.aws_iam_policy_document.replacement.json
    nulls       = data.aws_iam_policy_document.nulls.json
    joined      = data.aws_iam_policy_document.joined.json
  }
}
