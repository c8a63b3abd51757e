"""Wires that are there and turned off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.test_causes import OWN
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract

MAPPING = """
variable "on" {
  type = bool
}

resource "aws_sqs_queue" "jobs" {}

resource "aws_lambda_function" "worker" {}

resource "aws_lambda_event_source_mapping" "one" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.worker.arn
  enabled          = %s
}
"""
TRIGGERS = (
    "parts:\n  queue: {type: aws_sqs_queue}\n  worker: {type: aws_lambda_function}\n"
    "wiring: [{id: w, from: queue, edge: triggers, to: worker}]\n"
)
RULE = """
resource "aws_cloudwatch_event_rule" "often" {
  schedule_expression = "rate(5 minutes)"
  %s
}

resource "aws_cloudwatch_event_target" "machine" {
  rule     = aws_cloudwatch_event_rule.often.name
  arn      = aws_sfn_state_machine.audit.arn
  role_arn = aws_iam_role.starter.arn
}

resource "aws_sfn_state_machine" "audit" {}

resource "aws_iam_role" "starter" {}
"""
TARGETS = (
    "parts:\n  rule: {type: aws_cloudwatch_event_rule}\n  machine: {type: aws_sfn_state_machine}\n"
    "wiring:\n  - {id: w, from: rule, edge: targets, to: machine}\n"
    "  - {id: r, from: rule, edge: runs_as, to: aws_iam_role}\n"
)


def told(contract: str, text: str) -> list[tuple[str, str]]:
    """The message and place of findings, and those of doubts with a `?`."""
    report = lint_text(text, *OWN, contract=Contract("x", Claims(), Path("x.yaml"), contract))
    found = [(one.message, one.span.text) for one in report.findings]
    return found + [(f"? {one.message}: {one.doubt}", one.span.text) for one in report.doubts]


@pytest.mark.parametrize("value", ["true", "null"])
def test_a_wire_that_is_on_is_no_breach(value: str) -> None:
    assert told(TRIGGERS, MAPPING % value) == []


def test_a_wire_that_is_off_is_told_at_the_switch() -> None:
    assert told(TRIGGERS, MAPPING % "false") == [
        (
            "aws_sqs_queue.jobs triggers aws_lambda_function.worker: "
            "aws_lambda_event_source_mapping.one is turned off (w)",
            "false",
        )
    ]


def test_a_wire_of_which_that_is_not_known_is_a_doubt() -> None:
    assert told(TRIGGERS, MAPPING % "var.on") == [
        (
            "? can't tell whether this is met: aws_sqs_queue.jobs triggers aws_lambda_function.worker: "
            "aws_lambda_event_source_mapping.one may be turned off (w): var.on has no default",
            "var.on",
        )
    ]


def test_of_several_wires_one_has_to_be_on() -> None:
    other = MAPPING[MAPPING.index('resource "aws_lambda_event_source') :].replace('"one"', '"two"') % "true"
    assert told(TRIGGERS, MAPPING % "false" + other) == []


@pytest.mark.parametrize(("written", "place"), [('state = "DISABLED"', '"DISABLED"'), ("is_enabled = false", "false")])
def test_a_rule_that_is_off_hands_nothing_on_and_still_has_a_role(written: str, place: str) -> None:
    ((message, span),) = told(TARGETS, RULE % written)
    assert (message, span) == (
        "aws_cloudwatch_event_rule.often targets aws_sfn_state_machine.audit: "
        "aws_cloudwatch_event_rule.often is turned off (w)",
        place,
    )


@pytest.mark.parametrize("written", ['state = "ENABLED"', "is_enabled = true", ""])
def test_a_rule_that_is_on_does(written: str) -> None:
    assert told(TARGETS, RULE % written) == []


def test_a_part_is_recognised_by_a_wire_that_is_off() -> None:
    contract = (
        "parts:\n  queue: {type: aws_sqs_queue}\n"
        "  worker: {id: p, type: aws_lambda_function, wired: [{edge: triggers, from: queue}]}\n"
    )
    assert told(contract, MAPPING % "false") == []
