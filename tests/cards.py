"""The rulebook, and its cards' examples judged."""

from __future__ import annotations

from pathlib import Path

from tflint_tap.contract import load_contracts
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.text.source import Source

RULES = load_rules(BUNDLED)
CONTRACTS = load_contracts(BUNDLED)


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
