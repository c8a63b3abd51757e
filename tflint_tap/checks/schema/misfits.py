"""Values and shapes that Terraform can't convert to a type."""

from __future__ import annotations

from collections.abc import Iterable

from ...aws.schema import BlockSchema, Type
from ...records import dataclass, replace
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, kind_name, quoted, to_bool, to_number, to_text
from ...terraform.evaluation.values import ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..shapes import Collection, Instances, Members, Shape, Single, reference_shape
from .values import shown

_PRIMITIVES = {"string": to_text, "number": to_number, "bool": to_bool}
_ARTICLES = {"object": "an object", "any": "any value"}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value, or a part of one, that can't be converted: the way to it, what it is, what it should be."""

    path: str
    given: str
    wanted: str
    value: Value


def misfit(stack: Stack, value: Value, wanted: Type) -> Misfit | None:
    """The reason why Terraform can't convert a value to a type; None if it can, or if that isn't known."""
    data = value.data
    if data is None or wanted.kind == "any" or isinstance(data, (Unknown, ErrorValue)):
        return None
    if isinstance(data, Symbol):
        shape = reference_shape(stack, data)
        bad = shape is not None and not converts(shape, wanted)
        return Misfit("", f"{shape_in_words(shape)}, {data}", in_words(wanted), value) if bad else None
    if wanted.kind in _PRIMITIVES:
        try:
            _PRIMITIVES[wanted.kind](value)
        except EvaluationError:
            return Misfit("", value_in_words(value), in_words(wanted), value)
        return None
    element = wanted.element
    if isinstance(data, ListValue) and wanted.kind in ("list", "set") and element is not None:
        return _first_misfit(stack, ((number, item, element) for number, item in enumerate(data.items)))
    if isinstance(data, MapValue) and wanted.kind == "map" and element is not None:
        return _first_misfit(stack, ((key, item, element) for key, item in data.items.items()))
    if isinstance(data, MapValue) and wanted.kind == "object":
        missing = [name for name in wanted.attributes if name not in data.items] if data.doubt is None else []
        if missing:
            return Misfit("", f"an object without {', '.join(missing)}", "an object with all attributes", value)
        pairs = ((name, data.items[name], type_) for name, type_ in wanted.attributes.items() if name in data.items)
        return _first_misfit(stack, pairs, dotted=True)
    return Misfit("", value_in_words(value), in_words(wanted), value)


def _first_misfit(
    stack: Stack, parts: Iterable[tuple[str | int, Value, Type]], *, dotted: bool = False
) -> Misfit | None:
    """The first part that can't be converted, by its key or index."""
    for key, item, type_ in parts:
        wrong = misfit(stack, item, type_)
        if wrong is not None:
            step = f".{key}" if dotted else f"[{quoted(key) if isinstance(key, str) else key}]"
            return replace(wrong, path=step + wrong.path)
    return None


def converts(shape: Shape, wanted: Type) -> bool:
    """Return True if something of a shape may be converted to a type."""
    if isinstance(shape, (Single, Instances, Members)) or wanted.kind == "any":
        return True
    if isinstance(shape, BlockSchema):
        return wanted.kind in ("map", "object")
    if shape.kind in ("any",):
        return True
    if isinstance(shape, Type) and shape.kind in _PRIMITIVES:
        return wanted.kind in _PRIMITIVES and {shape.kind, wanted.kind} != {"number", "bool"}
    if shape.kind in ("list", "set", "tuple"):
        if wanted.kind not in ("list", "set"):
            return False
    elif wanted.kind not in ("map", "object"):
        return False
    element = shape.element
    return element is None or wanted.element is None or converts(element, wanted.element)


def in_words(type_: Type) -> str:
    """A type in words: `a number`, `a list of strings`."""
    if type_.element is None:
        return _ARTICLES.get(type_.kind, f"a {type_.kind}")
    element = type_.element
    inner = f"{element.kind}s" if element.kind in (*_PRIMITIVES, "object") else in_words(element)
    return f"a {type_.kind} of {inner}"


def kind_in_words(kind: str) -> str:
    return {"tuple": "a list", "object": "an object", "null": "null"}.get(kind, f"a {kind}")


def value_in_words(value: Value) -> str:
    data = value.data
    if isinstance(data, (ListValue, MapValue)):
        return kind_in_words(kind_name(data))
    return "a string" if isinstance(data, PartialString) else shown(value)


def shape_in_words(shape: Shape | None) -> str:
    if isinstance(shape, (Type, Collection)):
        return kind_in_words(shape.kind)
    return "an object"
