resource "aws_cloudwatch_event_rule" "example" {
  name        = "capture-aws-sign-in"
  description = "Each sign-in to the console."

  event_pattern = jsonencode({
    detail-type = ["AWS Console Sign In via CloudTrail"]
  })
}

resource "aws_cloudwatch_event_rule" "tick" {
  name                = "every-five-minutes"
  schedule_expression = "rate(5 minutes)"
}

resource "aws_cloudwatch_event_target" "example" {
  rule      = aws_cloudwatch_event_rule.example.name
  target_id = "SendToSNS"
  arn       = "arn:aws:sns:eu-west-1:123456789012:logins"
}

resource "aws_cloudwatch_event_target" "transformed" {
  rule = aws_cloudwatch_event_rule.example.name
  arn  = "arn:aws:lambda:eu-west-1:123456789012:function:a"

  input_transformer {
    input_paths = {
      instance = "$.detail.instance"
      status   = "$.detail.status"
    }
    input_template = "{ \"instance_id\": <instance>, \"instance_status\": <status> }"
  }
}

resource "aws_cloudwatch_event_bus" "example" {
  name = "chat-messages"
}

resource "aws_cloudwatch_event_archive" "example" {
  name             = "order-archive"
  event_source_arn = aws_cloudwatch_event_bus.example.arn
}

resource "aws_cloudwatch_event_permission" "example" {
  principal    = "123456789012"
  statement_id = "DevAccountAccess"
}

resource "aws_cloudwatch_event_connection" "example" {
  name               = "ngrok-connection"
  description        = "With an API key."
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "x-signature"
      value = "1234"
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "example" {
  name                             = "api-destination"
  description                      = "An API outside."
  invocation_endpoint              = "https://api.destination.com/endpoint"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = aws_cloudwatch_event_connection.example.arn
}

resource "aws_cloudwatch_event_endpoint" "example" {
  name     = "global-endpoint"
  role_arn = "arn:aws:iam::123456789012:role/replication"

  event_bus {
    event_bus_arn = "arn:aws:events:eu-west-1:123456789012:event-bus/a"
  }

  event_bus {
    event_bus_arn = "arn:aws:events:us-east-1:123456789012:event-bus/a"
  }

  replication_config {
    state = "DISABLED"
  }

  routing_config {
    failover_config {
      primary {
        health_check = "arn:aws:route53:::healthcheck/a"
      }

      secondary {
        route = "us-east-2"
      }
    }
  }
}

resource "aws_scheduler_schedule_group" "example" {
  name = "my-schedule-group"
}

resource "aws_scheduler_schedule" "example" {
  name                = "my-schedule"
  group_name          = aws_scheduler_schedule_group.example.name
  schedule_expression = "rate(1 hours)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
  }
}

resource "aws_pipes_pipe" "example" {
  name     = "example-pipe"
  role_arn = "arn:aws:iam::123456789012:role/pipe"
  source   = "arn:aws:sqs:eu-west-1:123456789012:source"
  target   = "arn:aws:sqs:eu-west-1:123456789012:target"

  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({ source = ["event-source"] })
      }
    }
  }
}

resource "aws_sfn_state_machine" "example" {
  name     = "my-state-machine"
  role_arn = "arn:aws:iam::123456789012:role/sfn"

  definition = <<EOF
{
  "StartAt": "HelloWorld",
  "States": { "HelloWorld": { "Type": "Pass", "End": true } }
}
EOF
}

resource "aws_sfn_state_machine" "express" {
  name       = "my-express-machine"
  role_arn   = "arn:aws:iam::123456789012:role/sfn"
  type       = "EXPRESS"
  publish    = true
  definition = jsonencode({ StartAt = "A", States = { A = { Type = "Pass", End = true } } })

  logging_configuration {
    log_destination        = "arn:aws:logs:eu-west-1:123456789012:log-group:sfn:*"
    include_execution_data = true
    level                  = "ERROR"
  }
}

resource "aws_sfn_activity" "example" {
  name = "my-activity"
}

resource "aws_sfn_alias" "example" {
  name = "my-sfn-alias"

  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.express.state_machine_version_arn
    weight                    = 100
  }
}
