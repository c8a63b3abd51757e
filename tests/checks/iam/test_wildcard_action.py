"""Statements that allow all actions of a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import judged
from tflint_tap.hcl import parse
from tflint_tap.lint import judge
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.inputs import read_inputs
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source

from .reading import ACTION, NO_DEFAULT, role_policy, told


def test_findings_in_a_heredoc_point_at_the_string() -> None:
    report = judged(
        ACTION,
        """variable "verbs" {
  default = ["sqs:*"]
}
resource "aws_iam_role_policy" "p" {
  policy = <<-EOT
    { "Statement": { "Effect": "Allow",
                     "Action": ["s3:Get", "s3:*", "${var.verbs[0]}"] } }
  EOT
}
""",
    )
    assert [told(finding) for finding in report.findings] == [(7, '"s3:*"', None), (7, '"${var.verbs[0]}"', None)]
    assert [finding.message for finding in report.findings] == [
        'aws_iam_role_policy.p allows every s3 action ("s3:*")',
        'aws_iam_role_policy.p allows every sqs action ("sqs:*")',
    ]
    assert [(related.message, related.span.text) for related in report.findings[1].related] == [
        ('var.verbs defaults to ["sqs:*"] here', '["sqs:*"]')
    ]
    assert report.doubts == ()


@pytest.mark.parametrize(
    ("before", "action", "label", "text"),
    [
        ('variable "a" {\n  default = "s3:*"\n}', "var.a", 'var.a defaults to "s3:*" here', '"s3:*"'),
        ('variable "a" {\n  default = ["s3:*"]\n}', "var.a", 'var.a defaults to "s3:*" here', '"s3:*"'),
        ('locals {\n  a = "s3:*"\n}', "[local.a]", 'local.a is "s3:*" here', '"s3:*"'),
        ('locals {\n  a = ["x:Y", "s3:*"]\n}', "local.a", 'local.a is "s3:*" here', '"s3:*"'),
        ('locals {\n  b = local.a\n  a = "s3:*"\n}', "local.b", 'local.a is "s3:*" here', '"s3:*"'),
        ('variable "s" {\n  default = "s3"\n}', '"${var.s}:*"', 'var.s defaults to "s3" here', '"s3"'),
    ],
)
def test_a_related_place_says_where_a_wildcard_comes_from(before: str, action: str, label: str, text: str) -> None:
    report = judged(ACTION, f'{before}\n{role_policy(f"""{{ Effect = "Allow", Action = {action} }}""")}')
    (finding,) = report.findings
    assert finding.span.text == action.strip("[]")
    assert [(related.message, related.span.text) for related in finding.related] == [(label, text)]


def test_what_a_given_value_brings_in_is_related_to_the_loop() -> None:
    report = judged(
        ACTION,
        'resource "aws_iam_role_policy" "p" {\n  for_each = { a = "s3:*" }\n'
        '  policy = jsonencode({ Statement = { Effect = "Allow", Action = each.value } })\n}\n',
    )
    (finding,) = report.findings
    assert told(finding) == (3, "each.value", None)
    assert [(related.message, related.span.line) for related in finding.related] == [('each stands for "s3:*" here', 2)]


def test_a_document_of_several_policies_gives_one_finding() -> None:
    policy = 'resource "aws_iam_role_policy" "{}" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\n'
    report = judged(
        ACTION,
        'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["s3:*"]\n  }\n}\n'
        + policy.format("a")
        + policy.format("b"),
    )
    assert [finding.message for finding in report.findings] == ['aws_iam_role_policy.a allows every s3 action ("s3:*")']


@pytest.mark.parametrize(
    ("statement", "text", "reason"),
    [
        ("var.v", None, NO_DEFAULT),
        ('{ Effect = "Allow", Action = var.v }', "var.v", NO_DEFAULT),
        ('{ Effect = "Allow", Action = ["s3:Get", var.v] }', "var.v", NO_DEFAULT),
        ('{ Effect = "Allow", Action = "s3:${var.v}" }', '"s3:${var.v}"', NO_DEFAULT),
        ('{ Effect = "Allow", Action = concat(["s3:Get"], var.v) }', 'concat(["s3:Get"], var.v)', NO_DEFAULT),
        ('{ Effect = var.v, Action = "s3:*" }', '"s3:*"', NO_DEFAULT),
        ('merge({ Effect = "Allow" }, var.v)', None, NO_DEFAULT),
    ],
)
def test_actions_that_are_not_known_are_a_doubt(statement: str, text: str | None, reason: str) -> None:
    report = judged(ACTION, role_policy(statement))
    assert (report.findings, report.failures) == ((), ())
    assert [doubt.doubt for doubt in report.doubts] == [reason]
    if text is not None:
        assert report.doubts[0].span.text == text


@pytest.mark.parametrize(
    "statement",
    [
        '{ Effect = "Deny", Action = var.v }',
        '{ Effect = "Allow", Action = "s3:Get${var.v}" }',
        '{ Effect = "Allow", Action = "s3:Get", Resource = var.v }',
        '{ Effect = var.v, Action = "s3:Get" }',
    ],
)
def test_what_is_not_known_but_does_not_matter_is_no_doubt(statement: str) -> None:
    report = judged(ACTION, role_policy(statement))
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_a_known_wildcard_is_a_finding_beside_a_doubt() -> None:
    report = judged(ACTION, role_policy('concat([{ Effect = "Allow", Action = "s3:*" }], var.v)'))
    assert [told(finding) for finding in report.findings] == [(3, '"s3:*"', None)]
    assert [doubt.doubt for doubt in report.doubts] == [NO_DEFAULT]


def test_a_statement_that_may_not_be_there_is_a_doubt() -> None:
    report = judged(
        ACTION,
        'variable "v" {}\ndata "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n    for_each = var.v\n'
        '    content {\n      actions = ["s3:*"]\n    }\n  }\n}\n'
        'resource "aws_iam_role_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n',
    )
    assert report.findings == ()
    assert [told(doubt) for doubt in report.doubts] == [(6, '"s3:*"', NO_DEFAULT)]


@pytest.mark.parametrize("principal", ["var.v", "{ AWS = var.v }", "{ AWS = [var.v] }", "{ (var.v) = [] }"])
def test_who_may_use_all_of_a_key_has_to_be_known(principal: str) -> None:
    report = judged(
        ACTION,
        f'variable "v" {{}}\nresource "aws_kms_key" "k" {{\n  policy = jsonencode({{ Statement = '
        f'{{ Effect = "Allow", Principal = {principal}, Action = "kms:*", Resource = "*" }} }})\n}}\n',
    )
    assert report.findings == ()
    assert [doubt.doubt for doubt in report.doubts] == [NO_DEFAULT]


def test_statements_given_from_outside_are_reported_at_the_argument() -> None:
    module = build_module([parse(Source("main.tf", role_policy("var.v")))])
    values = Source("terraform.tfvars", 'v = [{ Effect = "Allow", Action = "s3:*", Resource = "x" }]\n')
    stack = Stack.of(module, read_inputs([values], []))
    (finding,) = judge(ACTION, stack)
    assert (finding.span.source.path, finding.span.text) == ("main.tf", "jsonencode({ Statement = var.v })")
    assert [(related.message, related.span.source.path) for related in finding.related] == [
        ('"s3:*" is written here', "terraform.tfvars")
    ]


def test_policies_in_templates_are_reported_at_the_argument(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text('{ "Statement": { "Effect": "Allow", "Action": "${service}:*" } }')
    text = (
        'resource "aws_iam_role_policy" "p" {\n  policy = templatefile("policy.json", { service = "s3" })\n}\n'
        'resource "aws_iam_role_policy" "q" {\n  policy = file("policy.json")\n}\n'
    )
    stack = Stack.of(build_module([parse(Source("main.tf", text))]), environment=Environment(folder=tmp_path))
    assert [told(finding) for finding in judge(ACTION, stack)] == [
        (2, 'templatefile("policy.json", { service = "s3" })', None),
        (5, 'file("policy.json")', None),
    ]
