"""Every card's own examples and cases: each gives exactly what its marks say."""

from __future__ import annotations

import pytest

from tests.cards import RULES, judged
from tflint_tap.authoring.trial import Example, differences, examples_of
from tflint_tap.rule import Rule
from tflint_tap.rulebook.examples import marks_of

CARDS = [rule for rule in RULES if rule.family != "suppressions"]  # these have a test module of their own
EXAMPLES = [(rule, number) for rule in CARDS for number in range(len(rule.bad) + len(rule.good) + len(rule.cases))]
_STACKS: dict[str, list[Example]] = {}


def _name(rule: Rule, number: int) -> str:
    names = [f"{kind} {one}" for kind in ("bad", "good") for one in range(1, len(getattr(rule, kind)) + 1)]
    return f"{rule.id}: {[*names, *(case.name for case in rule.cases)][number]}"


@pytest.mark.parametrize(("rule", "number"), EXAMPLES, ids=[_name(*pair) for pair in EXAMPLES])
def test_an_example_gives_exactly_its_marks(rule: Rule, number: int) -> None:
    if rule.id not in _STACKS:
        _STACKS[rule.id] = list(examples_of(rule))
    assert differences(_STACKS[rule.id][number], rule) == []


@pytest.mark.parametrize("rule", CARDS, ids=lambda rule: rule.id)
def test_bad_examples_have_findings_and_good_ones_are_clean(rule: Rule) -> None:
    for example in rule.bad:
        assert any(not mark.is_doubt for mark in marks_of(example)), "a bad example needs carets"
        assert all(mark.words for mark in marks_of(example)), "a mark needs words of the message or the reason"
        assert judged(rule, example).failures == ()
    for example in rule.good:
        assert marks_of(example) == ()
    for case in rule.cases:
        assert all(mark.words for mark in marks_of(case.hcl)), "a mark needs words of the message or the reason"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_card_is_fit_to_print(rule: Rule) -> None:
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert not rule.message.endswith(".")
    assert not rule.remedy.endswith(".")
    assert rule.why.endswith(".")
    assert len({case.name for case in rule.cases}) == len(rule.cases)
