"""YAML as plain data, and what is said of what isn't YAML."""

from __future__ import annotations

import pytest

from tflint_tap.text.yaml_text import YamlError, compose, load


def test_parts_know_their_lines() -> None:
    switch = (4, "mapping", (((4, "text", "c"), (4, "text", "on")),))
    assert compose("a: 1\nb:\n  - x\n  - {c: on}\n") == (
        1,
        "mapping",
        (((1, "text", "a"), (1, "text", "1")), ((2, "text", "b"), (3, "list", ((3, "text", "x"), switch)))),
    )
    assert compose("# nothing\n") is None


def test_tags_do_not_change_what_a_part_is() -> None:
    assert compose("!x {a: b}") == (1, "mapping", (((1, "text", "a"), (1, "text", "b")),))
    assert compose("!x:map text") == (1, "text", "text")


def test_what_an_alias_names_is_made_once() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    node = compose("\n".join(lines))
    assert node is not None
    last = node[2][-1][1]
    assert last[2][0] is last[2][1]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: [b\nc: d\n", 2, "did not find expected ',' or ']'"),
        ("a: &a [*a]\n", 1, "an alias stands within what it names"),
    ],
)
def test_what_cannot_be_composed_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(YamlError) as raised:
        compose(text)
    assert (raised.value.line, str(raised.value)) == (line, problem)


@pytest.mark.parametrize("text", ["a: 2020-13-45\n", "a: !!python/object:os.system x\n", "a: \ud800\n", "[" * 5000])
def test_what_cannot_be_loaded_is_told(text: str) -> None:
    with pytest.raises(YamlError):
        load(text)
