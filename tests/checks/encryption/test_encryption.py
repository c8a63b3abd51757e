"""Encryption: where values come from, which requirement a finding breaks. What is found is in the cards."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text
from tflint_tap.lint import Report


def report_of(rule: str, text: str) -> Report:
    report = judged(rule_named(f"encryption/{rule}"), text)
    assert report.failures == ()
    return report


def resource(type_: str, body: str) -> str:
    return f'resource "{type_}" "a" {{\n{body}\n}}\n'


def test_a_value_from_elsewhere_is_told_with_its_origin() -> None:
    text = 'variable "encrypt" {\n  default = false\n}\nlocals {\n  encrypt = var.encrypt\n}\n' + resource(
        "aws_rds_cluster", "storage_encrypted = local.encrypt"
    )
    (finding,) = report_of("unencrypted-cluster", text).findings
    assert finding.span.text == "local.encrypt"
    assert [(related.message, related.span.text) for related in finding.related] == [
        ("var.encrypt defaults to false here", "false")
    ]


def test_each_cause_is_told_of_a_value_that_several_things_make() -> None:
    text = 'variable "prod" {\n  default = false\n}\nlocals {\n  strict = false\n}\n' + resource(
        "aws_rds_cluster", "storage_encrypted = var.prod || local.strict"
    )
    (finding,) = report_of("unencrypted-cluster", text).findings
    assert [related.message for related in finding.related] == [
        "var.prod defaults to false here",
        "local.strict is false here",
    ]


@pytest.mark.parametrize(
    ("rule", "type_", "requirement"),
    [
        ("unencrypted-table", "aws_dynamodb_table", "dynamodb.encrypted"),
        ("unencrypted-topic", "aws_sns_topic", "messaging.encrypted"),
        ("unencrypted-queue", "aws_sqs_queue", "messaging.encrypted"),
        ("unencrypted-cache", "aws_elasticache_replication_group", "cache.encrypted"),
        ("plaintext-cache-traffic", "aws_elasticache_replication_group", "cache.encrypted"),
        ("unencrypted-cluster", "aws_rds_cluster", "aurora.encrypted"),
    ],
)
def test_a_finding_in_a_contracts_file_names_the_requirement(rule: str, type_: str, requirement: str) -> None:
    (finding,) = in_contract(resource(type_, ""), rule_named(f"encryption/{rule}")).findings
    assert finding.requirement == requirement
    (finding,) = lint_text(resource(type_, ""), rule_named(f"encryption/{rule}")).findings
    assert finding.requirement is None
