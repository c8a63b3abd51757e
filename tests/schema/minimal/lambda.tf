resource "aws_iam_role" "function" {
  name = "function"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "example" {
  function_name    = "example"
  filename         = "function.zip"
  source_code_hash = base64sha256("code")
  role             = aws_iam_role.function.arn
  handler          = "index.handler"
  runtime          = "nodejs20.x"

  environment {
    variables = {
      ENVIRONMENT = "production"
      LOG_LEVEL   = "info"
    }
  }

  tags = {
    Environment = "production"
  }
}

resource "aws_lambda_alias" "example" {
  name             = "live"
  description      = "What callers use."
  function_name    = aws_lambda_function.example.arn
  function_version = "1"

  routing_config {
    additional_version_weights = {
      "2" = 0.5
    }
  }
}

resource "aws_lambda_event_source_mapping" "dynamodb" {
  event_source_arn  = "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-01T00:00:00.000"
  function_name     = aws_lambda_function.example.arn
  starting_position = "LATEST"
}

resource "aws_lambda_event_source_mapping" "sqs" {
  event_source_arn = aws_sqs_queue.example.arn
  function_name    = aws_lambda_function.example.arn
  batch_size       = 10

  scaling_config {
    maximum_concurrency = 100
  }

  filter_criteria {
    filter {
      pattern = jsonencode({ body = { Temperature = [{ numeric = [">", 0, "<=", 100] }] } })
    }
  }
}

resource "aws_lambda_event_source_mapping" "kafka" {
  function_name     = aws_lambda_function.example.arn
  topics            = ["orders"]
  starting_position = "TRIM_HORIZON"

  self_managed_event_source {
    endpoints = {
      KAFKA_BOOTSTRAP_SERVERS = "kafka1.example.com:9092,kafka2.example.com:9092"
    }
  }

  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:subnet-example1"
  }
}

resource "aws_sqs_queue" "example" {
  name = "example"
}

resource "aws_lambda_function_event_invoke_config" "example" {
  function_name                = aws_lambda_function.example.function_name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = 0

  destination_config {
    on_failure {
      destination = aws_sqs_queue.example.arn
    }
  }
}

resource "aws_lambda_function_recursion_config" "example" {
  function_name  = aws_lambda_function.example.function_name
  recursive_loop = "Terminate"
}

resource "aws_lambda_function_url" "example" {
  function_name      = aws_lambda_function.example.function_name
  qualifier          = aws_lambda_alias.example.name
  authorization_type = "AWS_IAM"

  cors {
    allow_credentials = true
    allow_origins     = ["https://example.com"]
    allow_methods     = ["GET", "POST"]
    allow_headers     = ["date", "keep-alive"]
    expose_headers    = ["keep-alive", "date"]
    max_age           = 86400
  }
}

resource "aws_lambda_layer_version" "example" {
  filename            = "layer.zip"
  layer_name          = "example"
  compatible_runtimes = ["nodejs20.x", "python3.12"]
}

resource "aws_lambda_layer_version_permission" "example" {
  layer_name     = aws_lambda_layer_version.example.layer_arn
  version_number = aws_lambda_layer_version.example.version
  principal      = "111122223333"
  action         = "lambda:GetLayerVersion"
  statement_id   = "dev-account"
}

resource "aws_lambda_permission" "example" {
  statement_id  = "AllowExecutionFromCloudWatch"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.example.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:111122223333:rule/RunDaily"
  qualifier     = aws_lambda_alias.example.name
}

resource "aws_lambda_provisioned_concurrency_config" "example" {
  function_name                     = aws_lambda_alias.example.function_name
  provisioned_concurrent_executions = 1
  qualifier                         = aws_lambda_alias.example.name
}

resource "aws_lambda_runtime_management_config" "example" {
  function_name     = aws_lambda_function.example.function_name
  update_runtime_on = "FunctionUpdate"
}

resource "aws_lambda_code_signing_config" "example" {
  description = "Which profiles may sign."

  allowed_publishers {
    signing_profile_version_arns = [
      "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/example/abcdefghij",
    ]
  }

  policies {
    untrusted_artifact_on_deployment = "Warn"
  }
}
