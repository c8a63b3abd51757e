"""The rulebook's cards, and examples judged by them."""

from __future__ import annotations

from tests.stacks import lint_text
from tflint_tap.contract import load_contracts
from tflint_tap.lint import Report
from tflint_tap.rule import Finding, Rule
from tflint_tap.rulebook.examples import Mark
from tflint_tap.rulebook.loader import BUNDLED, load_rules

RULES = load_rules(BUNDLED)
CONTRACTS = load_contracts(BUNDLED)


def judged(rule: Rule, example: str, *, path: str | None = None) -> Report:
    """An example judged by one rule, as the contract's file where the rule is for such a file."""
    contract = CONTRACTS[0] if rule.contract_only else None
    return lint_text(example, rule, path=path or "example.tf", contract=contract, known={rule.id for rule in RULES})


def in_contract(text: str, *rules: Rule) -> Report:
    """What rules say of a text as the file that the contract claims."""
    return lint_text(text, *rules, contract=CONTRACTS[0])


def rule_named(id_: str) -> Rule:
    return next(rule for rule in RULES if rule.id == id_)


def marked(finding: Finding) -> Mark:
    """The mark that a finding or doubt would have in an example; on its first line, its message or reason as words."""
    span = finding.span
    end = span.end_column if span.end_line == span.line else len(span.source.line(span.line)) + 1
    is_doubt = finding.reason is not None
    words = finding.message if finding.reason is None else finding.reason
    return Mark(is_doubt, span.line, span.column, max(end, span.column + 1), words)
