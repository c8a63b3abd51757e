"""The least that the provider's documentation shows of each type, written anew: nothing is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.engine import judge
from tflint_tap.module import build_module
from tflint_tap.provider import constraints, schema
from tflint_tap.source import Source
from tflint_tap.stack import Stack
from tflint_tap.syntax import parse

from ..cards import RULES
from .oracle import require_oracle, validate

EXAMPLES = sorted((Path(__file__).parent / "minimal").glob("*.tf"))
JUDGING = [rule for rule in RULES if rule.family == "schema" or rule.id == "references/unknown-attribute"]


def _stack(path: Path) -> Stack:
    return Stack.of(build_module([parse(Source(path.name, path.read_text(encoding="utf-8")))]))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_a_documented_example(path: Path) -> None:
    stack = _stack(path)
    found = [finding for rule in JUDGING for finding in judge(rule, stack)]
    assert [(finding.rule, finding.span.line, finding.message) for finding in found] == []


def test_most_types_with_constraints_have_an_example() -> None:
    written = {declaration.type for path in EXAMPLES for declaration in _stack(path).module.resources()}
    constrained = {type_ for type_ in schema.resource_types() if constraints.constrained(type_)}
    assert len(written & constrained) >= 0.9 * len(constrained), sorted(constrained - written)


def test_terraform_accepts_the_examples() -> None:
    require_oracle()
    assert validate([path.read_text(encoding="utf-8") for path in EXAMPLES]) == [[] for _ in EXAMPLES]
