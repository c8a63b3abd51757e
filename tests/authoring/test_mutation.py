"""Cards are strong: no operand of a condition can be changed without one of the card's own cases noticing it."""

from __future__ import annotations

import pytest

from tests.cards import RULES
from tflint_tap.authoring.mutation import mutants, survivors
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import BUNDLED
from tflint_tap.text.yaml_text import load

CARDS = {rule.id: load((BUNDLED / f"{rule.id}.yaml").read_text(encoding="utf-8")) for rule in RULES}
CONDITIONS = [rule for rule in RULES if "check" not in CARDS[rule.id]]


@pytest.mark.parametrize("rule", CONDITIONS, ids=lambda rule: rule.id)
@pytest.mark.slow
def test_every_mutant_of_a_condition_is_noticed_by_the_cards_own_cases(rule: Rule) -> None:
    left, count = survivors(rule, CARDS[rule.id])
    assert count > 0
    assert [mutant.what for mutant in left] == []


def _changed(condition: str, key: str = "require") -> set[str]:
    return {str(mutant.content[key]) for mutant in mutants({"match": "variable", "severity": "note", key: condition})}


def test_operands_are_dropped_flipped_made_true_and_false() -> None:
    assert _changed("self.a && self.b") == {
        "true",
        "false",
        "!(self.a && self.b)",
        "true && self.b",
        "false && self.b",
        "!(self.a) && self.b",
        "self.a && true",
        "self.a && false",
        "self.a && !(self.b)",
    }


def test_numbers_are_moved_by_one_and_comparisons_turned() -> None:
    assert {"self.a >= 6", "self.a >= 4", "(self.a < 5)"} <= _changed("self.a >= 5")
    assert {"self.a == 1", "self.a == (-1)", "(self.a != 0)"} <= _changed("self.a == 0")


def test_filters_of_loops_and_the_arguments_of_quantifiers_are_operands() -> None:
    made = _changed("anytrue([for a in self.b : a == 1 if a != 2])")
    assert {
        "anytrue([for a in self.b : true if a != 2])",
        "anytrue([for a in self.b : a == 1 if false])",
        "anytrue([for a in self.b : a == 1 if (a == 2)])",
        "anytrue([for a in self.b : a == 1 if a != 3])",
    } <= made


def test_each_let_and_severity_are_mutated_and_several_conditions_one_by_one() -> None:
    content = {
        "severity": 'self.a > 1 ? "error" : "note"',
        "conditions": [
            {"match": "variable", "require": "self.a == 1", "let": {"b": "self.c + 1"}},
            {"match": "output", "where": "self.a == 1", "require": "self.b", "each": "[for x in self.c : x if x > 1]"},
        ],
    }
    whats = [mutant.what for mutant in mutants(content)]
    assert "b: 1 → 2" in whats
    assert "each: x > 1 → (x <= 1)" in whats
    assert "where: self.a == 1 → true" in whats
    changed = next(mutant for mutant in mutants(content) if mutant.what == "b: 1 → 2").content
    assert changed["conditions"][0]["let"] == {"b": "self.c + 2"}
    assert changed["conditions"][1] == content["conditions"][1]
