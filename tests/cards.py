"""The rulebook's cards, and examples judged by them."""

from __future__ import annotations

from tests.stacks import judged_text
from tflint_tap.contract import load_contracts
from tflint_tap.lint import Report
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import BUNDLED, load_rules

RULES = load_rules(BUNDLED)
CONTRACTS = load_contracts(BUNDLED)


def judged(rule: Rule, example: str, *, path: str | None = None) -> Report:
    """An example judged by one rule, as the contract's file where the rule is for such a file."""
    contract = CONTRACTS[0] if rule.contract_only else None
    return judged_text(example, rule, path=path or "example.tf", contract=contract, known={rule.id for rule in RULES})


def rule_named(id_: str) -> Rule:
    return next(rule for rule in RULES if rule.id == id_)
