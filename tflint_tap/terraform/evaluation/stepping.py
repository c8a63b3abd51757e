"""One step into a value: an attribute, an index, a splat."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ...records import replace
from ...text.source import Span
from ..types import TypeConstraint, list_of
from .conversion import EvaluationError, to_number, to_text
from .values import ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value, View


def member(value: Value, name: str) -> Value:
    """`value.name`. EvaluationError where Terraform would report an error."""
    data = value.data
    if isinstance(data, ErrorValue):
        return value
    if isinstance(data, Unknown):
        return replace(value, data=data.step(name), type=_checked_member(value.type, name))
    if isinstance(data, Symbol):
        return Value(Symbol(data.address, (*data.path, name)), sensitive=value.sensitive)
    if data is None:
        raise EvaluationError(f"attempt to get attribute {name} from null value")
    if isinstance(data, MapValue):
        return _element(value, data, name)
    if isinstance(data, View):
        return data.member(name)
    if isinstance(data, ListValue):
        if name.isdigit():  # the legacy index
            return index(value, Value(int(name)))
        raise EvaluationError(f"a {data.kind} has no attribute {name}; use an index or a splat first")
    raise EvaluationError(f"a value that isn't an object has no attribute {name}")


def index(value: Value, key: Value) -> Value:
    """`value[key]` for a known key. EvaluationError where Terraform would report an error."""
    data = value.data
    if isinstance(data, ErrorValue):
        return value
    if key.data is None:
        raise EvaluationError("the index is null")
    if isinstance(data, Unknown):
        step, type_ = key.data, _checked_index(value.type, key)
        made = data.step(step) if isinstance(step, (str, int)) else Unknown(data.reason)
        return replace(value, data=made, type=type_)
    if isinstance(data, Symbol):
        return _instance_or_path(value, data, key)
    if data is None:
        raise EvaluationError("attempt to index null value")
    if isinstance(data, (MapValue, View)):
        name = to_text(key).data
        assert isinstance(name, str)
        return _element(value, data, name) if isinstance(data, MapValue) else data.member(name)
    if isinstance(data, ListValue):
        if data.kind == "set":
            raise EvaluationError("elements of a set have no index")
        return _at(value, data, key)
    if isinstance(data, PartialString):
        raise EvaluationError("a string has no elements")
    raise EvaluationError("a value that isn't a collection has no elements")


def _checked_member(type_: TypeConstraint | None, name: str) -> TypeConstraint | None:
    """The type of `x.name`. EvaluationError where a value of that type has no such attribute."""
    if type_ is None or type_.kind == "any":
        return None
    if type_.kind == "map":
        return type_.element
    if type_.kind == "object":
        return _attribute_of(type_, name)
    if type_.kind in ("list", "set", "tuple"):
        if name.isdigit():
            return _checked_index(type_, Value(int(name)))
        raise EvaluationError(f"a {type_.kind} has no attribute {name}; use an index or a splat first")
    raise EvaluationError(f"a value that isn't an object has no attribute {name}")


def _checked_index(type_: TypeConstraint | None, key: Value) -> TypeConstraint | None:
    """The type of `x[key]`. EvaluationError where a value of that type has no such element."""
    if type_ is None or type_.kind == "any":
        return None
    if type_.kind == "set":
        raise EvaluationError("elements of a set have no index")
    if type_.kind == "object":
        name = to_text(key).data
        return _attribute_of(type_, name) if isinstance(name, str) else None
    if type_.kind == "map":
        to_text(key)
        return type_.element
    if type_.kind in ("list", "tuple"):
        number = to_number(key).data
        if isinstance(number, Fraction) or (isinstance(number, int) and number < 0):
            raise EvaluationError("the index isn't a whole number from 0 on")
        if type_.kind == "list" or not isinstance(number, int):
            return type_.element
        if number >= len(type_.elements):
            raise EvaluationError(f"there is no element {number}: the tuple has {len(type_.elements)}")
        return type_.elements[number]
    raise EvaluationError(f"a {type_.kind} has no elements")


def _attribute_of(type_: TypeConstraint, name: str) -> TypeConstraint:
    if name not in type_.attributes:
        raise EvaluationError(f'the object has no attribute "{name}"')
    return type_.attributes[name].constraint


def _instance_or_path(value: Value, data: Symbol, key: Value) -> Value:
    step = key.data
    if data.path or not data.address.endswith("[?]"):
        if isinstance(step, Fraction) or not isinstance(step, (str, int)):
            raise EvaluationError("the index is neither a whole number nor a string")
        return Value(Symbol(data.address, (*data.path, step)), sensitive=value.sensitive)
    return value  # some instance of a block whose instances aren't known


def _element(value: Value, data: MapValue, name: str) -> Value:
    if name in data.items:
        element = data.items[name]
        return _marked(element, value)
    if data.doubt is not None:
        return Value(data.doubt.step(name), sensitive=value.sensitive)
    what = "object has no attribute" if data.kind == "object" else "map has no element"
    raise EvaluationError(f'the {what} "{name}"')


def _at(value: Value, data: ListValue, key: Value) -> Value:
    number = to_number(key).data
    if isinstance(number, Fraction) or not isinstance(number, int):
        raise EvaluationError("the index isn't a whole number")
    certain = len(data.items) if data.certain is None else data.certain
    if 0 <= number < (len(data.items) if data.doubt is None else certain):
        return _marked(data.items[number], value)
    if data.doubt is not None and number >= 0:
        return Value(data.doubt.step(number), sensitive=value.sensitive)
    count = len(data.items)
    raise EvaluationError(
        f"there is no element {number}: the {data.kind} has {count} element{'' if count == 1 else 's'}"
    )


def _marked(element: Value, whole: Value) -> Value:
    return replace(element, sensitive=True) if whole.sensitive and not element.sensitive else element


def pairs_of(collection: Value) -> list[tuple[Value, Value]] | None:
    """Key and value of each element, None where it can't be iterated over."""
    data = collection.data.object if isinstance(collection.data, View) else collection.data
    if isinstance(data, MapValue):
        order = sorted(data.items)
        return [(Value(key, data.items[key].span), data.items[key]) for key in order]
    if isinstance(data, ListValue):
        if data.kind == "set":
            return [(item, item) for item in data.items]
        certain = len(data.items) if data.certain is None else data.certain
        reason = data.doubt or Unknown("its index isn't known")
        return [
            (Value(number if number < certain else reason, item.span), item) for number, item in enumerate(data.items)
        ]
    return None


def splatted(value: Value, span: Span, ask: Callable[[Value], Value]) -> Value:
    """`value[*]…`: what `ask` gives for each element; null is none, anything but a list is one."""
    data = value.data
    if isinstance(data, Unknown):
        return _splatted_unknown(value, data, span, ask)
    if isinstance(data, ErrorValue):
        return Value(data, span)
    if isinstance(data, Symbol) and (data.path or data.address.endswith("[?]")):
        return Value(Unknown(data.reason), span)
    if data is None:
        return Value(ListValue(()), span)
    if isinstance(data, ListValue):
        items = tuple(ask(_marked(item, value)) for item in data.items)
        return Value(ListValue(items, "tuple" if data.kind == "tuple" else "list", data.doubt, data.certain), span)
    return Value(ListValue((ask(value),)), span)


def _splatted_unknown(value: Value, data: Unknown, span: Span, ask: Callable[[Value], Value]) -> Value:
    """What isn't known may have no elements; what is asked of them has to be right for their type all the same."""
    type_ = value.type
    if type_ is None or type_.kind in ("any", "tuple"):
        return Value(data, span)
    element = type_.element if type_.kind in ("list", "set") else type_
    asked = ask(Value(data.step("[*]"), span, type=element))
    if isinstance(asked.data, ErrorValue):
        return asked
    is_list = type_.kind in ("list", "set") and asked.type is not None
    return Value(data, span, type=list_of(asked.type) if is_list and asked.type is not None else None)
