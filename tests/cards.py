"""Cards' examples: what their carets say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from tflint_tap.contract import load_contracts
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.text.source import Source

RULES = load_rules(BUNDLED)
CONTRACTS = load_contracts(BUNDLED)
_CARETS = re.compile(r"^[ \t]*(?:#|//)( *)(\^+)[ ]?(.*)$")


class Expected(NamedTuple):
    """A finding as carets mark it: the line above, from 1; columns from 1; words of the message."""

    line: int
    column: int
    end_column: int
    words: str


def expectations(example: str) -> list[Expected]:
    """What the caret comments of an example say; several in a row mark the same line of code.

    A mark at the line's beginning with carets right behind it stands for the first column.
    """
    found: list[Expected] = []
    code_line = 0
    for number, line in enumerate(example.split("\n"), 1):
        match = _CARETS.match(line)
        if match is None:
            code_line = number
        else:
            start = 0 if line.startswith("#^") else match.start(2)
            found.append(Expected(code_line, start + 1, match.end(2) + 1, match[3].strip()))
    return found


def judged(rule: Rule, example: str, *, path: str | None = None) -> Report:
    """An example judged by one rule, as the contract's file where the rule is for such a file."""
    contract = CONTRACTS[0] if rule.contract_only else None
    name = path or (contract.claims[0] if contract is not None else "example.tf")
    source = Source(name, example)
    return lint([Target((source,), (source,), None, contract)], (rule,), known={rule.id for rule in RULES})


def rule_named(id_: str) -> Rule:
    return next(rule for rule in RULES if rule.id == id_)


def stack_file(name: str) -> Path:
    """A file of the checkout."""
    return Path(__file__).resolve().parent.parent / name
