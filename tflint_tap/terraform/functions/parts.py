"""Texts of which only parts are known, and what functions share: whole numbers, lists, first reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from ..evaluation.conversion import EvaluationError, TooLarge, normal
from ..evaluation.values import Data, ErrorValue, ListValue, PartialString, Symbol, Unknown, Value, first_reason

Part: TypeAlias = str | Symbol | Unknown

# What would be larger isn't computed, but unknown.
LONGEST_TEXT = 1_000_000  # characters
MOST_ELEMENTS = 100_000
MOST_PARTS = 2_000  # of a text, known and unknown ones


def parts_of(value: Value) -> tuple[Part, ...]:
    """The parts of a string: none of an empty one, one of what is known whole or not at all."""
    data = value.data
    if isinstance(data, PartialString):
        return data.parts
    if isinstance(data, str):
        return (data,) if data else ()
    if isinstance(data, (Symbol, Unknown)):
        return (data,)
    raise EvaluationError("string required")


def joined(parts: Iterable[Part | PartialString]) -> str | Symbol | Unknown | PartialString:
    """The text of these parts one behind the other; TooLarge where too many of them aren't known."""
    made: list[Part] = []
    run: list[str] = []  # of known text, put together once: there may be thousands of pieces
    for part in parts:
        for piece in part.parts if isinstance(part, PartialString) else (part,):
            if isinstance(piece, str):
                run.append(piece)
                continue
            if text := "".join(run):
                made.append(normal(text))
            run.clear()
            made.append(piece)
            if len(made) > MOST_PARTS:
                raise TooLarge(f"the string would have more than {MOST_PARTS:,} parts")
    text = normal("".join(run))
    if not made:
        return text
    if text:
        made.append(text)
    return made[0] if len(made) == 1 else PartialString(tuple(made))


def unknown(*values: Value) -> Unknown:
    """Unknown for the reason of the first of the values that isn't known through and through."""
    return Unknown(next((reason for value in values if (reason := first_reason(value)) is not None), "it isn't known"))


def open_unknown(data: Data) -> Unknown:
    """The Unknown that comes of data that isn't known itself, for the same reason."""
    assert isinstance(data, (Unknown, ErrorValue, Symbol, PartialString))
    return Unknown(data.reason)


def whole(value: Value, name: str) -> int:
    """A whole number of 64 bits; `name` is what a refusal calls it."""
    data = value.data
    if not isinstance(data, int) or not -(2**63) <= data < 2**63:
        raise EvaluationError(f"invalid {name}: value must be a whole number, between {-(2**63)} and {2**63 - 1}")
    return data


def text(value: Value) -> str:
    """A string known whole."""
    assert isinstance(value.data, str)
    return value.data


def number(value: Value) -> int | Fraction:
    """A known number."""
    assert isinstance(value.data, (int, Fraction))
    return value.data


def is_open(value: Value) -> bool:
    """Not known itself: unknown, a reference, a text of parts."""
    return not value.is_known


def uncertain_set(data: ListValue) -> bool:
    """A set of which elements may turn out to be equal, so that there would be fewer."""
    return data.kind == "set" and data.certain is not None and len(data.items) > 1


def first_open(values: Sequence[Value]) -> Value | None:
    """The first that isn't known itself."""
    return next((value for value in values if not value.is_known), None)


def listed(value: Value) -> ListValue:
    """A value that the signature has made sure is a list."""
    assert isinstance(value.data, ListValue)
    return value.data


def may_be_empty(data: Data) -> bool:
    """Return True if data that isn't known may turn out to be an empty string."""
    if isinstance(data, PartialString):
        return not any(isinstance(part, str) and part for part in data.parts)
    return isinstance(data, (Symbol, Unknown, ErrorValue))
