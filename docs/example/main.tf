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
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.worker.arn}:*"
    },
    {
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"]
      Resource = aws_sqs_queue.orders.arn
    },
    {
      Effect   = "Allow"
      Action   = ["dynamodb:*"]
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
  name                        = "${var.service}-orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
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

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/${var.service}-worker"
  retention_in_days = 30
  tags              = local.tags
}

resource "aws_lambda_function" "worker" {
  function_name                  = "${var.service}-worker"
  role                           = aws_iam_role.worker.arn
  filename                       = "worker.zip"
  handler                        = "worker.handle"
  runtime                        = "python3.13"
  memory_size                    = 256
  timeout                        = 60
  reserved_concurrent_executions = 10
  tags                           = local.tags

  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }

  tracing_config {
    mode = var.trace
  }
}

resource "aws_lambda_event_source_mapping" "worker" {
  event_source_arn        = aws_sqs_queue.orders.arn
  function_name           = aws_lambda_function.worker.arn
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = local.tags
}
