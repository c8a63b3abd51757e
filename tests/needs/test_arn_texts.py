"""Which ARN a pattern covers, however both are written."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tflint_tap.hcl import parse_expression
from tflint_tap.needs.arn_texts import ArnTexts
from tflint_tap.terraform.evaluation.values import Unknown
from tflint_tap.text.source import Source

STACK = """\
variable "region" {
  default = "eu-west-1"
}

variable "name" {
}

variable "arn" {
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sqs_queue" "mail" {
  name = "mail-${var.name}"
}

resource "aws_dynamodb_table" "orders" {
  name           = "orders"
  stream_enabled = true
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}

resource "aws_kms_key" "own" {
}

resource "aws_kms_key" "other" {
}

resource "aws_cloudwatch_log_group" "worker" {
  name = "/aws/lambda/worker"
}

data "aws_caller_identity" "me" {
}
"""
COVERED = [
    ('"*"', "aws_sqs_queue.jobs.arn"),
    ("aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs.arn"),
    ("aws_sqs_queue.mail.arn", "aws_sqs_queue.mail.arn"),
    ('"arn:aws:sqs:eu-west-1:111122223333:jobs"', "aws_sqs_queue.jobs.arn"),
    ('"arn:aws:sqs:${var.region}:${data.aws_caller_identity.me.account_id}:jobs"', "aws_sqs_queue.jobs.arn"),
    ('"arn:aws:sqs:*:*:mail-${var.name}"', "aws_sqs_queue.mail.arn"),
    ('"arn:aws:sqs:*:*:*"', "aws_sqs_queue.mail.arn"),
    ('"${aws_dynamodb_table.orders.arn}/index/*"', '"${aws_dynamodb_table.orders.arn}/index/by-date"'),
    ('"${aws_dynamodb_table.orders.arn}/stream/*"', "aws_dynamodb_table.orders.stream_arn"),
    ('"arn:aws:dynamodb:*:*:table/orders/stream/*"', "aws_dynamodb_table.orders.stream_arn"),
    ('"${aws_s3_bucket.data.arn}/*"', '"arn:aws:s3:::data/*"'),
    ('"arn:aws:s3:::data/*"', '"${aws_s3_bucket.data.arn}/reports/*"'),
    ('"${aws_cloudwatch_log_group.worker.arn}:*"', '"arn:aws:logs:*:*:log-group:/aws/lambda/worker:*"'),
    ('"arn:aws:kms:*:*:key/*"', "aws_kms_key.own.arn"),
]
NOT_COVERED = [
    ("aws_sqs_queue.jobs.arn", "aws_sqs_queue.mail.arn"),
    ("aws_kms_key.own.arn", "aws_kms_key.other.arn"),
    ('"arn:aws:sqs:*:*:job"', "aws_sqs_queue.jobs.arn"),
    ('"arn:aws:sns:*:*:jobs"', "aws_sqs_queue.jobs.arn"),
    ("aws_dynamodb_table.orders.arn", "aws_dynamodb_table.orders.stream_arn"),
    ("aws_s3_bucket.data.arn", '"${aws_s3_bucket.data.arn}/*"'),
    ('"${aws_s3_bucket.data.arn}/reports/*"', '"${aws_s3_bucket.data.arn}/*"'),
    ("aws_cloudwatch_log_group.worker.arn", '"${aws_cloudwatch_log_group.worker.arn}:*"'),
    ("aws_sqs_queue.jobs.arn", '"*"'),
    ('"arn:aws:kms:*:*:alias/*"', "aws_kms_key.own.arn"),
]
UNKNOWN = [
    ("var.arn", "aws_sqs_queue.jobs.arn"),
    ('"arn:aws:sqs:*:*:${var.name}"', "aws_sqs_queue.jobs.arn"),
]


def verdict(pattern: str, arn: str) -> bool | Unknown:
    stack = stack_of(STACK)
    values = [stack.evaluator.evaluate(parse_expression(Source("", text))) for text in (pattern, arn)]
    return ArnTexts(stack).covers(*values)


@pytest.mark.parametrize(("pattern", "arn"), COVERED)
def test_a_pattern_covers_an_arn(pattern: str, arn: str) -> None:
    assert verdict(pattern, arn) is True


@pytest.mark.parametrize(("pattern", "arn"), NOT_COVERED)
def test_a_pattern_does_not_cover_an_arn(pattern: str, arn: str) -> None:
    assert verdict(pattern, arn) is False


@pytest.mark.parametrize(("pattern", "arn"), UNKNOWN)
def test_what_is_not_known_decides_nothing(pattern: str, arn: str) -> None:
    found = verdict(pattern, arn)
    assert isinstance(found, Unknown)
    assert "has no default" in found.reason
