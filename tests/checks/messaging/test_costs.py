"""What the rules of the family cost: as much more as a stack is larger, and nothing where it has nothing of theirs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cards import RULES, rule_named
from tests.stacks import lint_text
from tests.work import growth

pytestmark = pytest.mark.slow

FAMILY = [rule.id for rule in RULES if rule.id.startswith("messaging/")]
MOST = 4.4  # growth of four times as much: a tenth more than linear

ARN = '"arn:aws:sqs:eu-west-3:111122223333:{}"'


def chain_of_queues(size: int) -> str:
    """Each queue redrives to the next, by a reference or by an ARN in turns."""
    queues = []
    for number in range(size):
        after = number + 1
        target = f"aws_sqs_queue.q{after}.arn" if number % 2 and after < size else ARN.format(f"q-{after}")
        queues.append(
            f'resource "aws_sqs_queue" "q{number}" {{\n  name = "q-{number}"\n'
            f"  redrive_policy = jsonencode({{ deadLetterTargetArn = {target}, maxReceiveCount = 5 }})\n}}\n"
        )
    return "".join(queues)


def topics_with_queues(size: int) -> str:
    """Topics that alarms publish to, each with a queue, its policy and a dead-letter queue that nothing redrives to."""
    return "".join(
        f"""\
resource "aws_sns_topic" "t{n}" {{
  name = "t-{n}"
}}
resource "aws_sqs_queue" "q{n}" {{
  name = "q-{n}"
}}
resource "aws_sqs_queue" "dlq{n}" {{
  name = "dlq-{n}"
}}
resource "aws_sqs_queue_policy" "q{n}" {{
  queue_url = aws_sqs_queue.q{n}.url
  policy = jsonencode({{ Statement = {{
    Effect = "Allow", Principal = {{ Service = "sns.amazonaws.com" }}, Action = "sqs:SendMessage",
    Resource = aws_sqs_queue.q{n}.arn, Condition = {{ ArnEquals = {{ "aws:SourceArn" = aws_sns_topic.t{n}.arn }} }}
  }} }})
}}
resource "aws_sns_topic_subscription" "q{n}" {{
  topic_arn = aws_sns_topic.t{n}.arn
  protocol = "sqs"
  endpoint = aws_sqs_queue.q{n}.arn
}}
resource "aws_cloudwatch_metric_alarm" "a{n}" {{
  alarm_name = "a-{n}"
  alarm_actions = [aws_sns_topic.t{n}.arn]
}}
resource "aws_ssm_parameter" "p{n}" {{
  name = "p-{n}"
  value = aws_sqs_queue.dlq{n}.arn
}}
output "o{n}" {{
  value = aws_sqs_queue.dlq{n}.url
}}
"""
        for n in range(size)
    )


def functions_with_sources(size: int) -> str:
    """Each function reads a table's stream and a queue, and is called by a rule."""
    return "".join(
        f"""\
resource "aws_lambda_function" "f{n}" {{
  function_name = "f-{n}"
}}
resource "aws_dynamodb_table" "t{n}" {{
  name = "t-{n}"
}}
resource "aws_sqs_queue" "q{n}" {{
  name = "q-{n}"
}}
resource "aws_lambda_event_source_mapping" "t{n}" {{
  event_source_arn = aws_dynamodb_table.t{n}.stream_arn
  function_name = aws_lambda_function.f{n}.arn
}}
resource "aws_lambda_event_source_mapping" "q{n}" {{
  event_source_arn = aws_sqs_queue.q{n}.arn
  function_name = aws_lambda_function.f{n}.arn
}}
resource "aws_cloudwatch_event_target" "f{n}" {{
  rule = "r-{n}"
  arn = aws_lambda_function.f{n}.arn
}}
"""
        for n in range(size)
    )


@pytest.mark.parametrize("stack", [chain_of_queues, topics_with_queues, functions_with_sources])
def test_the_cost_is_linear_in_the_size_of_the_stack(stack: Callable[[int], str]) -> None:
    rules = [rule_named(id_) for id_ in FAMILY]
    texts = {size: stack(size) for size in (8, 32)}
    assert growth(lambda size: lint_text(texts[size], *rules), 8) < MOST
