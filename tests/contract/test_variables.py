"""The variables that a contract demands."""

from __future__ import annotations

from tests.cards import CONTRACTS
from tflint_tap.contract.variables import variables_of
from tflint_tap.records import replace


def test_the_booking_contract_demands_the_variables_of_its_table() -> None:
    assert variables_of(CONTRACTS[0]) == (
        "aws_region",
        "project_name",
        "environment",
        "dynamodb_table_name",
        "dynamodb_replica_regions",
        "cache_node_type",
        "pms_queue_visibility_timeout_seconds",
        "booking_api_rate_limit_rps",
        "tags",
        "vpc_id",
        "private_subnet_ids",
        "security_group_ids",
    )
    assert variables_of(replace(CONTRACTS[0], text="claims: {file: x.tf}\n")) == ()
