"""Values of arguments against their types and what AWS accepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ...aws.constraints import Constraint, breach, constraint
from ...aws.schema import AttributeSchema, BlockSchema, Type
from ...hcl.nodes import (
    Attribute,
    Call,
    Expr,
    GetAttr,
    Index,
    Interpolation,
    Literal,
    Object,
    Template,
    Tuple,
    Variable,
)
from ...records import dataclass, replace
from ...rule import Hit
from ...stack import Stack
from ...terraform.evaluation.conversion import (
    EvaluationError,
    kind_name,
    number_text,
    quoted,
    to_bool,
    to_number,
    to_text,
)
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import (
    ErrorValue,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    is_sensitive,
)
from ...terraform.module.places import declaration_at
from ...terraform.module.references import references
from ...text.nearest import nearest
from ..references.unknown_attribute import given_shape
from ..shapes import Collection, Instances, Members, Shape, Single, reference_shape
from ..sites import site_of

MOST_NAMED = 12  # of an enumeration, in a message
LONGEST_QUOTE = 60
_PRIMITIVES = {"string": to_text, "number": to_number, "bool": to_bool}
_TEXT_FUNCTIONS = ("jsonencode", "yamlencode", "format", "join", "lower", "upper", "replace", "templatefile", "file")
_ARTICLES = {"object": "an object", "any": "any value"}


class Found(NamedTuple):
    """What a rule reports: the rule's name, and the hit; with the hit at its cause where others may share that."""

    rule: str
    hit: Hit
    cause: Hit | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value, or a part of one, that can't be converted: the way to it, what it is, what it should be."""

    path: str
    given: str
    wanted: str
    value: Value


def judged(
    attribute: Attribute,
    known: AttributeSchema,
    stack: Stack,
    type_: str,
    path: str,
    where: str,
    instances: Sequence[Instance],
) -> Iterator[Found]:
    """What is wrong with the value of an argument, in any instance."""
    if known.type.kind == "any":
        return
    limits = constraint(type_, f"{path}.{attribute.name}" if path else attribute.name) if type_ else None
    if limits is None and known.type.kind == "string" and _is_text(attribute.expr):
        return
    for instance in instances if _varies(attribute, instances) else instances[:1]:
        value = instance.value(attribute.name)
        if isinstance(value.data, Unknown):
            shape = given_shape(stack.module, attribute.expr)
            if shape is not None and not _converts(shape, known.type):
                values = {"argument": attribute.name, "wanted": _wanted(known.type), "given": _shape_name(shape)}
                yield Found("wrong-type", Hit(attribute.expr.span, instance.address, {**values, "where": where}))
                break
        if value.data is None or isinstance(value.data, (Unknown, ErrorValue)):
            continue
        wrong = misfit(stack, value, known.type)
        if wrong is not None and _judged_elsewhere(stack, wrong.value, attribute):
            continue
        if wrong is not None:
            values = {"argument": attribute.name + wrong.path, "wanted": wrong.wanted, "given": wrong.given}
            yield _found("wrong-type", stack, wrong.value, attribute, values, where, type_, instance)
        elif limits is not None:
            for item, what, right in _breaches(value, limits):
                values = {"argument": attribute.name, "value": shown(item), "what": what, "right": right}
                yield _found("invalid-value", stack, item, attribute, values, where, type_, instance)


def _is_text(expr: Expr) -> bool:
    """Whether an expression is a text whatever stands in it: to evaluate policies only for that would take long."""
    if isinstance(expr, Template):  # a lone interpolation passes on what it is
        lone = len(expr.parts) == 1 and isinstance(expr.parts[0], Interpolation) and expr.heredoc is None
        return not lone
    return isinstance(expr, Call) and expr.name in _TEXT_FUNCTIONS


def never_null(expr: Expr) -> bool:
    """Whether an expression can't come to null, by its form."""
    return _is_text(expr) or isinstance(expr, (Tuple, Object)) or (isinstance(expr, Literal) and expr.value is not None)


def _found(
    rule: str,
    stack: Stack,
    value: Value,
    attribute: Attribute,
    values: Mapping[str, object],
    where: str,
    type_: str,
    instance: Instance,
) -> Found:
    """A hit where the argument is written, with its cause where the value stands elsewhere."""
    written = attribute.expr.span
    site = site_of(stack, value, written, written)
    hit = Hit(site.span, instance.address, {**values, "where": where}, site.related)
    origin = value.span
    if origin is None or written.contains(origin) or value.sensitive:
        return Found(rule, hit)
    return Found(rule, hit, Hit(origin, None, {**values, "where": type_ or where}))


def _judged_elsewhere(stack: Stack, value: Value, attribute: Attribute) -> bool:
    """Whether a value is the argument of another resource, which is where its type is wrong."""
    if value.span is None or attribute.span.contains(value.span):
        return False
    written = declaration_at(stack.module, value.span)
    own = declaration_at(stack.module, attribute.span)
    return written is not None and written is not own and written.kind in ("resource", "data")


def _varies(attribute: Attribute, instances: Sequence[Instance]) -> bool:
    """Whether the value may differ between instances."""
    if len(instances) < 2 or isinstance(attribute.expr, Literal):
        return False
    names = instances[0].names.keys()
    return any(reference.root in names for reference in references(attribute.expr))


def repeated(attribute: Attribute, stack: Stack, where: str) -> Iterator[Found]:
    """What is wrong with the type of a count or for_each."""
    value = stack.evaluator.evaluate(attribute.expr)
    if isinstance(value.data, Unknown):
        wrong = _given_wrongly(stack, value, attribute)
    else:
        wrong = _no_count(stack, value) if attribute.name == "count" else _no_repetition(stack, value, attribute.expr)
    if wrong is not None:
        site = site_of(stack, wrong.value, attribute.expr.span, attribute.expr.span)
        values = {"argument": attribute.name, "where": where, "wanted": wrong.wanted, "given": wrong.given}
        yield Found("wrong-type", Hit(site.span, where, values, site.related))


def _given_wrongly(stack: Stack, value: Value, attribute: Attribute) -> Misfit | None:
    """Why what is given for a variable can't be a count or for_each, whatever it is."""
    shape = given_shape(stack.module, attribute.expr)
    if not isinstance(shape, (Type, Collection)):
        return None
    if attribute.name == "count":
        number = Type("number")
        return None if _converts(shape, number) else Misfit("", _shape_name(shape), _wanted(number), value)
    strings = not isinstance(shape, Type) or shape.kind != "set" or shape.element in (None, Type("string"), Type("any"))
    if shape.kind in ("map", "object") or (shape.kind == "set" and strings):
        return None
    return Misfit("", _shape_name(shape), "a map or a set of strings", value)


def listing(attribute: Attribute, where: str) -> Iterator[Found]:
    """What is wrong with an argument that takes a list of references and nothing that comes to one."""
    expr = attribute.expr
    if isinstance(expr, Tuple) or (attribute.name == "ignore_changes" and isinstance(expr, Variable)):
        return
    values = {"argument": attribute.name, "where": where, "wanted": "a list of references", "given": "a value"}
    yield Found("wrong-type", Hit(expr.span, where, values))


def _no_count(stack: Stack, value: Value) -> Misfit | None:
    wanted = Type("number")
    return Misfit("", "null", _wanted(wanted), value) if value.data is None else misfit(stack, value, wanted)


def _no_repetition(stack: Stack, value: Value, expr: Expr) -> Misfit | None:
    data = value.data
    if isinstance(data, (Unknown, ErrorValue)) or (isinstance(expr, Call) and expr.name == "coalesce"):
        return None  # coalesce makes all of one type, and what is null isn't known to be a set
    if isinstance(data, Symbol):
        # what a function makes of an attribute is a reference to it too, be it toset()
        shape = reference_shape(stack, data) if isinstance(expr, (GetAttr, Index)) else None
        if not isinstance(shape, (Type, Collection)):
            return None
        fits, kind = shape.kind in ("map", "set", "object", "any"), str(shape.kind)
    else:
        fits = isinstance(data, MapValue) or (isinstance(data, ListValue) and data.kind == "set")
        kind = "null" if data is None else kind_name(data)
        if isinstance(data, ListValue) and fits:
            odd = next((item for item in data.items if item.is_known and not isinstance(item.data, str)), None)
            if odd is not None:
                return Misfit("", f"a set with {_given(odd)}", "a map or a set of strings", value)
    return None if fits else Misfit("", _named(kind), "a map or a set of strings", value)


# -- types ---------------------------------------------------------------------------------------------------


def misfit(stack: Stack, value: Value, wanted: Type) -> Misfit | None:
    """Why Terraform can't convert a value to a type; None where it can, or where that isn't known."""
    data = value.data
    if data is None or wanted.kind == "any" or isinstance(data, (Unknown, ErrorValue)):
        return None
    if isinstance(data, Symbol):
        shape = reference_shape(stack, data)
        bad = shape is not None and not _converts(shape, wanted)
        return Misfit("", f"{_shape_name(shape)}, {data}", _wanted(wanted), value) if bad else None
    if wanted.kind in _PRIMITIVES:
        try:
            _PRIMITIVES[wanted.kind](value)
        except EvaluationError:
            return Misfit("", _given(value), _wanted(wanted), value)
        return None
    element = wanted.element
    if isinstance(data, ListValue) and wanted.kind in ("list", "set") and element is not None:
        return _first_misfit(stack, ((number, item, element) for number, item in enumerate(data.items)))
    if isinstance(data, MapValue) and wanted.kind == "map" and element is not None:
        return _first_misfit(stack, ((key, item, element) for key, item in data.items.items()))
    if isinstance(data, MapValue) and wanted.kind == "object":
        missing = [name for name in wanted.attributes if name not in data.items] if data.rest is None else []
        if missing:
            return Misfit("", f"an object without {', '.join(missing)}", "an object with all attributes", value)
        pairs = ((name, data.items[name], type_) for name, type_ in wanted.attributes.items() if name in data.items)
        return _first_misfit(stack, pairs, dotted=True)
    return Misfit("", _given(value), _wanted(wanted), value)


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


def _converts(shape: Shape, wanted: Type) -> bool:
    """Whether something of a shape may be converted to a type."""
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
    return element is None or wanted.element is None or _converts(element, wanted.element)


def _wanted(type_: Type) -> str:
    """A type in words: `a number`, `a list of strings`."""
    if type_.element is None:
        return _ARTICLES.get(type_.kind, f"a {type_.kind}")
    element = type_.element
    inner = f"{element.kind}s" if element.kind in (*_PRIMITIVES, "object") else _wanted(element)
    return f"a {type_.kind} of {inner}"


def _named(kind: str) -> str:
    return {"tuple": "a list", "object": "an object", "null": "null"}.get(kind, f"a {kind}")


def _given(value: Value) -> str:
    data = value.data
    if isinstance(data, (ListValue, MapValue)):
        return _named(kind_name(data))
    return "a string" if isinstance(data, PartialString) else shown(value)


def _shape_name(shape: Shape | None) -> str:
    if isinstance(shape, (Type, Collection)):
        return _named(shape.kind)
    return "an object"


def shown(value: Value) -> str:
    """A scalar value as a message shows it."""
    data = value.data
    if is_sensitive(value):
        return "a sensitive value"
    if isinstance(data, str):
        return quoted(data) if len(data) <= LONGEST_QUOTE else f"{quoted(data[:LONGEST_QUOTE])}…"
    if isinstance(data, bool):
        return "true" if data else "false"
    return number_text(data) if isinstance(data, (int, Fraction)) else "null"


# -- what AWS accepts ----------------------------------------------------------------------------------------


def _breaches(value: Value, limits: Constraint) -> Iterator[tuple[Value, str, str]]:
    """Each scalar of a value that is outside the limits: what is so, what would be right.

    An empty text counts as not set: the provider leaves it out of its call.
    """
    if isinstance(value.data, ListValue):
        for item in value.data.items:
            yield from _breaches(item, limits)
        return
    data = value.data
    if isinstance(data, bool) or not isinstance(data, (str, int, Fraction)) or data == "":
        return
    what = breach(limits, data)
    if what is None:
        return
    if len(limits.enum) > MOST_NAMED:
        what = f"is none of the {len(limits.enum)} values that AWS takes"
    yield value, what, _right(str(data), limits.enum)


def _right(given: str, allowed: Sequence[str]) -> str:
    """What would be right instead of a value; of numbers those next to it, since a typing error isn't likely."""
    if allowed and given.isdecimal() and all(text.isdecimal() for text in allowed):
        below = max((int(text) for text in allowed if int(text) < int(given)), default=None)
        above = min((int(text) for text in allowed if int(text) > int(given)), default=None)
        beside = [str(number) for number in (below, above) if number is not None]
        return f"{' or '.join(beside)}, which AWS takes"
    near = nearest(given, allowed)
    return f"{quoted(near)} was meant" if near else "a value that AWS takes"


def listed(names: Sequence[str], word: str) -> str:
    """`a, b and c`."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
