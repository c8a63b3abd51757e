"""Files that a contract claims."""

from __future__ import annotations

from tests.cards import CONTRACTS
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.text.source import Source


def in_contract(text: str, rule: Rule) -> Report:
    source = Source("tap_stack.tf", text)
    return lint([Target((source,), (source,), None, CONTRACTS[0])], (rule,))
