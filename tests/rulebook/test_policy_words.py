"""Functions on policies and ARNs, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

STACK = """\
variable "x" {}
variable "topic_arn" {}
data "aws_partition" "p" {}
data "aws_caller_identity" "c" {}
resource "aws_sns_topic" "t" {
  name = "events"
}
resource "aws_sns_topic" "other" {
  name = "other"
}
resource "aws_sns_topic" "named" {
  name = var.x
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_sqs_queue" "two" {
  name = "two"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
}
"""


def _verdict(folder: Path, match: str, require: str, text: str) -> str:
    found = findings(card(folder, f"match: {match}\nrequire: >-\n  {require}\n"), text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


@pytest.mark.parametrize(
    ("value", "service"),
    [
        ("aws_sqs_queue.q.arn", "sqs"),
        ("aws_sqs_queue.q.url", "null"),
        ("aws_sqs_queue.q.id", "null"),
        ("aws_sqs_queue.q.name", "null"),
        ("aws_sns_topic.t.id", "sns"),
        ("aws_sns_topic.named.name", "var.x has no default"),
        ("aws_lambda_function.f.qualified_arn", "lambda"),
        ("aws_lambda_function.f.invoke_arn", "apigateway"),
        ("aws_lambda_function.f.version", "aws_lambda_function.f.version is known after apply"),
        ('"arn:aws:sqs:eu-west-3:111122223333:q"', "sqs"),
        ('"arn:aws:sqs:eu-west-3:${data.aws_caller_identity.c.account_id}:q"', "sqs"),
        ('"arn:${data.aws_partition.p.partition}:sqs:eu-west-3:111122223333:q"', "sqs"),
        ('"arn:aws:${var.x}"', "var.x has no default"),
        ('"${var.x}:q"', "var.x has no default"),
        ('"${aws_sns_topic.t.arn}:sub"', "sns"),
        ('"ar${var.x}"', "var.x has no default"),
        ('"https://${var.x}"', "null"),
        ('"q"', "null"),
        ('"arn:aws:sqs"', "null"),
        ("5", "null"),
        ("var.x", "var.x has no default"),
    ],
)
def test_an_arn_tells_its_service(tmp_path: Path, value: str, service: str) -> None:
    text = STACK + f'resource "aws_kms_key" "k" {{\n  description = {value}\n}}\n'
    require = (
        'arn(self.description) == null ? self.is_enabled == "null" : arn(self.description).service == self.is_enabled'
    )
    text = text.replace("  description", f'  is_enabled = "{service}"\n  description')
    assert _verdict(tmp_path, "resource.aws_kms_key", require, text) in ("holds", service)


def _policy(statements: str) -> str:
    return f"""\
resource "aws_sqs_queue_policy" "q" {{
  queue_url = aws_sqs_queue.q.url
  policy = jsonencode({{ Statement = [{statements}] }})
}}
"""


SNS = 'Principal = { Service = "sns.amazonaws.com" }'
ALLOW = 'Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn'
SOURCE = 'Condition = {{ "{}" = {{ "aws:SourceArn" = {} }} }}'
OPEN = f"{{ {ALLOW}, {SNS} }}"


def _of_source(value: str, operator: str = "ArnEquals") -> str:
    return f"{{ {ALLOW}, {SNS}, {SOURCE.format(operator, value)} }}"


def _of_condition(text: str) -> str:
    return f"{{ {ALLOW}, {SNS}, Condition = {{ {text} }} }}"


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        (OPEN, "holds"),
        ("", "broken"),
        # principals
        (f'{{ {ALLOW}, Principal = "*" }}', "holds"),
        (f'{{ {ALLOW}, Principal = {{ AWS = "*" }} }}', "holds"),
        (
            f'{{ {ALLOW}, Principal = {{ AWS = ["111122223333"] }} }}',
            "broken",
        ),
        (f'{{ {ALLOW}, Principal = {{ AWS = "arn:aws:iam::111122223333:role/r" }} }}', "broken"),
        (f'{{ {ALLOW}, Principal = {{ Service = "events.amazonaws.com" }} }}', "broken"),
        (f'{{ {ALLOW}, Principal = {{ Service = ["events.amazonaws.com", "sns.amazonaws.com"] }} }}', "holds"),
        (f'{{ {ALLOW}, Principal = {{ Service = "sns.eu-south-1.amazonaws.com" }} }}', "holds"),
        (f'{{ {ALLOW}, Principal = {{ Service = "sns.${{data.aws_partition.p.dns_suffix}}" }} }}', "holds"),
        (f'{{ {ALLOW}, Principal = {{ Service = "${{var.x}}.amazonaws.com" }} }}', "var.x has no default"),
        (f"{{ {ALLOW}, Principal = {{ AWS = var.x }} }}", "broken"),
        (f"{{ {ALLOW}, Principal = var.x }}", "var.x has no default"),
        (f"{{ {ALLOW} }}", "broken"),
        (f'{{ {ALLOW}, NotPrincipal = {{ Service = "sns.amazonaws.com" }} }}', "broken"),
        (f'{{ {ALLOW}, NotPrincipal = {{ Service = "events.amazonaws.com" }} }}', "holds"),
        # actions, effects, resources
        (OPEN.replace("sqs:SendMessage", "SQS:sendmessage"), "holds"),
        (OPEN.replace("sqs:SendMessage", "sqs:*"), "holds"),
        (OPEN.replace('"sqs:SendMessage"', '["sqs:ReceiveMessage"]'), "broken"),
        (OPEN.replace('"sqs:SendMessage"', "var.x"), "var.x has no default"),
        (OPEN.replace("Action", "NotAction"), "broken"),
        (OPEN.replace('Action = "sqs:SendMessage"', 'NotAction = "sqs:DeleteQueue"'), "holds"),
        (OPEN.replace('Action = "sqs:SendMessage",', ""), "broken"),
        (OPEN.replace('"Allow"', "var.x"), "var.x has no default"),
        (OPEN.replace('Effect = "Allow",', ""), "broken"),
        (OPEN.replace("aws_sqs_queue.q.arn", "aws_sqs_queue.two.arn"), "broken"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"*"'), "holds"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:*:*:q"'), "holds"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:*:*:r*"'), "broken"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sns:*:*:*"'), "broken"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:*"'), "holds"),
        (OPEN.replace("aws_sqs_queue.q.arn", "var.x"), "var.x has no default"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:*:*:${var.x}-*"'), "var.x has no default"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:${var.x}:1:*"'), "holds"),
        (OPEN.replace("aws_sqs_queue.q.arn", '"arn:aws:sqs:${var.x}*"'), "var.x has no default"),
        (OPEN.replace("Resource = aws", "NotResource = aws"), "broken"),
        (OPEN.replace("Resource = aws_sqs_queue.q.arn", "NotResource = aws_sqs_queue.two.arn"), "holds"),
        (OPEN.replace(", Resource = aws_sqs_queue.q.arn", ""), "holds"),
        ("var.x", "var.x has no default"),
        # whose message it is
        (_of_source("aws_sns_topic.t.arn"), "holds"),
        (_of_source("aws_sns_topic.t.id", "StringEquals"), "holds"),
        (_of_source("aws_sns_topic.other.arn"), "broken"),
        (_of_source("[aws_sns_topic.other.arn, aws_sns_topic.t.arn]"), "holds"),
        (_of_source('"arn:aws:sns:eu-west-3:111122223333:events"'), "holds"),
        (_of_source('"arn:aws:sns:eu-west-3:111122223333:event"'), "broken"),
        (_of_source('"arn:aws:sns:*:*:ev*"', "ArnLike"), "holds"),
        (_of_source('"arn:aws:sns:*:*:ev?nts"', "StringLike"), "holds"),
        (_of_source('"arn:aws:sns:*:*:ev*"', "StringEquals"), "broken"),
        (_of_source('"*"', "StringLike"), "holds"),
        (_of_source('"*"', "StringEquals"), "broken"),
        (_of_source('"arn:aws:sns:*:*:*"', "ArnLikeIfExists"), "holds"),
        (_of_source("aws_sns_topic.t.arn", "ForAnyValue:ArnEquals"), "holds"),
        (_of_source("aws_sns_topic.t.arn", "ArnNotEquals"), "broken"),
        (_of_source("aws_sns_topic.other.arn", "ArnNotLike"), "holds"),
        (_of_source("var.topic_arn"), "var.topic_arn has no default"),
        (_of_condition('StringEquals = { "AWS:SourceAccount" = "111122223333" }'), "holds"),
        (_of_condition('StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.c.account_id }'), "holds"),
        (_of_condition('StringNotEquals = { "aws:SourceAccount" = "111122223333" }'), "broken"),
        (_of_condition('Bool = { "aws:SecureTransport" = "true" }'), "holds"),
        (_of_condition('Bool = { "aws:SecureTransport" = true }'), "holds"),
        (_of_condition('Bool = { "aws:SecureTransport" = "false" }'), "broken"),
        (_of_condition('Bool = { "aws:SecureTransport" = var.x }'), "var.x has no default"),
        (_of_condition('Bool = { "aws:PrincipalIsAWSService" = true }'), "holds"),
        (_of_condition('StringEquals = { "aws:PrincipalServiceName" = "events.amazonaws.com" }'), "broken"),
        (_of_condition('StringNotEquals = { "aws:PrincipalServiceName" = "events.amazonaws.com" }'), "holds"),
        (_of_condition('Null = { "aws:SourceArn" = "false" }'), "holds"),
        (_of_condition('Null = { "aws:SourceArn" = "true" }'), "broken"),
        (
            _of_condition('Null = { "aws:PrincipalOrgID" = "true" }'),
            "the condition on aws:PrincipalOrgID is not judged",
        ),
        (
            _of_condition('StringEquals = { "aws:PrincipalOrgID" = "o-1" }'),
            "the condition on aws:PrincipalOrgID is not judged",
        ),
        (
            _of_condition(
                'StringEquals = { "aws:PrincipalOrgID" = "o-1" }, Bool = { "aws:SecureTransport" = "false" }'
            ),
            "broken",
        ),
        (_of_condition("StringEquals = var.x"), "var.x has no default"),
        (f"{{ {ALLOW}, {SNS}, Condition = var.x }}", "var.x has no default"),
        # what denies
        (OPEN + ', { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*" }', "broken"),
        (
            OPEN + ', { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*",'
            ' Condition = { Bool = { "aws:SecureTransport" = "false" } } }',
            "holds",
        ),
        (
            OPEN + ', { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*",'
            ' Condition = { ArnNotEquals = { "aws:SourceArn" = aws_sns_topic.other.arn } } }',
            "broken",
        ),
        (
            OPEN + ', { Effect = "Deny", Principal = "*", Action = "sqs:*", Resource = "*",'
            ' Condition = { ArnNotEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } } }',
            "holds",
        ),
        (OPEN + ', { Effect = "Deny", Principal = { AWS = "111122223333" }, Action = "sqs:DeleteQueue" }', "holds"),
        (OPEN + ', { Effect = "Deny", Principal = "*", Action = var.x }', "var.x has no default"),
        (OPEN + ', { Effect = var.x, Principal = "*", Action = "sqs:*" }', "var.x has no default"),
        (OPEN + ', { Effect = var.x, Principal = "*", Action = "sqs:DeleteQueue" }', "holds"),
    ],
)
def test_a_policy_lets_a_service_act_for_a_resource(tmp_path: Path, statements: str, verdict: str) -> None:
    require = (
        'label(self) != "q" || permits(self, "sns.amazonaws.com", "sqs:SendMessage",'
        ' [for t in resources("aws_sns_topic") : t if label(t) == "t"][0])'
    )
    assert _verdict(tmp_path, "resource.aws_sqs_queue", require, STACK + _policy(statements)) == verdict


@pytest.mark.parametrize(
    ("source", "condition", "verdict"),
    [
        ("var.topic_arn", "var.topic_arn", "holds"),
        ("var.topic_arn", "var.x", "var.x has no default"),
        ("var.topic_arn", '"arn:aws:sns:*:*:events"', "var.topic_arn has no default"),
        ("var.topic_arn", '"*"', "holds"),
        ('"arn:aws:sns:eu-west-3:111122223333:far"', '"arn:aws:sns:eu-west-3:111122223333:far"', "holds"),
        ('"arn:aws:sns:eu-west-3:111122223333:far"', '"arn:aws:sns:eu-west-3:*:f*"', "holds"),
        ('"arn:aws:sns:eu-west-3:111122223333:far"', '"arn:aws:sns:eu-west-3:*:g*"', "broken"),
        ('"arn:aws:sns:eu-west-3:111122223333:far"', "aws_sns_topic.t.arn", "aws_sns_topic.t.arn is known after apply"),
    ],
)
def test_a_service_may_act_for_something_outside_the_stack(
    tmp_path: Path, source: str, condition: str, verdict: str
) -> None:
    require = 'label(self) != "q" || permits(self, "sns.amazonaws.com", "sqs:SendMessage", try(self.tags.source, ""))'
    text = STACK.replace('  name = "q"', f'  name = "q"\n  tags = {{ source = {source} }}')
    text += _policy(_of_source(condition, "StringLike"))
    assert _verdict(tmp_path, "resource.aws_sqs_queue", require, text) == verdict


@pytest.mark.parametrize(
    ("pattern", "verdict"),
    [
        ('"arn:aws:sns:*:*:${var.x}-*"', "holds"),
        ('"arn:aws:sns:*:*:${var.x}-events"', "holds"),
        ('"arn:aws:sns:*:*:${var.x}-other-*"', "var.x has no default"),
        ('"arn:aws:sns:*:*:${var.topic_arn}-*"', "var.topic_arn has no default"),
    ],
)
def test_what_is_not_known_in_a_name_is_the_same_in_a_pattern(tmp_path: Path, pattern: str, verdict: str) -> None:
    require = (
        'label(self) != "q" || permits(self, "sns.amazonaws.com", "sqs:SendMessage",'
        ' [for t in resources("aws_sns_topic") : t if label(t) == "t"][0])'
    )
    text = STACK.replace('name = "events"', 'name = "${var.x}-events"') + _policy(_of_source(pattern, "ArnLike"))
    assert 'name = "${var.x}-events"' in text
    assert _verdict(tmp_path, "resource.aws_sqs_queue", require, text) == verdict


@pytest.mark.parametrize(
    ("source", "account", "verdict"),
    [
        ("444455556666", "111122223333", "broken"),
        ("444455556666", "444455556666", "holds"),
        ("444455556666", "${data.aws_caller_identity.c.account_id}", "holds"),
    ],
)
def test_the_account_of_a_known_source_has_to_be_the_one_that_is_named(
    tmp_path: Path, source: str, account: str, verdict: str
) -> None:
    arn = f'"arn:aws:sns:eu-west-3:{source}:far"'
    require = f'label(self) != "q" || permits(self, "sns.amazonaws.com", "sqs:SendMessage", {arn})'
    text = STACK + _policy(_of_condition(f'StringEquals = {{ "aws:SourceAccount" = "{account}" }}'))
    assert _verdict(tmp_path, "resource.aws_sqs_queue", require, text) == verdict


OWN = """resource "aws_sqs_queue" "x" {
  policy = jsonencode({ Statement = { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" } })
}
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (OWN, "holds"),
        (STACK + _policy(OPEN), "holds"),
        (STACK + _policy(OPEN).replace("aws_sqs_queue.q.url", "aws_sqs_queue.two.url"), "broken"),
        (STACK + _policy(OPEN).replace("  queue_url", "  count = var.x\n  queue_url"), "var.x has no default"),
        (STACK + _policy("").replace("jsonencode({ Statement = [] })", "var.x"), "var.x has no default"),
    ],
)
def test_policies_of_companions_are_a_resources_own(tmp_path: Path, text: str, verdict: str) -> None:
    require = 'label(self) == "two" || permits(self, "sns.amazonaws.com", "sqs:SendMessage")'
    assert _verdict(tmp_path, "resource.aws_sqs_queue", require, text) == verdict


GRANT = """\
resource "aws_s3_bucket" "b" {{}}
resource "aws_iam_role_policy" "p" {{
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = {action}, Resource = {resource} }}] }})
}}
"""


@pytest.mark.parametrize(
    ("action", "resource", "require", "verdict"),
    [
        ('"sqs:sendmessage"', '"*"', 'action(statement.actions[0]).name == "sqs:SendMessage"', "holds"),
        ('"sqs:SendMessage"', '"*"', 'action(statement.actions[0]).types == tolist(["queue"])', "holds"),
        ('"sqs:SendMessage"', '"*"', 'contains(action(statement.actions[0]).keys, "aws:ResourceTag/*")', "holds"),
        ('"iam:PassRole"', '"*"', 'contains(action(statement.actions[0]).keys, "iam:PassedToService")', "holds"),
        ('"sqs:SendMessage"', '"*"', 'contains(action(statement.actions[0]).levels, "Read")', "broken"),
        ('"sqs:Nothing"', '"*"', "action(statement.actions[0]) == null", "holds"),
        ("var.x", '"*"', "alltrue([for a in statement.actions : action(a) != null])", "var.x has no default"),
        ('"dynamodb:Batch*"', '"*"', "length(expand(statement.actions[0])) == 2", "holds"),
        ('"dynamodb:${var.x}"', '"*"', "length(expand(statement.actions[0])) == 2", "var.x has no default"),
        ('"s3:GetObject"', "aws_s3_bucket.b.arn", "fits(statement.actions[0], statement.resources[0])", "broken"),
        ('"s3:GetObject"', '"${aws_s3_bucket.b.arn}/*"', "fits(statement.actions[0], statement.resources[0])", "holds"),
        ('"s3:Get*"', "aws_s3_bucket.b.arn", "fits(statement.actions[0], statement.resources[0])", "holds"),
        ('"xray:PutTraceSegments"', '"*"', "fits(statement.actions[0], statement.resources[0])", "holds"),
        ('"s3:GetObject"', "[var.x]", "fits(statement.actions[0], statement.resources[0])", "var.x has no default"),
        ('"s3:${var.x}"', '"*"', "fits(statement.actions[0], statement.resources[0])", "var.x has no default"),
    ],
)
def test_the_catalogue_of_actions_in_conditions(
    tmp_path: Path, action: str, resource: str, require: str, verdict: str
) -> None:
    text = STACK + GRANT.format(action=action, resource=resource)
    assert _verdict(tmp_path, "statement.identity", require, text) == verdict


def test_an_action_outside_the_catalogue_fits_nothing_that_is_known(tmp_path: Path) -> None:
    text = STACK + GRANT.format(action='"none:Such"', resource='"arn:aws:s3:::b"')
    found = _verdict(tmp_path, "statement.identity", "fits(statement.actions[0], statement.resources[0])", text)
    assert found.startswith("none:Such isn't in the catalogue of actions of 2026-")


@pytest.mark.parametrize(
    ("statement", "require", "verdict"),
    [
        # strangers
        (
            'Action = ["s3:GetObject", "s3:ListBucket"], Resource = aws_s3_bucket.b.arn',
            'join(",", strangers(statement)) == "s3:GetObject"',
            "holds",
        ),
        (
            'Action = ["s3:GetObject"], Resource = [aws_s3_bucket.b.arn, var.x]',
            "!exists(strangers(statement))",
            "holds",
        ),
        ('Action = ["s3:GetObject"], Resource = var.x', "!exists(strangers(statement))", "holds"),
        ('Action = ["s3:GetObject"], Resource = "*"', "!exists(strangers(statement))", "holds"),
        ('Action = ["sqs:SendMessage"], Resource = "arn:aws:sqs:::q"', "!exists(strangers(statement))", "holds"),
        ('Action = ["none:Such"], Resource = aws_s3_bucket.b.arn', "!exists(strangers(statement))", "holds"),
        (
            'Action = ["xray:PutTraceSegments", "sqs:Send*"], Resource = aws_s3_bucket.b.arn',
            "length(strangers(statement)) == 2",
            "holds",
        ),
        # limitable
        ('Action = "sqs:SendMessage"', "limitable(statement.actions[0])", "holds"),
        ('Action = "cloudwatch:PutMetricData"', "limitable(statement.actions[0])", "broken"),
        ('Action = "none:Such"', "limitable(statement.actions[0]) == null", "holds"),
        ("Action = var.x", "alltrue([for a in statement.actions : limitable(a)])", "var.x has no default"),
        # misnomer
        ('Action = "sqs:SendMesage"', 'misnomer(statement.actions[0]).near == "sqs:SendMessage"', "holds"),
        ('Action = "sqs:SendMesage"', "misnomer(statement.actions[0]).is_typo", "holds"),
        ('Action = "sqs:SendMessages2"', "misnomer(statement.actions[0]).is_typo", "broken"),
        ('Action = "dynamdb:GetItem"', 'misnomer(statement.actions[0]).near == "dynamodb:GetItem"', "holds"),
        ('Action = "dynamdb:GetItem"', "misnomer(statement.actions[0]).is_typo", "holds"),
        ('Action = "s3:ListObjectsV2"', 'misnomer(statement.actions[0]).actions[0] == "s3:ListBucket"', "holds"),
        ('Action = "quantum:Leap"', "misnomer(statement.actions[0]).near == null", "holds"),
        # condition_key, carries
        ('Action = "s3:prefix"', 'condition_key(statement.actions[0]).type == "String"', "holds"),
        ('Action = "AWS:SourceArn"', 'condition_key(statement.actions[0]).type == "ARN"', "holds"),
        ('Action = "aws:PrincipalTag/team"', "condition_key(statement.actions[0]).is_known", "holds"),
        ('Action = "aws:PrincipalTag/"', "condition_key(statement.actions[0]).is_known", "broken"),
        ('Action = "aws:SourceArns"', 'condition_key(statement.actions[0]).near == "aws:SourceArn"', "holds"),
        ('Action = "a.b:sub"', "condition_key(statement.actions[0]).type == null", "holds"),
        ('Action = "s3:ListBucket"', 'carries(statement.actions[0], "s3:prefix")', "holds"),
        ('Action = "s3:GetObject"', 'carries(statement.actions[0], "s3:prefix")', "broken"),
        ('Action = "s3:*"', 'carries(statement.actions[0], "S3:Prefix")', "holds"),
        ('Action = "sqs:SendMessage"', 'carries(statement.actions[0], "aws:SourceVpc")', "holds"),
        ('Action = "sqs:SendMessage"', 'carries(statement.actions[0], "aws:TagKeys")', "broken"),
        ('Action = "none:Such"', 'carries(statement.actions[0], "s3:prefix") == null', "holds"),
        ("Action = [var.x]", 'carries(statement.actions[0], "s3:prefix")', "var.x has no default"),
        # limits_resources
        ('Condition = { StringEquals = { "aws:ResourceTag/a" = "b" } }', "limits_resources(statement)", "holds"),
        ('Condition = { StringEquals = { "aws:PrincipalTag/a" = "b" } }', "limits_resources(statement)", "broken"),
        ("Condition = var.x", "limits_resources(statement)", "var.x has no default"),
        # arn_problem
        ("Resource = aws_s3_bucket.b.arn", "arn_problem(statement.resources[0]) == null", "holds"),
        ("Resource = aws_s3_bucket.b.id", "arn_problem(statement.resources[0]) == null", "broken"),
        ('Resource = "${aws_s3_bucket.b.id}/*"', "arn_problem(statement.resources[0]) == null", "broken"),
        ('Resource = "arn:aws:sqs:::q"', "arn_problem(statement.resources[0]) == null", "broken"),
        (
            'Resource = "arn:aws:ssm:eu-west-1::document/AWS-Run"',
            "arn_problem(statement.resources[0]) == null",
            "holds",
        ),
        ("Resource = [var.x]", "arn_problem(statement.resources[0]) == null", "var.x has no default"),
        # breadth
        (
            'Resource = "arn:aws:dynamodb:*:1:table/*"',
            'contains(breadth(statement.resources[0], ["dynamodb:table", "s3:bucket"]).types, "dynamodb:table")',
            "holds",
        ),
        (
            'Resource = "arn:aws:dynamodb:*:1:table/*"',
            'breadth(statement.resources[0], ["dynamodb:table", "s3:bucket"]).region',
            "holds",
        ),
        (
            'Resource = "arn:aws:dynamodb:*:1:table/*"',
            'breadth(statement.resources[0], ["dynamodb:table", "s3:bucket"]).account',
            "broken",
        ),
        (
            'Resource = "arn:aws:s3:::b/*"',
            'length(breadth(statement.resources[0], ["dynamodb:table", "s3:bucket"]).types) == 0',
            "holds",
        ),
        (
            "Resource = [var.x]",
            'length(breadth(statement.resources[0], ["dynamodb:table", "s3:bucket"]).types) == 0',
            "holds",
        ),
        # redundant
        ('Action = ["s3:Get*", "s3:GetObject"]', 'redundant(statement.actions)[0].by == "s3:Get*"', "holds"),
        ('Action = ["s3:GetObject", "S3:getobject"]', "redundant(statement.actions)[0].is_same", "holds"),
        ('Action = ["s3:GetObject", var.x]', "length(redundant(statement.actions)) == 0", "holds"),
        ('Resource = [aws_s3_bucket.b.arn, "*"]', 'redundant(statement.resources)[0].by == "*"', "holds"),
        (
            'Resource = ["${aws_s3_bucket.b.arn}/*", "${aws_s3_bucket.b.arn}/a"]',
            "length(redundant(statement.resources)) == 1",
            "holds",
        ),
        (
            "Resource = [aws_s3_bucket.b.arn, aws_s3_bucket.c.arn]",
            "length(redundant(statement.resources)) == 0",
            "holds",
        ),
    ],
)
def test_what_is_known_of_statements_and_their_parts(
    tmp_path: Path, statement: str, require: str, verdict: str
) -> None:
    text = (
        f'{STACK}resource "aws_s3_bucket" "b" {{}}\nresource "aws_s3_bucket" "c" {{}}\n'
        f'resource "aws_iam_role_policy" "p" {{\n'
        f'  policy = jsonencode({{ Statement = [{{ Effect = "Allow", {statement} }}] }})\n}}\n'
    )
    assert _verdict(tmp_path, "statement.identity", require, text) == verdict
