"""The reference stack's roles: no action can be taken away or added without exactly one finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.cards import in_contract, rule_named
from tests.stacks import REFERENCE, stack_of

TEXT = REFERENCE.read_text(encoding="utf-8")
MISSING, UNNEEDED = rule_named("iam/missing-permission"), rule_named("iam/unneeded-permission")
# What a function does with a table, parameter or namespace that it is told of is the choice of its code, but for what
# the contract says of it: two functions update items.
CHOICES = (
    *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchGetItem"),
    *("ssm:GetParameter", "sqs:ChangeMessageVisibility", "cloudwatch:PutMetricData"),
)


def granted() -> Iterator[tuple[str, int, int]]:
    """The actions that the roles are granted, each with its place in the text."""
    found: dict[int, tuple[str, int, int]] = {}
    for policy in stack_of(TEXT, path="tap_stack.tf").policies:
        for statement in policy.statements if policy.kind == "identity" else ():
            for text, item in statement.actions.known() if statement.actions is not None else ():
                assert item.span is not None
                found[item.span.start] = (text, item.span.start, item.span.end)
    yield from sorted(found.values(), key=lambda place: place[1])


GRANTED = list(granted())


def without(start: int, end: int) -> str:
    """The text without a string of a list."""
    head, tail = TEXT[:start], TEXT[end:]
    comma = re.match(r"\s*,\s*", tail)
    if comma is not None:
        return head + tail[comma.end() :]
    return re.sub(r",\s*$", "", head) + tail


@pytest.mark.slow
@pytest.mark.parametrize("place", GRANTED, ids=lambda place: f"{place[0]} at {place[1]}")
def test_an_action_that_is_taken_away_is_missed(place: tuple[str, int, int]) -> None:
    action, start, end = place
    report = in_contract(without(start, end), MISSING)
    assert report.failures == ()
    messages = [finding.message for finding in report.findings]
    if action in CHOICES:
        assert messages == []
    else:
        assert [action in message for message in messages] == [True]
        assert re.search(r": (aws_\w+\.\w+|booking_handler) ", messages[0]), "the message names the wiring"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "action"),
    list(zip(GRANTED[::5], cycle(("s3:GetObject", "dynamodb:DeleteTable", "sqs:PurgeQueue")), strict=False)),
    ids=lambda part: f"{part[0]} at {part[1]}" if isinstance(part, tuple) else part,
)
def test_an_action_that_is_added_is_not_needed(place: tuple[str, int, int], action: str) -> None:
    report = in_contract(f'{TEXT[: place[1]]}"{action}", {TEXT[place[1] :]}', UNNEEDED)
    assert report.failures == ()
    assert [(finding.span.text, action in finding.message) for finding in report.findings] == [(f'"{action}"', True)]


def test_the_reference_stack_needs_what_it_grants_and_grants_what_it_needs() -> None:
    report = in_contract(TEXT, MISSING, UNNEEDED)
    assert (report.findings, report.doubts, report.failures) == ((), (), ())
