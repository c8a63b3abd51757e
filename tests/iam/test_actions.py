"""The catalogue of actions: patterns, scopes, and the resources that an action applies to."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tflint_tap.aws.actions import services
from tflint_tap.iam import actions
from tflint_tap.iam.actions import action, as_of, expand, fits, limitable
from tflint_tap.iam.resource_patterns import arns_meet, covers, tabled, written
from tflint_tap.iam.resource_texts import resource_text
from tflint_tap.terraform.evaluation.values import Unknown

BLOCKS = """\
variable "v" {}
data "aws_caller_identity" "me" {}
data "aws_sqs_queue" "other" {
  name = "other"
}
module "m" {
  source = "./m"
}
resource "aws_s3_bucket" "b" {}
resource "aws_dynamodb_table" "t" {}
resource "aws_cloudwatch_log_group" "g" {}
resource "aws_sqs_queue" "q" {}
resource "aws_lambda_function" "f" {}
resource "aws_ssm_association" "a" {}
"""


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("sqs:SendMessage", ("sqs:SendMessage",)),
        ("SQS:sendmessage", ("sqs:SendMessage",)),
        ("sqs:Send*", ("sqs:SendMessage",)),
        ("sqs:?endMessage", ("sqs:SendMessage",)),
        ("sqs:SEND*", ("sqs:SendMessage",)),
        ("dynamodb:Batch*Item", ("dynamodb:BatchGetItem", "dynamodb:BatchWriteItem")),
        ("sq?:SendMessage", ("sqs:SendMessage",)),
        ("sqs:Nothing*", ()),
        ("sqs", ()),
        ("none:*", ()),
        ("", ()),
    ],
)
def test_a_pattern_covers_actions(pattern: str, names: tuple[str, ...]) -> None:
    assert expand(pattern) == names


@pytest.mark.parametrize("pattern", ["*", "*:*", "**"])
def test_a_star_covers_every_action(pattern: str) -> None:
    found = expand(pattern)
    assert len(found) > 22_000
    assert len({name.partition(":")[0] for name in found}) > len(services()) - 20  # some have none


@pytest.mark.parametrize(
    ("pattern", "verdict"),
    [
        ("sqs:SendMessage", True),
        ("xray:PutTraceSegments", False),
        ("xray:Put*", False),
        ("xray:*", False),
        ("ec2:Describe*", False),
        ("s3:List*", True),
        ("cloudwatch:PutMetricData", False),
        ("*", True),
        ("none:Such", None),
        ("sqs:Nothing*", None),
    ],
)
def test_a_pattern_can_be_limited_if_half_of_its_actions_can(pattern: str, verdict: bool | None) -> None:
    assert limitable(pattern) is verdict


def test_lists_name_what_the_catalogue_has() -> None:
    for name in (*actions.open_wirings(), *actions.unlimited()):
        found = action(name)
        assert found is not None, name
        assert found.is_limitable, name


@pytest.mark.parametrize(
    ("name", "resource", "verdict"),
    [
        ("s3:GetObject", "aws_s3_bucket.b.arn", False),
        ("s3:GetObject", '"${aws_s3_bucket.b.arn}/*"', True),
        ("s3:GetObject", '"arn:aws:s3:::${aws_s3_bucket.b.id}"', False),
        ("s3:GetObject", '"arn:aws:s3:::${aws_s3_bucket.b.id}/in/*"', True),
        ("s3:GetObject", '"arn:aws:s3:::${var.v}"', "var.v has no default"),
        ("s3:GetObject", '"arn:aws:s3:::${var.v}/*"', True),
        ("s3:GetObject", '"arn:aws:s3:::*"', True),
        ("s3:GetObject", '"arn:aws:s3:::logs*"', True),
        ("s3:ListBucket", '"arn:aws:s3:::${var.v}"', True),
        ("s3:ListBucket", '"${aws_s3_bucket.b.arn}/*"', False),
        ("s3:ListBucket", '"arn:aws:s3:::*/*"', False),
        ("s3:ListBucket", '"arn:aws:s3:eu-west-1:111122223333:accesspoint/a"', True),
        ("dynamodb:GetRecords", "aws_dynamodb_table.t.arn", False),
        ("dynamodb:GetRecords", "aws_dynamodb_table.t.stream_arn", True),
        ("dynamodb:GetRecords", '"${aws_dynamodb_table.t.arn}/stream/*"', True),
        ("dynamodb:GetRecords", '"${aws_dynamodb_table.t.arn}/*"', True),
        ("dynamodb:GetItem", "aws_dynamodb_table.t.stream_arn", False),
        ("dynamodb:Query", '"${aws_dynamodb_table.t.arn}/index/by-day"', True),
        ("logs:PutLogEvents", "aws_cloudwatch_log_group.g.arn", False),
        ("logs:PutLogEvents", '"${aws_cloudwatch_log_group.g.arn}:*"', True),
        ("logs:PutLogEvents", '"arn:aws:logs:*:*:*"', True),
        ("logs:PutLogEvents", '"arn:aws:logs:*:*:log-group:/aws/lambda/f"', False),
        ("logs:PutLogEvents", '"arn:aws:logs:*:*:log-group:${aws_cloudwatch_log_group.g.name}:*"', True),
        ("logs:DescribeLogStreams", "aws_cloudwatch_log_group.g.arn", True),
        ("logs:CreateLogGroup", '"arn:aws:logs:eu-west-1:111122223333:*"', True),
        ("sqs:SendMessage", '"arn:aws:sqs:eu-west-1:${data.aws_caller_identity.me.account_id}:q"', True),
        ("sqs:SendMessage", "data.aws_sqs_queue.other.arn", True),
        ("sqs:SendMessage", "aws_dynamodb_table.t.arn", False),
        ("sqs:SendMessage", '"arn:aws:sqs:::q"', False),
        ("lambda:InvokeFunction", "aws_lambda_function.f.qualified_arn", True),
        ("lambda:InvokeFunction", "aws_lambda_function.f.invoke_arn", False),
        ("xray:PutTraceSegments", "aws_sqs_queue.q.arn", False),
        ("ecs:RunTask", '"arn:aws:ecs:eu-west-1:111122223333:task-definition/worker"', True),
        ("none:Such", "aws_sqs_queue.q.arn", f"none:Such isn't in the catalogue of actions of {as_of()}"),
        ("sqs:SendMessage", "var.v", None),
        ("sqs:SendMessage", "module.m.arn", None),
        ("sqs:SendMessage", '"${var.v}:q"', None),
        ("sqs:SendMessage", "aws_ssm_association.a.arn", None),
    ],
)
def test_an_action_applies_to_resources_of_its_types(name: str, resource: str, verdict: bool | str | None) -> None:
    policy = f'{{ Statement = [{{ Effect = "Allow", Action = "x:Y", Resource = [{resource}] }}] }}'
    stack = stack_of(f'{BLOCKS}resource "aws_iam_role_policy" "p" {{\n  policy = jsonencode({policy})\n}}\n')
    resources = stack.policies[0].statements[0].resources
    assert resources is not None
    text = resource_text(resources.items[0], stack.module)
    found = None if text is None else fits(name, text)
    assert (found.reason if isinstance(found, Unknown) else found) == verdict


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*", True),
        ("arn:aws:s3:::b/x", "arn:aws:s3:::b/*", False),
        ("*", "arn:aws:s3:::b/?", True),
        ("arn:aws:s3:::b?", "arn:aws:s3:::b*", False),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b?", True),
        ("arn:aws:s3:::b*c", "arn:aws:s3:::bc", True),
        ("arn:aws:s3:::b", "arn:aws:s3:::b", True),
    ],
)
def test_a_pattern_covers_another(one: str, other: str, verdict: bool) -> None:
    assert covers(written(one), written(other)) is verdict


@pytest.mark.parametrize(
    ("text", "arn", "verdict"),
    [
        ("arn:aws:sqs:*:*:*", "arn:*:sqs:*:*:{}", True),
        ("arn:aws:sqs*", "arn:*:sqs:*:*:{}", True),
        ("arn:aws:s3:::a/b", "arn:*:s3:::{}", False),
        ("arn:aws:sqs:eu-west-1:1:a?c", "arn:*:sqs:*:*:{}", True),
        ("arn:aws:sqs:eu-west-1:1:", "arn:*:sqs:*:*:{}", False),
        ("arn:aws:logs:eu:1:log-group:a/b", "arn:*:logs:*:*:log-group:{/}", True),
        ("arn:aws:logs:eu:1:log-group:a:b", "arn:*:logs:*:*:log-group:{/}", False),
    ],
)
def test_texts_meet_the_arns_of_tables(text: str, arn: str, verdict: bool) -> None:
    assert arns_meet(written(text), tabled(arn)) is verdict
