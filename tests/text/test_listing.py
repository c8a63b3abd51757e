"""Names in phrases."""

from __future__ import annotations

import pytest

from tflint_tap.text.listing import listed, with_article


@pytest.mark.parametrize(
    ("names", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_names_are_listed_with_a_word_before_the_last(names: list[str], expected: str) -> None:
    assert listed(names, "or") == expected


@pytest.mark.parametrize(
    "expected",
    [
        "a queue",
        "an output",
        "an SQS queue",
        "an HTTP API",
        "a URL",
        "an Aurora cluster",
        "a user",
        "a Lambda function",
    ],
)
def test_the_article_follows_the_sound(expected: str) -> None:
    assert with_article(expected.partition(" ")[2]) == expected
    assert with_article(expected) == expected


def test_what_has_an_article_keeps_it() -> None:
    assert with_article("the table") == "the table"
