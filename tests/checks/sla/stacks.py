"""A stack that states every figure of the booking contract, in parts that tests replace."""

from __future__ import annotations

# Where each figure stands in a stack that has them all.
STACK = {
    "api": """\
# SLA: ~70,000 requests per minute (~1,200 RPS sustained, burst ~2,000 RPS), confirmed in <400 ms P95.
resource "aws_apigatewayv2_api" "booking" {
  name = "booking"
}
""",
    "table": """\
# SLA: <5 seconds to the other regions, alert if >10 s.
resource "aws_dynamodb_table" "inventory" {
  hash_key = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
}
""",
    "topic": """\
# SLA: <60 seconds to the PMS.
resource "aws_sns_topic" "inventory_updates" {
  name = "inventory-updates"
}
""",
    "updater": """\
# SLA: the cache follows in <1 s P95.
resource "aws_lambda_function" "cache_updater" {
  function_name = "cache-updater"
}
""",
    "machine": """\
# SLA: hot bookings within 30 seconds; the audit runs every 5 minutes, in under 2 minutes.
resource "aws_sfn_state_machine" "reconciliation" {
  name = "reconciliation"
}
""",
    "resolver": """\
# SLA: detected within 5 seconds, reassigned within 60 seconds, corrected within 2 minutes.
resource "aws_lambda_function" "overbooking_resolver" {
  function_name = "overbooking-resolver"
}
""",
    "alarm": """\
# Wakes people.
resource "aws_cloudwatch_metric_alarm" "replication" {
  alarm_description = "Replication >10 s"
  namespace         = "AWS/DynamoDB"
  metric_name       = "ReplicationLatency"
  dimensions        = { TableName = aws_dynamodb_table.inventory.name }
}
""",
    "alarms": """\
# Wake people, too.
resource "aws_cloudwatch_metric_alarm" "backlog" {
  alarm_description = "PMS backlog >60 s"
  namespace         = "AWS/SQS"
  metric_name       = "ApproximateAgeOfOldestMessage"
  dimensions        = { QueueName = "hotel-pms-queue" }
}

resource "aws_cloudwatch_metric_alarm" "conflicts" {
  alarm_description = "Overbooking unresolved after 2 minutes"
  namespace         = "Booking"
  metric_name       = "UnresolvedOverbookings"
}
""",
    # What else a figure may stand at: where one of these is absent, nothing is said of its figures.
    "rest": """\
# The others.
variable "booking_api_rate_limit_rps" {
  type    = number
  default = 2000
}

# The others.
resource "aws_apigatewayv2_route" "book" {
  route_key = "POST /book"
}

resource "aws_lambda_function" "booking_handler" {
  timeout = 10
}

resource "aws_lambda_function" "reconciliation_checker" {
  timeout = 10
}

resource "aws_cloudwatch_event_rule" "schedule" {
  schedule_expression = "rate(5 minutes)"
}
""",
    "worker": """\
# Takes from the queue.
resource "aws_sqs_queue" "hotel_pms_queue" {
  name = "hotel-pms-queue"
}

resource "aws_lambda_function" "pms_sync_worker" {
  timeout = 10
}
""",
}


def text_of(**parts: str) -> str:
    """The stack's text with some of its parts replaced, left out where they are empty, or others added."""
    return "\n".join(part for part in {**STACK, **parts}.values() if part)
