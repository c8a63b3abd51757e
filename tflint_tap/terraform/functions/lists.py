"""Functions of lists, tuples and, where they are allowed, sets."""

from __future__ import annotations

from fractions import Fraction

from ...records import replace
from ...text.graphemes import clusters
from ..evaluation.conversion import EvaluationError, TooLarge, equal, fingerprint, kind_name, rounded
from ..evaluation.values import (
    Data,
    ErrorValue,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    first_reason,
)
from ..typing import unify
from .parts import listed, may_be_empty, number, open_unknown, uncertain_set, unknown, whole

_MOST_COMPARISONS = 1_000_000
_RANGE_LIMIT = 1024  # Terraform's own
_MOST_OF_SYMBOL = 1024  # elements of a list that only AWS can tell


def length(value: Value) -> Data:
    data = value.data
    if isinstance(data, str):
        return sum(1 for _ in clusters(data))
    if isinstance(data, ListValue):
        if data.doubt is not None:
            return data.doubt
        return unknown(value) if uncertain_set(data) else len(data.items)
    if isinstance(data, MapValue):
        return data.doubt if data.doubt is not None else len(data.items)
    raise EvaluationError("argument must be a string, a collection type, or a structural type")


def concat(*lists: Value) -> Data:
    """Lists stay a list if they have a common type, anything else is a tuple. Behind an unknown list places aren't
    certain any more."""
    if not lists:
        raise EvaluationError("at least one argument is required")
    for value in lists:
        if value.is_known and not (isinstance(value.data, ListValue) and value.data.kind != "set"):
            raise EvaluationError(f"all arguments must be lists or tuples; got {kind_name(value.data)}")
        if isinstance(value.data, PartialString):
            raise EvaluationError("all arguments must be lists or tuples; got string")
    kind = "tuple"
    if all(isinstance(value.data, ListValue) and value.data.kind == "list" for value in lists):
        try:
            lists = unify(lists)
            kind = "list"
        except EvaluationError:
            kind = "tuple"
    items: list[Value] = []
    rest: Unknown | None = None
    certain: int | None = None
    for value in lists:
        data = value.data
        if not isinstance(data, ListValue):
            certain = len(items) if certain is None else certain
            variable = data.variable if isinstance(data, Unknown) and rest is None else ""  # of several: of none
            rest = Unknown((rest or open_unknown(data)).reason, variable=variable)
            continue
        if certain is None and data.certain is not None:
            certain = len(items) + data.certain
        items.extend(data.items)
        if data.doubt is not None:
            rest = data.doubt if rest is None else Unknown(rest.reason)
            certain = len(items) if certain is None else certain
    return ListValue(tuple(items), "list" if kind == "list" else "tuple", rest, certain)


def flatten(value: Value) -> Value:
    """Lists within lists laid out in one tuple.

    What isn't known may be a list itself, a reference only if its attribute has a plural's name (`subnet_ids`).
    """
    if not isinstance(value.data, ListValue):
        raise EvaluationError("can only flatten lists, sets and tuples")
    items: list[Value] = []
    rest: list[Unknown] = []
    certain: list[int] = []
    sensitive = _flatten(value.data, items, rest, certain)
    data = ListValue(tuple(items), "tuple", rest[0] if rest else None, certain[0] if certain else None)
    return Value(data, sensitive=sensitive)


def _flatten(data: ListValue, items: list[Value], rest: list[Unknown], certain: list[int]) -> bool:
    """Gather the elements, why there may be more, and how many stand firmly; whether a list within is sensitive."""
    sensitive = False
    for index, item in enumerate(data.items):
        if index == data.certain:
            certain.append(len(items))
        if isinstance(item.data, ListValue):
            sensitive |= item.sensitive
            sensitive |= _flatten(item.data, items, rest, certain)
        elif _may_be_list(item.data):
            rest.append(open_unknown(item.data))
            certain.append(len(items))
        else:
            items.append(item)
    if data.doubt is not None:
        rest.append(data.doubt)
        certain.append(len(items))
    elif uncertain_set(data):
        rest.append(Unknown("elements of a set may turn out to be equal"))
    return sensitive


def _may_be_list(data: Data) -> bool:
    if isinstance(data, Symbol):
        last = data.path[-1] if data.path else ""
        return isinstance(last, str) and last.endswith("s") and not last.endswith(("ss", "status", "alias"))
    return isinstance(data, (Unknown, ErrorValue))


def distinct(value: Value) -> Data:
    data = listed(value)
    items: list[Value] = []
    certain = data.certain
    seen: set[str] = set()
    others: list[Value] = []  # those of the items that aren't known
    for index, item in enumerate(data.items):
        result = _seen(item, items, seen, others)
        if result:
            continue
        if result is None and certain is None:
            certain = len(items)
        if certain is not None and index == data.certain:
            certain = min(certain, len(items))
        items.append(item)
    rest = data.doubt
    if certain is not None:
        certain = min(certain, len(items))
        rest = rest or unknown(*items)
    return ListValue(tuple(items), "list", rest, certain)


def _seen(item: Value, items: list[Value], seen: set[str], others: list[Value]) -> bool | None:
    """Return True if an item is among those before; None if it may be. `seen` or `others` takes note of it."""
    if first_reason(item) is None:
        mark = fingerprint(item)
        if mark in seen:
            return True
        seen.add(mark)
        candidates = others
    else:
        candidates = list(items)
        others.append(item)
    if len(candidates) * (len(others) + 1) > _MOST_COMPARISONS:
        raise TooLarge(f"distinct takes more than {_MOST_COMPARISONS} comparisons")
    results = [equal(item, candidate) for candidate in candidates]
    if any(results) and others and others[-1] is item:
        others.pop()
    return True if any(results) else None if None in results else False


def compact(value: Value) -> Data:
    data = listed(value)
    items: list[Value] = []
    certain, rest = data.certain, data.doubt
    for index, item in enumerate(data.items):
        if item.data is None or item.data == "":
            continue
        if index == data.certain:
            certain = min(len(items), data.certain)
        if may_be_empty(item.data):
            rest = rest or open_unknown(item.data)
            certain = len(items) if certain is None else min(certain, len(items))
            if not isinstance(item.data, Symbol):
                continue
        items.append(item)
    if certain is None and rest is not None:
        certain = len(items)
    return ListValue(tuple(items), "list", rest, None if certain is None else min(certain, len(items)))


def element(collection: Value, place: Value) -> Value:
    data = collection.data
    if not isinstance(data, ListValue) or data.kind == "set":
        raise EvaluationError(f"cannot read elements from {kind_name(data)}")
    position = whole(place, "index")
    if not data.items and data.doubt is None:
        raise EvaluationError("cannot use element function with an empty list")
    if position < 0:
        # Terraform 1.11 fails on a negative index, unless it is a multiple of the length.
        if data.doubt is not None:
            return Value(data.doubt)
        if position % len(data.items):
            raise EvaluationError("cannot use element function with a negative index")
        position = 0
    if data.certain is not None and position >= data.certain:
        return Value(unknown(collection))
    if data.doubt is not None and position >= len(data.items):
        return Value(data.doubt)
    return data.items[position % len(data.items)]


def slice_(collection: Value, start: Value, end: Value) -> Data:
    """A part of a list. Of one that only AWS can tell (the names of zones) it has these elements, or the call fails."""
    data = collection.data
    if not collection.is_known and not isinstance(data, Symbol):
        return unknown(collection)
    if isinstance(data, ListValue) and data.kind == "set":
        raise EvaluationError("cannot slice a set, because its elements do not have indices")
    if not isinstance(data, (ListValue, Symbol)):
        raise EvaluationError("must be a list or tuple value")
    first, last = whole(start, "start index"), whole(end, "end index")
    for name, place in (("start", first), ("end", last)):
        if place < 0:
            raise EvaluationError(f"{name} index must not be less than zero")
        if isinstance(data, ListValue) and place > len(data.items) and data.doubt is None:
            raise EvaluationError(f"{name} index must not be greater than the length of the list")
    if first > last:
        raise EvaluationError("start index must not be greater than end index")
    if isinstance(data, Symbol):
        if last > _MOST_OF_SYMBOL:
            return Unknown(data.reason)
        return ListValue(tuple(Value(Symbol(data.address, (*data.path, n))) for n in range(first, last)), "list")
    certain = len(data.items) if data.certain is None else data.certain
    if last > certain:
        return unknown(collection)
    return ListValue(data.items[first:last], data.kind)


def sort(value: Value) -> Data:
    """Sort a list. An item that isn't known stands last; its true place isn't certain, and so no place is."""
    data = listed(value)
    for place, item in enumerate(data.items):
        if item.data is None:
            raise EvaluationError(f"given list element {place} is null; a null string cannot be sorted")
    known = sorted((item for item in data.items if item.is_known), key=lambda item: str(item.data))
    others = [item for item in data.items if not item.is_known]
    return ListValue(
        (*known, *others), "list", data.doubt, 0 if others or data.doubt or data.certain is not None else None
    )


def reverse(value: Value) -> Data:
    data = value.data
    if not isinstance(data, ListValue):
        raise EvaluationError(f"can only reverse list or tuple values, not {kind_name(data)}")
    certain = None if data.doubt is None and data.certain is None else 0
    rest = data.doubt or (unknown(value) if uncertain_set(data) else None)
    return ListValue(data.items[::-1], "tuple" if data.kind == "tuple" else "list", rest, certain)


def chunklist(value: Value, size: Value) -> Data:
    data = listed(value)
    step = whole(size, "size")
    if step < 0:
        raise EvaluationError("the size argument must be positive")
    if not data.items and data.doubt is None:
        return ListValue((), "list")
    if step == 0:
        return ListValue((replace(value, sensitive=False),), "list")
    if data.doubt is not None or data.certain is not None:
        return unknown(value)
    chunks = (data.items[start : start + step] for start in range(0, len(data.items), step))
    return ListValue(tuple(Value(ListValue(chunk, "list")) for chunk in chunks), "list")


def range_(*limits: Value) -> Data:
    if not 1 <= len(limits) <= 3:
        raise EvaluationError("must have one, two, or three arguments")
    numbers: list[int | Fraction] = [number(limit) for limit in limits]
    start = numbers[0] if len(numbers) > 1 else 0
    end = numbers[1] if len(numbers) > 1 else numbers[0]
    step = numbers[2] if len(numbers) > 2 else (-1 if end < start else 1)
    if len(numbers) == 3 and step < 0 and end > start:
        raise EvaluationError("end must be less than start when step is negative")
    if len(numbers) == 3 and step >= 0 and end < start:
        raise EvaluationError("end must be greater than start when step is positive")
    made: list[Value] = []
    while start < end if step >= 0 else start > end:
        if len(made) >= _RANGE_LIMIT:
            raise EvaluationError(f"more than {_RANGE_LIMIT} values were generated")
        made.append(Value(start))
        start = rounded(Fraction(start + step))
    return ListValue(tuple(made), "list")
