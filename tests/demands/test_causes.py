"""What one requirement asks for in several things: each that is lacking is told, and none of them twice."""

from __future__ import annotations

from pathlib import Path

from tests.cards import RULES
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract

OWN = tuple(rule for rule in RULES if rule.family in ("stack", "sla"))


def told(contract: str, text: str, *given: str) -> list[str]:
    """The messages of all that the contract's own rules find, and of their doubts."""
    held = Contract("x", Claims(), Path("x.yaml"), contract)
    report = lint_text(text, *OWN, contract=held, given=given)
    return sorted(one.message.partition(" (")[0] for one in (*report.findings, *report.doubts))


SETTINGS = (
    "parts:\n  queue:\n    id: Q\n    type: aws_sqs_queue\n    count: '>= 1'\n    require:\n"
    "      - {that: self.message_retention_seconds == 345600, says: keep messages for four days}\n"
    "      - {that: self.fifo_queue == true, says: be a FIFO queue}\n"
)


def test_settings_of_one_requirement_that_are_missing_at_one_place_are_all_told() -> None:
    assert told(SETTINGS, 'resource "aws_sqs_queue" "q" {\n}\n') == [
        "aws_sqs_queue.q has to be a FIFO queue",
        "aws_sqs_queue.q has to keep messages for four days",
    ]


def test_the_instances_of_a_block_lack_a_setting_once() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  for_each = toset(["a", "b"])\n  name = each.key\n}\n'
    assert told(SETTINGS, text) == [
        'aws_sqs_queue.q["a"] has to be a FIFO queue',
        'aws_sqs_queue.q["a"] has to keep messages for four days',
    ]


def test_what_differs_between_the_instances_of_a_block_is_told_of_each() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  count = 2\n  fifo_queue = count.index == 0 ? true : null\n%s}\n'
    written = "  message_retention_seconds = count.index == 1 ? 345600 : 5\n"
    assert told(SETTINGS, text % written) == [
        "aws_sqs_queue.q[0] has to keep messages for four days",
        "aws_sqs_queue.q[1] has to be a FIFO queue",
    ]


def test_parts_and_outputs_of_one_requirement_are_all_told() -> None:
    contract = (
        "parts:\n  a: {id: P, type: aws_sqs_queue, named: aa}\n  b: {id: P, type: aws_sqs_queue, named: bb}\n"
        "outputs:\n  - {id: O, name: x}\n  - {id: O, name: y}\n"
    )
    assert told(contract, 'resource "aws_sns_topic" "t" {}\n') == [
        "there is no aws_sqs_queue named aa",
        "there is no aws_sqs_queue named bb",
        "there is no output x",
        "there is no output y",
    ]


def test_doubts_about_several_things_stay_apart_from_what_is_found() -> None:
    contract = (
        "parts:\n  queue:\n    id: Q\n    type: aws_sqs_queue\n    require:\n"
        "      - {that: self.fifo_queue == true, says: be a FIFO queue, at: name}\n"
        "      - {that: 'startswith(self.name, \"jobs\")', says: be called jobs}\n"
    )
    text = 'variable "n" {\n  type = string\n}\nresource "aws_sqs_queue" "q" {\n  name = var.n\n}\n'
    assert told(contract, text) == [
        "aws_sqs_queue.q has to be a FIFO queue",
        "can't tell whether this is met: aws_sqs_queue.q has to be called jobs",
    ]


def test_one_place_that_breaks_a_figure_in_two_ways_is_told_of_each() -> None:
    contract = (
        "parts: {queue: {id: Q, type: aws_sqs_queue}}\n"
        "figures:\n  - id: F\n    about: the delivery\n    states: ['<60 seconds']\n    comment: 'SLA: <60 seconds'\n"
        "    words: [deliver]\n    belongs_to: [queue]\n    code:\n"
        "      - {of: queue, that: 'default(self.delay_seconds, 99) < 60', says: hand messages on in time}\n"
        "      - {of: queue, that: given(self.redrive_policy), says: give up after some time}\n"
    )
    text = '# deliver in <60 seconds\nresource "aws_sqs_queue" "q" {\n}\n'
    assert told(contract, text) == [
        "aws_sqs_queue.q has to give up after some time: <60 seconds is promised for the delivery",
        "aws_sqs_queue.q has to hand messages on in time: <60 seconds is promised for the delivery",
    ]
