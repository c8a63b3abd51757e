"""Calls of modules that can't be followed: what isn't here may be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.test_causes import OWN
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract

CALL = 'module "jobs" {\n  source  = "example/jobs/aws"\n  version = "1.0.0"\n%s}\n'
QUEUES = 'resource "aws_sqs_queue" "a" {}\nresource "aws_sqs_queue" "b" {}\n'
PARTS = "parts:\n  a: {type: aws_sqs_queue, named: a}\n  b: {type: aws_sqs_queue, named: b}\n"
WIRE = PARTS + "wiring: [{from: a, edge: redrives_to, to: b}]\n"


def told(contract: str, text: str, *, alone: bool = False) -> list[str]:
    """The messages of findings, and the reasons of doubts with a `?`."""
    report = lint_text(text, *OWN, contract=Contract("x", Claims(alone=alone), Path("x.yaml"), contract))
    return [one.message for one in report.findings] + [f"? {one.doubt}" for one in report.doubts]


def test_a_part_that_is_absent_may_be_in_a_module() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, named: jobs}}\n"
    text = 'resource "aws_sqs_queue" "other" {}\n'
    assert told(contract, text + CALL % "") == ["? module.jobs may declare it"]
    (message,) = told(contract, text)
    assert message.startswith("there is no aws_sqs_queue named jobs")


def test_a_file_that_has_to_stand_by_itself_has_its_parts_itself() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, named: jobs}}\n"
    assert told(contract, CALL % "", alone=True) == ["there is no aws_sqs_queue named jobs (q)"]


@pytest.mark.parametrize(("count", "number"), [('">= 3"', "at least 3"), ("3", "3")])
def test_a_part_of_which_there_are_too_few_may_be_in_a_module(count: str, number: str) -> None:
    contract = f"parts: {{queue: {{id: q, type: aws_sqs_queue, count: {count}}}}}\n"
    assert told(contract, QUEUES + CALL % "") == ["? module.jobs may declare it"]
    assert told(contract, QUEUES) == [f"of aws_sqs_queue there are 2; the contract asks for {number} (q)"]


def test_of_what_there_are_too_many_there_are_too_many_with_a_module() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, count: 1}}\n"
    assert told(contract, QUEUES + CALL % "") == ["of aws_sqs_queue there are 2; the contract asks for 1 (q)"]


@pytest.mark.parametrize("banned", ["resource: aws_nat_gateway", "data: '*'", "any: '*', where: self.tags == null"])
def test_what_is_forbidden_may_be_in_a_module(banned: str) -> None:
    assert told(f"forbid: [{{id: f, {banned}}}]\n", CALL % "") == ["? it isn't known what module.jobs declares"]
    assert told(f"forbid: [{{id: f, {banned}}}]\n", CALL % "", alone=True) == []


def test_a_module_declares_no_blocks_of_the_stack() -> None:
    assert told("forbid: [{id: f, block: check}]\n", CALL % "") == []
    assert told("forbid: [{id: f, block: module}]\n", CALL % "") == ["module.jobs may not be there (f)"]


def test_a_module_that_is_given_both_ends_may_wire_them() -> None:
    given = "  a = aws_sqs_queue.a.url\n  b = aws_sqs_queue.b.arn\n"
    assert told(WIRE, QUEUES + CALL % given) == ["? module.jobs is given both and may wire them"]


def test_a_module_that_is_given_one_end_does_not_wire_it() -> None:
    (message,) = told(WIRE, QUEUES + CALL % "  a = aws_sqs_queue.a.url\n")
    assert message.startswith("aws_sqs_queue.a redrives to aws_sqs_queue.b")
