"""Functions of maps and objects."""

from __future__ import annotations

from collections.abc import Iterable

from ...records import replace
from ..evaluation.conversion import EvaluationError, kind_name, utf8
from ..evaluation.values import Data, ListValue, MapValue, Unknown, Value, is_sensitive
from ..types import converts
from ..typing import constraint_text, convert, type_of
from .parts import open_unknown, unknown


def merge(*maps: Value) -> Data:
    """Later keys win. What stands before an unknown map may be overridden by it, so that only its key is certain."""
    for value in maps:
        if value.data is not None and value.is_known and not isinstance(value.data, MapValue):
            raise EvaluationError(f'arguments must be maps or objects, got "{kind_name(value.data)}"')
    items: dict[str, Value] = {}
    rest: Unknown | None = None
    for value in maps:
        data = value.data
        if data is None:
            continue
        doubt = data.doubt if isinstance(data, MapValue) else open_unknown(data)
        given = data.items if isinstance(data, MapValue) else {}
        if doubt is not None:
            rest = rest or doubt
            items = {key: replace(item, data=doubt, decoded=None, pieces=()) for key, item in items.items()}
        items.update(given)
    return MapValue(items, "map" if _all_maps_of_one_type(maps) else "object", rest)


def _all_maps_of_one_type(maps: Iterable[Value]) -> bool:
    """An empty map's type isn't known here: it is taken to be that of the others."""
    known = [value for value in maps if value.is_known]
    if not known or any(not (isinstance(value.data, MapValue) and value.data.kind == "map") for value in known):
        return False
    return len({constraint_text(type_of(value)) for value in known if any(value.elements())}) <= 1


def lookup(collection: Value, key: Value, *default: Value) -> Value:
    if len(default) > 1:
        raise EvaluationError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    data = collection.data
    if collection.is_known and not isinstance(data, MapValue):
        raise EvaluationError("lookup() requires a map as the first argument")
    sensitive = collection.sensitive or key.sensitive
    if not isinstance(data, MapValue):
        held = collection.type.element if collection.type is not None else None
        if default and held is not None and not converts(type_of(default[0]), held):
            raise EvaluationError("the default value must have the same type as the map elements")
        return Value(open_unknown(data), sensitive=sensitive)
    if default and data.kind == "map":
        default = (_as_element(default[0], data),)
    if not isinstance(key.data, str):
        return Value(open_unknown(key.data), sensitive=sensitive)
    found = data.items.get(key.data)
    if found is None and data.doubt is not None:
        return Value(data.doubt, sensitive=sensitive)
    if found is None and default:
        found = default[0]
    if found is None:
        if data.kind == "object":
            raise EvaluationError(f'the given object has no attribute "{key.data}"')
        raise EvaluationError(f'lookup failed to find key "{key.data}"')
    return replace(found, sensitive=found.sensitive or sensitive)


def _as_element(default: Value, data: MapValue) -> Value:
    try:
        element = type_of(Value(data)).element
        return convert(default, element) if element is not None else default
    except EvaluationError:
        raise EvaluationError("the default value must have the same type as the map elements") from None


def keys(value: Value) -> Data:
    data = value.data
    if not isinstance(data, MapValue):
        raise EvaluationError("must have map or object type")
    return _in_key_order(data, [Value(key) for key in sorted(data.items, key=utf8)])


def values(value: Value) -> Data:
    data = value.data
    if not isinstance(data, MapValue):
        raise EvaluationError("values() requires a map as the first argument")
    return _in_key_order(data, [data.items[key] for key in sorted(data.items, key=utf8)])


def _in_key_order(data: MapValue, items: list[Value]) -> ListValue:
    """Keys that aren't known may sort before any that is."""
    kind = "tuple" if data.kind == "object" else "list"
    return ListValue(
        tuple(items), "tuple" if kind == "tuple" else "list", data.doubt, None if data.doubt is None else 0
    )


def zipmap(names: Value, values: Value) -> Value:
    if values.is_known and not (isinstance(values.data, ListValue) and values.data.kind != "set"):
        raise EvaluationError("values argument must be a list or tuple value")
    sensitive = is_sensitive(names) or values.sensitive
    if not isinstance(names.data, ListValue):
        return Value(open_unknown(names.data), sensitive=sensitive)
    keys_, data = names.data, values.data
    rest = keys_.doubt
    if not isinstance(data, ListValue):
        gone = open_unknown(data)
        data = ListValue(tuple(Value(gone) for _ in keys_.items), "list")
    elif rest is None and data.doubt is None and len(keys_.items) != len(data.items):
        raise EvaluationError(
            f"number of keys ({len(keys_.items)}) does not match number of values ({len(data.items)})"
        )
    if keys_.certain is not None or data.certain is not None or rest is not None or data.doubt is not None:
        return Value(unknown(names, values), sensitive=sensitive)
    items: dict[str, Value] = {}
    for place, (key, item) in enumerate(zip(keys_.items, data.items, strict=True)):
        if key.data is None:
            raise EvaluationError(f"keys list has null value at index {place}")
        if isinstance(key.data, str):
            items[key.data] = item
        else:  # it may be any of the keys before
            rest = rest or open_unknown(key.data)
            items = {name: replace(held, data=rest, decoded=None, pieces=()) for name, held in items.items()}
    return Value(MapValue(items, "map" if data.kind == "list" else "object", rest), sensitive=sensitive)


def transpose(value: Value) -> Data:
    """From names to the elements they hold, to elements and the names that hold them, both sorted."""
    data = value.data
    assert isinstance(data, MapValue)
    doubt = data.doubt
    holders: dict[str, list[Value]] = {}
    for name in sorted(data.items, key=utf8):
        held = data.items[name].data
        if held is None:
            raise EvaluationError("input must not contain null list")
        if not isinstance(held, ListValue):
            doubt = doubt or open_unknown(held)
            continue
        doubt = doubt or held.doubt
        for item in held.items:
            if item.data is None:
                raise EvaluationError("input list must not contain null string")
            if isinstance(item.data, str):
                holders.setdefault(item.data, []).append(Value(name))
            else:
                doubt = doubt or open_unknown(item.data)
    certain = None if doubt is None else 0
    items = {key: Value(ListValue(tuple(holders[key]), "list", doubt, certain)) for key in sorted(holders, key=utf8)}
    return MapValue(items, "map", doubt)
