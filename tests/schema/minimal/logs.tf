resource "aws_cloudwatch_log_group" "example" {
  name = "Yada"

  tags = {
    Environment = "production"
    Application = "serviceA"
  }
}

resource "aws_cloudwatch_log_stream" "example" {
  name           = "SampleLogStream1234"
  log_group_name = aws_cloudwatch_log_group.example.name
}

resource "aws_cloudwatch_log_metric_filter" "example" {
  name           = "MyAppAccessCount"
  pattern        = ""
  log_group_name = aws_cloudwatch_log_group.example.name

  metric_transformation {
    name      = "EventCount"
    namespace = "YourNamespace"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_subscription_filter" "example" {
  name            = "test_lambdafunction_logfilter"
  role_arn        = "arn:aws:iam::123456789012:role/logs"
  log_group_name  = aws_cloudwatch_log_group.example.name
  filter_pattern  = "logtype test"
  destination_arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs"
  distribution    = "Random"
}

resource "aws_cloudwatch_log_destination" "example" {
  name       = "test_destination"
  role_arn   = "arn:aws:iam::123456789012:role/logs"
  target_arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs"
}

resource "aws_cloudwatch_log_destination_policy" "example" {
  destination_name = aws_cloudwatch_log_destination.example.name
  access_policy    = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_cloudwatch_log_resource_policy" "example" {
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [] })
  policy_name     = "elasticsearch-log-publishing-policy"
}

resource "aws_cloudwatch_log_account_policy" "example" {
  policy_name = "data-protection"
  policy_type = "DATA_PROTECTION_POLICY"

  policy_document = jsonencode({
    Name      = "DataProtection"
    Version   = "2021-06-01"
    Statement = []
  })
}

resource "aws_cloudwatch_log_anomaly_detector" "example" {
  detector_name           = "testing"
  log_group_arn_list      = [aws_cloudwatch_log_group.example.arn]
  anomaly_visibility_time = 7
  evaluation_frequency    = "TEN_MIN"
  enabled                 = true
}

resource "aws_cloudwatch_log_index_policy" "example" {
  log_group_name  = aws_cloudwatch_log_group.example.name
  policy_document = jsonencode({ Fields = ["eventName"] })
}

resource "aws_cloudwatch_log_delivery_source" "example" {
  name         = "example"
  log_type     = "APPLICATION_LOGS"
  resource_arn = "arn:aws:bedrock:eu-west-1:123456789012:knowledge-base/a"
}

resource "aws_cloudwatch_log_delivery_destination" "example" {
  name = "example"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.example.arn
  }
}

resource "aws_cloudwatch_log_delivery" "example" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.example.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.example.arn
  field_delimiter          = ","
  record_fields            = ["event_timestamp", "event"]
}

resource "aws_cloudwatch_log_delivery_destination_policy" "example" {
  delivery_destination_name   = aws_cloudwatch_log_delivery_destination.example.name
  delivery_destination_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_cloudwatch_query_definition" "example" {
  name            = "custom_query"
  log_group_names = ["/aws/logGroup1", "/aws/logGroup2"]

  query_string = <<EOF
fields @timestamp, @message
| sort @timestamp desc
| limit 25
EOF
}

resource "aws_cloudwatch_metric_alarm" "example" {
  alarm_name                = "terraform-test-foobar5"
  comparison_operator       = "GreaterThanOrEqualToThreshold"
  evaluation_periods        = 2
  metric_name               = "CPUUtilization"
  namespace                 = "AWS/EC2"
  period                    = 120
  statistic                 = "Average"
  threshold                 = 80
  alarm_description         = "This metric monitors ec2 cpu utilization"
  insufficient_data_actions = []
}

resource "aws_cloudwatch_metric_alarm" "expression" {
  alarm_name          = "terraform-test-foobar"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 2
  threshold           = 10

  metric_query {
    id          = "e1"
    expression  = "m2/m1*100"
    label       = "Error Rate"
    return_data = "true"
  }

  metric_query {
    id = "m1"

    metric {
      metric_name = "RequestCount"
      namespace   = "AWS/ApplicationELB"
      period      = 120
      stat        = "Sum"
      unit        = "Count"

      dimensions = {
        LoadBalancer = "app/web"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  alarm_name          = "terraform-test-anomaly"
  comparison_operator = "GreaterThanUpperThreshold"
  evaluation_periods  = 2
  threshold_metric_id = "e1"

  metric_query {
    id          = "e1"
    expression  = "ANOMALY_DETECTION_BAND(m1)"
    label       = "CPUUtilization (Expected)"
    return_data = "true"
  }

  metric_query {
    id          = "m1"
    return_data = "true"

    metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/EC2"
      period      = 120
      stat        = "Average"
      unit        = "Count"
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "example" {
  alarm_description = "This is a composite alarm!"
  alarm_name        = "example-composite-alarm"
  alarm_actions     = ["arn:aws:sns:eu-west-1:123456789012:alarms"]

  alarm_rule = <<EOF
ALARM(alpha) OR
ALARM(bravo)
EOF
}

resource "aws_cloudwatch_metric_stream" "example" {
  name          = "my-metric-stream"
  role_arn      = "arn:aws:iam::123456789012:role/metrics"
  firehose_arn  = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/metrics"
  output_format = "json"

  include_filter {
    namespace    = "AWS/EC2"
    metric_names = ["CPUUtilization", "NetworkOut"]
  }

  include_filter {
    namespace    = "AWS/EBS"
    metric_names = []
  }
}
