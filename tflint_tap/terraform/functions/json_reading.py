"""JSON text as values that know where in the text they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from ...records import dataclass, replace
from ...text.source import Span
from ..evaluation.conversion import EvaluationError, TooLarge, parse_number
from ..evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from .parts import MOST_ELEMENTS, Part, joined, parts_of

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: tuple[tuple[str, bool | None], ...] = (("true", True), ("false", False), ("null", None))
_DEEPEST = 200
# Stand-ins for what isn't known, from a plane for private use.
_FIRST_MARK = 0x100000
_MARK = re.compile("[\U00100000-\U0010fffd]")


class NotJson(EvaluationError):
    """A text that is no JSON. `span` is the place where reading it ends, as far as the text's own place is known."""

    def __init__(self, reason: str, span: Span | None) -> None:
        super().__init__(reason)
        self.span = span


class _Malformed(EvaluationError):
    """The same, with the character's position in the text."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True, slots=True)
class _Text:
    """The text with marks for what isn't known, and where the stretches of it are written."""

    text: str
    marks: tuple[Symbol | Unknown, ...]
    place: Callable[[int, int], Span | None]
    values: list[int]  # how many more there may be


def decode(value: Value) -> Value:
    """The value of a JSON text. NotJson (an EvaluationError) where it isn't JSON, Unknown where that isn't known."""
    parts = parts_of(value)
    marks = tuple(part for part in parts if not isinstance(part, str))
    if any(isinstance(part, str) and _MARK.search(part) for part in parts) and marks:
        return Value(Unknown(value.reason or ""))
    numbers = iter(range(_FIRST_MARK, _FIRST_MARK + len(marks)))
    text = "".join(part if isinstance(part, str) else chr(next(numbers)) for part in parts)
    reader = _Text(text, marks, _places(value, text), [MOST_ELEMENTS])
    try:
        result, end = _read(reader, _skip(text, 0), 0)
        end = _skip(text, end)
        # Terraform stops looking at a closing bracket.
        if text[end : end + 1] not in ("", "]", "}"):
            raise _Malformed("extraneous data after JSON object", end)
    except _Malformed as error:
        # What isn't known may stand for anything, JSON itself included.
        if marks:
            return Value(Unknown(value.reason or ""))
        position = min(error.position, max(len(text) - 1, 0))
        raise NotJson(error.reason, reader.place(position, position + 1)) from None
    return replace(result, sensitive=value.sensitive)


def _places(value: Value, text: str) -> Callable[[int, int], Span | None]:
    """Make a function from a stretch of the text to its span.

    The span lies in the template's pieces if they are the whole text; else it is that of the whole value.
    """
    starts: list[int] = []
    spans: list[Span] = []
    exact: list[bool] = []
    position = 0
    for piece in value.pieces:
        starts.append(position)
        span, data = piece.span, piece.data
        is_exact = isinstance(data, str) and span.text.endswith(data)
        if is_exact and isinstance(data, str):  # without the indentation that <<- takes away
            span = Span(span.source, span.end - len(data), span.end)
        spans.append(span)
        exact.append(is_exact)
        if isinstance(piece.data, PartialString):
            position += sum(len(part) if isinstance(part, str) else 1 for part in piece.data.parts)
        else:
            position += len(piece.data) if isinstance(piece.data, str) else 1
    if not starts or position != len(text):
        return lambda start, end: value.span

    def place(start: int, end: int) -> Span | None:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
        begin = spans[first].start + (start - starts[first] if exact[first] else 0)
        finish = spans[last].start + end - starts[last] if exact[last] else spans[last].end
        source = spans[first].source
        return Span(source, begin, finish) if source is spans[last].source and begin <= finish else value.span

    return place


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _read(reader: _Text, start: int, depth: int) -> tuple[Value, int]:
    """The value that begins there, and where it ends."""
    if depth > _DEEPEST:
        raise TooLarge(f"the JSON is nested more than {_DEEPEST} deep")
    reader.values[0] -= 1
    if reader.values[0] < 0:
        raise TooLarge(f"the JSON has more than {MOST_ELEMENTS} values")
    text = reader.text
    letter = text[start : start + 1]
    if letter == "{":
        return _read_object(reader, start, depth)
    if letter == "[":
        return _read_array(reader, start, depth)
    if letter == '"':
        string, end = _read_string(reader, start)
        return Value(joined(string), reader.place(start, end)), end
    if reader.marks and _MARK.match(letter):  # a number, or whatever a template puts there
        mark = reader.marks[ord(letter) - _FIRST_MARK]
        return Value(Unknown(mark.reason), reader.place(start, start + 1)), start + 1
    for word, data in _WORDS:
        if text.startswith(word, start):
            end = start + len(word)
            return Value(data, reader.place(start, end)), end
    match = _NUMBER.match(text, start)
    if match is None:
        raise _Malformed(_unexpected(text, start), start)
    return Value(parse_number(match.group()), reader.place(start, match.end())), match.end()


def _read_array(reader: _Text, start: int, depth: int) -> tuple[Value, int]:
    text = reader.text
    items: list[Value] = []
    rest: Unknown | None = None
    certain: int | None = None
    position = _skip(text, start + 1)
    while text[position : position + 1] != "]" or items:
        is_mark = bool(reader.marks and _MARK.match(text, position))
        item, position = _read(reader, position, depth + 1)
        if is_mark and isinstance(item.data, Unknown):  # it may be several, or none
            rest, certain = rest or item.data, len(items) if certain is None else certain
        else:
            items.append(item)
        position = _skip(text, position)
        if text[position : position + 1] == "]":
            break
        if text[position : position + 1] != ",":
            raise _Malformed(_unexpected(text, position), position)
        position = _skip(text, position + 1)
    made = ListValue(tuple(items), "tuple", rest, certain)
    return Value(made, reader.place(start, position + 1)), position + 1


def _read_object(reader: _Text, start: int, depth: int) -> tuple[Value, int]:
    text = reader.text
    items: dict[str, Value] = {}
    rest: Unknown | None = None
    position = _skip(text, start + 1)
    while text[position : position + 1] != "}" or items or rest:
        if text[position : position + 1] != '"':
            raise _Malformed(_unexpected(text, position), position)
        parts, position = _read_string(reader, position)
        position = _skip(text, position)
        if text[position : position + 1] != ":":
            raise _Malformed(_unexpected(text, position), position)
        item, position = _read(reader, _skip(text, position + 1), depth + 1)
        key = joined(parts)
        if isinstance(key, str):
            items[key] = item
        else:  # it may be any key, those before included
            rest = rest or Unknown(key.reason)
            items = {name: Value(rest, held.span) for name, held in items.items()}
        position = _skip(text, position)
        if text[position : position + 1] == "}":
            break
        if text[position : position + 1] != ",":
            raise _Malformed(_unexpected(text, position), position)
        position = _skip(text, position + 1)
    return Value(MapValue(items, "object", rest), reader.place(start, position + 1)), position + 1


def _read_string(reader: _Text, start: int) -> tuple[list[Part], int]:
    match = _STRING.match(reader.text, start)
    if match is None:
        what = "invalid JSON: a string that isn't ended or that holds an invalid character or escape"
        raise _Malformed(what, start)
    raw = match.group(1)
    text = _ESCAPE.sub(_unescaped, raw) if "\\" in raw else raw
    if not reader.marks:
        return [text], match.end()
    parts: list[Part] = []
    position = 0
    for mark in _MARK.finditer(text):
        parts += [text[position : mark.start()], reader.marks[ord(mark.group()) - _FIRST_MARK]]
        position = mark.end()
    return [*parts, text[position:]], match.end()


def _unescaped(match: re.Match[str]) -> str:
    """One escape; half a surrogate pair becomes the replacement character, as in Go."""
    first, second, letter = match.groups()
    if letter is not None:
        return _SHORT.get(letter, letter)
    code = int(first, 16)
    if 0xD800 <= code < 0xDC00 and second is not None:
        return chr(0x10000 + ((code - 0xD800) << 10) + (int(second, 16) - 0xDC00))
    made = "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    return made + "\ufffd" if second is not None else made


def _unexpected(text: str, position: int) -> str:
    if position >= len(text):
        return "invalid JSON: unexpected end of the text"
    return f"invalid JSON: unexpected {text[position]!r} at character {position + 1}"
