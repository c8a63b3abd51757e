"""Tracing: what can't be told, and functions at the edge."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named

RULE = rule_named("tracing/untraced-function")


@pytest.mark.parametrize(
    "body",
    [
        "tracing_config {\n    mode = var.mode\n  }",
        'tracing_config {\n    mode = var.mode ? "Active" : "PassThrough"\n  }',
        'dynamic "tracing_config" {\n    for_each = var.mode\n    content {\n      mode = "Active"\n    }\n  }',
        'dynamic "tracing_config" {\n    for_each = var.mode[*]\n'
        "    content {\n      mode = tracing_config.value\n    }\n  }",
    ],
)
def test_an_unknown_mode_is_a_doubt(body: str) -> None:
    report = judged(RULE, f'variable "mode" {{}}\nresource "aws_lambda_function" "f" {{\n  {body}\n}}\n')
    assert report.findings == ()
    assert [doubt.reason for doubt in report.doubts] == ["var.mode has no default"]


def test_a_mode_that_is_wrong_in_any_case_is_no_doubt() -> None:
    body = 'dynamic "tracing_config" {\n    for_each = var.trace\n    content {\n      mode = "PassThrough"\n    }\n  }'
    report = judged(RULE, f'variable "trace" {{}}\nresource "aws_lambda_function" "f" {{\n  {body}\n}}\n')
    assert ([finding.span.text for finding in report.findings], report.doubts) == (['"PassThrough"'], ())


def test_a_default_is_told_as_the_origin() -> None:
    text = (
        'variable "mode" {\n  default = "PassThrough"\n}\n'
        'resource "aws_lambda_function" "f" {\n  tracing_config {\n    mode = var.mode\n  }\n}\n'
    )
    (finding,) = judged(RULE, text).findings
    assert [related.message for related in finding.related] == ['var.mode defaults to "PassThrough" here']


def test_a_trust_policy_written_as_json_makes_an_edge_function() -> None:
    text = (
        'resource "aws_iam_role" "edge" {\n  assume_role_policy = jsonencode({\n'
        '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", '
        'Principal = { Service = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] } }]\n  })\n}\n'
        'resource "aws_lambda_function" "f" {\n  role = aws_iam_role.edge.arn\n}\n'
    )
    assert (judged(RULE, text).findings, judged(RULE, text).doubts) == ((), ())


def test_instances_of_a_function_share_one_finding() -> None:
    text = 'resource "aws_lambda_function" "f" {\n  for_each = toset(["a", "b"])\n}\n'
    assert [finding.address for finding in judged(RULE, text).findings] == ['aws_lambda_function.f["a"]']


def test_a_finding_in_a_contracts_file_names_the_requirement() -> None:
    (finding,) = in_contract('resource "aws_lambda_function" "f" {\n}\n', RULE).findings
    assert finding.requirement == "lambda.tracing"
