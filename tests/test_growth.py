"""All rules together: four times the resources are at most a little more than four times the work."""

from __future__ import annotations

import pytest

from tests.cards import RULES
from tests.stacks import lint_text
from tests.work import LINEAR, growth

QUEUE = """
resource "aws_sqs_queue" "q{n}" {{
  name           = "q{n}"
  redrive_policy = jsonencode({{ deadLetterTargetArn = aws_sqs_queue.d{n}.arn, maxReceiveCount = 5 }})
}}

resource "aws_sqs_queue" "d{n}" {{
  name = "d{n}"
}}

resource "aws_sns_topic_subscription" "s{n}" {{
  topic_arn = aws_sns_topic.t.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.q{n}.arn
}}
"""
FUNCTION = """
resource "aws_iam_role" "r{n}" {{
  name = "r{n}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}

resource "aws_iam_role_policy" "p{n}" {{
  role = aws_iam_role.r{n}.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["logs:CreateLogStream", "dynamodb:GetItem"], Resource = "*" }}]
  }})
}}

resource "aws_lambda_function" "f{n}" {{
  function_name = "f{n}"
  role          = aws_iam_role.r{n}.arn

  environment {{
    variables = {{ TABLE = aws_dynamodb_table.t{n}.name }}
  }}
}}

resource "aws_dynamodb_table" "t{n}" {{
  name             = "t{n}"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
}}

resource "aws_lambda_event_source_mapping" "m{n}" {{
  event_source_arn = aws_dynamodb_table.t{n}.stream_arn
  function_name    = aws_lambda_function.f{n}.arn
}}

resource "aws_cloudwatch_metric_alarm" "a{n}" {{
  alarm_name          = "a{n}"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = {{ FunctionName = aws_lambda_function.f{n}.function_name }}
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
}}
"""
INSTANCES = """
locals {{
  names = toset([for n in range({n}) : "n${{n}}"])
}}

resource "aws_sqs_queue" "q" {{
  for_each       = local.names
  name           = each.key
  redrive_policy = jsonencode({{ deadLetterTargetArn = aws_sqs_queue.d[each.key].arn, maxReceiveCount = 5 }})
}}

resource "aws_sqs_queue" "d" {{
  for_each = local.names
  name     = "${{each.key}}-dlq"
}}

resource "aws_lambda_function" "f" {{
  for_each      = local.names
  function_name = each.key
  role          = var.role

  environment {{
    variables = {{ QUEUE = aws_sqs_queue.q[each.key].url }}
  }}
}}

variable "role" {{
}}

resource "aws_lambda_event_source_mapping" "m" {{
  for_each         = local.names
  event_source_arn = aws_sqs_queue.q[each.key].arn
  function_name    = aws_lambda_function.f[each.key].arn
}}
"""


def judge(text: str) -> None:
    assert lint_text(text, *RULES).failures == ()


@pytest.mark.slow
@pytest.mark.parametrize(("block", "around"), [(QUEUE, 'resource "aws_sns_topic" "t" {\n}\n'), (FUNCTION, "")],
                         ids=["queues", "functions"])  # fmt: skip
def test_blocks(block: str, around: str) -> None:
    assert growth(lambda size: judge(around + "".join(block.format(n=n) for n in range(size))), 8) < LINEAR


@pytest.mark.slow
def test_instances() -> None:
    assert growth(lambda size: judge(INSTANCES.format(n=size)), 12) < LINEAR
