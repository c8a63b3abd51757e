"""JSON text: its values, their places, and what is said of text that is no JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from tflint_tap.hcl.errors import ParseError
from tflint_tap.hcl.json_text import JsonArray, JsonObject, JsonScalar, JsonString, JsonValue, decoded, read
from tflint_tap.text.source import Source

TEXTS = [
    '{"a": [1, -2.5, 1e3, 0.1E-2, true, false, null], "": {"b": []}}',
    r'["\" \\ \/ \b\f\n\r\t \u0041\u00e9 \ud83d\ude00 \uD83d \udc00", "ünï", ""]',
    " [ \r\n\t1 , {} ] \n",
    '"x"',
    "0",
]


def plain(value: JsonValue) -> Any:
    if isinstance(value, JsonObject):
        return {member.name.value: plain(member.value) for member in value.members}
    if isinstance(value, JsonArray):
        return [plain(item) for item in value.items]
    return float(value.value) if isinstance(value.value, Fraction) else value.value


def values(value: JsonValue) -> list[JsonValue]:
    inner: list[JsonValue] = []
    if isinstance(value, JsonObject):
        inner = [part for member in value.members for part in (member.name, member.value)]
    elif isinstance(value, JsonArray):
        inner = list(value.items)
    return [value, *(found for item in inner for found in values(item))]


@pytest.mark.parametrize("text", TEXTS)
def test_values_are_those_of_python_s_parser_and_each_has_its_place(text: str) -> None:
    value = read(Source("a.tf.json", text))
    whole = text.replace(r"\uD83d \udc00", r"\ufffd \ufffd")  # half a pair is no character
    expected = json.loads(whole)
    assert plain(value) == expected
    for part in values(value):
        alone = read(Source("b.tf.json", part.span.text))
        assert plain(alone) == plain(part)
        assert isinstance(part, (JsonString, JsonScalar)) or part.span.text[0] + part.span.text[-1] in ("{}", "[]")


def test_each_character_of_a_string_has_its_offset() -> None:
    raw = r"a\"\u00e9\ud83d\ude00\n"
    text, places = decoded(raw, 10)
    assert text == json.loads(f'"{raw}"')
    assert [place - 10 for place in places] == [0, 1, 3, 9, 21, 23]
    assert places[-1] == 10 + len(raw)


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("", (1, 1), "the file has no JSON value", "write an object"),
        ("\ufeff{}", (1, 1), "the file begins with a byte-order mark", "save it as UTF-8 without one"),
        ('{"a": 1,}', (1, 8), "a comma follows the last property of the object", "leave it out"),
        ("[1,\n]", (1, 3), "a comma follows the last element of the array", "leave it out"),
        ('{"a": 1 "b": 2}', (1, 9), "there is no comma between this property and the one before it", "add a comma"),
        ("[1 2]", (1, 4), "there is no comma between this element and the one before it", "add a comma"),
        ('{"a" 1}', (1, 6), 'the colon behind "a" is missing', "add it"),
        ("{a: 1}", (1, 2), "a property has no name in double quotes", 'write "a": …'),
        ("{'a': 1}", (1, 2), "a string is in single quotes", "use double quotes"),
        ('{"a": /* b */ 1}', (1, 7), "JSON has no comments", 'write it as a property "//": "…"'),
        ("{\n  # b\n}", (2, 3), "JSON has no comments", 'write it as a property "//": "…"'),
        ('{"a": True}', (1, 7), "True is not a JSON value", "write true"),
        ('{"a": None}', (1, 7), "None is not a JSON value", "write null"),
        ('{"a": var.x}', (1, 7), "var is not a JSON value", "put text in double quotes"),
        ('{"a": 01}', (1, 7), "01 is not a JSON number", "write it as 1, -1, 0.5 or 1e9"),
        ('{"a": +1}', (1, 7), "+1 is not a JSON number", "write it as 1, -1, 0.5 or 1e9"),
        ('{"a": 1.}', (1, 7), "1. is not a JSON number", "write it as 1, -1, 0.5 or 1e9"),
        ('{"a": NaN}', (1, 7), "NaN is not a JSON value", "put text in double quotes"),
        ('{"a": 1e9999999}', (1, 7), "the number is out of range", "use a smaller number"),
        ('{"a": }', (1, 7), "a value is missing", "write a value in front of it"),
        ('{"a":', (1, 6), "the file ends where a value is missing", "add the value and close the brackets"),
        ('{"a": [1', (1, 7), "the array that begins here is not closed", "add ]"),
        ('{"a": 1}}', (1, 9), "} follows the JSON value", "close the value where it ends"),
        ('{"a": "b\n"}', (1, 7), "the string is not closed on its line", 'add "'),
        ('{"a": "b', (1, 7), "the string is not closed on its line", 'add "'),
        ('{"a": "' + "b" * 50_000, (1, 7), "the string is not closed on its line", 'add "'),
        ('{"a": "b\tc"}', (1, 9), "a string holds a control character", "write it as"),
        (r'{"a": "b\q"}', (1, 9), r"invalid escape sequence \q", r"use one of \" \\"),
        (r'{"a": "\u12"}', (1, 8), r"invalid escape sequence \u", r"use one of \" \\"),
        ("[" * 300, (1, 201), "brackets are nested more than 200 deep", "move the inner part into a local"),
    ],
)
def test_text_that_is_no_json_is_refused_with_its_place(
    text: str, place: tuple[int, int], message: str, remedy: str
) -> None:
    source = Source("a.tf.json", text)
    with pytest.raises(ParseError) as refusal:
        read(source)
    error = refusal.value
    assert (source.position(error.span.start), error.message) == (place, message)
    assert remedy in error.remedy
    assert error.span.start <= error.span.end <= len(text)
