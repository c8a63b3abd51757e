"""`fed_each`: how often what may put a metric is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

ALARM = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  namespace = "Shop"\n  metric_name = "StaleOrders"\n}\n'
ROLE = """\
variable "x" {}
resource "aws_iam_role" "r" {
  name = "r"
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "cloudwatch:PutMetricData", Resource = "*" }] })
}
"""
FUNCTION = 'resource "aws_lambda_function" "%s" {\n  function_name = "%s"\n  role = aws_iam_role.r.arn\n}\n'
WORKER = FUNCTION % ("f", "f")
RULE = """\
resource "aws_cloudwatch_event_rule" "%s" {
  name = "%s"
  %s
}
resource "aws_cloudwatch_event_target" "%s" {
  rule = aws_cloudwatch_event_rule.%s.name
  arn  = %s
}
"""
QUEUE = """\
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.%s.arn
}
"""
URL = 'resource "aws_lambda_function_url" "u" {\n  function_name = aws_lambda_function.f.function_name\n}\n'
PERMISSION = """\
resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.f.function_name
  source_arn    = %s
}
"""
MACHINE = """\
resource "aws_sfn_state_machine" "m" {
  name       = "m"
  definition = jsonencode({ States = { A = { Type = "Task", Resource = aws_lambda_function.f.arn } } })
}
"""
FILTER = """\
resource "aws_cloudwatch_log_metric_filter" "l" {
  metric_transformation {
    namespace = "Shop"
    name      = "Other"
  }
}
"""


def _rule(expression: str, target: str = "aws_lambda_function.f.arn", name: str = "t") -> str:
    return RULE % (name, name, expression, name, name, target)


MINUTES = _rule('schedule_expression = "rate(10 minutes)"')
FROM_OUTSIDE = PERMISSION % '"arn:aws:s3:::uploads"'
ADMITTED = PERMISSION % "aws_cloudwatch_event_rule.t.arn"
HOURLY = _rule('schedule_expression = "rate(1 hour)"', name="u")
CALLED = MACHINE + _rule('schedule_expression = "rate(5 minutes)"', "aws_sfn_state_machine.m.arn")


def _verdict(folder: Path, text: str) -> str:
    """The seconds, null, or the reason of a doubt."""
    expression = "fed_each(self.namespace, self.metric_name)"
    rule = card(
        folder,
        f"match: resource.aws_cloudwatch_metric_alarm\nlet:\n  seconds: {expression}\nrequire: seconds == -1\n",
        message="'${seconds == null ? 0 : seconds}'",
    )
    ((kind, _, message),) = findings(rule, ALARM + ROLE + text)
    return message if kind == "doubt" or message != "0" else "null"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (WORKER + MINUTES, "600"),
        (WORKER + MINUTES + ADMITTED, "600"),
        (WORKER + MINUTES + HOURLY, "600"),
        (WORKER + CALLED, "300"),
        (WORKER, "null"),  # nothing in the stack starts it
        (WORKER + MINUTES + QUEUE % "f", "null"),
        (WORKER + MINUTES + URL, "null"),
        (WORKER + MINUTES + FROM_OUTSIDE, "null"),
        (WORKER + MACHINE + MINUTES, "null"),  # nobody knows who starts the machine
        (WORKER + _rule("schedule_expression = var.x"), "null"),
        (WORKER + _rule('schedule_expression = "hourly"'), "null"),
        (WORKER + _rule('event_pattern = jsonencode({ source = ["aws.ec2"] })'), "null"),
        (WORKER + MINUTES + FILTER, "null"),  # logs are written at any time
        (WORKER + MINUTES + 'module "m" {\n  source = "./m"\n}\n', "null"),
        ("", "null"),
    ],
)
def test_what_only_schedules_start_puts_points_as_often(tmp_path: Path, text: str, verdict: str) -> None:
    assert _verdict(tmp_path, text) == verdict


@pytest.mark.parametrize(
    ("scheduled", "verdict"),
    [
        ("order_check", "aws_lambda_function.order_check may not be all that puts StaleOrders"),
        ("other_check", "null"),
    ],
)
def test_of_several_functions_the_one_that_is_called_like_the_metric_puts_it_probably(
    tmp_path: Path, scheduled: str, verdict: str
) -> None:
    text = FUNCTION % (scheduled, "c") + FUNCTION % ("worker", "w") + QUEUE % "worker"
    text += _rule('schedule_expression = "rate(10 minutes)"', f"aws_lambda_function.{scheduled}.arn")
    assert _verdict(tmp_path, text) == verdict
