"""What the carets in examples say."""

from __future__ import annotations

from tflint_tap.rulebook.examples import Expected, expectations


def test_carets_mark_the_line_of_code_above_them() -> None:
    example = 'a {\n#^^ short\n  b = "c"\n  #   ^^^ the value\n  #^^^^^^ the argument\n  // ^ too\n}\n'
    assert expectations(example) == [
        Expected(1, 1, 4, "short"),
        Expected(3, 7, 10, "the value"),
        Expected(3, 4, 10, "the argument"),
        Expected(3, 6, 7, "too"),
    ]


def test_a_comment_without_carets_is_code() -> None:
    assert expectations("# a comment\n#   ^ marked\n") == [Expected(1, 5, 6, "marked")]
