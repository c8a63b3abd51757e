"""The rulebook's cards, and examples judged by them."""

from __future__ import annotations

from tests.stacks import lint_text
from tflint_tap.authoring.trial import contract_of
from tflint_tap.contract import load_contracts
from tflint_tap.lint import Report
from tflint_tap.rule import Rule
from tflint_tap.rulebook.examples import DAY
from tflint_tap.rulebook.loader import BUNDLED, load_rules

RULES = load_rules(BUNDLED)
CONTRACTS = load_contracts(BUNDLED)


def judged(rule: Rule, example: str, *, path: str | None = None) -> Report:
    """An example judged by one rule, as the contract's file where the rule is for such a file."""
    contract = contract_of(rule)
    known = {rule.id for rule in RULES}
    return lint_text(example, rule, path=path or "example.tf", contract=contract, known=known, today=DAY)


def in_contract(text: str, *rules: Rule) -> Report:
    """What rules say of a text as the file that the contract claims."""
    return lint_text(text, *rules, contract=CONTRACTS[0], today=DAY)


def rule_named(id_: str) -> Rule:
    return next(rule for rule in RULES if rule.id == id_)
