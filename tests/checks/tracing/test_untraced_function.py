"""Tracing: the story of a finding, instances, the contract's requirement."""

from __future__ import annotations

from tests.cards import in_contract, judged, rule_named

RULE = rule_named("tracing/untraced-function")


def test_a_default_is_told_as_the_origin() -> None:
    text = (
        'variable "mode" {\n  default = "PassThrough"\n}\n'
        'resource "aws_lambda_function" "f" {\n  tracing_config {\n    mode = var.mode\n  }\n}\n'
    )
    (finding,) = judged(RULE, text).findings
    assert [related.message for related in finding.related] == ['var.mode defaults to "PassThrough" here']


def test_instances_of_a_function_share_one_finding() -> None:
    text = 'resource "aws_lambda_function" "f" {\n  for_each = toset(["a", "b"])\n}\n'
    assert [finding.address for finding in judged(RULE, text).findings] == ['aws_lambda_function.f["a"]']


def test_a_finding_in_a_contracts_file_names_the_requirement() -> None:
    (finding,) = in_contract('resource "aws_lambda_function" "f" {\n}\n', RULE).findings
    assert finding.requirement == "lambda.tracing"
