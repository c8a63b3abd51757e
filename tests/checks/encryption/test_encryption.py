"""Encryption: what can't be told, where values come from, which requirement a finding breaks."""

from __future__ import annotations

import pytest

from tests.cards import CONTRACTS, judged, rule_named
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.text.source import Source

VARIABLE = 'variable "x" {}\n'


def report_of(rule: str, text: str) -> Report:
    report = judged(rule_named(f"encryption/{rule}"), VARIABLE + text)
    assert report.failures == ()
    return report


def resource(type_: str, body: str) -> str:
    return f'resource "{type_}" "a" {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("rule", "type_", "body", "reason"),
    [
        ("unencrypted-table", "aws_dynamodb_table", "server_side_encryption {\nenabled = var.x\n}", None),
        (
            "unencrypted-table",
            "aws_dynamodb_table",
            'dynamic "server_side_encryption" {\nfor_each = var.x\ncontent {\nenabled = true\n}\n}',
            None,
        ),
        ("unencrypted-topic", "aws_sns_topic", "kms_master_key_id = var.x", None),
        ("unencrypted-topic", "aws_sns_topic", 'kms_master_key_id = var.x ? "alias/a" : null', None),
        ("unencrypted-queue", "aws_sqs_queue", "kms_master_key_id = var.x", None),
        ("unencrypted-queue", "aws_sqs_queue", "sqs_managed_sse_enabled = var.x", None),
        ("unencrypted-cache", "aws_elasticache_replication_group", "at_rest_encryption_enabled = var.x", None),
        ("unencrypted-cache", "aws_elasticache_replication_group", "engine = var.x", None),
        ("unencrypted-cache", "aws_elasticache_replication_group", "global_replication_group_id = var.x", None),
        ("unencrypted-cache", "aws_elasticache_cluster", "engine = var.x", None),
        ("plaintext-cache-traffic", "aws_elasticache_replication_group", "transit_encryption_enabled = var.x", None),
        (
            "plaintext-cache-traffic",
            "aws_elasticache_replication_group",
            "transit_encryption_enabled = true\ntransit_encryption_mode = var.x",
            None,
        ),
        ("unencrypted-cluster", "aws_rds_cluster", "storage_encrypted = var.x", None),
        ("unencrypted-cluster", "aws_rds_cluster", "engine_mode = var.x", None),
        (
            "unencrypted-cluster",
            "aws_rds_cluster",
            'snapshot_identifier = "nightly"',
            "the snapshot that it is restored from decides",
        ),
        (
            "unencrypted-cluster",
            "aws_rds_cluster",
            'restore_to_point_in_time {\nsource_cluster_identifier = "b"\n}',
            "the cluster that it is restored from decides",
        ),
        (
            "unencrypted-cluster",
            "aws_neptune_cluster",
            'replication_source_identifier = "arn:aws:rds:us-west-2:111122223333:cluster:b"',
            "the cluster that it is a replica of decides",
        ),
        (
            "unencrypted-cluster",
            "aws_rds_cluster",
            'global_cluster_identifier = "bookings"',
            "the global cluster that it may be a secondary of decides",
        ),
        (
            "unencrypted-cluster",
            "aws_db_instance",
            'replicate_source_db = "b"',
            "the instance that it is a replica of decides",
        ),
        (
            "unencrypted-cluster",
            "aws_db_instance",
            'snapshot_identifier = "nightly"',
            "the snapshot that it is restored from decides",
        ),
        ("unencrypted-cluster", "aws_redshift_cluster", "encrypted = var.x", None),
    ],
)
def test_what_cannot_be_told_is_a_doubt(rule: str, type_: str, body: str, reason: str | None) -> None:
    report = report_of(rule, resource(type_, body))
    assert report.findings == ()
    assert [doubt.doubt for doubt in report.doubts] == [reason or "var.x has no default"]


def test_a_module_output_as_key_is_a_doubt() -> None:
    text = 'module "kms" {\n  source = "./kms"\n}\n' + resource("aws_sns_topic", "kms_master_key_id = module.kms.arn")
    assert [doubt.doubt for doubt in report_of("unencrypted-topic", text).doubts] == [
        "module.kms.arn is known after apply"
    ]


def test_one_setting_that_holds_settles_the_other() -> None:
    report = report_of(
        "unencrypted-queue", resource("aws_sqs_queue", "kms_master_key_id = var.x\nsqs_managed_sse_enabled = true")
    )
    assert (report.findings, report.doubts) == ((), ())


def test_a_primary_of_a_global_cluster_is_judged_by_itself() -> None:
    text = resource("aws_rds_cluster", 'global_cluster_identifier = "bookings"\nmaster_username = "booking"')
    assert len(report_of("unencrypted-cluster", text).findings) == 1


def test_instances_that_are_not_known_are_judged_by_what_is_written() -> None:
    text = resource("aws_sqs_queue", "for_each = var.x\nname = each.key")
    assert [finding.address for finding in report_of("unencrypted-queue", text).findings] == ["aws_sqs_queue.a[?]"]
    text = resource("aws_sqs_queue", "for_each = var.x\nkms_master_key_id = each.value")
    assert len(report_of("unencrypted-queue", text).doubts) == 1


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
    source = Source("tap_stack.tf", resource(type_, ""))
    rules = (rule_named(f"encryption/{rule}"),)
    (finding,) = lint([Target((source,), (source,), None, CONTRACTS[0])], rules).findings
    assert finding.requirement == requirement
    (finding,) = lint([Target((source,), (source,), None)], rules).findings
    assert finding.requirement is None
