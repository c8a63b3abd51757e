"""Functions that ask something of lists: whether, where, which."""

from __future__ import annotations

from collections.abc import Callable

from ..evaluation.conversion import EvaluationError, equal, matcher, to_bool
from ..evaluation.values import Data, ListValue, PartialString, Value, first_reason
from ..typing import common_type, convert, unify
from .parts import listed, may_be_empty, open_unknown, uncertain_set, unknown


def contains(collection: Value, wanted: Value) -> Data:
    data = collection.data
    if not isinstance(data, ListValue):
        raise EvaluationError("argument must be list, tuple, or set")
    results = [equal(item, wanted) for item in data.items]
    if any(results):
        return True
    if data.doubt is not None:
        return data.doubt
    if None not in results:
        return False
    return unknown(wanted) if first_reason(wanted) is not None else unknown(data.items[results.index(None)])


def index(collection: Value, wanted: Value) -> Data:
    data = collection.data
    if not isinstance(data, ListValue) or data.kind == "set":
        raise EvaluationError("argument must be a list or tuple")
    if not data.items and data.doubt is None:
        raise EvaluationError("cannot search an empty list")
    for place, item in enumerate(data.items):
        result = equal(item, wanted)
        if result is None or (result and data.certain is not None and place >= data.certain):
            return unknown(wanted, collection)
        if result:
            return place
    if data.doubt is not None:
        return data.doubt
    raise EvaluationError("item not found")


def matchkeys(values: Value, keys: Value, searchset: Value) -> Data:
    try:
        keys, searchset = unify((keys, searchset))
    except EvaluationError:
        raise EvaluationError("keys and searchset must be of the same type") from None
    items, names, wanted = listed(values), listed(keys), listed(searchset)
    if items.doubt is not None or names.doubt is not None:
        return unknown(values, keys)
    if len(items.items) != len(names.items):
        raise EvaluationError("length of keys and values should be equal")
    made: list[Value] = []
    certain: int | None = None
    matches = matcher(wanted.items)
    for item, name in zip(items.items, names.items, strict=True):
        result = matches(name)
        if result:
            made.append(item)
        elif (result is None or wanted.doubt is not None) and certain is None:
            certain = len(made)
    return ListValue(tuple(made), "list", None if certain is None else unknown(keys, searchset), certain)


def coalesce(*values: Value) -> Value:
    try:
        wanted = common_type(values)
    except EvaluationError:
        raise EvaluationError("all arguments must have the same type") from None
    if not values:
        raise EvaluationError("all arguments must have the same type")
    # what stands behind the one that is taken needn't fit its type
    for value in unify(values) if wanted.kind == "any" else (convert(value, wanted) for value in values):
        if isinstance(value.data, PartialString) and not may_be_empty(value.data):
            return value
        if not value.is_known:
            return Value(open_unknown(value.data), type=value.type)
        if value.data not in (None, ""):
            return value
    raise EvaluationError("no non-null, non-empty-string arguments")


def coalescelist(*lists: Value) -> Value:
    if not lists:
        raise EvaluationError("at least one argument is required")
    for value in lists:
        if value.is_known and not (isinstance(value.data, ListValue) and value.data.kind != "set"):
            raise EvaluationError("coalescelist arguments must be lists or tuples")
    for value in lists:
        data = value.data
        if not isinstance(data, ListValue):
            return Value(open_unknown(data))
        if data.items:
            return value
        if data.doubt is not None:
            return Value(data.doubt)
    raise EvaluationError("no non-null arguments")


def one(value: Value) -> Value:
    data = value.data
    if isinstance(data, ListValue):
        if data.doubt is None and not data.items:
            return Value(None)
        if data.doubt is None and len(data.items) == 1:
            return data.items[0]
        if uncertain_set(data) and sum(first_reason(item) is None for item in data.items) < 2:
            return Value(unknown(value))
        if data.doubt is not None and len(data.items) < 2:
            return Value(data.doubt)
    raise EvaluationError("must be a list, set, or tuple value with either zero or one elements")


def alltrue(value: Value) -> Data:
    return _decided(value, False, lambda data: data is not True)


def anytrue(value: Value) -> Data:
    return _decided(value, True, lambda data: data is True)


def _decided(value: Value, decisive: bool, decides: Callable[[Data], bool]) -> Data:
    """The decisive answer as soon as one element gives it, whatever the others are."""
    data = listed(value)
    doubt = data.doubt
    for item in data.items:
        if not item.is_known:
            doubt = doubt or open_unknown(item.data)
        elif decides(to_bool(item).data):
            return decisive
    return doubt if doubt is not None else not decisive
