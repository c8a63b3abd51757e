"""The reference stack with variables of which nothing is known: doubts that name them, and nothing certain."""

from __future__ import annotations

import pytest

from tests.cards import RULES, in_contract
from tests.stacks import REFERENCE, stack_of

pytestmark = pytest.mark.slow

OF_DEFAULTS = {"format/not-canonical", "stack/wrong-variable"}  # they are about the defaults themselves
TEXT = REFERENCE.read_text(encoding="utf-8")


def without_defaults() -> str:
    text = TEXT
    for declaration in reversed(list(stack_of(TEXT, path="tap_stack.tf").module.of_kind("variable"))):
        default = declaration.block.body.attribute("default") if declaration.block is not None else None
        if default is not None:
            text = text[: default.span.start] + text[default.span.end :]
    return text


def test_variables_without_defaults_are_named_by_doubts_and_nothing_is_certain() -> None:
    report = in_contract(without_defaults(), *[rule for rule in RULES if rule.id not in OF_DEFAULTS])
    assert (report.findings, report.failures) == ((), ())
    assert report.doubts
    assert [doubt.doubt for doubt in report.doubts if not str(doubt.doubt).startswith("var.")] == []
    assert all(str(doubt.doubt).endswith("has no default") for doubt in report.doubts)
