variable "service" {
  description = "Name of the service, the beginning of all names"
  type        = string
}

variable "trace" {
  description = "Whether X-Ray traces the requests"
  type        = string
  default     = "PassThrough"
}

locals {
  tags = { Owner = "shop", Service = var.service }

  # What the worker may do.
  statements = [
    {
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = aws_sqs_queue.orders.arn
    },
    {
      Effect   = "Allow"
      Action   = ["s3:GetObject", "dynamodb:*"]
      Resource = aws_dynamodb_table.orders.arn
    },
  ]
}

resource "aws_sqs_queue" "orders" {
  name                    = "${var.service}-orders"
  sqs_managed_sse_enabled = true
  tags                    = local.tags
}

resource "aws_dynamodb_table" "orders" {
  name         = "${var.service}-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_iam_role" "worker" {
  name = "${var.service}-worker"
  tags = local.tags

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_lambda_function" "worker" {
  function_name = "${var.service}-worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "worker.handle"
  runtime       = "python3.13"
  tags          = local.tags

  tracing_config {
    mode = var.trace
  }
}
