"""The size of policies: that of their text without white space, as far as it is known."""

from __future__ import annotations

import json

import pytest

from tflint_tap.iam.sizes import least_size

from .reading import policies

STATEMENT = {
    "Sid": "Send",
    "Effect": "Allow",
    "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"],
    "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs",
    "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}},
}
DOCUMENT = {"Version": "2012-10-17", "Statement": [STATEMENT]}
SIZE = len(json.dumps(DOCUMENT, separators=(",", ":")))
SOURCE = """data "aws_iam_policy_document" "d" {
  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
    resources = ["arn:aws:sqs:eu-west-1:111122223333:jobs"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["eu-west-1", "eu-west-2"]
    }
  }
}
"""


@pytest.mark.parametrize(
    "policy",
    [
        f"jsonencode({json.dumps(DOCUMENT)})",
        f"<<-EOT\n  {json.dumps(DOCUMENT, indent=4)}\n  EOT\n",
        "data.aws_iam_policy_document.d.json",
    ],
)
def test_a_policy_is_as_large_as_its_text_without_white_space(policy: str) -> None:
    made, *_ = policies(f'{SOURCE}resource "aws_iam_policy" "p" {{\n  policy = {policy}\n}}\n')
    assert least_size(made) == SIZE


@pytest.mark.parametrize(
    ("policy", "size"),
    [
        ("var.x", 0),
        ('jsonencode({ Statement = [{ Action = "${var.x}:Get" }] })', len('{"Statement":[{"Action":":Get"}]}')),
    ],
)
def test_what_is_not_known_counts_as_nothing(policy: str, size: int) -> None:
    (made,) = policies(f'variable "x" {{}}\nresource "aws_iam_policy" "p" {{\n  policy = {policy}\n}}\n')
    assert least_size(made) == size
