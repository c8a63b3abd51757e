"""Arguments that exclude or need each other, where it is not certain which are set."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named

from .reading import FUNCTION, QUEUE, doubts


def test_an_argument_that_may_be_one_too_many_is_a_doubt() -> None:
    text = 'variable "uri" {}\n' + FUNCTION.format(body='filename  = "worker.zip"\n  image_uri = var.uri')
    assert doubts("schema/conflicting-arguments", text) == [(7, "it can't be told whether image_uri is set")]


def test_an_empty_text_beside_another_argument_is_a_doubt() -> None:
    text = 'resource "aws_sqs_queue" "jobs" {\n  name        = "jobs"\n  name_prefix = ""\n}\n'
    assert doubts("schema/conflicting-arguments", text) == [(3, "it can't be told whether name_prefix is set")]


def test_blocks_that_a_dynamic_block_may_make_are_a_doubt_beside_what_excludes_them() -> None:
    text = """variable "queries" {}
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  dynamic "metric_query" {
    for_each = var.queries
    content {
      id         = metric_query.key
      expression = "SUM(METRICS())"
    }
  }
}
"""
    assert doubts("schema/conflicting-arguments", text) == [(10, "it can't be told whether metric_query is set")]


@pytest.mark.parametrize(
    "body",
    [
        "image_uri = var.uri",  # set or not, nothing else is there to be decided
        "filename  = null\n  image_uri = var.uri",
        's3_bucket = var.uri\n  s3_key = "worker.zip"',
        'dynamic "image_config" {\n    for_each = var.uri\n    content {}\n  }\n  image_uri = var.uri',
    ],
)
def test_what_is_most_probably_set_is_no_doubt(body: str) -> None:
    text = 'variable "uri" {}\n' + FUNCTION.format(body=body)
    assert doubts("schema/conflicting-arguments", text) == []


@pytest.mark.parametrize(
    "body",
    [
        'name = var.p ? null : "x"\n  name_prefix = var.p ? "x-" : null',
        'name = var.p ? "x" : null\n  name_prefix = !var.p ? "x-" : null',
        'name = (var.k == "") ? "x" : null\n  name_prefix = (var.k != "" ? "x-" : null)',
        "name = local.name\n  name_prefix = local.start",
        'kms_master_key_id = var.k != "" ? var.k : null\n  sqs_managed_sse_enabled = var.k != "" ? null : true',
    ],
)
def test_what_one_condition_decides_is_not_set_together(body: str) -> None:
    assert doubts("schema/conflicting-arguments", QUEUE.format(body=body)) == []


@pytest.mark.parametrize(
    "body",
    [
        'name = var.p ? "x" : null\n  name_prefix = var.p ? "x-" : null',
        'name = var.p ? "x" : null\n  name_prefix = var.k == "" ? "x-" : null',
        'name = var.p ? "x" : null\n  name_prefix = var.k',
        'name = var.p ? null : "x"\n  name_prefix = !var.p ? "x-" : null',
    ],
)
def test_what_may_be_set_together_is_a_doubt(body: str) -> None:
    (doubt,) = doubts("schema/conflicting-arguments", QUEUE.format(body=body))
    assert doubt[1] == "it can't be told whether name is set"


def test_dynamic_blocks_that_one_condition_decides_do_not_exclude_each_other() -> None:
    text = """variable "p" {
  type = bool
}
resource "aws_cloudwatch_metric_stream" "all" {
  firehose_arn  = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/a"
  role_arn      = "arn:aws:iam::123456789012:role/a"
  output_format = "json"
  dynamic "include_filter" {
    for_each = var.p ? ["AWS/SQS"] : []
    content {
      namespace = include_filter.value
    }
  }
  dynamic "exclude_filter" {
    for_each = var.p ? [] : ["AWS/SQS"]
    content {
      namespace = exclude_filter.value
    }
  }
}
"""
    assert doubts("schema/conflicting-arguments", text) == []
    assert len(doubts("schema/conflicting-arguments", text.replace('[] : ["AWS/SQS"]', '["AWS/SQS"] : []'))) == 1


@pytest.mark.parametrize("value", ["var.p ? var.k : null", "local.name", "(var.p ? null : var.k)"])
def test_what_exactly_one_of_is_needed_may_be_left_to_a_condition(value: str) -> None:
    text = 'resource "aws_ssm_parameter" "p" {{\n  name  = "p"\n  type  = "String"\n  value = {value}\n}}\n'
    report = judged(rule_named("schema/conflicting-arguments"), QUEUE.format(body="") + text.format(value=value))
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_a_dynamic_block_without_a_label_makes_none_of_a_group() -> None:
    body = "dynamic {\n  }\n  image_uri = var.k\n  filename  = var.p ? null : var.k"
    report = judged(rule_named("schema/conflicting-arguments"), QUEUE.format(body="") + FUNCTION.format(body=body))
    assert report.failures == ()
