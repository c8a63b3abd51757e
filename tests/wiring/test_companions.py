"""What holds a part of another resource's settings, and what policies let in."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tests.wiring.stacks import edges, resource
from tflint_tap.aws.companions import companions_of, shared_argument
from tflint_tap.wiring.companions import Companions

VARIABLE = 'variable "x" {}\n'
BUCKET = (
    'resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n}\nresource "aws_s3_bucket" "other" {\n  bucket = "other"\n}\n'
)


def _companions(text: str, address: str, *types: str) -> tuple[list[str], list[tuple[str, str]], str | None]:
    stack = stack_of(text)
    found: Companions = stack.wiring.companions.of(resource(stack, address), *types)
    possible = [(instance.address, doubt) for instance, doubt in found.possible]
    return [instance.address for instance in found.certain], possible, found.doubt


def _versioning(bucket: str, more: str = "") -> str:
    return f'resource "aws_s3_bucket_versioning" "v" {{\n  bucket = {bucket}\n{more}}}\n'


@pytest.mark.parametrize("bucket", ["aws_s3_bucket.b.id", "aws_s3_bucket.b.bucket", '"logs"', "local.name"])
def test_a_companion_names_its_parent_in_any_way(bucket: str) -> None:
    text = BUCKET + "locals {\n  name = aws_s3_bucket.b.id\n}\n" + _versioning(bucket)
    assert _companions(text, "aws_s3_bucket.b") == (["aws_s3_bucket_versioning.v"], [], None)
    assert _companions(text, "aws_s3_bucket.other") == ([], [], None)


def test_companions_of_a_type_are_asked_for() -> None:
    text = BUCKET + _versioning("aws_s3_bucket.b.id") + 'resource "aws_s3_bucket_acl" "a" {\n  bucket = "logs"\n}\n'
    assert _companions(text, "aws_s3_bucket.b", "aws_s3_bucket_acl") == (["aws_s3_bucket_acl.a"], [], None)
    assert _companions(text, "aws_s3_bucket.b")[0] == ["aws_s3_bucket_acl.a", "aws_s3_bucket_versioning.v"]


def test_a_companion_of_every_instance_is_one_of_its_own() -> None:
    text = 'resource "aws_s3_bucket" "b" {\n  for_each = toset(["x", "y"])\n  bucket = each.key\n}\n'
    text += _versioning("each.value.id", "  for_each = aws_s3_bucket.b\n")
    assert _companions(text, 'aws_s3_bucket.b["y"]') == (['aws_s3_bucket_versioning.v["y"]'], [], None)


def test_a_companion_that_may_not_be_there_is_possible() -> None:
    text = VARIABLE + BUCKET + _versioning("aws_s3_bucket.b.id", "  count = var.x\n")
    doubts = [("aws_s3_bucket_versioning.v[?]", "var.x has no default")]
    assert _companions(text, "aws_s3_bucket.b") == ([], doubts, None)


def test_companions_of_the_same_unknown_keys_are_certain() -> None:
    text = VARIABLE + 'resource "aws_s3_bucket" "b" {\n  for_each = var.x\n  bucket = each.key\n}\n'
    text += _versioning("aws_s3_bucket.b[each.key].id", "  for_each = var.x\n")
    assert _companions(text, "aws_s3_bucket.b[?]") == (["aws_s3_bucket_versioning.v[?]"], [], None)


def test_a_parent_that_is_chosen_is_possible_and_one_from_outside_is_none() -> None:
    chosen = VARIABLE + BUCKET + _versioning("var.x ? aws_s3_bucket.b.id : aws_s3_bucket.other.id")
    doubts = [("aws_s3_bucket_versioning.v", "var.x has no default")]
    assert _companions(chosen, "aws_s3_bucket.b") == ([], doubts, None)
    assert _companions(VARIABLE + BUCKET + _versioning("var.x"), "aws_s3_bucket.b") == ([], [], None)


def test_where_the_module_is_not_whole_there_may_be_more() -> None:
    text = BUCKET + 'resource "aws_s3_bucket_acl" "broken" {\n  bucket = \n}\n'
    assert _companions(text, "aws_s3_bucket.b")[2] == "a part of the module can't be read"


def _setting(text: str, name: str) -> tuple[str, str] | str | None:
    stack = stack_of(text)
    found = stack.companion_setting(resource(stack, "aws_sqs_queue.q"), name)
    return found if found is None or isinstance(found, str) else (found[0].address, found[1])


REDRIVE = (
    'resource "aws_sqs_queue_redrive_policy" "r" {{\n{}  queue_url = aws_sqs_queue.q.id\n'
    '  redrive_policy = "{{}}"\n}}\n'
)


def test_a_companion_sets_an_argument_of_its_parent() -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    assert _setting(queue + REDRIVE.format(""), "redrive_policy") == (
        "aws_sqs_queue_redrive_policy.r",
        "redrive_policy",
    )
    assert _setting(queue + REDRIVE.format(""), "policy") is None
    assert _setting(VARIABLE + queue + REDRIVE.format("  count = var.x\n"), "redrive_policy") == "var.x has no default"


def test_an_argument_of_another_type_is_no_setting_of_the_parents() -> None:
    rows = {row.type: row for row in companions_of("aws_iam_role")}
    assert shared_argument(rows["aws_iam_role_policy_attachment"], "managed_policy_arns") is None
    (accelerate,) = [row for row in companions_of("aws_s3_bucket") if "accelerate" in row.type]
    assert shared_argument(accelerate, "acceleration_status") == "status"


# -- what policies let in --------------------------------------------------------------------------------

QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nresource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
POLICY = 'resource "aws_sqs_queue_policy" "p" {{\n  queue_url = aws_sqs_queue.q.id\n  policy = {}\n}}\n'
STATEMENT = 'Effect = "{}", Principal = {{ Service = "sns.amazonaws.com" }}, Action = "sqs:SendMessage", Resource = "*"'


def _json(arn: str, effect: str = "Allow", key: str = "aws:SourceArn", operator: str = "ArnEquals") -> str:
    condition = f'Condition = {{ {operator} = {{ "{key}" = {arn} }} }}'
    return f"jsonencode({{ Statement = [{{ {STATEMENT.format(effect)}, {condition} }}] }})"


@pytest.mark.parametrize(
    "policy",
    [
        _json("aws_sns_topic.t.arn"),
        _json('"arn:aws:sns:r:1:t"', key="AWS:SourceArn"),
        _json('"arn:aws:sns:*:*:t*"', operator="ArnLike"),
        _json("[aws_sns_topic.t.arn]"),
        "data.aws_iam_policy_document.d.json",
    ],
)
def test_a_queues_policy_admits_a_topic(policy: str) -> None:
    text = QUEUE + POLICY.format(policy)
    text += 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["sqs:SendMessage"]\n    condition {\n'
    text += '      test = "ArnEquals"\n      variable = "aws:SourceArn"\n'
    text += "      values = [aws_sns_topic.t.arn]\n    }\n  }\n}\n"
    assert edges(text, "admits") == [("aws_sqs_queue.q", "aws_sns_topic.t", None)]


@pytest.mark.parametrize(
    "policy",
    [
        _json("aws_sns_topic.t.arn", effect="Deny"),
        _json("aws_sns_topic.t.arn", operator="ArnNotEquals"),
        _json("aws_sns_topic.t.arn", key="aws:PrincipalArn"),
        _json('"arn:aws:sns:r:1:another"'),
    ],
)
def test_what_a_policy_denies_or_does_not_name_is_not_admitted(policy: str) -> None:
    assert edges(QUEUE + POLICY.format(policy), "admits") == []


def test_a_policy_within_the_resource_admits_a_role() -> None:
    text = 'resource "aws_iam_role" "r" {\n  name = "r"\n}\nresource "aws_sqs_queue" "q" {\n  policy = jsonencode({\n'
    text += (
        '    Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.r.arn }, Action = "sqs:SendMessage" }]\n'
    )
    text += "  })\n}\n"
    assert edges(text, "admits") == [("aws_sqs_queue.q", "aws_iam_role.r", None)]


def test_a_permission_admits_an_api() -> None:
    text = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\nresource "aws_apigatewayv2_api" "a" {}\n'
    text += 'resource "aws_lambda_permission" "p" {\n  function_name = aws_lambda_function.f.function_name\n'
    text += '  source_arn = "${aws_apigatewayv2_api.a.execution_arn}/*/*/book"\n}\n'
    assert edges(text, "admits") == [("aws_lambda_function.f", "aws_apigatewayv2_api.a", None)]
