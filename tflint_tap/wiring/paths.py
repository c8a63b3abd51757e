"""The values at a path of a resource: in nested blocks, in JSON, in the elements of maps and lists."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.edges import IN_PARENTHESES, ArgumentPath
from ..hcl.nodes import Expr
from ..records import dataclass
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ErrorValue, ListValue, MapValue, PartialString, Unknown, Value
from ..terraform.functions.jsons import jsondecode
from .parts import fields, parts_in, text_of

_MOST_DEPTH = 40  # of what `**` goes through
_QUOTES = "\"' "


@dataclass(frozen=True, slots=True)
class Place:
    """A value and where it stands: the block that holds the argument, and the expression that is written there."""

    holder: Instance
    argument: str
    value: Value
    expr: Expr


def places_at(instance: Instance, path: ArgumentPath) -> Iterator[Place]:
    """Every value at a path, none where it isn't written. What isn't known on the way stands for what lies behind."""
    holders = [instance]
    steps = path.steps
    argument = path.argument
    for number, block in enumerate(path.blocks):
        made = [nested for holder in holders for nested in holder.blocks(block)]
        if not made and any(holder.attribute(block) is not None for holder in holders):  # written as objects
            argument, steps = block, (*path.blocks[number + 1 :], path.argument, *path.steps)
            break
        holders = made
    for holder in holders:
        attribute = holder.attribute(argument)
        if attribute is not None:
            for value in _values(holder.value(argument), steps):
                yield Place(holder, argument, value, attribute.expr)


def _values(value: Value, steps: tuple[str, ...], depth: int = 0) -> Iterator[Value]:
    """The values behind these steps."""
    if value.data is None or value.data == "" or depth > _MOST_DEPTH:
        return
    if steps == (IN_PARENTHESES,):
        yield from _in_parentheses(value)
        return
    if steps and isinstance(value.data, (str, PartialString)):
        if depth and steps[0] in ("*", "**"):
            return
        value = _decoded(value)
    data = value.data
    if isinstance(data, ListValue):
        rest = steps[1:] if steps and steps[0] == "*" else steps
        for item in data.items:
            yield from _values(item, rest, depth + 1)
        if data.doubt is not None:
            yield Value(data.doubt, value.span)
    elif not steps or not isinstance(data, MapValue):
        if not steps or value.reason is not None:
            yield value
    elif steps[0] in ("*", "**"):
        yield from _every(data, value, steps, depth)
    elif (found := _item(data, steps[0])) is not None:
        yield from _values(found, steps[1:], depth + 1)
    elif data.doubt is not None:
        yield Value(data.doubt, value.span)


def _in_parentheses(value: Value) -> Iterator[Value]:
    """The texts in the innermost parentheses of a text, without their quotes: the alarms of `ALARM("a") OR OK(b)`."""
    if not isinstance(value.data, (str, PartialString)):
        yield value
        return
    *closed, _ = fields(parts_in(value.data), ")")
    for before in closed:
        inner = fields(before, "(")[-1]
        ends = [part.lstrip(_QUOTES) if isinstance(part, str) else part for part in inner[:1]]
        bare = [*ends, *inner[1:]]
        bare[-1:] = [part.rstrip(_QUOTES) if isinstance(part, str) else part for part in bare[-1:]]
        found = tuple(part for part in bare if part != "")
        if found:
            yield Value(text_of(found), value.span)


def _every(data: MapValue, value: Value, steps: tuple[str, ...], depth: int) -> Iterator[Value]:
    """Behind each element of a map; for `**` also behind the map itself."""
    deep = steps[0] == "**"
    if deep and (item := _item(data, steps[1])) is not None:
        yield from _values(item, steps[2:], depth + 1)
    for item in data.items.values():
        if not deep:
            yield from _values(item, steps[1:], depth + 1)
        elif isinstance(item.data, (MapValue, ListValue)):
            yield from _values(item, steps, depth + 1)
    if data.doubt is not None:
        yield Value(data.doubt, value.span)


def _item(data: MapValue, key: str) -> Value | None:
    """An element of a map; keys of policies' conditions are the same in any case."""
    if key in data.items or ":" not in key:
        return data.items.get(key)
    return next((item for name, item in data.items.items() if name.lower() == key.lower()), None)


def _decoded(value: Value) -> Value:
    """The value of a JSON text; an error if it isn't JSON."""
    try:
        return jsondecode(value)
    except (EvaluationError, TooLarge) as error:
        return Value(ErrorValue(error.reason) if isinstance(error, EvaluationError) else Unknown(error.reason))
