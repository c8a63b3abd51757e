"""What can't be decided, and where what is found came from."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tflint_tap.hcl import parse, parse_expression
from tflint_tap.lint import judge
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.inputs import Inputs
from tflint_tap.terraform.module import build_module
from tflint_tap.text.nearest import MOST_SUGGESTED
from tflint_tap.text.source import Source

_FUNCTION = """
resource "aws_lambda_function" "worker" {{
  function_name = "worker"
  role          = "arn:aws:iam::123456789012:role/worker"
  {body}
}}
"""


_QUEUE = """
variable "p" {{
  type = bool
}}
variable "k" {{
  type = string
}}
locals {{
  by_name = var.p
  name    = local.by_name ? "x" : null
  start   = var.p ? null : "x-"
}}
resource "aws_sqs_queue" "jobs" {{
  {body}
}}
"""


def _doubts(rule: str, text: str) -> list[tuple[int, str | None]]:
    report = judged(rule_named(rule), text)
    assert report.findings == ()
    return [(doubt.span.line, doubt.reason) for doubt in report.doubts]


def test_an_argument_that_may_be_one_too_many_is_a_doubt() -> None:
    text = 'variable "uri" {}\n' + _FUNCTION.format(body='filename  = "worker.zip"\n  image_uri = var.uri')
    assert _doubts("schema/conflicting-arguments", text) == [(7, "it can't be told whether image_uri is set")]


def test_an_empty_text_beside_another_argument_is_a_doubt() -> None:
    text = 'resource "aws_sqs_queue" "jobs" {\n  name        = "jobs"\n  name_prefix = ""\n}\n'
    assert _doubts("schema/conflicting-arguments", text) == [(3, "it can't be told whether name_prefix is set")]


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
    assert _doubts("schema/conflicting-arguments", text) == [(10, "it can't be told whether metric_query is set")]


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
    text = 'variable "uri" {}\n' + _FUNCTION.format(body=body)
    assert _doubts("schema/conflicting-arguments", text) == []


def test_a_validation_that_depends_on_what_is_not_given_is_a_doubt() -> None:
    text = """variable "limit" {
  type = number
}
variable "timeout" {
  type    = number
  default = 30
  validation {
    condition     = var.timeout < var.limit
    error_message = "It has to be below the limit."
  }
}
"""
    assert _doubts("variables/default-mismatch", text) == [(6, "var.limit has no default")]


def test_an_unknown_number_of_blocks_is_neither_too_many_nor_too_few() -> None:
    text = """variable "rules" {}
resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn"
  dynamic "default_action" {
    for_each = var.rules
    content {
      type = "fixed-response"
      dynamic "fixed_response" {
        for_each = default_action.value
        content {
          content_type = "text/plain"
        }
      }
    }
  }
}
"""
    for rule in ("missing-block", "too-many-blocks", "missing-argument", "wrong-type"):
        assert _doubts(f"schema/{rule}", text) == []


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


def test_a_bad_default_that_several_use_is_one_finding() -> None:
    text = """locals {
  mode = "active"
}
resource "aws_sfn_state_machine" "a" {
  role_arn   = "arn:aws:iam::123456789012:role/a"
  definition = "{}"
  type       = local.mode
}
resource "aws_sfn_state_machine" "b" {
  role_arn   = "arn:aws:iam::123456789012:role/a"
  definition = "{}"
  type       = local.mode
}
"""
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.span.line == 2
    assert sorted(related.span.line for related in finding.related) == [7, 12]


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


def test_an_empty_default_is_fine_where_a_list_is_given() -> None:
    text = """variable "subnets" {
  default = []
}
resource "aws_db_subnet_group" "main" {
  subnet_ids = var.subnets
}
"""
    module = build_module([parse(Source("main.tf", text))])
    rule = rule_named("variables/empty-default")
    assert [finding.span.line for finding in judge(rule, Stack.of(module))] == [2]
    given = Inputs({"subnets": parse_expression(Source("terraform.tfvars", '["subnet-1"]'))})
    assert list(judge(rule, Stack.of(module, given))) == []


@pytest.mark.slow
def test_a_resource_of_many_instances_is_judged_in_time() -> None:
    text = """resource "aws_sqs_queue" "many" {
  count         = 902
  name          = "many-${count.index}"
  delay_seconds = count.index
  tags          = { Name = "many-${count.index}" }
}
"""
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.message == "delay_seconds in aws_sqs_queue.many is 901, which is not between 0 and 900"


@pytest.mark.slow
def test_of_thousands_of_unknown_types_only_the_first_get_a_suggestion() -> None:
    blocks = "".join(f'resource "aws_sqs_quee{number}" "q" {{}}\n' for number in range(MOST_SUGGESTED + 5))
    remedies = [finding.remedy for finding in judged(rule_named("schema/unknown-type"), blocks).findings]
    assert remedies == ["aws_sqs_queue was meant"] * MOST_SUGGESTED + ["a type that the provider has"] * 5


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
    assert _doubts("schema/conflicting-arguments", _QUEUE.format(body=body)) == []


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
    (doubt,) = _doubts("schema/conflicting-arguments", _QUEUE.format(body=body))
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
    assert _doubts("schema/conflicting-arguments", text) == []
    assert len(_doubts("schema/conflicting-arguments", text.replace('[] : ["AWS/SQS"]', '["AWS/SQS"] : []'))) == 1


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        ("retention_in_days = 15", "14 or 30, which AWS takes"),
        ("retention_in_days = 9999", "3653, which AWS takes"),
        ('log_group_class = "STANDAR"', '"STANDARD" was meant'),
        ('name = "a b"', "a value that AWS takes"),
    ],
)
def test_what_would_be_right_instead_of_a_value(body: str, remedy: str) -> None:
    text = f'resource "aws_cloudwatch_log_group" "a" {{\n  {body}\n}}\n'
    (finding,) = judged(rule_named("schema/invalid-value"), text).findings
    assert finding.remedy == remedy


def test_outside_a_range_there_is_no_value_to_suggest() -> None:
    (finding,) = judged(rule_named("schema/invalid-value"), _FUNCTION.format(body="memory_size = 64")).findings
    assert finding.remedy == "a value that AWS takes"
