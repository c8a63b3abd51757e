"""Statements that allow all actions of a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import judged
from tests.stacks import stack_of
from tflint_tap.lint import judge

from .reading import ACTION, role_policy, told


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
    assert [told(finding) for finding in report.findings] == [(7, '"s3:*"', None)]
    assert [finding.message for finding in report.findings] == [
        'aws_iam_role_policy.p allows every s3 action ("s3:*") and every sqs action ("sqs:*")'
    ]
    assert [(related.message, related.span.text) for related in report.findings[0].related] == [
        ("aws_iam_role_policy.p allows sqs:* here", '"${var.verbs[0]}"'),
        ('var.verbs defaults to ["sqs:*"] here', '["sqs:*"]'),
    ]
    assert report.doubts == ()


@pytest.mark.parametrize(
    ("before", "action", "label", "text"),
    [
        ('variable "a" {\n  default = "s3:*"\n}', "var.a", 'var.a defaults to "s3:*" here', '"s3:*"'),
        ('variable "a" {\n  default = ["s3:*"]\n}', "var.a", 'var.a gives "s3:*" here', '"s3:*"'),
        ('locals {\n  a = "s3:*"\n}', "[local.a]", 'local.a is "s3:*" here', '"s3:*"'),
        ('locals {\n  a = ["x:Y", "s3:*"]\n}', "local.a", 'local.a gives "s3:*" here', '"s3:*"'),
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
    assert [(related.message, related.span.line) for related in finding.related] == [('each gives "s3:*" here', 2)]


def test_statements_given_from_outside_are_reported_at_the_argument() -> None:
    values = {"terraform.tfvars": 'v = [{ Effect = "Allow", Action = "s3:*", Resource = "x" }]\n'}
    stack = stack_of(role_policy("var.v"), values=values)
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
    stack = stack_of(text, folder=tmp_path)
    assert [told(finding) for finding in judge(ACTION, stack)] == [
        (2, 'templatefile("policy.json", { service = "s3" })', None),
        (5, 'file("policy.json")', None),
    ]


def test_a_statement_is_told_once_and_another_one_by_itself() -> None:
    one = '{ Effect = "Allow", Action = ["s3:*", "sqs:*", "s3:Get", "sns:*"] }'
    report = judged(ACTION, role_policy(f'[{one}, {{ Effect = "Allow", Action = ["ec2:*"] }}]'))
    assert [finding.span.text for finding in report.findings] == ['"s3:*"', '"ec2:*"']
    assert [related.span.text for related in report.findings[0].related] == ['"sqs:*"', '"sns:*"']
