"""Type constraints as they are written, what Terraform makes of a value of such a type, and the types of values.

Facts from Terraform 1.11 (`terraform console` with a variable's default) and its page on type constraints
(https://developer.hashicorp.com/terraform/language/expressions/type-constraints).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..hcl import nodes
from ..records import replace
from ..text.source import Span
from .evaluation.conversion import EvaluationError, as_set, kind_name, to_bool, to_number, to_text
from .evaluation.values import (
    NULL,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    first_reason,
    is_sensitive,
)
from .types import (
    ANY,
    BOOL,
    NUMBER,
    PRIMITIVES,
    STRING,
    AttributeConstraint,
    TypeConstraint,
    constraint_text,
    converts,
    friendly_name,
    has_any,
    list_of,
    map_of,
    object_of,
    of_values,
    set_of,
    tuple_of,
    unified,
)

__all__ = [
    "ANY",
    "BOOL",
    "NUMBER",
    "STRING",
    "AttributeConstraint",
    "RepeatedAttribute",
    "TypeConstraint",
    "common_type",
    "constant",
    "constraint_text",
    "convert",
    "has_any",
    "list_of",
    "map_of",
    "parse_type",
    "set_of",
    "type_of",
    "unify",
]


def parse_type(expr: nodes.Expr) -> TypeConstraint:
    """The constraint that a type expression stands for; EvaluationError, in Terraform's words, where it is none.

    The bare words `list` and `map` (any elements) are still accepted, types in quotes no longer are.
    """
    if isinstance(expr, nodes.Template):
        raise EvaluationError(f"a type is written without quotes: {expr.literal or 'string'}")
    if isinstance(expr, nodes.Variable):
        return _keyword(expr.name)
    if not isinstance(expr, nodes.Call):
        raise EvaluationError(
            "a type specification is either a primitive type keyword or a complex type constructor call"
        )
    name, arguments = expr.name, expr.arguments
    if name in ("list", "set", "map"):
        if len(arguments) != 1:
            raise EvaluationError(f"the {name} type constructor requires one argument specifying the element type")
        element = parse_type(arguments[0])
        return list_of(element) if name == "list" else set_of(element) if name == "set" else map_of(element)
    if name == "object":
        if len(arguments) != 1 or not isinstance(arguments[0], nodes.Object):
            raise EvaluationError("the object type constructor requires a map of attribute names to attribute types")
        return TypeConstraint("object", attributes=_parse_attributes(arguments[0].items))
    if name == "tuple":
        if len(arguments) != 1 or not isinstance(arguments[0], nodes.Tuple):
            raise EvaluationError("the tuple type constructor requires a list of element types")
        return tuple_of(map(parse_type, arguments[0].items))
    if name == "optional":
        raise EvaluationError('"optional" is valid only as a modifier for object type attributes')
    if name in PRIMITIVES:
        raise EvaluationError(f"primitive type keyword {name} does not expect arguments")
    raise EvaluationError(f'"{name}" is not a valid type constructor')


def _keyword(name: str) -> TypeConstraint:
    if name in PRIMITIVES:
        return PRIMITIVES[name]
    if name in ("list", "map"):
        return list_of(ANY) if name == "list" else map_of(ANY)
    if name == "set":
        raise EvaluationError("the set type constructor requires one argument specifying the element type")
    if name in ("object", "tuple"):
        raise EvaluationError(f"the {name} type constructor requires one argument")
    raise EvaluationError(f'the keyword "{name}" is not a valid type specification')


def _parse_attributes(items: Iterable[nodes.ObjectItem]) -> dict[str, AttributeConstraint]:
    found: dict[str, AttributeConstraint] = {}
    for item in items:
        name, attribute = _parse_attribute(item)
        if name in found:
            raise RepeatedAttribute(name, item.key.span)
        found[name] = attribute
    return found


class RepeatedAttribute(EvaluationError):
    """An object type names an attribute twice: the later one stands at `span`."""

    def __init__(self, name: str, span: Span) -> None:
        super().__init__(f"the object type has the attribute {name} twice")
        self.name = name
        self.span = span


def _parse_attribute(item: nodes.ObjectItem) -> tuple[str, AttributeConstraint]:
    name = item.key.literal if isinstance(item.key, nodes.Template) else None
    if isinstance(item.key, nodes.Variable):
        name = item.key.name
    if name is None or item.key.span.code.startswith('"'):
        raise EvaluationError("object constructor map keys must be attribute names")
    expr = item.value
    if not (isinstance(expr, nodes.Call) and expr.name == "optional"):
        return name, AttributeConstraint(parse_type(expr))
    if not 1 <= len(expr.arguments) <= 2:
        raise EvaluationError("optional attribute modifier requires the attribute type and, at most, a default value")
    constraint = parse_type(expr.arguments[0])
    if len(expr.arguments) == 1:
        return name, AttributeConstraint(constraint, optional=True)
    default = constant(expr.arguments[1])
    try:
        convert(default, constraint)
    except EvaluationError as error:
        raise EvaluationError(
            f"the default of attribute {name} is not compatible with the attribute's type constraint: {error.reason}"
        ) from None
    return name, AttributeConstraint(constraint, True, default)


def constant(expr: nodes.Expr) -> Value:
    """The value of a default, which may refer to nothing; Unknown where it is computed (`1 + 1`)."""
    if isinstance(expr, nodes.Parentheses):
        return constant(expr.expr)
    if isinstance(expr, nodes.Literal):
        return Value(expr.value, expr.span)
    if isinstance(expr, nodes.Template) and expr.literal is not None:
        return Value(expr.literal, expr.span)
    if isinstance(expr, nodes.Tuple):
        return Value(ListValue(tuple(constant(item) for item in expr.items)), expr.span)
    if isinstance(expr, nodes.Object):
        items: dict[str, Value] = {}
        for item in expr.items:
            key = to_text(constant(item.key)).data
            if not isinstance(key, str):
                return Value(Unknown("the default has a computed key"), expr.span)
            items[key] = constant(item.value)
        return Value(MapValue(items), expr.span)
    if isinstance(expr, nodes.Unary) and expr.operator == "-":
        number = to_number(constant(expr.operand)).data
        if number is not None and isinstance(number, (int, Fraction)):
            return Value(-number, expr.span)
    if isinstance(expr, nodes.Call):
        raise EvaluationError("functions may not be called in a default of a type constraint")
    if isinstance(expr, (nodes.Variable, nodes.GetAttr, nodes.Index, nodes.Splat)):
        raise EvaluationError("variables may not be used in a default of a type constraint")
    return Value(Unknown("the default is computed"), expr.span)


def convert(value: Value, constraint: TypeConstraint) -> Value:
    """The value as Terraform gives it to a variable of this type, defaults of optional attributes applied, deep.

    Spans and sensitivity are kept, what isn't known stays unknown; null, what isn't known and empty collections keep
    the type in mind. EvaluationError, with the path to the culprit, where Terraform refuses: `attribute "a" is
    required`, `element 1: string required`, `[1].b: a number is required`.
    """
    data = value.data
    if constraint.kind == "any":
        return value
    if data is None or isinstance(data, Unknown):
        return _typed(value, constraint)
    if constraint.kind == "string":
        return to_text(value)
    if constraint.kind == "number":
        return to_number(value)
    if constraint.kind == "bool":
        return to_bool(value)
    if not value.is_known and not isinstance(data, PartialString):
        return _typed(value, constraint)
    if isinstance(data, ListValue):
        if constraint.kind in ("list", "set"):
            # A set can't hold marks on its elements: it is sensitive as a whole.
            marked = constraint.kind == "set" and any(is_sensitive(item) for item in data.items)
            made = replace(value, data=_convert_list(data, constraint), sensitive=value.sensitive or marked)
            return made if data.items else replace(made, type=_of_empty(constraint, value.type))
        if constraint.kind == "tuple" and data.kind == "tuple":
            return replace(value, data=_convert_tuple(data, constraint))
    if isinstance(data, MapValue):
        if constraint.kind == "map":
            made = replace(value, data=_convert_map(data, constraint))
            return made if data.items else replace(made, type=_of_empty(constraint, value.type))
        if constraint.kind == "object":
            return replace(value, data=_convert_object(data, constraint), type=None)
    raise EvaluationError(f"{friendly_name(constraint)} required")


def _typed(value: Value, constraint: TypeConstraint) -> Value:
    """Null or what isn't known, as of a type. EvaluationError where it is of another one already."""
    known = value.type
    if known is not None and not converts(known, constraint):
        raise EvaluationError(f"{friendly_name(constraint)} required")
    return replace(value, type=_of_empty(constraint, known))


def _of_empty(constraint: TypeConstraint, known: TypeConstraint | None) -> TypeConstraint:
    """The type of what is converted and holds nothing: where the constraint leaves it open, it stays what it was."""
    wanted = of_values(constraint)
    if known is None or not has_any(wanted) or wanted.element is None:
        return wanted
    held = known.element if known.element is not None else None
    return replace(wanted, element=held) if held is not None and wanted.element.kind == "any" else wanted


def _convert_list(data: ListValue, constraint: TypeConstraint) -> ListValue:
    assert constraint.element is not None
    items: tuple[Value, ...] = tuple(
        _convert_at(item, constraint.element, f"[{index}]", f"element {index}") for index, item in enumerate(data.items)
    )
    if has_any(constraint.element):
        items = _one_type(items, constraint.kind)
    if constraint.kind == "set":
        return as_set(items, data.doubt)
    rest = data.doubt
    if rest is None and data.kind == "set" and data.certain is not None and len(items) > 1:
        # Elements that aren't known may turn out to be equal, so that there are fewer.
        rest = Unknown(next((reason for item in items if (reason := first_reason(item)) is not None), ""))
    return ListValue(items, "list", rest, data.certain)


def _convert_map(data: MapValue, constraint: TypeConstraint) -> MapValue:
    assert constraint.element is not None
    items = {
        key: _convert_at(item, constraint.element, f'["{key}"]', f'element "{key}"') for key, item in data.items.items()
    }
    if has_any(constraint.element):
        items = dict(zip(items, _one_type(tuple(items.values()), "map"), strict=True))
    return MapValue(items, "map", data.doubt)


def _one_type(items: tuple[Value, ...], kind: str) -> tuple[Value, ...]:
    try:
        return unify(items)
    except EvaluationError:
        raise EvaluationError(f"all {kind} elements must have the same type") from None


def _convert_tuple(data: ListValue, constraint: TypeConstraint) -> ListValue:
    wanted = constraint.elements
    if len(data.items) > len(wanted) or (data.doubt is None and len(data.items) < len(wanted)):
        raise EvaluationError("tuple required")
    given = list(data.items if data.certain is None else data.items[: data.certain])
    while data.doubt is not None and len(given) < len(wanted):
        given.append(Value(data.doubt))
    return ListValue(
        tuple(
            _convert_at(item, element, f"[{index}]", f"element {index}")
            for index, (item, element) in enumerate(zip(given, wanted, strict=True))
        )
    )


def _convert_object(data: MapValue, constraint: TypeConstraint) -> MapValue:
    items: dict[str, Value] = {}
    missing = []
    for name, attribute in constraint.attributes.items():
        given = data.items.get(name)
        if given is None and data.doubt is not None:
            given = Value(data.doubt)
        if (given is None or given.data is None) and attribute.default is not None:
            given = attribute.default
        if given is None and attribute.optional:
            given = NULL
        if given is None:
            missing.append(f'"{name}"')
        else:
            items[name] = _convert_at(given, attribute.constraint, f".{name}", f'attribute "{name}"')
    if missing:
        missing.sort()
        words = f"{', '.join(missing[:-1])} and {missing[-1]} are" if len(missing) > 1 else f"{missing[0]} is"
        raise EvaluationError(f"attribute{'s' if len(missing) > 1 else ''} {words} required")
    return MapValue(items, "object")


def _convert_at(value: Value, constraint: TypeConstraint, step: str, words: str) -> Value:
    """Convert an element; a refusal names the way to it, by steps where only its text is wrong, as Terraform does."""
    try:
        return convert(value, constraint)
    except EvaluationError as error:
        reason = error.reason
        if reason in ("a number is required", "a bool is required"):
            raise EvaluationError(f"{step}: {reason}") from None
        if reason.startswith((".", "[")):
            raise EvaluationError(step + reason) from None
        raise EvaluationError(f"{words}: {reason}") from None


def type_of(value: Value) -> TypeConstraint:
    """The type of a value as far as it can be told: `any` for an untyped null, what isn't known, and no elements."""
    data = value.data
    if isinstance(data, MapValue):
        if data.kind == "map":
            return map_of(_type_of_elements(tuple(data.items.values()))) if data.items else value.type or map_of(ANY)
        return object_of({key: type_of(item) for key, item in sorted(data.items.items())})
    if isinstance(data, ListValue):
        if data.kind == "tuple":
            return tuple_of(map(type_of, data.items))
        element = _type_of_elements(data.items)
        empty = list_of(ANY) if data.kind == "list" else set_of(ANY)
        return replace(empty, element=element) if data.items else value.type or empty
    if data is None or isinstance(data, (Unknown, Symbol)):
        return value.type or ANY
    return PRIMITIVES.get(kind_name(data), ANY)


def _type_of_elements(items: tuple[Value, ...]) -> TypeConstraint:
    """The type of a collection's elements: the first of them of which all is known tells it."""
    first = ANY
    for item in items:
        found = type_of(item)
        if not has_any(found):
            return found
        first = found if first.kind == "any" else first
    return first


def unify(values: Sequence[Value]) -> tuple[Value, ...]:
    """The values converted to one type, as for the branches of a conditional or the elements of a list.

    What isn't known stays as it is where its type isn't known either, and so do values that depend on it.
    EvaluationError where there is no common type.
    """
    wanted = common_type(values)
    if wanted.kind == "any":
        kinds = {kind_name(value.data) for value in values} - {"dynamic"}
        # whatever stands beside text and numbers, they become text, or it is an error
        is_text = "string" in kinds and kinds <= PRIMITIVES.keys()
        return tuple(to_text(value) if is_text and value.is_known else value for value in values)
    if all(type(value.data) is str for value in values):
        return tuple(values)
    return tuple(convert(value, wanted) for value in values)


def common_type(values: Sequence[Value]) -> TypeConstraint:
    """The type that values are converted to. EvaluationError where they have none in common."""
    kinds = {kind_name(value.data) for value in values}
    if len(kinds) == 1 and (primitive := PRIMITIVES.get(next(iter(kinds)))) is not None:
        return primitive
    has_collection = bool(kinds & {"list", "set", "map"})
    types = [_type_beside(value, has_collection) for value in values]
    found = unified(types) if types else ANY
    if found is None:
        names = sorted({type_.kind for type_ in types} - {"any"})
        raise EvaluationError(f"there is no common type for {' and '.join(names)}")
    return found


def _type_beside(value: Value, has_collection: bool) -> TypeConstraint:
    """The type of a value among others.

    How many elements a tuple has, or which keys an object, decides on its type only where no collection stands beside.
    """
    data = value.data
    if isinstance(data, (ListValue, MapValue)) and data.doubt is not None and not has_collection:
        return ANY
    return type_of(value)
