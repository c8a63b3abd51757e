variable "publisher" {
  default = {
    account = "111122223333"
    name    = "arrivals"
    label   = "arrivals"
    region  = "eu-west-1"
  }
}

variable "receiver" {
  default = {
    account = "444455556666"
    name    = "arrived"
    region  = "eu-central-1"
  }
}

provider "aws" {
  alias  = "publisher"
  region = var.publisher["region"]

  assume_role {
    role_arn     = "arn:aws:iam::${var.publisher["account"]}:role/deployer"
    session_name = "publisher-${var.publisher["region"]}"
  }
}

provider "aws" {
  alias  = "receiver"
  region = var.receiver["region"]

  assume_role {
    role_arn     = "arn:aws:iam::${var.receiver["account"]}:role/deployer"
    session_name = "receiver-${var.receiver["region"]}"
  }
}

# website/docs/r/sqs_queue.html.markdown
resource "aws_sqs_queue" "example" {
  name                      = "parcels"
  delay_seconds             = 45
  max_message_size          = 4096
  message_retention_seconds = 43200
  receive_wait_time_seconds = 15
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 3
  })

  tags = {
    Stage = "live"
  }
}

resource "aws_sqs_queue" "dead_letters" {
  name = "parcels-that-failed"
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue",
    sourceQueueArns   = [aws_sqs_queue.example.arn]
  })
}

resource "aws_sqs_queue" "high_throughput" {
  name                  = "parcels-in-order.fifo"
  fifo_queue            = true
  deduplication_scope   = "messageGroup"
  fifo_throughput_limit = "perMessageGroupId"
}

resource "aws_sqs_queue" "encrypted" {
  name                              = "parcels-encrypted"
  kms_master_key_id                 = "alias/aws/sqs"
  kms_data_key_reuse_period_seconds = 600
}

# website/docs/r/sns_topic.html.markdown
resource "aws_sns_topic" "example" {
  name = "arrivals-of-parcels"
}

resource "aws_sns_topic" "delivery_policy" {
  name            = "arrivals-by-http"
  delivery_policy = <<EOF
{
  "http": {
    "defaultHealthyRetryPolicy": {
      "minDelayTarget": 10,
      "maxDelayTarget": 30,
      "numRetries": 5,
      "numMaxDelayRetries": 1,
      "numNoDelayRetries": 0,
      "numMinDelayRetries": 1,
      "backoffFunction": "exponential"
    },
    "disableSubscriptionOverrides": true,
    "defaultThrottlePolicy": {
      "maxReceivesPerSecond": 4
    }
  }
}
EOF
}

resource "aws_sns_topic" "fifo" {
  name                        = "arrivals-in-order.fifo"
  fifo_topic                  = true
  content_based_deduplication = true
}

data "aws_iam_policy_document" "subscribed" {
  policy_id = "subscribed"

  statement {
    sid       = "topic"
    effect    = "Allow"
    actions   = ["SQS:SendMessage"]
    resources = ["arn:aws:sqs:eu-west-1:444455556666:parcels-subscribed"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.example.arn]
    }
  }
}

resource "aws_sqs_queue" "subscribed" {
  name   = "parcels-subscribed"
  policy = data.aws_iam_policy_document.subscribed.json
}

# website/docs/r/sns_topic_subscription.html.markdown
resource "aws_sns_topic_subscription" "example" {
  topic_arn = aws_sns_topic.example.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.subscribed.arn
}

data "aws_iam_policy_document" "publisher" {
  policy_id = "publisher"

  statement {
    sid       = "subscribe"
    effect    = "Allow"
    actions   = ["SNS:Subscribe"]
    resources = ["arn:aws:sns:${var.publisher["region"]}:${var.publisher["account"]}:${var.publisher["name"]}"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringLike"
      variable = "SNS:Endpoint"
      values   = ["arn:aws:sqs:${var.receiver["region"]}:${var.receiver["account"]}:${var.receiver["name"]}"]
    }
  }
}

resource "aws_sns_topic" "other_account" {
  provider     = aws.publisher
  name         = var.publisher["name"]
  display_name = var.publisher["label"]
  policy       = data.aws_iam_policy_document.publisher.json
}

resource "aws_sqs_queue" "other_account" {
  provider = aws.receiver
  name     = var.receiver["name"]
}

resource "aws_sns_topic_subscription" "other_account" {
  provider  = aws.receiver
  topic_arn = aws_sns_topic.other_account.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.other_account.arn
}

resource "aws_sns_topic_subscription" "delivery_policy" {
  topic_arn            = "arn:aws:sns:eu-west-1:111122223333:arrivals"
  protocol             = "https"
  endpoint             = "https://parcels.example.com/arrivals"
  raw_message_delivery = true

  delivery_policy = <<EOF
{
  "healthyRetryPolicy": {
    "minDelayTarget": 10,
    "maxDelayTarget": 30,
    "numRetries": 5,
    "numMaxDelayRetries": 1,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 1,
    "backoffFunction": "exponential"
  },
  "sicklyRetryPolicy": null,
  "throttlePolicy": null,
  "requestPolicy": {
    "headerContentType": "application/json"
  },
  "guaranteed": false
}
EOF
}

# website/docs/r/sns_sms_preferences.html.markdown
resource "aws_sns_sms_preferences" "example" {}
