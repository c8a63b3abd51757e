"""Functions on principals and the users of keys, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

GIVEN = """\
variable "x" {}
data "aws_caller_identity" "me" {}
data "aws_partition" "p" {}
data "aws_region" "here" {}
resource "aws_iam_role" "r" {
  name = "r"
}
resource "aws_iam_service_linked_role" "s" {
  aws_service_name = "autoscaling.amazonaws.com"
}
"""
KEY = """\
resource "aws_kms_key" "k" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", %s, Resource = "*" }] })
}
"""


def _verdict(folder: Path, principal: str, statement: str, action: str = "") -> str:
    """ "admitted", "refused", or the reason of a doubt."""
    asked = f'"{principal}"' + (f', "{action}"' if action else "")
    text = GIVEN + KEY % statement
    found = findings(card(folder, f"match: statement.key\nrequire: 'admits(statement, {asked})'\n"), text)
    if not found:
        return "admitted"
    return found[0][2] if found[0][0] == "doubt" else "refused"


LOGS = "logs.*.amazonaws.com*"
ROOT = "arn:*:iam::*:root"
LINKED = "arn:*:iam::*:role/aws-service-role/autoscaling.amazonaws.com/*"


@pytest.mark.parametrize(
    ("principal", "held", "verdict"),
    [
        ("sns.amazonaws.com", '{ Service = "sns.amazonaws.com" }', "admitted"),
        ("sns.amazonaws.com", '{ Service = ["sqs.amazonaws.com", "sns.amazonaws.com"] }', "admitted"),
        ("sns.amazonaws.com", '{ Service = "sqs.amazonaws.com" }', "refused"),
        ("sns.amazonaws.com", '"*"', "admitted"),
        ("sns.amazonaws.com", '{ AWS = "*" }', "admitted"),
        ("sns.amazonaws.com", "{ Service = var.x }", "var.x has no default"),
        ("sns.amazonaws.com", '{ Service = "${var.x}.amazonaws.com" }', "var.x has no default"),
        ("sns.amazonaws.com", '{ Service = "logs.${var.x}.amazonaws.com" }', "refused"),
        ("sns.amazonaws.com", '{ Service = "sns.${data.aws_partition.p.dns_suffix}" }', "admitted"),
        ("sns.amazonaws.com", '{ Service = "sqs.${data.aws_partition.p.dns_suffix}" }', "refused"),
        ("sns.amazonaws.com", "{ AWS = var.x }", "refused"),
        ("sns.amazonaws.com", "{ AWS = [var.x] }", "refused"),
        ("sns.amazonaws.com", "{ AWS = aws_iam_role.r.arn }", "refused"),
        ("sns.amazonaws.com", "var.x", "var.x has no default"),
        (LOGS, '{ Service = "logs.us-west-2.amazonaws.com" }', "admitted"),
        (LOGS, '{ Service = "logs.${data.aws_region.here.region}.amazonaws.com" }', "admitted"),
        (LOGS, '{ Service = "logs.${var.x}.${data.aws_partition.p.dns_suffix}" }', "admitted"),
        (LOGS, '{ Service = "logs.cn-north-1.amazonaws.com.cn" }', "admitted"),
        (LOGS, '{ Service = "logs.amazonaws.com" }', "refused"),
        (LOGS, '{ Service = "delivery.logs.amazonaws.com" }', "refused"),
        (LOGS, '{ Service = "delivery.${var.x}.amazonaws.com" }', "refused"),
        (LOGS, '{ Service = "logs.${var.x}" }', "var.x has no default"),
        (ROOT, '{ AWS = "arn:aws:iam::111122223333:root" }', "admitted"),
        (ROOT, '{ AWS = "111122223333" }', "admitted"),
        (ROOT, "{ AWS = data.aws_caller_identity.me.account_id }", "admitted"),
        (ROOT, '{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }', "admitted"),
        (ROOT, '{ AWS = "arn:aws:iam::111122223333:role/admin" }', "refused"),
        (ROOT, '{ AWS = "arn:aws:iam::${var.x}:role/admin" }', "refused"),
        (ROOT, "{ AWS = aws_iam_role.r.arn }", "refused"),
        (ROOT, "{ AWS = var.x }", "var.x has no default"),
        (ROOT, "{ AWS = data.aws_caller_identity.me.arn }", "data.aws_caller_identity.me.arn is known after apply"),
        (ROOT, "{ Service = var.x }", "refused"),
        (LINKED, "{ AWS = aws_iam_service_linked_role.s.arn }", "admitted"),
        (LINKED, "{ AWS = aws_iam_role.r.arn }", "refused"),
        ("arn:aws:iam::1:role/r", "{ AWS = aws_iam_role.r.arn }", "aws_iam_role.r.arn is known after apply"),
        ("111122223333", '{ AWS = "111122223333" }', "admitted"),
    ],
)
def test_a_statement_admits_a_principal(tmp_path: Path, principal: str, held: str, verdict: str) -> None:
    assert _verdict(tmp_path, principal, f'Action = "kms:*", Principal = {held}') == verdict


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ('Action = "kms:Decrypt", Principal = "*"', "admitted"),
        ('Action = ["kms:Encrypt", "kms:D*"], Principal = "*"', "admitted"),
        ('Action = "kms:Encrypt", Principal = "*"', "refused"),
        ('Action = var.x, Principal = "*"', "var.x has no default"),
        ('NotAction = "kms:Decrypt", Principal = "*"', "refused"),
        ('NotAction = "kms:Encrypt", Principal = "*"', "admitted"),
        ('Action = "kms:*", NotPrincipal = { Service = "sns.amazonaws.com" }', "refused"),
        ('Action = "kms:*", NotPrincipal = { Service = "sqs.amazonaws.com" }', "admitted"),
        ('Action = "kms:*", NotPrincipal = var.x', "var.x has no default"),
    ],
)
def test_a_statement_admits_to_an_action(tmp_path: Path, statement: str, verdict: str) -> None:
    assert _verdict(tmp_path, "sns.amazonaws.com", statement, "kms:Decrypt") == verdict


USERS = 'join(",", [for use in key_users(self) : "${use.principal} for ${use.via}"]) == "%s"'
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("", ""),
        (
            'resource "aws_sns_topic_subscription" "s" {\n  topic_arn = var.x\n  endpoint = aws_sqs_queue.q.arn\n}\n',
            "sns.amazonaws.com for aws_sns_topic_subscription.s",
        ),
        (
            'resource "aws_cloudwatch_event_target" "t" {\n  rule = "outside"\n  arn = "arn:aws:sqs:r:1:q"\n}\n',
            "events.amazonaws.com for aws_cloudwatch_event_target.t",
        ),
        (
            'resource "aws_lambda_function" "f" {\n  dead_letter_config {\n    target_arn = "arn:aws:sqs:r:1:q"\n  }\n'
            "}\n",
            "",
        ),
    ],
)
def test_the_services_that_use_the_key_of_a_queue(tmp_path: Path, text: str, users: str) -> None:
    rule = card(tmp_path, f"match: resource.aws_sqs_queue\nrequire: '{USERS % users}'\n")
    assert findings(rule, 'variable "x" {}\n' + QUEUE + text) == []


def test_a_service_that_may_use_a_key_is_a_doubt(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: '!exists(key_users(self))'\n")
    text = 'variable "x" {}\n' + QUEUE + 'resource "aws_sns_topic_subscription" "s" {\n  count = var.x ? 1 : 0\n'
    text += '  topic_arn = "arn:aws:sns:r:1:t"\n  endpoint = aws_sqs_queue.q.arn\n}\n'
    assert [found[2] for found in findings(rule, text)] == ["var.x has no default"]


def test_key_users_takes_a_resource(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: exists(key_users(self.name))\n")
    assert [found[2] for found in findings(rule, QUEUE)] == ["key_users takes a resource"]
