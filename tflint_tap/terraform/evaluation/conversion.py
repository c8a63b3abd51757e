"""Terraform's implicit conversions, and the common type of several values.

Facts from Terraform 1.11 (`terraform console`) and go-cty's documentation of conversions and unification.
What belongs to equality and to numbers can be had from here too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction

from ...records import replace
from .equality import as_set, equal, fingerprint, kind_name, matcher, quoted, utf8
from .numbers import TooLarge, number_text, parse_number, rounded
from .values import Data, ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value, View

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
    "unify",
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
    return _scalar(value, data.text) if isinstance(data, View) else value


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
    return value


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
    return value


def _scalar(value: Value, data: Data) -> Value:
    return Value(data, value.span, value.sensitive)


def unify(values: Sequence[Value]) -> tuple[Value, ...]:
    """The values converted to one type, as for the branches of a conditional or the elements of a list.

    Covers what go-cty's UnifyUnsafe does: bool and number beside a string become strings; tuples of one length are
    unified place by place, else become lists; objects with the same attributes attribute by attribute, else become
    maps; tuples beside lists become lists, objects beside maps maps, sets beside lists lists; elements of
    collections are unified across all of them. Null fits any type. What isn't known stays as it is, and known
    values that only it could bring together (a number and a bool beside an unknown) do too.

    EvaluationError where there is no common type.
    """
    typed = {kind_name(value.data) for value in values} - {"dynamic"}
    if typed <= {"string", "number", "bool"}:
        if len(typed) <= 1:
            return tuple(values)
        if "string" in typed:
            return tuple(to_text(value) for value in values)
        if any(isinstance(value.data, (Unknown, Symbol, ErrorValue)) for value in values):
            return tuple(values)
        raise EvaluationError("there is no common type for number and bool")
    if typed <= {"object", "map"}:
        return _unify_maps(values, typed)
    if typed <= {"tuple", "list", "set"}:
        return _unify_lists(values, typed)
    raise EvaluationError(f"there is no common type for {' and '.join(sorted(typed))}")


def _unify_maps(values: Sequence[Value], typed: set[str]) -> tuple[Value, ...]:
    maps = [value.data for value in values if isinstance(value.data, MapValue)]
    if "map" not in typed and any(data.doubt is not None for data in maps):
        return tuple(values)  # which keys there are decides whether they are objects or maps
    if "map" not in typed and all(data.items.keys() == maps[0].items.keys() for data in maps):
        columns = {key: iter(unify([data.items[key] for data in maps])) for key in maps[0].items}
        return tuple(
            replace(value, data=replace(value.data, items={key: next(columns[key]) for key in value.data.items}))
            if isinstance(value.data, MapValue)
            else value
            for value in values
        )
    try:
        elements = iter(unify([item for data in maps for item in data.items.values()]))
    except EvaluationError:
        if any(data.kind == "map" and not data.items for data in maps):
            return tuple(values)  # a map without elements may be of any type
        raise
    return tuple(
        replace(value, data=MapValue({key: next(elements) for key in value.data.items}, "map", value.data.doubt))
        if isinstance(value.data, MapValue)
        else value
        for value in values
    )


def _unify_lists(values: Sequence[Value], typed: set[str]) -> tuple[Value, ...]:
    lists = [value.data for value in values if isinstance(value.data, ListValue)]
    if typed == {"tuple"}:
        if any(data.doubt is not None for data in lists):
            return tuple(values)  # how long they are decides whether they are tuples or lists
        if len({len(data.items) for data in lists}) == 1:
            columns = [unify(column) for column in zip(*(data.items for data in lists), strict=True)]
            rows = iter(zip(*columns, strict=True) if columns else [()] * len(lists))
            return _map_lists(values, lambda data: replace(data, items=next(rows)))
    if typed == {"set", "tuple"}:
        return _tuples_as_sets(values)
    elements = iter(unify([item for data in lists for item in data.items]))
    if typed == {"set"}:
        return _map_lists(values, lambda data: as_set([next(elements) for _ in data.items], data.doubt))
    return _map_lists(
        values,
        lambda data: ListValue(tuple(next(elements) for _ in data.items), "list", data.doubt, data.certain),
    )


def _tuples_as_sets(values: Sequence[Value]) -> tuple[Value, ...]:
    """Beside a set, a tuple becomes a set of the same type: it is its elements that are converted."""
    sets = [value.data for value in values if isinstance(value.data, ListValue) and value.data.kind == "set"]
    held = iter(unify([item for data in sets for item in data.items]))
    kept = [[next(held) for _ in data.items] for data in sets]
    sample = next((item for items in kept for item in items if kind_name(item.data) != "dynamic"), None)
    convert = {"string": to_text, "number": to_number, "bool": to_bool}.get(kind_name(sample.data) if sample else "")
    unified = iter(kept)

    def change(data: ListValue) -> ListValue:
        if data.kind == "set":
            return as_set(next(unified), data.doubt)
        return as_set(map(convert, data.items) if convert is not None else unify([*data.items]), data.doubt)

    return _map_lists(values, change)


def _map_lists(values: Sequence[Value], change: Callable[[ListValue], ListValue]) -> tuple[Value, ...]:
    return tuple(
        replace(value, data=change(value.data)) if isinstance(value.data, ListValue) else value for value in values
    )
