"""Every card's own examples and cases: each gives exactly what its marks say."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cards import RULES, judged, marked
from tflint_tap.records import replace
from tflint_tap.rule import Case, Rule
from tflint_tap.rulebook.examples import marks_of

CARDS = [rule for rule in RULES if rule.family != "suppressions"]  # these have a test module of their own
BAD = [(rule, example) for rule in CARDS for example in rule.bad]
GOOD = [(rule, example) for rule in CARDS for example in rule.good]
CASES = [(rule, case) for rule in CARDS for case in rule.cases]


def _ids(pairs: list[tuple[Rule, str]]) -> list[str]:
    counts = Counter[str]()
    names = []
    for rule, _ in pairs:
        counts[rule.id] += 1
        names.append(f"{rule.id}-{counts[rule.id]}")
    return names


def _gives_its_marks(rule: Rule, text: str) -> None:
    """What is found in a text is what its marks say: the same places, and the marks' words in what is said there."""
    report = judged(rule, text)
    assert report.failures == ()
    expected = sorted(marks_of(text), key=lambda mark: mark.is_doubt)
    found = [marked(finding) for finding in (*report.findings, *report.doubts)]
    for index, mark in enumerate(expected[: len(found)]):
        assert mark.words, "a mark needs words of the message or the reason"
        if mark.words in found[index].words:
            found[index] = replace(found[index], words=mark.words)
    assert found == expected


@pytest.mark.parametrize(("rule", "example"), BAD, ids=_ids(BAD))
def test_a_bad_example_gives_exactly_its_marks(rule: Rule, example: str) -> None:
    assert any(not mark.is_doubt for mark in marks_of(example)), "a bad example needs carets"
    _gives_its_marks(rule, example)


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=_ids(GOOD))
def test_a_good_example_gives_nothing(rule: Rule, example: str) -> None:
    report = judged(rule, example)
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.id}: {case.name}" for rule, case in CASES])
def test_a_case_gives_exactly_its_marks(rule: Rule, case: Case) -> None:
    _gives_its_marks(rule, case.hcl)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_card_is_fit_to_print(rule: Rule) -> None:
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert not rule.message.endswith(".")
    assert not rule.remedy.endswith(".")
    assert rule.why.endswith(".")
    assert len({case.name for case in rule.cases}) == len(rule.cases)
