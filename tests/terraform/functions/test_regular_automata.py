"""The automaton that tells if a pattern matches, held against the search for the match itself."""

from __future__ import annotations

from itertools import product

import pytest

from tflint_tap.terraform.functions import regular_expressions
from tflint_tap.terraform.functions.regular_automata import Automaton

PATTERNS = (
    "", "a", "ab", "a|b", "a*", "a+b", "^a", "a$", "^a$", "^$", "$^", "^a|b$", "(a|^)b", "(a|$)", "(^|b)a($|b)", "a?^b",
    "(a*)*", "(a|ab)(c|bcd)", "[^a]", "[^a]b$", "a{2,3}", "(?i)AB", ".", "(?s).", "a.c", "(?:ab)+$", "b$a", "a*?b",
    "\\ba", "(?m)^b", "x", "^[a-c]+(-[a-c]+)*$", "($|a)b", "\\z", "\\Aab", "[ab]*c",
)  # fmt: skip
TEXTS = ("", "a", "b", "ab", "ba", "abc", "aab", "aaab", "cab", "a\nb", "abcd", "a-b", "AB", "ab-c-a", "ccc", "é", "xa")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_agrees_with_the_search(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    automaton = regular_expressions._compiled(pattern).automaton
    told = {(text, at): automaton.matches(text, at) for text in TEXTS for at in range(len(text) + 1)}
    monkeypatch.setattr(Automaton, "matches", lambda *_: None)
    for (text, at), found in told.items():
        assert found in (None, regular_expressions.find(text=pattern, subject=text, begin=at) is not None), (text, at)
    assert (None in told.values()) == (pattern in ("\\ba", "(?m)^b"))


def test_one_that_would_be_too_large_leaves_it_to_the_search() -> None:
    pattern = "(a|b)*a" + "(a|b)" * 16  # more states than any text needs
    texts = ["".join(text) for text in product("ab", repeat=12)]
    automaton = regular_expressions._compiled(pattern).automaton
    assert any(automaton.matches(text * 3, 0) is None for text in texts)
    assert regular_expressions.find(pattern, "a" * 40) is not None
