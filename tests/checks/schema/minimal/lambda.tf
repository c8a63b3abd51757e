data "aws_iam_policy_document" "assume_role" {
  statement {
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    actions = ["sts:AssumeRole"]
  }
}

resource "aws_iam_role" "thumbnails" {
  name               = "thumbnails"
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

data "archive_file" "thumbnails" {
  type        = "zip"
  source_file = "${path.module}/thumbnails/index.js"
  output_path = "${path.module}/thumbnails/thumbnails.zip"
}

# website/docs/r/lambda_function.html.markdown
resource "aws_lambda_function" "thumbnails" {
  filename      = data.archive_file.thumbnails.output_path
  function_name = "thumbnails"
  role          = aws_iam_role.thumbnails.arn
  handler       = "index.handler"
  code_sha256   = data.archive_file.thumbnails.output_base64sha256

  runtime = "nodejs24.x"

  environment {
    variables = {
      WIDTH  = "320"
      FORMAT = "webp"
    }
  }

  tags = {
    Team  = "pictures"
    Stage = "live"
  }
}

resource "aws_lambda_function" "container_image" {
  function_name = "pictures-sorter"
  role          = aws_iam_role.thumbnails.arn
  package_type  = "Image"
  image_uri     = "${aws_ecr_repository.pictures.repository_url}:stable"

  image_config {
    entry_point = ["/usr/bin/start.sh"]
    command     = ["sorter.run"]
  }

  memory_size = 1536
  timeout     = 45

  architectures = ["arm64"]
}

resource "aws_lambda_function" "vpc" {
  filename      = "archive.zip"
  function_name = "pictures-archive"
  role          = aws_iam_role.thumbnails.arn
  handler       = "archive.handler"
  runtime       = "python3.12"
  memory_size   = 2048
  timeout       = 120

  vpc_config {
    subnet_ids                  = [aws_subnet.private[0].id, aws_subnet.private[1].id]
    security_group_ids          = [aws_security_group.function.id]
    ipv6_allowed_for_dual_stack = true
  }

  ephemeral_storage {
    size = 4096
  }

  snap_start {
    apply_on = "PublishedVersions"
  }
}

resource "aws_ecr_repository" "pictures" {
  name = "pictures"
}

resource "aws_subnet" "private" {
  count = 2

  vpc_id     = "vpc-0a1b2c3d4e5f60718"
  cidr_block = "10.20.${count.index}.0/24"
}

resource "aws_security_group" "function" {
  name = "function"
}

# website/docs/r/lambda_alias.html.markdown
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What the site calls."
  function_name    = aws_lambda_function.thumbnails.arn
  function_version = "4"
}

resource "aws_lambda_alias" "traffic_splitting" {
  name             = "trial"
  description      = "One call in five goes to the new version."
  function_name    = aws_lambda_function.thumbnails.function_name
  function_version = "4"

  routing_config {
    additional_version_weights = {
      "5" = 0.2
    }
  }
}

resource "aws_lambda_alias" "latest" {
  name             = "workbench"
  description      = "Whatever was uploaded last."
  function_name    = aws_lambda_function.thumbnails.function_name
  function_version = "$LATEST"
}

# website/docs/r/lambda_capacity_provider.html.markdown
resource "aws_lambda_capacity_provider" "shared" {
  name = "shared"

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.function.id]
  }

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.thumbnails.arn
  }
}

resource "aws_lambda_capacity_provider" "manual_scaling" {
  name = "encoders"

  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.function.id]
  }

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.thumbnails.arn
  }

  instance_requirements {
    architectures          = ["arm64"]
    allowed_instance_types = ["c7g.xlarge", "c8g.xlarge"]
  }

  capacity_provider_scaling_config {
    scaling_mode = "Manual"
    scaling_policies = [
      {
        predefined_metric_type = "LambdaCapacityProviderAverageCPUUtilization"
        target_value           = 70
      }
    ]
  }
}

# website/docs/r/lambda_function_scaling_config.html.markdown
resource "aws_lambda_function_scaling_config" "encoder" {
  function_name = aws_lambda_function.encoder.function_name
  qualifier     = "$LATEST.PUBLISHED"

  function_scaling_config {
    min_execution_environments = 2
    max_execution_environments = 60
  }
}

resource "aws_lambda_function" "encoder" {
  filename      = "encoder.zip"
  function_name = "encoder"
  role          = aws_iam_role.thumbnails.arn
  handler       = "encoder.handler"
  runtime       = "python3.14"
  memory_size   = 32768
  publish       = true
  publish_to    = "LATEST_PUBLISHED"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.shared.arn
    }
  }
}

# website/docs/r/lambda_code_signing_config.html.markdown
resource "aws_lambda_code_signing_config" "enforce" {
  description = "Who may sign what runs live."

  allowed_publishers {
    signing_profile_version_arns = [
      aws_signer_signing_profile.live.version_arn,
      aws_signer_signing_profile.workbench.version_arn,
    ]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }

  tags = {
    Stage = "live"
  }
}

resource "aws_lambda_code_signing_config" "warn" {
  description = "Who may sign what is tried out."

  allowed_publishers {
    signing_profile_version_arns = [aws_signer_signing_profile.workbench.version_arn]
  }

  policies {
    untrusted_artifact_on_deployment = "Warn"
  }
}

resource "aws_signer_signing_profile" "live" {
  platform_id = "AWSLambda-SHA384-ECDSA"
  name_prefix = "live_"
}

resource "aws_signer_signing_profile" "workbench" {
  platform_id = "AWSLambda-SHA384-ECDSA"
  name_prefix = "workbench_"
}

# website/docs/r/lambda_event_source_mapping.html.markdown
resource "aws_lambda_event_source_mapping" "dynamodb" {
  event_source_arn  = aws_dynamodb_table.pictures.stream_arn
  function_name     = aws_lambda_function.thumbnails.arn
  starting_position = "LATEST"

  tags = {
    Source = "pictures"
  }
}

resource "aws_lambda_event_source_mapping" "sqs" {
  event_source_arn = aws_sqs_queue.uploads.arn
  function_name    = aws_lambda_function.thumbnails.arn
  batch_size       = 8

  scaling_config {
    maximum_concurrency = 40
  }

  filter_criteria {
    filter {
      pattern = jsonencode({
        body = {
          Bytes  = [{ numeric = [">", 1024, "<=", 65536] }]
          Format = ["png"]
        }
      })
    }
  }
}

resource "aws_lambda_event_source_mapping" "self_managed_kafka" {
  function_name     = aws_lambda_function.thumbnails.arn
  topics            = ["uploads"]
  starting_position = "TRIM_HORIZON"

  self_managed_event_source {
    endpoints = {
      KAFKA_BOOTSTRAP_SERVERS = "broker-a.example.org:9092,broker-b.example.org:9092"
    }
  }

  self_managed_kafka_event_source_config {
    consumer_group_id = "thumbnails"
  }

  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:${aws_subnet.private[0].id}"
  }

  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:${aws_subnet.private[1].id}"
  }

  source_access_configuration {
    type = "VPC_SECURITY_GROUP"
    uri  = "security_group:${aws_security_group.function.id}"
  }

  provisioned_poller_config {
    maximum_pollers   = 20
    minimum_pollers   = 2
    poller_group_name = "pictures"
  }
}

resource "aws_dynamodb_table" "pictures" {
  name             = "pictures"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "Name"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  attribute {
    name = "Name"
    type = "S"
  }
}

resource "aws_sqs_queue" "uploads" {
  name = "uploads"
}

# website/docs/r/lambda_function_event_invoke_config.html.markdown
resource "aws_lambda_function_event_invoke_config" "destinations" {
  function_name                = aws_lambda_function.thumbnails.function_name
  maximum_event_age_in_seconds = 900
  maximum_retry_attempts       = 1

  destination_config {
    on_failure {
      destination = aws_sqs_queue.uploads.arn
    }

    on_success {
      destination = aws_sns_topic.finished.arn
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "no_destination" {
  function_name                = aws_lambda_function.container_image.function_name
  maximum_event_age_in_seconds = 120
  maximum_retry_attempts       = 0
}

resource "aws_lambda_function_event_invoke_config" "alias" {
  function_name = aws_lambda_function.thumbnails.function_name
  qualifier     = aws_lambda_alias.live.name

  maximum_event_age_in_seconds = 2400
  maximum_retry_attempts       = 2

  destination_config {
    on_failure {
      destination = aws_sqs_queue.uploads.arn
    }
  }
}

resource "aws_sns_topic" "finished" {
  name = "finished"
}

# website/docs/r/lambda_function_recursion_config.html.markdown
resource "aws_lambda_function_recursion_config" "allow" {
  function_name  = aws_lambda_function.thumbnails.function_name
  recursive_loop = "Allow"
}

resource "aws_lambda_function_recursion_config" "terminate" {
  function_name  = aws_lambda_function.container_image.function_name
  recursive_loop = "Terminate"
}

# website/docs/r/lambda_function_url.html.markdown
resource "aws_lambda_function_url" "public" {
  function_name      = aws_lambda_function.container_image.function_name
  authorization_type = "NONE"
}

resource "aws_lambda_function_url" "cors" {
  function_name      = aws_lambda_function.thumbnails.function_name
  qualifier          = "live_site"
  authorization_type = "AWS_IAM"
  invoke_mode        = "RESPONSE_STREAM"

  cors {
    allow_credentials = true
    allow_origins     = ["https://pictures.example.org"]
    allow_methods     = ["GET", "PUT"]
    allow_headers     = ["date", "content-type"]
    expose_headers    = ["content-type", "date"]
    max_age           = 3600
  }
}

# website/docs/r/lambda_layer_version.html.markdown
resource "aws_lambda_layer_version" "imaging" {
  filename   = "imaging.zip"
  layer_name = "imaging"

  compatible_runtimes = ["nodejs24.x"]
}

resource "aws_lambda_layer_version" "s3" {
  s3_bucket = aws_s3_object.fonts.bucket
  s3_key    = aws_s3_object.fonts.key

  layer_name = "fonts"

  compatible_runtimes      = ["nodejs22.x", "python3.13"]
  compatible_architectures = ["x86_64", "arm64"]
}

resource "aws_lambda_layer_version" "licence" {
  filename         = data.archive_file.thumbnails.output_path
  layer_name       = "colours"
  description      = "What every picture function needs"
  license_info     = "Apache-2.0"
  source_code_hash = data.archive_file.thumbnails.output_base64sha256

  compatible_runtimes = [
    "nodejs22.x",
    "nodejs24.x",
    "python3.13",
  ]

  compatible_architectures = ["x86_64", "arm64"]
}

resource "aws_s3_object" "fonts" {
  bucket = "layers.example.org"
  key    = "fonts.zip"
  source = "fonts.zip"
}

# website/docs/r/lambda_layer_version_permission.html.markdown
resource "aws_lambda_layer_version_permission" "account" {
  layer_name     = aws_lambda_layer_version.imaging.layer_name
  version_number = aws_lambda_layer_version.imaging.version
  principal      = "111122223333"
  action         = "lambda:GetLayerVersion"
  statement_id   = "pictures-account"
}

resource "aws_lambda_layer_version_permission" "organization" {
  layer_name      = aws_lambda_layer_version.imaging.layer_name
  version_number  = aws_lambda_layer_version.imaging.version
  principal       = "*"
  organization_id = "o-a1b2c3d4e5"
  action          = "lambda:GetLayerVersion"
  statement_id    = "whole-organization"
}

# website/docs/r/lambda_permission.html.markdown
resource "aws_lambda_permission" "event_rule" {
  statement_id  = "AllowNightlyRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.thumbnails.function_name
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-central-1:111122223333:rule/Nightly"
  qualifier     = aws_lambda_alias.live.name
}

resource "aws_lambda_permission" "log_group" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.thumbnails.function_name
  principal     = "logs.eu-central-1.amazonaws.com"
  source_arn    = "${aws_cloudwatch_log_group.uploads.arn}:*"
}

resource "aws_lambda_permission" "function_url" {
  action        = "lambda:InvokeFunctionUrl"
  function_name = aws_lambda_function.thumbnails.function_name
  principal     = "arn:aws:iam::444455556666:role/viewer"

  source_account         = "444455556666"
  function_url_auth_type = "AWS_IAM"
}

resource "aws_cloudwatch_log_group" "uploads" {
  name = "/pictures/uploads"
}

# website/docs/r/lambda_provisioned_concurrency_config.html.markdown
resource "aws_lambda_provisioned_concurrency_config" "alias" {
  function_name                     = aws_lambda_alias.live.function_name
  provisioned_concurrent_executions = 3
  qualifier                         = aws_lambda_alias.live.name
}

resource "aws_lambda_provisioned_concurrency_config" "version" {
  function_name                     = aws_lambda_function.container_image.function_name
  provisioned_concurrent_executions = 1
  qualifier                         = aws_lambda_function.container_image.version
}

# website/docs/r/lambda_resource_policy.html.markdown
resource "aws_lambda_resource_policy" "bucket" {
  resource_arn = aws_lambda_function.container_image.arn
  policy       = data.aws_iam_policy_document.bucket.json
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid    = "AllowTheUploadBucket"
    effect = "Allow"

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.container_image.arn]

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_caller_identity" "current" {}

resource "aws_lambda_resource_policy" "principals" {
  resource_arn = aws_lambda_function.vpc.arn
  policy       = data.aws_iam_policy_document.principals.json
}

data "aws_iam_policy_document" "principals" {
  statement {
    sid    = "AllowPartners"
    effect = "Allow"

    principals {
      type        = "AWS"
      identifiers = ["111122223333", "444455556666"]
    }

    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.vpc.arn]
  }

  statement {
    sid    = "AllowTheOrganization"
    effect = "Allow"

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.vpc.arn]

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-a1b2c3d4e5"]
    }
  }
}

# website/docs/r/lambda_runtime_management_config.html.markdown
resource "aws_lambda_runtime_management_config" "function_update" {
  function_name     = aws_lambda_function.thumbnails.function_name
  update_runtime_on = "FunctionUpdate"
}

resource "aws_lambda_runtime_management_config" "manual" {
  function_name = aws_lambda_function.vpc.function_name

  update_runtime_on   = "Manual"
  runtime_version_arn = "arn:aws:lambda:eu-central-1::runtime:0a1b2c3d"
}
