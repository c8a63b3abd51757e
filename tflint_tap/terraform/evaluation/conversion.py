"""Terraform's implicit conversions of single values.

Facts from Terraform 1.11 (`terraform console`) and go-cty's documentation of conversions.
What belongs to equality and to numbers can be had from here too.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction

from ...records import replace
from ..types import BOOL, NUMBER, STRING, TypeConstraint, converts, friendly_name
from .equality import as_set, equal, fingerprint, kind_name, matcher, quoted, utf8
from .numbers import TooLarge, number_text, parse_number, rounded
from .values import Data, ListValue, MapValue, PartialString, Unknown, Value, View

__all__ = [
    "EvaluationError",
    "TooLarge",
    "as_set",
    "equal",
    "fingerprint",
    "kind_name",
    "matcher",
    "normal",
    "number_text",
    "parse_number",
    "quoted",
    "rounded",
    "to_bool",
    "to_number",
    "to_text",
    "utf8",
]


class EvaluationError(Exception):
    """Terraform would refuse this with an error. `reason` says what is so, in Terraform's words where they fit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normal(text: str) -> str:
    """In Unicode's normal form C, which Terraform keeps all strings in."""
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def to_text(value: Value) -> Value:
    """As a string. Null stays null, a reference a reference. EvaluationError for a collection."""
    data = value.data
    if isinstance(data, bool):
        return _scalar(value, "true" if data else "false")
    if isinstance(data, (int, Fraction)):
        return _scalar(value, number_text(data))
    if isinstance(data, (ListValue, MapValue)):
        raise EvaluationError("string required")
    return _scalar(value, data.text) if isinstance(data, View) else _of_type(value, STRING)


def to_number(value: Value) -> Value:
    """As a number. Null and what isn't known stay as they are, a partial text is Unknown."""
    data = value.data
    if isinstance(data, str):
        try:
            number = parse_number(data)
        except TooLarge as error:
            return _scalar(value, Unknown(error.reason))
        if number is None:
            raise EvaluationError("a number is required")
        return _scalar(value, number)
    if isinstance(data, PartialString):
        return _scalar(value, Unknown(data.reason))
    if isinstance(data, (bool, ListValue, MapValue, View)):
        raise EvaluationError("number required")
    return _of_type(value, NUMBER)


def to_bool(value: Value) -> Value:
    """As a bool. Null and what isn't known stay as they are, a partial text is Unknown."""
    data = value.data
    if isinstance(data, str):
        if data in ("true", "1"):
            return _scalar(value, True)
        if data in ("false", "0"):
            return _scalar(value, False)
        raise EvaluationError("a bool is required")
    if isinstance(data, PartialString):
        return _scalar(value, Unknown(data.reason))
    if isinstance(data, (int, Fraction, ListValue, MapValue, View)) and not isinstance(data, bool):
        raise EvaluationError("bool required")
    return _of_type(value, BOOL)


def _of_type(value: Value, wanted: TypeConstraint) -> Value:
    """Null or what isn't known as of a primitive type. EvaluationError where its type is known to be no such."""
    if value.type is not None and not converts(value.type, wanted):
        raise EvaluationError(f"{friendly_name(wanted)} required")
    return replace(value, type=wanted) if value.data is None or isinstance(value.data, Unknown) else value


def _scalar(value: Value, data: Data) -> Value:
    return Value(data, value.span, value.sensitive)
