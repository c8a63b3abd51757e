"""Denials that a contract asks for, and statements that deny as much, or less."""

from __future__ import annotations

import pytest

from tests.trace.traces import rows_of
from tflint_tap.trace.rows import Status

CONTRACT = """\
parts:
  store: {type: aws_s3_bucket, named: store}
policies:
  - {id: tls, of: store, denies: {when: {"aws:SecureTransport": false}}}
  - id: kms
    of: store
    denies: {actions: ["s3:PutObject"], when: {"s3:x-amz-server-side-encryption": {not: "aws:kms"}}}
  - {id: version, of: store, denies: {when: {"s3:TlsVersion": {below: 1.2}}}}
  - {id: deletion, of: store, denies: {actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"]}}
"""
STACK = """\
variable "any" {
  type = string
}

resource "aws_s3_bucket" "store" {
  bucket = "store"
}

resource "aws_s3_bucket_policy" "store" {
  bucket = aws_s3_bucket.store.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.store.arn, "${aws_s3_bucket.store.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "s3:Put*"
        Resource  = "${aws_s3_bucket.store.arn}/*"
        Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" } }
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "*"
        Resource  = "${aws_s3_bucket.store.arn}/*"
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.3" } }
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource  = "${aws_s3_bucket.store.arn}/*"
      },
    ]
  })
}
"""
DELETION = """\
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:DeleteObject\
"""
IDS = ("tls", "kms", "version", "deletion")


def statuses(text: str) -> dict[str, Status]:
    return {id_: row.status for id_, row in rows_of(text, CONTRACT).items() if id_ in IDS}


def test_each_is_met_at_the_statement_that_denies_it() -> None:
    rows = rows_of(STACK, CONTRACT)
    places = {id_: [(one.span.line, one.address) for one in rows[id_].evidence] for id_ in IDS}
    address = "aws_s3_bucket_policy.store"
    assert places == {
        "tls": [(14, address)],
        "kms": [(21, address)],
        "version": [(28, address)],
        "deletion": [(35, address)],
    }


@pytest.mark.parametrize(
    ("old", "new", "id_", "why"),
    [
        ('SecureTransport" = "false"', 'SecureTransport" = "true"', "tls", None),
        ('"s3:*"', '"s3:Get*"', "tls", "not all of these actions are denied here"),
        ('"s3:*"\n        Resource  = [aws_s3_bucket.store.arn, "${aws_s3_bucket.store.arn}/*"]',
         '"s3:*"\n        Resource  = aws_s3_bucket.store.arn', "tls", "this is not about all that it holds"),
        ('= { Bool = {', '= { IpAddress = { "aws:SourceIp" = "10.0.0.0/8" }, Bool = {', "tls",
         "this is denied in some of these cases alone"),
        ('{ AWS = "*" }', '{ AWS = "arn:aws:iam::111122223333:root" }', "kms", "this is not denied to everyone"),
        ("StringNotEquals", "StringEquals", "kms", None),
        ('"aws:kms"', '["aws:kms", "AES256"]', "kms", None),
        ('"1.3"', '"1.1"', "version", None),
        (', "s3:DeleteObjectVersion"', "", "deletion", "not all of these actions are denied here"),
    ],
)  # fmt: skip
def test_what_does_not_deny_it_breaks_the_demand_alone(old: str, new: str, id_: str, why: str | None) -> None:
    assert STACK.count(old) == 1
    rows = rows_of(STACK.replace(old, new), CONTRACT)
    assert {name for name in IDS if rows[name].status is not Status.MET} == {id_}
    (finding,) = rows[id_].findings
    assert (finding.rule, finding.requirement, finding.address) == ("stack/wrong-setting", id_, "aws_s3_bucket.store")
    assert [related.message for related in finding.related] == ([why] if why is not None else [])


def test_a_statement_for_all_actions_but_some_denies_the_others() -> None:
    changed = STACK.replace('Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]', 'NotAction = "s3:GetObject"')
    assert set(statuses(changed).values()) == {Status.MET}
    changed = STACK.replace('Action    = "s3:*"', 'NotAction = "s3:GetObject"')
    assert statuses(changed)["tls"] is Status.BROKEN


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ('SecureTransport" = "false"', 'SecureTransport" = var.any', "tls"),
        ('Action    = "s3:Put*"', "Action    = var.any", "kms"),
        ('Action    = "*"', "Action    = var.any", "version"),
        ('"s3:TlsVersion" =', "(var.any) =", "version"),
        (DELETION, DELETION.replace('"Deny"', "var.any"), "deletion"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_a_doubt(old: str, new: str, id_: str) -> None:
    assert STACK.count(old) == 1
    assert statuses(STACK.replace(old, new)) == dict.fromkeys(IDS, Status.MET) | {id_: Status.UNDECIDED}


def test_a_bucket_without_a_policy_breaks_each_and_none_leaves_them_open() -> None:
    without = STACK[: STACK.index('resource "aws_s3_bucket_policy"')]
    assert set(statuses(without).values()) == {Status.BROKEN}
    assert set(statuses(without.replace("aws_s3_bucket", "aws_sns_topic")).values()) == {Status.UNDECIDED}
