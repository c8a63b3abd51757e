"""A stack that is written quite unlike the reference holds the booking contract, and lacks what is taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import CONTRACTS
from tests.stacks import module_of
from tflint_tap.demands.decided import demands_of
from tflint_tap.stack import Stack

TEXT = (Path(__file__).parent / "for_each.tf").read_text(encoding="utf-8")
BLOCKS = module_of(TEXT, "tap_stack.tf").files[0].body.blocks
# what the contract doesn't ask for by itself: other families do
OTHERS = ("data aws_iam_policy_document", "aws_iam_policy function", "aws_iam_role_policy_attachment function")


def open_(text: str) -> set[tuple[str, str]]:
    found = demands_of(Stack.of(module_of(text, "tap_stack.tf"), contract=CONTRACTS[0]))
    return {(demand.id, demand.kind) for demand in found if demand.is_open}


def named(block: object) -> str:
    return " ".join([getattr(block, "type", ""), *(label.value for label in getattr(block, "labels", ()))])


def test_the_other_style_holds_the_contract() -> None:
    assert open_(TEXT) == set()


@pytest.mark.parametrize(
    "number", [number for number, block in enumerate(BLOCKS) if not any(name in named(block) for name in OTHERS)]
)
def test_a_block_that_is_taken_away_is_missed(number: int) -> None:
    span = BLOCKS[number].span
    without = TEXT[: span.start] + TEXT[span.end :]
    assert open_(without), named(BLOCKS[number])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("booking-handler", "intake", {("lambda.functions", "missing-resource"), ("iam.roles", "missing-resource")}),
        ("in_vpc = true, env = { CACHE", "in_vpc = false, env = { CACHE", {("lambda.vpc", "wrong-setting")}),
        ("MAX_RETRIES = 3, ", "", {("lambda.circuit-breaker", "wrong-setting")}),
        ("hotel-pms-dlq", "hotel-pms-rest", {("sqs.dlq", "missing-resource")}),
        ("cron(0/5", "cron(0/6", {("schedule.rule", "wrong-setting")}),
        ("threshold           = 1\n", "threshold           = 2\n", {("alarm.dlq", "wrong-setting")}),
        ("for queue in aws_sqs_queue.pms : queue.url", "for queue in aws_sqs_queue.pms : queue.arn",
         {("output.queue", "missing-output"), ("output.dlq", "missing-output")}),
        ("every 30 seconds", "all day", {("schedule.comment", "missing-comment")}),
        ("45,000", "many", {("sqs.comment", "missing-comment")}),
        ("POST /book", "POST /bookings", {("api.route", "missing-resource")}),
        ("for_each = var.dynamodb_replica_regions", 'for_each = ["a"]', {("dynamodb.replicas", "wrong-setting")}),
        ('join("-", [var.project_name', 'join("-", ["global-booking"', {("local.name_prefix", "wrong-local")}),
    ],
)  # fmt: skip
def test_a_change_breaks_its_requirement_alone(old: str, new: str, expected: set[tuple[str, str]]) -> None:
    assert old in TEXT
    assert open_(TEXT.replace(old, new)) == expected


def test_commented_out_code_holds_nothing() -> None:
    commented = "\n".join(f"# {line}" for line in TEXT.splitlines()) + "\n"
    kinds = {kind for _, kind in open_(commented)}
    assert kinds == {"missing-variable", "missing-local", "missing-resource"}
