"""Values of the wrong type."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tests.stacks import stack_of
from tflint_tap.lint import judge

from .reading import QUEUE


def test_a_value_from_a_default_is_told_with_its_origin() -> None:
    text = """variable "delay" {
  default = "soon"
}
resource "aws_sqs_queue" "jobs" {
  delay_seconds = var.delay
}
"""
    (finding,) = judged(rule_named("schema/wrong-type"), text).findings
    assert (finding.span.line, finding.span.text) == (5, "var.delay")
    assert [(related.message, related.span.line) for related in finding.related] == [
        ('var.delay defaults to "soon" here', 2)
    ]


def test_a_sensitive_value_is_not_repeated() -> None:
    text = """variable "delay" {
  default   = "hunter2"
  sensitive = true
}
resource "aws_sqs_queue" "jobs" {
  delay_seconds = var.delay
}
"""
    (finding,) = judged(rule_named("schema/wrong-type"), text).findings
    assert "hunter2" not in finding.message
    assert [related.message for related in finding.related] == ["var.delay defaults to it here"]


def test_values_that_are_given_count() -> None:
    text = 'variable "delay" {\n  type = string\n}\nresource "aws_sqs_queue" "jobs" {\n  delay_seconds = var.delay\n}\n'
    rule = rule_named("schema/wrong-type")
    assert [finding.span.line for finding in judge(rule, stack_of(text, given=["delay=soon"]))] == [5]
    assert list(judge(rule, stack_of(text, given=["delay=5"]))) == []


@pytest.mark.parametrize(
    "for_each",
    ["var.p ? toset(var.k) : []", "local.made", "(false ? toset(var.k) : [])", 'true ? ["a"] : var.k'],
)
def test_a_list_beside_what_is_not_known_may_be_a_set(for_each: str) -> None:
    more = "locals {\n  made = local.off ? toset(var.k) : []\n  off  = false\n}\n"
    report = judged(rule_named("schema/wrong-type"), QUEUE.format(body=f"for_each = {for_each}") + more)
    assert (report.findings, report.failures) == ((), ())


@pytest.mark.parametrize("for_each", ['["a"]', 'true ? ["a"] : []'])
def test_a_list_beside_a_list_is_one(for_each: str) -> None:
    (finding,) = judged(rule_named("schema/wrong-type"), QUEUE.format(body=f"for_each = {for_each}")).findings
    assert "for_each" in finding.message
