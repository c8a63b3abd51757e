"""The reference stack, damaged in one place: the right rule fires there, and nothing else does."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.cards import RULES, in_contract
from tests.stacks import REFERENCE as REFERENCE_STACK

REFERENCE = REFERENCE_STACK.read_text(encoding="utf-8")


class Damage(NamedTuple):
    """`old`, which stands in the text once, becomes `new`; then `rule` fires where `at` begins, in or behind `new`.

    With `above`, `at` is sought backwards from there (a block's header).
    """

    name: str
    old: str
    new: str
    rule: str
    at: str
    above: bool = False


ACTIONS = (
    '["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]\n'
    "        Resource = aws_dynamodb_table.inventory.arn"
)
REDRIVE = """  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.hotel_pms_dlq.arn
    maxReceiveCount     = 5
  })
"""
TRACING = (
    '  tracing_config { mode = "Active" }\n\n'
    "  tags = merge(local.common_tags, { Name = local.function_names.pms_sync_worker })"
)
QUEUE_KEY = """  receive_wait_time_seconds  = 20
  kms_master_key_id          = aws_kms_key.stack.arn
"""
TOPIC = "  name              = local.topic_name\n  kms_master_key_id = aws_kms_key.stack.arn\n"
TABLE_SSE = "    enabled     = true\n    kms_key_arn = aws_kms_key.stack.arn"
CLUSTER = "  storage_encrypted = true\n"
QUEUE_NAME = '  name                       = "${local.name_prefix}-hotel-pms-queue"'
CACHE_WINDOW = '  maintenance_window       = "sun:04:30-sun:05:30"\n\n'
CACHE_TAGS = CACHE_WINDOW + '  tags = merge(local.common_tags, { Name = "${local.name_prefix}-cache" })\n'
PASSWORD = '      CIRCUIT_OPEN_SECONDS = "120"'

DAMAGES = [
    Damage("no-redrive-policy", REDRIVE, "", "messaging/queue-without-dlq",
           'resource "aws_sqs_queue" "hotel_pms_queue"', above=True),
    Damage("wildcard-action", ACTIONS, ACTIONS.replace('"dynamodb:GetItem"', '"dynamodb:*"'),
           "iam/wildcard-action", '"dynamodb:*"'),
    Damage("all-actions", ACTIONS, ACTIONS.replace('"dynamodb:GetItem"', '"*"'), "iam/wildcard-action", '"*"'),
    Damage("wildcard-resource", ACTIONS, ACTIONS.replace("aws_dynamodb_table.inventory.arn", '"*"'),
           "iam/wildcard-resource", '"*"'),
    Damage("tracing-off", TRACING, TRACING.replace("Active", "PassThrough"), "tracing/untraced-function",
           '"PassThrough"'),
    Damage("no-tracing", TRACING, TRACING.partition("\n\n")[2], "tracing/untraced-function",
           'resource "aws_lambda_function" "pms_sync_worker"', above=True),
    Damage("queue-unencrypted", QUEUE_KEY, QUEUE_KEY.partition("\n")[0] + "\n", "encryption/unencrypted-queue",
           'resource "aws_sqs_queue" "hotel_pms_queue"', above=True),
    Damage("topic-unencrypted", TOPIC, TOPIC.partition("\n")[0] + "\n", "encryption/unencrypted-topic",
           'resource "aws_sns_topic" "inventory_updates"', above=True),
    Damage("table-unencrypted", TABLE_SSE, TABLE_SSE.replace("true", "false"), "encryption/unencrypted-table", "false"),
    Damage("cache-unencrypted", "  at_rest_encryption_enabled = true", "  at_rest_encryption_enabled = false",
           "encryption/unencrypted-cache", "false"),
    Damage("cache-plaintext", "  transit_encryption_enabled = true", "  transit_encryption_enabled = false",
           "encryption/plaintext-cache-traffic", "false"),
    Damage("cluster-unencrypted", CLUSTER, CLUSTER.replace("true", "false"), "encryption/unencrypted-cluster", "false"),
    Damage("no-prefix", QUEUE_NAME, QUEUE_NAME.replace("${local.name_prefix}", "${var.pms_integration_id}"),
           "naming/missing-prefix", '"${var.pms_integration_id}-hotel-pms-queue"'),
    Damage("no-tags", CACHE_TAGS, CACHE_WINDOW, "tagging/untagged",
           'resource "aws_elasticache_replication_group" "availability"', above=True),
    Damage("missing-tags", CACHE_TAGS, CACHE_TAGS.replace("merge(local.common_tags, ", "").replace(" })", " }"),
           "tagging/missing-tag", '{ Name = "${local.name_prefix}-cache" }'),
    Damage("provider-block", 'data "aws_partition" "current" {}\n',
           'data "aws_partition" "current" {}\n\n# Not here.\nprovider "aws" {}\n', "format/provider-block",
           'provider "aws"'),
    Damage("module-block", 'data "aws_partition" "current" {}\n',
           'data "aws_partition" "current" {}\n\n# Not here.\nmodule "m" {\n  source = "./m"\n}\n',
           "format/module-block", 'module "m"'),
    Damage("foreign-resource", 'data "aws_partition" "current" {}\n',
           'data "aws_partition" "current" {}\n\n# Not here.\nresource "random_id" "suffix" {\n  byte_length = 4\n}\n',
           "format/foreign-resource", '"random_id"'),
    Damage("undeclared", "  node_type            = var.cache_node_type", "  node_type            = var.cache_nodetype",
           "references/undeclared", "var.cache_nodetype"),
    Damage("secret", PASSWORD, '      PMS_API_PASSWORD     = "hunter2-hunter2"\n' + PASSWORD,
           "secrets/plain-text", '"hunter2-hunter2"'),
    Damage("broken", "  hash_key         = \"property_room_date\"\n", "  hash_key         = \"property_room_date\n",
           "syntax/invalid", '"property_room_date'),
]  # fmt: skip


def damaged(damage: Damage) -> tuple[str, int]:
    """The text, and where the finding has to begin."""
    assert REFERENCE.count(damage.old) == 1, (
        f"{damage.name}: the text to damage stands there {REFERENCE.count(damage.old)} times"
    )
    start = REFERENCE.index(damage.old)
    text = REFERENCE.replace(damage.old, damage.new)
    return text, text.rindex(damage.at, 0, start) if damage.above else text.index(damage.at, start)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_found_where_it_was_done_and_nothing_else_is(damage: Damage) -> None:
    text, start = damaged(damage)
    report = in_contract(text, *RULES)
    assert report.failures == ()
    assert [(finding.rule, finding.span.start) for finding in report.findings] == [(damage.rule, start)]


def test_the_reference_stack_itself_gives_nothing() -> None:
    report = in_contract(REFERENCE, *RULES)
    assert (report.findings, report.doubts, report.notices, report.failures) == ((), (), (), ())
