"""jsonencode and jsondecode. What jsonencode made is decoded to what it was made of, spans and all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..evaluation.conversion import TooLarge, number_text, utf8
from ..evaluation.values import Data, ListValue, MapValue, PartialString, Symbol, Unknown, Value
from .json_reading import decode
from .parts import LONGEST_TEXT, Part, joined, open_unknown, uncertain_set

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES |= {chr(code): f"\\u{code:04x}" for code in range(0x20)}
_ESCAPES |= {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TABLE = str.maketrans(_ESCAPES)


def jsonencode(value: Value) -> Value:
    """The text as Go's encoding/json writes it; a reference within is taken for a string.

    Where the structure isn't certain the text is Unknown, but `decoded` is the argument in any case.
    """
    return Value(json_text(value), decoded=value)


def json_text(value: Value) -> str | Symbol | Unknown | PartialString:
    """JSON without white space, keys sorted, with what isn't known in its place; Unknown if that place isn't."""
    doubt = structure_doubt(value)
    if doubt is not None:
        return doubt
    parts: list[Part] = []
    size = 0
    for part in _encoded(value.data):
        size += len(part) if isinstance(part, str) else 1
        if size > LONGEST_TEXT:
            raise TooLarge(f"the JSON would have more than {LONGEST_TEXT} characters")
        parts.append(part)
    return joined(_merged(parts))


def _merged(parts: list[Part]) -> Iterator[Part]:
    """With neighbouring known parts put together in one go."""
    known: list[str] = []
    for part in parts:
        if isinstance(part, str):
            known.append(part)
            continue
        yield "".join(known)
        known.clear()
        yield part
    yield "".join(known)


def structure_doubt(value: Value) -> Unknown | None:
    """The doubt about which elements exist, anywhere within."""
    data = value.data
    if isinstance(data, (ListValue, MapValue)) and data.doubt is not None:
        return data.doubt
    if isinstance(data, ListValue) and (data.certain is not None and (data.kind != "set" or uncertain_set(data))):
        reason = next((item.reason for item in data.items if item.reason is not None), None)
        return Unknown(reason or "the order of the elements isn't known")
    return next((doubt for item in value.elements() if (doubt := structure_doubt(item)) is not None), None)


def quoted_json(text: str) -> str:
    """A JSON string, with <, > and & escaped as Go does."""
    return f'"{text.translate(_TABLE)}"'


def _encoded(data: Data) -> Iterator[Part]:
    if data is None:
        yield "null"
    elif isinstance(data, bool):
        yield "true" if data else "false"
    elif isinstance(data, (int, Fraction)):
        yield number_text(data)
    elif isinstance(data, str):
        yield quoted_json(data)
    elif isinstance(data, Symbol):
        yield from ('"', data, '"')
    elif isinstance(data, PartialString):
        yield '"'
        for part in data.parts:
            yield part.translate(_TABLE) if isinstance(part, str) else part
        yield '"'
    elif isinstance(data, ListValue):
        yield "["
        for index, item in enumerate(data.items):
            if index:
                yield ","
            yield from _encoded(item.data)
        yield "]"
    elif isinstance(data, MapValue):
        yield "{"
        for index, key in enumerate(sorted(data.items, key=utf8)):
            yield ("," if index else "") + quoted_json(key) + ":"
            yield from _encoded(data.items[key].data)
        yield "}"
    else:
        yield open_unknown(data)


def jsondecode(value: Value) -> Value:
    """The value of a JSON text: objects and tuples.

    In a text of parts, what isn't known within a string is taken to have no quotes in it, and what isn't known
    outside of strings to be a value, or some elements of an array.
    """
    if value.decoded is not None:
        return as_json(value.decoded)
    return decode(value)


def as_json(value: Value) -> Value:
    """The value as JSON leaves it: sets and lists are tuples, maps objects, keys sorted."""
    data = value.data
    if isinstance(data, ListValue):
        items = tuple([as_json(item) for item in data.items])
        return _as(value, ListValue(items, "tuple", data.doubt, data.certain))
    if isinstance(data, MapValue):
        keys = sorted(data.items, key=utf8)
        return _as(value, MapValue({key: as_json(data.items[key]) for key in keys}, "object", data.doubt))
    return value


def _as(value: Value, data: Data) -> Value:
    return Value(data, value.span, value.sensitive, value.decoded, value.pieces)
