"""Values of the wrong type."""

from __future__ import annotations

from tests.cards import judged, rule_named
from tflint_tap.hcl import parse, parse_expression
from tflint_tap.lint import judge
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.inputs import Inputs
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source


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
    module = build_module([parse(Source("main.tf", text))])
    rule = rule_named("schema/wrong-type")
    given = Inputs({"delay": parse_expression(Source("terraform.tfvars", '"soon"'))})
    assert [finding.span.line for finding in judge(rule, Stack.of(module, given))] == [5]
    given = Inputs({"delay": parse_expression(Source("terraform.tfvars", '"5"'))})
    assert list(judge(rule, Stack.of(module, given))) == []
