"""Which policies a stack has, and whose they are."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.stacks import SHARED
from tflint_tap.iam.policies import policy_attributes

from .reading import plain, policies, the_policy, words

SCHEMA = SHARED / "terraform" / "aws_schema.json.gz"
DOCUMENT = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "x:Y" }] })'


@pytest.mark.parametrize(
    ("type_", "argument", "kind"),
    [
        ("aws_iam_policy", "policy", "identity"),
        ("aws_iam_role_policy", "policy", "identity"),
        ("aws_iam_user_policy", "policy", "identity"),
        ("aws_iam_group_policy", "policy", "identity"),
        ("aws_iam_role", "assume_role_policy", "trust"),
        ("aws_sqs_queue", "policy", "resource"),
        ("aws_sqs_queue_policy", "policy", "resource"),
        ("aws_sns_topic", "policy", "resource"),
        ("aws_sns_topic_policy", "policy", "resource"),
        ("aws_s3_bucket_policy", "policy", "resource"),
        ("aws_secretsmanager_secret_policy", "policy", "resource"),
        ("aws_cloudwatch_event_bus_policy", "policy", "resource"),
        ("aws_cloudwatch_log_resource_policy", "policy_document", "resource"),
        ("aws_opensearch_domain", "access_policies", "resource"),
        ("aws_kms_key", "policy", "key"),
        ("aws_kms_key_policy", "policy", "key"),
        ("aws_kms_replica_key", "policy", "key"),
    ],
)
def test_an_argument_that_holds_a_policy_is_one_of_its_kind(type_: str, argument: str, kind: str) -> None:
    policy = the_policy(f'resource "{type_}" "r" {{\n  {argument} = {DOCUMENT}\n}}\n')
    assert (policy.kind, policy.address, policy.attribute) == (kind, f"{type_}.r", argument)
    assert policy.span.text == DOCUMENT
    assert [plain(statement) for statement in policy.statements] == [{"Effect": "Allow", "Action": "x:Y"}]


@pytest.mark.parametrize(
    "text",
    [
        f'resource "aws_organizations_policy" "r" {{\n  content = {DOCUMENT}\n}}\n',
        f'resource "aws_vpc_endpoint" "r" {{\n  policy = {DOCUMENT}\n}}\n',
        f'resource "aws_ecr_lifecycle_policy" "r" {{\n  policy = {DOCUMENT}\n}}\n',
        f'resource "aws_sqs_queue" "r" {{\n  redrive_policy = {DOCUMENT}\n}}\n',
        'resource "aws_sqs_queue" "r" {\n  policy = null\n}\n',
    ],
)
def test_what_grants_nothing_is_no_policy(text: str) -> None:
    assert policies(text) == ()


def test_each_inline_policy_of_a_role_is_one() -> None:
    found = policies(
        f"""resource "aws_iam_role" "r" {{
  assume_role_policy = {DOCUMENT}
  inline_policy {{
    policy = {DOCUMENT}
  }}
  dynamic "inline_policy" {{
    for_each = ["a:B"]
    content {{
      policy = jsonencode({{ Statement = {{ Action = inline_policy.value }} }})
    }}
  }}
}}
"""
    )
    assert [(policy.kind, policy.attribute, plain(policy.statements[0])["Action"]) for policy in found] == [
        ("trust", "assume_role_policy", "x:Y"),
        ("identity", "inline_policy.policy", "x:Y"),
        ("identity", "inline_policy.policy", "a:B"),
    ]


@pytest.mark.parametrize(
    ("users", "count"),
    [
        ('resource "aws_iam_role" "r" {\n  permissions_boundary = aws_iam_policy.p.arn\n}\n', 0),
        ('resource "aws_iam_role_policy_attachment" "r" {\n  policy_arn = aws_iam_policy.p.arn\n}\n', 1),
        (
            'resource "aws_iam_role" "r" {\n  permissions_boundary = aws_iam_policy.p.arn\n}\n'
            'resource "aws_iam_role_policy_attachment" "r" {\n  policy_arn = aws_iam_policy.p.arn\n}\n',
            1,
        ),
        ("", 1),
    ],
)
def test_a_policy_that_is_only_a_boundary_grants_nothing(users: str, count: int) -> None:
    assert len(policies(f'resource "aws_iam_policy" "p" {{\n  policy = {DOCUMENT}\n}}\n{users}')) == count


def test_a_permission_of_a_function_is_a_statement() -> None:
    policy = the_policy(
        """resource "aws_sns_topic" "t" {}
resource "aws_lambda_permission" "p" {
  statement_id   = "FromTopic"
  action         = "lambda:InvokeFunction"
  function_name  = "worker"
  principal      = "sns.amazonaws.com"
  source_arn     = aws_sns_topic.t.arn
  source_account = "111122223333"
}
"""
    )
    assert (policy.kind, policy.attribute, policy.document.data) == ("resource", "", None)
    assert [plain(statement) for statement in policy.statements] == [
        {
            "Effect": "Allow",
            "Sid": "FromTopic",
            "Action": "lambda:InvokeFunction",
            "Resource": "worker",
            "Principal": {"Service": ["sns.amazonaws.com"]},
            "Condition": {
                "ArnLike": {"AWS:SourceArn": ["aws_sns_topic.t.arn"]},
                "StringEquals": {"AWS:SourceAccount": ["111122223333"]},
            },
        }
    ]


@pytest.mark.parametrize(
    ("principal", "kind"),
    [
        ('"events.amazonaws.com"', "Service"),
        ('"111122223333"', "AWS"),
        ('"arn:aws:iam::111122223333:role/r"', "AWS"),
        ('"*"', "*"),
        ("data.aws_caller_identity.c.account_id", "? data.aws_caller_identity.c.account_id is known after apply"),
    ],
)
def test_the_principal_of_a_permission_is_told_by_its_form(principal: str, kind: str) -> None:
    policy = the_policy(
        f'data "aws_caller_identity" "c" {{}}\nresource "aws_lambda_permission" "p" {{\n  principal = {principal}\n}}\n'
    )
    principals = policy.statements[0].principals
    assert principals is not None
    assert words(principals.entries[0].kind) == kind


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the provider's schema isn't at hand")
def test_the_table_names_arguments_that_the_provider_has() -> None:
    providers = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    (schema,) = providers.get("provider_schemas", providers).values()
    missing = []
    for type_, arguments in policy_attributes().items():
        for argument, _ in arguments:
            block = schema["resource_schemas"].get(type_, {}).get("block", {})
            *path, name = argument.split(".")
            for step in path:
                block = block.get("block_types", {}).get(step, {}).get("block", {})
            if name not in block.get("attributes", {}):
                missing.append(f"{type_}.{argument}")
    assert missing == []
