"""The reference stack in other ways: what holds the contract otherwise, or has more than that, breaks nothing."""

from __future__ import annotations

import re

import pytest

from tests.cards import CONTRACTS
from tests.contract.test_breaches import TEXT
from tests.demands.test_causes import OWN
from tests.stacks import lint_text

INLINE = re.compile(r'\n  # Replicas make it a global table.*?\n  dynamic "replica" \{.*?\n  \}\n', re.DOTALL)
REPLICA = """
# Replicas make it a global table.
resource "aws_dynamodb_table_replica" "regions" {
  for_each = %s

  region           = each.value
  global_table_arn = aws_dynamodb_table.inventory.arn
}
"""
MACHINE = """
# Fills the cache after a restart.
resource "aws_sfn_state_machine" "backfill" {
  name       = "${local.name_prefix}-backfill"
  role_arn   = aws_iam_role.reconciliation.arn
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
"""
API = """
# For the staff.
resource "aws_apigatewayv2_api" "admin" {
  name          = "${local.name_prefix}-admin-api"
  protocol_type = "HTTP"
}
"""
CLUSTER = """
# A copy for analysts.
resource "aws_rds_cluster" "analysts" {
  cluster_identifier = "${local.name_prefix}-analysts"
  engine             = "aurora-postgresql"
}
"""


def told(text: str) -> list[str | None]:
    report = lint_text(text, *OWN, contract=CONTRACTS[0])
    return [one.requirement for one in (*report.findings, *report.doubts)]


def with_replicas(regions: str) -> str:
    text, count = INLINE.subn("\n", TEXT)
    assert count == 1
    return text + REPLICA % regions


def test_replicas_may_be_resources_of_their_own() -> None:
    assert told(with_replicas("local.replica_regions")) == []


def test_replicas_of_their_own_have_to_be_those_of_the_variable() -> None:
    assert told(with_replicas('toset(["eu-west-1"])')) == ["dynamodb.replicas"]


@pytest.mark.parametrize("more", [MACHINE, API, CLUSTER], ids=["machine", "api", "cluster"])
def test_a_further_resource_that_comes_first_takes_no_part(more: str) -> None:
    assert told(more + TEXT) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '# This replaces "every 30s, all hotels": reconciliation is now periodic and sampled.\n',
            "# Periodic sampled reconciliation takes the place of the old 30-second sweep over all hotels.\n",
        ),
        (
            "# updates the keys of that hotel only; there is no global refresh. ",
            "# updates the keys of only that property. ",
        ),
        (
            "a change fans out only to the\n# affected property/PMS, not to all 45k hotels.\n",
            "a change fans out only to\n# that hotel, not to every property.\n",
        ),
    ],
    ids=["reconciliation", "cache", "changes"],
)
def test_comments_may_speak_of_properties_as_of_hotels(old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert told(TEXT.replace(old, new)) == []
