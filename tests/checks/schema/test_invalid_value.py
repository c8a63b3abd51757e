"""Values that AWS doesn't take."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named

from .reading import FUNCTION


def test_a_bad_default_that_several_use_is_one_finding() -> None:
    text = """locals {
  mode = "active"
}
resource "aws_sfn_state_machine" "a" {
  role_arn   = "arn:aws:iam::123456789012:role/a"
  definition = "{}"
  type       = local.mode
}
resource "aws_sfn_state_machine" "b" {
  role_arn   = "arn:aws:iam::123456789012:role/a"
  definition = "{}"
  type       = local.mode
}
"""
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.span.line == 2
    assert sorted(related.span.line for related in finding.related) == [7, 12]


@pytest.mark.slow
def test_a_resource_of_many_instances_is_judged_in_time() -> None:
    text = """resource "aws_sqs_queue" "many" {
  count         = 902
  name          = "many-${count.index}"
  delay_seconds = count.index
  tags          = { Name = "many-${count.index}" }
}
"""
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.message == "delay_seconds in aws_sqs_queue.many is 901, which is not between 0 and 900"


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        ("retention_in_days = 15", "use 14 or 30"),
        ("retention_in_days = 9999", "use 3653"),
        ('log_group_class = "STANDAR"', 'did you mean "STANDARD"?'),
    ],
)
def test_what_would_be_right_instead_of_a_value(body: str, remedy: str) -> None:
    text = f'resource "aws_cloudwatch_log_group" "a" {{\n  {body}\n}}\n'
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.remedy == remedy


def test_outside_a_range_there_is_no_value_to_suggest() -> None:
    (finding,) = judged(rule_named("schema/invalid-value"), FUNCTION.format(body="memory_size = 64")).findings
    assert finding.remedy == "use a value that AWS accepts"
