# website/docs/r/cloudwatch_log_group.html.markdown
resource "aws_cloudwatch_log_group" "orders" {
  name = "Orders"

  tags = {
    Environment = "staging"
    Application = "shop"
  }
}

# website/docs/r/cloudwatch_log_stream.html.markdown
resource "aws_cloudwatch_log_stream" "orders" {
  name           = "OrdersOfNode7"
  log_group_name = aws_cloudwatch_log_group.orders.name
}

# website/docs/r/cloudwatch_log_metric_filter.html.markdown
resource "aws_cloudwatch_log_metric_filter" "orders" {
  name           = "OrderCount"
  pattern        = ""
  log_group_name = aws_cloudwatch_log_group.orders.name

  metric_transformation {
    name      = "Orders"
    namespace = "Shop"
    value     = "1"
  }
}

# website/docs/r/cloudwatch_log_subscription_filter.html.markdown
resource "aws_cloudwatch_log_subscription_filter" "greet" {
  name            = "greet_to_stream"
  role_arn        = aws_iam_role.logs.arn
  log_group_name  = "/aws/lambda/greet"
  filter_pattern  = "level error"
  destination_arn = aws_kinesis_stream.logs.arn
  distribution    = "Random"
}

# website/docs/r/cloudwatch_log_destination.html.markdown
resource "aws_cloudwatch_log_destination" "central" {
  name       = "central"
  role_arn   = aws_iam_role.logs.arn
  target_arn = aws_kinesis_stream.logs.arn
}

# website/docs/r/cloudwatch_log_destination_policy.html.markdown
data "aws_iam_policy_document" "central" {
  statement {
    effect = "Allow"

    principals {
      type = "AWS"

      identifiers = [
        "210987654321",
      ]
    }

    actions = [
      "logs:PutSubscriptionFilter",
    ]

    resources = [
      aws_cloudwatch_log_destination.central.arn,
    ]
  }
}

resource "aws_cloudwatch_log_destination_policy" "central" {
  destination_name = aws_cloudwatch_log_destination.central.name
  access_policy    = data.aws_iam_policy_document.central.json
}

# website/docs/r/cloudwatch_log_resource_policy.html.markdown
data "aws_iam_policy_document" "search-logs" {
  statement {
    actions = [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "logs:PutLogEventsBatch",
    ]

    resources = ["arn:aws:logs:*"]

    principals {
      identifiers = ["es.amazonaws.com"]
      type        = "Service"
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "search-logs" {
  policy_document = data.aws_iam_policy_document.search-logs.json
  policy_name     = "search-logs"
}

# website/docs/r/cloudwatch_log_account_policy.html.markdown
resource "aws_cloudwatch_log_account_policy" "data_protection" {
  policy_name = "hide-addresses"
  policy_type = "DATA_PROTECTION_POLICY"
  policy_document = jsonencode({
    Name    = "HideAddresses"
    Version = "2021-06-01"

    Statement = [
      {
        Sid            = "Note"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/IpAddress"]
        Operation = {
          Audit = {
            FindingsDestination = {}
          }
        }
      },
      {
        Sid            = "Hide"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/IpAddress"]
        Operation = {
          Deidentify = {
            MaskConfig = {}
          }
        }
      }
    ]
  })
}

resource "aws_cloudwatch_log_account_policy" "subscription_filter" {
  policy_name = "all-to-stream"
  policy_type = "SUBSCRIPTION_FILTER_POLICY"
  policy_document = jsonencode(
    {
      DestinationArn = aws_kinesis_stream.logs.arn
      FilterPattern  = "error"
    }
  )
  selection_criteria = "LogGroupName NOT IN [\"/aws/lambda/greet\"]"
}

resource "aws_cloudwatch_log_account_policy" "field_index" {
  policy_name = "order-fields"
  policy_type = "FIELD_INDEX_POLICY"
  policy_document = jsonencode(
    {
      Fields = [
        "order",
        "customer"
      ]
    }
  )
}

# website/docs/r/cloudwatch_log_anomaly_detector.html.markdown
resource "aws_cloudwatch_log_group" "shops" {
  count = 2
  name  = "shop-${count.index}"
}

resource "aws_cloudwatch_log_anomaly_detector" "shops" {
  detector_name           = "shops"
  log_group_arn_list      = [aws_cloudwatch_log_group.shops[0].arn]
  anomaly_visibility_time = 14
  evaluation_frequency    = "FIFTEEN_MIN"
  enabled                 = "false"
}

# website/docs/r/cloudwatch_log_index_policy.html.markdown
resource "aws_cloudwatch_log_index_policy" "orders" {
  log_group_name = aws_cloudwatch_log_group.orders.name
  policy_document = jsonencode({
    Fields = ["orderNumber"]
  })
}

# website/docs/r/cloudwatch_log_delivery_source.html.markdown
resource "aws_cloudwatch_log_delivery_source" "manuals" {
  name         = "manuals"
  log_type     = "APPLICATION_LOGS"
  resource_arn = aws_bedrockagent_knowledge_base.manuals.arn
}

resource "aws_cloudwatch_log_delivery_source" "site" {
  name         = "site-access"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.site.arn
}

# website/docs/r/cloudwatch_log_delivery_destination.html.markdown
resource "aws_cloudwatch_log_delivery_destination" "manuals" {
  name = "manuals"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.orders.arn
  }
}

resource "aws_cloudwatch_log_delivery_destination" "traces" {
  name                      = "traces"
  delivery_destination_type = "XRAY"
}

resource "aws_cloudwatch_log_delivery_destination" "site" {
  name          = "site-access"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.orders.arn
  }
}

# website/docs/r/cloudwatch_log_delivery.html.markdown
resource "aws_cloudwatch_log_delivery" "manuals" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.manuals.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.manuals.arn

  field_delimiter = ";"

  record_fields = ["event_timestamp", "event"]
}

resource "aws_cloudwatch_log_delivery" "site" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.site.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.site.arn

  record_fields = [
    "date",
    "c-ip",
    "sc-status",
    "viewer-request-log-data",
  ]
}

# website/docs/r/cloudwatch_log_delivery_destination_policy.html.markdown
resource "aws_cloudwatch_log_delivery_destination_policy" "manuals" {
  delivery_destination_name   = aws_cloudwatch_log_delivery_destination.manuals.name
  delivery_destination_policy = data.aws_iam_policy_document.central.json
}

# website/docs/r/cloudwatch_log_storage_tier_policy.html.markdown
resource "aws_cloudwatch_log_storage_tier_policy" "account" {
  storage_tier = "INTELLIGENT_TIERING"
}

# website/docs/r/cloudwatch_log_transformer.html.markdown
resource "aws_cloudwatch_log_transformer" "orders" {
  log_group_arn = aws_cloudwatch_log_group.orders.arn
  transformer_config {
    parse_json {}
  }
}

# website/docs/r/cloudwatch_query_definition.html.markdown
resource "aws_cloudwatch_query_definition" "latest" {
  name = "latest_orders"

  log_group_names = [
    "/shop/orders",
    "/shop/returns"
  ]

  query_string = <<EOF
fields @timestamp, order
| sort @timestamp desc
| limit 50
EOF
}

# website/docs/r/cloudwatch_metric_alarm.html.markdown
resource "aws_cloudwatch_metric_alarm" "basic" {
  alarm_name                = "busy-workers"
  comparison_operator       = "GreaterThanOrEqualToThreshold"
  evaluation_periods        = 3
  metric_name               = "CPUUtilization"
  namespace                 = "AWS/EC2"
  period                    = 300
  statistic                 = "Average"
  threshold                 = 70
  alarm_description         = "The workers have too much to do"
  insufficient_data_actions = []
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  alarm_name                = "odd-load"
  comparison_operator       = "GreaterThanUpperThreshold"
  evaluation_periods        = 3
  threshold_metric_id       = "band"
  alarm_description         = "The load isn't what it used to be"
  insufficient_data_actions = []

  metric_query {
    id          = "band"
    return_data = true
    expression  = "ANOMALY_DETECTION_BAND(load)"
    label       = "CPUUtilization (Usual)"
  }

  metric_query {
    id          = "load"
    return_data = true
    metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/EC2"
      period      = 300
      stat        = "Average"
      unit        = "Count"

      dimensions = {
        InstanceId = "i-0a1b2c3d4e5f60718"
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "promql" {
  alarm_name        = "busy-by-promql"
  alarm_description = "The memory is nearly used up"

  evaluation_criteria {
    promql_criteria {
      query           = "avg(memory_used_percent) > 90"
      pending_period  = 600
      recovery_period = 300
    }
  }

  evaluation_interval = 60

  alarm_actions = [aws_sns_topic.alarms.arn]
}

# website/docs/r/cloudwatch_composite_alarm.html.markdown
resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_description = "Either of them"
  alarm_name        = "busy-or-odd"

  alarm_actions = [aws_sns_topic.alarms.arn]
  ok_actions    = [aws_sns_topic.alarms.arn]

  alarm_rule = <<EOF
ALARM(${aws_cloudwatch_metric_alarm.basic.alarm_name}) OR
ALARM(${aws_cloudwatch_metric_alarm.anomaly.alarm_name})
EOF

  actions_suppressor {
    alarm            = "maintenance"
    extension_period = 30
    wait_period      = 60
  }
}

# website/docs/r/cloudwatch_alarm_mute_rule.html.markdown
resource "aws_cloudwatch_alarm_mute_rule" "nightly" {
  name = "nightly"

  rule {
    schedule {
      duration   = "PT2H"
      expression = "cron(0 3 * * *)"
    }
  }
}

resource "aws_cloudwatch_alarm_mute_rule" "dated" {
  name        = "moving-house"
  description = "While the warehouse moves"
  start_date  = "2027-03-01T00:00:00Z"
  expire_date = "2027-03-31T23:59:00Z"

  rule {
    schedule {
      duration   = "PT2H"
      expression = "cron(0 3 * * *)"
      timezone   = "Europe/Berlin"
    }
  }

  mute_targets {
    alarm_names = [aws_cloudwatch_metric_alarm.basic.alarm_name]
  }

  tags = {
    Environment = "staging"
  }
}

resource "aws_cloudwatch_alarm_mute_rule" "once" {
  name = "new-year"

  rule {
    schedule {
      duration   = "PT2H"
      expression = "at(2027-12-31T23:00:00)"
    }
  }
}

# website/docs/r/cloudwatch_metric_stream.html.markdown
resource "aws_cloudwatch_metric_stream" "filtered" {
  name          = "machines"
  role_arn      = aws_iam_role.logs.arn
  firehose_arn  = aws_kinesis_firehose_delivery_stream.metrics.arn
  output_format = "json"

  include_filter {
    namespace    = "AWS/EC2"
    metric_names = ["CPUUtilization", "NetworkIn"]
  }

  include_filter {
    namespace    = "AWS/EBS"
    metric_names = []
  }
}

resource "aws_cloudwatch_metric_stream" "statistics" {
  name          = "percentiles"
  role_arn      = aws_iam_role.logs.arn
  firehose_arn  = aws_kinesis_firehose_delivery_stream.metrics.arn
  output_format = "json"

  statistics_configuration {
    additional_statistics = [
      "p5", "tm95"
    ]

    include_metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/EC2"
    }
  }

  statistics_configuration {
    additional_statistics = [
      "TS(25.5:)"
    ]

    include_metric {
      metric_name = "CPUUtilization"
      namespace   = "AWS/EC2"
    }
  }
}

# What the examples refer to.
data "aws_iam_policy_document" "logs_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["logs.amazonaws.com", "streams.metrics.cloudwatch.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "logs" {
  name               = "logs"
  assume_role_policy = data.aws_iam_policy_document.logs_trust.json
}

resource "aws_kinesis_stream" "logs" {
  name        = "logs"
  shard_count = 1
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_s3_bucket" "metrics" {
  bucket = "shop-metrics"
}

resource "aws_kinesis_firehose_delivery_stream" "metrics" {
  name        = "metrics"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = aws_iam_role.logs.arn
    bucket_arn = aws_s3_bucket.metrics.arn
  }
}

resource "aws_bedrockagent_knowledge_base" "manuals" {
  name     = "manuals"
  role_arn = aws_iam_role.logs.arn

  knowledge_base_configuration {
    type = "VECTOR"

    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"
    }
  }
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true

  origin {
    domain_name = aws_s3_bucket.metrics.bucket_regional_domain_name
    origin_id   = "site"
  }

  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
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
