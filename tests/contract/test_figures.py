"""Figures in running text: many wordings, one quantity."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.patterns import steps_to_find
from tests.work import LINEAR, growth
from tflint_tap.contract import lexicon
from tflint_tap.contract.figure_reading import figures_in
from tflint_tap.contract.figures import Bound, Figure, states

PHRASES = [
    tuple(part.strip() for part in line.rsplit("=>", 1))
    for line in Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def one(text: str) -> Figure:
    (figure,) = figures_in(text)
    return figure


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_a_phrase_gives_its_figures(text: str, expected: str) -> None:
    assert " | ".join(str(figure) for figure in figures_in(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [phrase for phrase in PHRASES if phrase[1]])
def test_a_phrase_gives_the_same_figures_within_a_sentence(text: str, expected: str) -> None:
    sentence = f"Nothing here is said of it. SLA: {text}. So much for that, in all 3 regions."
    assert " | ".join(str(figure) for figure in figures_in(sentence)) == expected


@pytest.mark.parametrize("text", [phrase[0] for phrase in PHRASES])
def test_a_figure_knows_where_it_stands(text: str) -> None:
    end = 0
    for figure in figures_in(text):
        assert end <= figure.start < figure.end <= len(text)
        end = figure.end


def test_a_figures_place_covers_its_bound_and_its_unit() -> None:
    text = "SLA: it takes no more than 400 ms (P95)."
    figure = one(text)
    assert text[figure.start : figure.end] == "no more than 400 ms"


# Round trips

_UNITS = {
    "s": {
        "ms": Fraction(1, 1000),
        " milliseconds": Fraction(1, 1000),
        "s": 1,
        " seconds": 1,
        " sec": 1,
        " minutes": 60,
    },
    "/s": {" RPS": 1, " requests per second": 1, " req/s": 1, "/s": 1},
    "/min": {" rpm": 1, " booking requests per minute": 1, "k requests/min": 1000},
}
_BOUNDS = {
    Bound.AT_MOST: ("<", "under ", "within ", "no more than ", "at most ~", "≤ "),
    Bound.AT_LEAST: (">", "over ", "at least ", "longer than ", "≥"),
    Bound.ABOUT: ("~", "about ", "roughly "),
    Bound.EXACTLY: ("", "SLA: "),
}


@st.composite
def _written(draw: st.DrawFn) -> tuple[str, str]:
    """A figure in some wording, and in its uniform form."""
    unit = draw(st.sampled_from(sorted(_UNITS)))
    spelling = draw(st.sampled_from(sorted(_UNITS[unit])))
    number = draw(st.integers(1, 99_999))
    digits = f"{number:,}" if draw(st.booleans()) else str(number)
    bound = draw(st.sampled_from(list(_BOUNDS)))
    words = draw(st.sampled_from(_BOUNDS[bound]))
    qualifiers = ["p95", "p99.9"] if unit == "s" else ["burst", "sustained"]
    qualifier = draw(st.sampled_from(["", *qualifiers]))
    is_behind = draw(st.booleans())
    text = f"{words}{digits}{spelling}"
    if qualifier:
        text = f"{text} {qualifier}" if is_behind else f"{qualifier}: {text}"
    figure = Figure(bound, number * Fraction(_UNITS[unit][spelling]), unit, frozenset({qualifier} - {""}))
    return text, str(figure)


@pytest.mark.slow
@given(st.lists(_written(), min_size=1, max_size=4))
def test_what_is_written_is_read(written: list[tuple[str, str]]) -> None:
    text = "; ".join(text for text, _ in written)
    assert [str(figure) for figure in figures_in(text)] == [expected for _, expected in written]


@pytest.mark.slow
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for figure in figures_in(text):
        assert 0 <= figure.start < figure.end <= len(text)


_VOCABULARY = (
    *("5", "1,200", "ms", "s", "p95", "RPS", "per", "/", "-", "<", ">", "~", "and", "to", "(", ")", ".", ","),
    *("a", "one", "hundred", "no", "sub", "every", "second", "half"),
)


@pytest.mark.slow
@given(st.lists(st.sampled_from(_VOCABULARY)))
def test_any_row_of_its_own_words_can_be_read(words: list[str]) -> None:
    text = " ".join(words)
    for figure in figures_in(text):
        assert 0 <= figure.start < figure.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["<5 s p95, ", "p95 ", "1 ", "5 - ", "one hundred and ", "no more than ", "5 and ", "1,000", "a.", "<", " "]
)
@pytest.mark.slow
def test_reading_takes_work_in_proportion_to_the_text(unit: str) -> None:
    assert growth(lambda times: figures_in(unit * times), 100) < LINEAR
    short, long = (steps_to_find(lexicon._TOKEN, unit * times) for times in (100, 400))
    assert long < LINEAR * short


# What says what


@pytest.mark.parametrize(
    ("stated", "wanted", "as_breach", "expected"),
    [
        ("under 0.4 s at p95", "<400 ms P95", False, True),
        ("400 ms P95", "<400 ms P95", False, True),
        ("~400 ms P95", "<400 ms P95", False, True),
        ("<400 ms", "<400 ms P95", False, False),
        ("<400 ms P99", "<400 ms P95", False, False),
        ("<500 ms P95", "<400 ms P95", False, False),
        (">400 ms P95", "<400 ms P95", False, False),
        (">400 ms P95", "<400 ms P95", True, True),
        ("every 400 ms (p95)", "<400 ms P95", False, False),
        ("<5 s p95", "<5 s", False, True),
        ("5-10 s", "<10 s", False, False),
        ("every 30 s", "within 30 seconds", False, False),
        ("5-minute schedule", "every 5 minutes", False, True),
        ("within 5 minutes", "every 5 minutes", False, False),
        ("for 5 minutes", "every 5 minutes", True, False),
        ("1,200 requests per second", "~1,200 RPS sustained", False, True),
        ("burst of 1,200 RPS", "~1,200 RPS sustained", False, False),
        ("up to 2,000 RPS", "burst ~2,000 RPS", False, False),
        ("bursts up to 2,000 RPS", "burst ~2,000 RPS", False, True),
        ("1,167 RPS", "~70,000 requests per minute", False, False),
        ("70,000 requests per second", "~70,000 requests per minute", False, False),
    ],
)
def test_one_figure_states_another(stated: str, wanted: str, as_breach: bool, expected: bool) -> None:
    assert states(one(stated), one(wanted), as_breach=as_breach) is expected
