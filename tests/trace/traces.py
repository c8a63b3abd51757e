"""Matrices made for tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.cards import CONTRACTS, RULES
from tests.stacks import REFERENCE, target_of
from tflint_tap.contract import Contract, claims_of
from tflint_tap.lint import judged_alone
from tflint_tap.rulebook.examples import DAY
from tflint_tap.trace.rows import Row, Trace, trace_of


def traced(text: str, contract: str | Contract) -> Trace:
    """The matrix of a text and a contract, which may be given as its own text."""
    if isinstance(contract, str):
        contract = Contract("specification", claims_of("s.yaml", contract), Path("s.yaml"), contract)
    return trace_of(judged_alone(target_of(text, contract=contract), RULES, today=DAY), contract)


def rows_of(text: str, contract: str) -> Mapping[str, Row]:
    return {row.requirement.id: row for row in traced(text, contract).rows}


@cache
def of_reference() -> Trace:
    return traced(REFERENCE.read_text(encoding="utf-8"), CONTRACTS[0])
