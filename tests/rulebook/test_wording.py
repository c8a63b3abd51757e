"""The words of cards: templates over what is found."""

from __future__ import annotations

import pytest

from tflint_tap.rulebook.wording import plain, worded
from tflint_tap.terraform.evaluation.values import ListValue, Unknown, Value


@pytest.mark.parametrize(
    ("text", "names", "words"),
    [
        ("${listed(a)}", [], ""),
        ("${listed(a)}", ["x"], "x"),
        ("${listed(a)}", ["x", "y"], "x and y"),
        ("${listed(a)}", ["x", "y", 3], "x, y and 3"),
        ("${listed(a, 3)}", ["x", "y", "z"], "x, y and z"),
        ("${listed(a, 3)}", ["x", "y", "z", "u"], "x, y and 2 more"),
        ("lacks ${length(a) > 1 ? listed(a) : a[0]}", ["x"], "lacks x"),
    ],
)
def test_a_list_is_put_into_words(text: str, names: list[object], words: str) -> None:
    assert worded(text, {"a": plain(names)}) == words


def test_a_list_that_is_not_known_whole_has_others() -> None:
    known = ListValue((Value("x"), Value(Unknown("why"))), "list", Unknown("why"), 2)
    assert worded("${listed(a)}", {"a": Value(known)}) == "x, (not known) and others"


def test_what_is_no_list_cannot_be_listed() -> None:
    with pytest.raises(ValueError, match="don't fit"):
        worded("${listed(a)}", {"a": plain("x")})
