# website/docs/r/cloudwatch_event_rule.html.markdown
resource "aws_cloudwatch_event_rule" "sign_in" {
  name        = "console-sign-ins"
  description = "Each sign-in to the console"

  event_pattern = jsonencode({
    detail-type = [
      "AWS Console Sign In via CloudTrail"
    ]
  })
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "close-day"
  description         = "Closes the books of the day"
  schedule_expression = "cron(30 1 * * ? *)"
}

resource "aws_cloudwatch_event_rule" "heredoc" {
  name        = "fleet-size"
  description = "What scaling did to the fleet"

  event_pattern = <<PATTERN
{
  "source": [
    "aws.autoscaling"
  ],
  "detail-type": [
    "EC2 Instance Launch Successful",
    "EC2 Instance Terminate Successful"
  ]
}
PATTERN
}

# website/docs/r/cloudwatch_event_target.html.markdown
resource "aws_cloudwatch_event_target" "stream" {
  target_id = "Fleet"
  rule      = aws_cloudwatch_event_rule.heredoc.name
  arn       = aws_kinesis_stream.fleet.arn

  run_command_targets {
    key    = "tag:Name"
    values = ["worker"]
  }

  run_command_targets {
    key    = "InstanceIds"
    values = ["i-0a1b2c3d4e5f60718"]
  }
}

resource "aws_cloudwatch_event_target" "task" {
  target_id = "close-day-task"
  arn       = aws_ecs_cluster.books.arn
  rule      = aws_cloudwatch_event_rule.nightly.name
  role_arn  = aws_iam_role.events.arn

  ecs_target {
    task_count          = 1
    task_definition_arn = aws_ecs_task_definition.close_day.arn
  }

  input = jsonencode({
    containerOverrides = [
      {
        name    = "books",
        command = ["bin/books", "close-day"]
      }
    ]
  })
}

resource "aws_cloudwatch_event_target" "transformed" {
  arn  = aws_lambda_function.greet.arn
  rule = aws_cloudwatch_event_rule.heredoc.name

  input_transformer {
    input_paths = {
      machine = "$.detail.instance",
      state   = "$.detail.status",
    }
    input_template = <<EOF
{
  "machine_id": <machine>,
  "machine_state": <state>
}
EOF
  }
}

# website/docs/r/cloudwatch_event_bus.html.markdown
resource "aws_cloudwatch_event_bus" "orders" {
  name = "order-events"
}

resource "aws_cloudwatch_event_bus" "partner" {
  name              = data.aws_cloudwatch_event_source.partner.name
  description       = "Events of a partner"
  event_source_name = data.aws_cloudwatch_event_source.partner.name
}

resource "aws_cloudwatch_event_bus" "logged" {
  name = "logged-events"

  log_config {
    include_detail = "FULL"
    level          = "TRACE"
  }
}

# website/docs/r/cloudwatch_event_archive.html.markdown
resource "aws_cloudwatch_event_archive" "orders" {
  name             = "orders"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
}

resource "aws_cloudwatch_event_archive" "filtered" {
  name             = "paid-orders"
  description      = "Orders that were paid"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 30

  event_pattern = jsonencode({
    source = ["shop.payments"]
  })
}

resource "aws_cloudwatch_event_archive" "encrypted" {
  name               = "encrypted-orders"
  event_source_arn   = aws_cloudwatch_event_bus.orders.arn
  kms_key_identifier = aws_kms_key.events.id
}

# website/docs/r/cloudwatch_event_permission.html.markdown
resource "aws_cloudwatch_event_permission" "account" {
  principal    = "210987654321"
  statement_id = "StagingAccount"
}

resource "aws_cloudwatch_event_permission" "organization" {
  principal    = "*"
  statement_id = "WholeOrganization"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = aws_organizations_organization.company.id
  }
}

# website/docs/r/cloudwatch_event_connection.html.markdown
resource "aws_cloudwatch_event_connection" "api_key" {
  name               = "shipping-api"
  description        = "The carrier's API"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "x-api-key"
      value = "secret"
    }
  }
}

resource "aws_cloudwatch_event_connection" "oauth" {
  name               = "billing-api"
  description        = "The biller's API"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"

  auth_parameters {
    oauth {
      authorization_endpoint = "https://login.example.com/token"
      http_method            = "GET"

      client_parameters {
        client_id     = "0987654321"
        client_secret = "secret"
      }

      oauth_http_parameters {
        body {
          key             = "grant"
          value           = "client"
          is_value_secret = false
        }

        header {
          key             = "x-tenant"
          value           = "shop"
          is_value_secret = false
        }

        query_string {
          key             = "scope"
          value           = "bills"
          is_value_secret = false
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_connection" "parameters" {
  name               = "stock-api"
  description        = "The warehouse's API"
  authorization_type = "BASIC"

  auth_parameters {
    basic {
      username = "shop"
      password = "secret"
    }

    invocation_http_parameters {
      body {
        key             = "site"
        value           = "north"
        is_value_secret = false
      }

      body {
        key             = "pin"
        value           = "1357"
        is_value_secret = true
      }

      header {
        key             = "x-site"
        value           = "north"
        is_value_secret = false
      }

      query_string {
        key             = "unit"
        value           = "piece"
        is_value_secret = false
      }
    }
  }
}

# website/docs/r/cloudwatch_event_api_destination.html.markdown
resource "aws_cloudwatch_event_api_destination" "shipping" {
  name                             = "shipping"
  description                      = "Orders to ship"
  invocation_endpoint              = "https://shipping.example.com/orders"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 50
  connection_arn                   = aws_cloudwatch_event_connection.api_key.arn
}

# website/docs/r/cloudwatch_event_endpoint.html.markdown
resource "aws_cloudwatch_event_endpoint" "orders" {
  name     = "orders"
  role_arn = aws_iam_role.events.arn

  event_bus {
    event_bus_arn = aws_cloudwatch_event_bus.orders.arn
  }
  event_bus {
    event_bus_arn = aws_cloudwatch_event_bus.orders_elsewhere.arn
  }

  replication_config {
    state = "DISABLED"
  }

  routing_config {
    failover_config {
      primary {
        health_check = aws_route53_health_check.orders.arn
      }

      secondary {
        route = "eu-central-1"
      }
    }
  }
}

# website/docs/r/scheduler_schedule.html.markdown
resource "aws_scheduler_schedule" "hourly" {
  name       = "restock"
  group_name = "default"

  flexible_time_window {
    mode = "OFF"
  }

  schedule_expression = "rate(2 hours)"

  target {
    arn      = aws_sqs_queue.source.arn
    role_arn = aws_iam_role.events.arn
  }
}

resource "aws_scheduler_schedule" "universal" {
  name = "remind"

  flexible_time_window {
    mode = "OFF"
  }

  schedule_expression = "rate(2 hours)"

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"
    role_arn = aws_iam_role.events.arn

    input = jsonencode({
      MessageBody = "Time to count the stock"
      QueueUrl    = aws_sqs_queue.source.url
    })
  }
}

# website/docs/r/scheduler_schedule_group.html.markdown
resource "aws_scheduler_schedule_group" "stock" {
  name = "stock"
}

# website/docs/r/pipes_pipe.html.markdown
resource "aws_pipes_pipe" "orders" {
  depends_on = [aws_iam_role_policy.source, aws_iam_role_policy.target]
  name       = "orders"
  role_arn   = aws_iam_role.events.arn
  source     = aws_sqs_queue.source.arn
  target     = aws_sqs_queue.target.arn
}

resource "aws_pipes_pipe" "enriched" {
  name     = "enriched-orders"
  role_arn = aws_iam_role.events.arn
  source   = aws_sqs_queue.source.arn
  target   = aws_sqs_queue.target.arn

  enrichment = aws_cloudwatch_event_api_destination.shipping.arn

  enrichment_parameters {
    http_parameters {
      path_parameter_values = ["rates"]

      header_parameters = {
        "x-shop"  = "north"
        "x-floor" = "two"
      }

      query_string_parameters = {
        "currency" = "EUR"
        "tax"      = "none"
      }
    }
  }
}

resource "aws_pipes_pipe" "filtered" {
  name     = "paid-orders"
  role_arn = aws_iam_role.events.arn
  source   = aws_sqs_queue.source.arn
  target   = aws_sqs_queue.target.arn

  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({
          source = ["shop.payments"]
        })
      }
    }

    sqs_queue_parameters {
      batch_size                         = 5
      maximum_batching_window_in_seconds = 10
    }
  }

  target_parameters {
    sqs_queue_parameters {
      message_deduplication_id = "paid"
      message_group_id         = "orders"
    }
  }

  log_configuration {
    include_execution_data = ["ALL"]
    level                  = "INFO"

    cloudwatch_logs_log_destination {
      log_group_arn = aws_cloudwatch_log_group.machines.arn
    }
  }
}

# website/docs/r/sfn_state_machine.html.markdown
resource "aws_sfn_state_machine" "greeting" {
  name     = "greeting"
  role_arn = aws_iam_role.events.arn

  definition = <<EOF
{
  "Comment": "Greets whoever comes",
  "StartAt": "Greet",
  "States": {
    "Greet": {
      "Type": "Task",
      "Resource": "${aws_lambda_function.greet.arn}",
      "End": true
    }
  }
}
EOF
}

resource "aws_sfn_state_machine" "published" {
  name     = "quick-greeting"
  role_arn = aws_iam_role.events.arn
  publish  = true
  type     = "EXPRESS"

  definition = <<EOF
{
  "StartAt": "Greet",
  "States": {
    "Greet": {
      "Type": "Task",
      "Resource": "${aws_lambda_function.greet.arn}",
      "End": true
    }
  }
}
EOF
}

resource "aws_sfn_state_machine" "logged" {
  name     = "noted-greeting"
  role_arn = aws_iam_role.events.arn

  definition = <<EOF
{
  "StartAt": "Greet",
  "States": {
    "Greet": {
      "Type": "Task",
      "Resource": "${aws_lambda_function.greet.arn}",
      "End": true
    }
  }
}
EOF

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.machines.arn}:*"
    include_execution_data = true
    level                  = "ERROR"
  }

  encryption_configuration {
    kms_key_id                        = aws_kms_key.events.arn
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_data_key_reuse_period_seconds = 600
  }
}

# website/docs/r/sfn_activity.html.markdown
resource "aws_sfn_activity" "packing" {
  name = "packing"
}

resource "aws_sfn_activity" "encrypted" {
  name = "sealed-packing"

  encryption_configuration {
    kms_key_id                        = aws_kms_key.events.arn
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_data_key_reuse_period_seconds = 600
  }
}

# website/docs/r/sfn_alias.html.markdown
resource "aws_sfn_alias" "live" {
  name = "live"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.published.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_sfn_alias" "split" {
  name = "trial"

  routing_configuration {
    state_machine_version_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:greeting:7"
    weight                    = 80
  }

  routing_configuration {
    state_machine_version_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:greeting:6"
    weight                    = 20
  }
}

# What the examples refer to.
data "aws_cloudwatch_event_source" "partner" {
  name_prefix = "aws.partner/shop.example"
}

data "aws_iam_policy_document" "events_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "pipes.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "events" {
  name               = "events"
  assume_role_policy = data.aws_iam_policy_document.events_trust.json
}

resource "aws_iam_role_policy" "source" {
  role = aws_iam_role.events.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        Resource = [aws_sqs_queue.source.arn],
      },
    ]
  })
}

resource "aws_iam_role_policy" "target" {
  role = aws_iam_role.events.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"],
        Resource = [aws_sqs_queue.target.arn],
      },
    ]
  })
}

resource "aws_sqs_queue" "source" {}

resource "aws_sqs_queue" "target" {}

resource "aws_kinesis_stream" "fleet" {
  name        = "fleet"
  shard_count = 1
}

resource "aws_ecs_cluster" "books" {
  name = "books"
}

resource "aws_ecs_task_definition" "close_day" {
  family = "close-day"
  container_definitions = jsonencode([
    {
      name   = "books"
      image  = "books:3"
      memory = 256
    }
  ])
}

resource "aws_lambda_function" "greet" {
  function_name = "greet"
  role          = aws_iam_role.events.arn
  handler       = "greet.handler"
  runtime       = "python3.13"
  filename      = "greet.zip"
}

resource "aws_cloudwatch_event_bus" "orders_elsewhere" {
  region = "eu-central-1"
  name   = "order-events"
}

resource "aws_route53_health_check" "orders" {
  fqdn = "orders.example.com"
  port = 443
  type = "HTTPS"
}

resource "aws_organizations_organization" "company" {}

resource "aws_kms_key" "events" {
  deletion_window_in_days = 10
}

resource "aws_cloudwatch_log_group" "machines" {
  name = "/aws/vendedlogs/states/greeting"
}
