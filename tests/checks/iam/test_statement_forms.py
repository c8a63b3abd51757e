"""A mistake in a statement is found in every form that a policy can be written in, at the text that is wrong."""

from __future__ import annotations

import pytest

from tests.cards import rule_named
from tests.stacks import lint_text

BUCKET = 'resource "aws_s3_bucket" "b" {}\n'
JSON = '{ "Statement": [{ "Effect": "Allow", "Action": ["s3:ListBucket", %s], "Resource": %s, "Condition": %s }] }'
RIGHT = '{ "StringLike": { "aws:PrincipalTag/a": "b*" } }'
MISTAKES = [
    ("iam/unknown-action", '"s3:ListBuckt"', '"*"', RIGHT, "s3:ListBuckt"),
    ("iam/resource-mismatch", '"s3:GetObject"', '"${aws_s3_bucket.b.arn}"', RIGHT, "s3:GetObject"),
    ("iam/needs-wildcard", '"xray:PutTraceSegments"', '"${aws_s3_bucket.b.arn}"', RIGHT, "xray:PutTraceSegments"),
    ("iam/malformed-arn", '"s3:ListBucket"', '"arn:aws:s3:eu-west-1::b"', RIGHT, "arn:aws:s3:eu-west-1::b"),
    ("iam/broad-resource", '"s3:ListBucket"', '"arn:aws:s3:::*"', RIGHT, "arn:aws:s3:::*"),
    ("iam/partial-wildcard-action", '"s3:List*"', '"*"', RIGHT, "s3:List*"),
    ("iam/redundant-action", '"S3:listbucket"', '"*"', RIGHT, "S3:listbucket"),
    ("iam/condition-never-matches", '"s3:ListBucket"', '"*"', RIGHT.replace("Like", "Equals"), "b*"),
]


def _hcl(text: str) -> str:
    return text.replace('": ', '" = ')


FORMS = {
    "jsonencode": lambda text: f'resource "aws_iam_role_policy" "p" {{\n  policy = jsonencode({_hcl(text)})\n}}\n',
    "heredoc": lambda text: f'resource "aws_iam_role_policy" "p" {{\n  policy = <<-EOT\n    {text}\n  EOT\n}}\n',
    "local": lambda text: f"locals {{\n  document = {_hcl(text)}\n}}\n"
    'resource "aws_iam_user_policy" "p" {\n  policy = jsonencode(local.document)\n}\n',
    "loop": lambda text: 'resource "aws_iam_policy" "p" {\n'
    f"  policy = jsonencode({{ for key, value in {_hcl(text)} : key => value }})\n}}\n",
    "inline": lambda text: 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n'
    f"  inline_policy {{\n    policy = jsonencode({_hcl(text)})\n  }}\n}}\n",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("rule", "action", "resource", "condition", "place"), MISTAKES)
def test_a_mistake_is_found_in_every_form(
    form: str, rule: str, action: str, resource: str, condition: str, place: str
) -> None:
    text = BUCKET + FORMS[form](JSON % (action, resource, condition))
    report = lint_text(text, rule_named(rule))
    assert [finding.span.text.strip('"') for finding in report.findings] == [place]
    assert not report.doubts
