"""Who may call by a statement: everyone, or those alone that meet its conditions."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tflint_tap.iam.callers import confined, denied_to_others, everyone
from tflint_tap.iam.statements import Statement
from tflint_tap.terraform.evaluation.values import Unknown

from .reading import policies, words

MODULE = stack_of("").module
VARIABLES = 'variable "x" {}\nvariable "account_id" {}\nvariable "account_ids" {}\nvariable "role_arns" {}\n'


def statements(*written: str) -> tuple[Statement, ...]:
    listed = ", ".join(written)
    text = f'{VARIABLES}resource "aws_sqs_queue" "q" {{\n  policy = jsonencode({{ Statement = [{listed}] }})\n}}\n'
    return policies(text)[0].statements


@pytest.mark.parametrize(
    ("principal", "found", "doubt"),
    [
        ('"*"', ["*"], None),
        ('{ AWS = "*" }', ["*"], None),
        ('{ AWS = ["111122223333", "*"] }', ["*"], None),
        ('{ Federated = "*" }', ["*"], None),
        ('{ Service = "*" }', [], None),
        ('{ AWS = "111122223333" }', [], None),
        ('{ AWS = "arn:aws:iam::${var.account_id}:root" }', [], None),
        ("{ AWS = var.account_id }", [], None),
        ("{ AWS = var.role_arns }", [], None),
        ('{ AWS = [for id in var.account_ids : "arn:aws:iam::${id}:root"] }', [], None),
        ("{ AWS = [var.x] }", [], "var.x has no default"),
        ("{ AWS = var.x }", [], "var.x has no default"),
        ('{ AWS = concat(["*"], var.x) }', ["*"], "var.x has no default"),
        ("var.x", [], "var.x has no default"),
    ],
)
def test_everyone_is_a_principal_that_is_a_star(principal: str, found: list[str], doubt: str | None) -> None:
    (statement,) = statements(f'{{ Effect = "Allow", Principal = {principal}, Action = "sqs:SendMessage" }}')
    values, unsure = everyone(statement, stack_of(VARIABLES).evaluator)
    assert ([words(value) for value in values], unsure) == (found, doubt)


@pytest.mark.parametrize(
    ("condition", "caller", "source"),
    [
        ('StringEquals = { "aws:SourceAccount" = "111122223333" }', True, True),
        ('StringEquals = { "AWS:SOURCEACCOUNT" = var.x }', True, True),
        ('StringEquals = { "aws:PrincipalOrgID" = "o-1" }', True, False),
        ('"ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = "o-1/*" }', True, False),
        ('"ForAllValues:StringEquals" = { "aws:PrincipalOrgID" = "o-1" }', False, False),
        ('StringEqualsIfExists = { "aws:PrincipalOrgID" = "o-1" }', False, False),
        ('StringNotEquals = { "aws:PrincipalOrgID" = "o-1" }', False, False),
        ('StringEquals = { "aws:PrincipalOrgID" = "*" }', False, False),
        ('StringEquals = { "kms:EncryptionContext:aws:logs:arn" = "x" }', False, True),
        ('ArnLike = { "aws:SourceArn" = "arn:aws:s3:::jobs" }', True, True),
        ('ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:*" }', False, False),
        ('ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:111122223333:*" }', True, True),
        ('ArnLike = { "aws:SourceArn" = ["arn:aws:s3:::jobs", "*"] }', False, False),
        ('IpAddress = { "aws:SourceIp" = "203.0.113.0/24" }', True, False),
        ('IpAddress = { "aws:SourceIp" = "0.0.0.0/0" }', False, False),
        ('NotIpAddress = { "aws:SourceIp" = "203.0.113.0/24" }', False, False),
        ('Bool = { "aws:SecureTransport" = "true" }', False, False),
        ('Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" }', True, False),
        ('Bool = { "elasticfilesystem:AccessedViaMountTarget" = false }', False, False),
        ('Null = { "aws:SourceArn" = "false" }', False, False),
        ('StringEquals = { "sts:ExternalId" = "x" }', False, False),
    ],
)
def test_a_condition_confines_whose_key_only_known_callers_have(condition: str, caller: bool, source: bool) -> None:
    (statement,) = statements(
        f'{{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Condition = {{ {condition} }} }}'
    )
    assert (confined(statement), confined(statement, "source")) == (caller, source)


def test_a_condition_that_is_not_known_may_confine() -> None:
    (whole,) = statements('{ Effect = "Allow", Principal = "*", Action = "x:Y", Condition = var.x }')
    (key,) = statements(
        '{ Effect = "Allow", Principal = "*", Action = "x:Y", Condition = { StringEquals = { (var.x) = "y" } } }'
    )
    assert [confined(statement) for statement in (whole, key)] == [Unknown("var.x has no default")] * 2


@pytest.mark.parametrize(
    ("deny", "denied"),
    [
        ('Action = "sqs:*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-1" } }', True),
        ('Action = "*", Condition = { NotIpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }', True),
        (
            'Action = "sqs:*", Condition = { StringNotEqualsIfExists = { "aws:PrincipalOrgID" = "o-1" }, '
            'BoolIfExists = { "aws:PrincipalIsAWSService" = "false" } }',
            True,
        ),
        ('Action = "sqs:*", Condition = { Bool = { "aws:SecureTransport" = "false" } }', False),
        (
            'Action = "sqs:*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-1" }, '
            'Bool = { "aws:SecureTransport" = "false" } }',
            False,
        ),
        ('Action = "sqs:SendMessage", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-1" } }', False),
        ('Action = "sqs:*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "*" } }', False),
        ('Action = "sqs:*"', False),
    ],
)
def test_what_is_denied_to_all_others_is_confined(deny: str, denied: bool) -> None:
    allow, other = statements(
        '{ Effect = "Allow", Principal = "*", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"] }',
        f'{{ Effect = "Deny", Principal = "*", {deny} }}',
    )
    assert denied_to_others(allow, (allow, other), MODULE) is denied


@pytest.mark.parametrize(
    ("principal", "denied"),
    [('NotPrincipal = { AWS = "111122223333" }', True), ('Principal = { AWS = "111122223333" }', False)],
)
def test_a_deny_for_all_but_some_confines(principal: str, denied: bool) -> None:
    allow, other = statements(
        '{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage" }',
        f'{{ Effect = "Deny", {principal}, Action = "sqs:*" }}',
    )
    assert denied_to_others(allow, (allow, other), MODULE) is denied


@pytest.mark.parametrize(
    ("denied_on", "allowed_on", "denied"),
    [
        ("arn:aws:s3:::b", "arn:aws:s3:::b/*", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/public/*", True),
        ("*", "arn:aws:s3:::b/*", True),
        ("arn:aws:sqs:eu-west-1:111122223333:q", "*", True),
    ],
)
def test_a_denial_confines_only_what_it_is_about(denied_on: str, allowed_on: str, denied: bool) -> None:
    allow, other = statements(
        f'{{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "{allowed_on}" }}',
        f'{{ Effect = "Deny", NotPrincipal = {{ AWS = "111122223333" }}, Action = "s3:*", Resource = "{denied_on}" }}',
    )
    assert denied_to_others(allow, (allow, other), MODULE) is denied
