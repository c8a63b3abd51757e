"""Every card's own examples: bad gives exactly its carets, good gives nothing."""

from __future__ import annotations

import pytest

from tests.cards import RULES, judged
from tflint_tap.rule import Rule
from tflint_tap.rulebook.examples import expectations

CARDS = [rule for rule in RULES if rule.family != "suppressions"]  # these have a test module of their own
BAD = [(rule, example) for rule in CARDS for example in rule.bad]
GOOD = [(rule, example) for rule in CARDS for example in rule.good]


def _ids(pairs: list[tuple[Rule, str]]) -> list[str]:
    counts: dict[str, int] = {}
    names = []
    for rule, _ in pairs:
        counts[rule.id] = counts.get(rule.id, 0) + 1
        names.append(f"{rule.id}-{counts[rule.id]}")
    return names


@pytest.mark.parametrize(("rule", "example"), BAD, ids=_ids(BAD))
def test_a_bad_example_gives_exactly_its_carets(rule: Rule, example: str) -> None:
    report = judged(rule, example)
    assert report.failures == ()
    assert report.doubts == ()
    expected = expectations(example)
    assert expected, "a bad example needs carets"
    places = []
    for finding in report.findings:
        span = finding.span
        end = span.end_column if span.end_line == span.line else len(span.source.line(span.line)) + 1
        places.append((span.line, span.column, max(end, span.column + 1)))
    assert places == [(item.line, item.column, item.end_column) for item in expected]
    for finding, item in zip(report.findings, expected, strict=True):
        assert item.words
        assert item.words in finding.message


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=_ids(GOOD))
def test_a_good_example_gives_nothing(rule: Rule, example: str) -> None:
    report = judged(rule, example)
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_card_is_fit_to_print(rule: Rule) -> None:
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert not rule.message.endswith(".")
    assert not rule.remedy.endswith(".")
    assert rule.why.endswith(".")
