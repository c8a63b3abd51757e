"""What is known of the data that states pass on: which fields they certainly don't have.

A shape says what may be there: a field that is in no shape, of all that may arrive, is never set. An execution's input
and most results are `ANYTHING`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from ..records import dataclass, field
from ..terraform.evaluation.values import ListValue, MapValue, Value
from ..text.source import Span

_DEEPEST = 8  # of shapes that are told apart; what lies deeper may be anything
_STEP = re.compile(r"\.([^\W\d][\w-]*)(?![\w(-])|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]")
# Of a text with an intrinsic function: the paths outside of its quoted strings.
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
_PATH = re.compile(r"(?<![$\w])\$(?=[.\[])[^\s,()]*")


@dataclass(frozen=True, slots=True)
class Origin:
    """The place where a shape was made, and what was done there."""

    label: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Anything:
    """Nothing is known."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text, a number, true, false or null: it has no fields."""

    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list, whatever is in it."""

    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with these fields; with others too if it `may_have_others`."""

    items: Mapping[str, Shape]
    may_have_others: bool = False
    origin: Origin | None = field(default=None, compare=False)


Shape: TypeAlias = Anything | Scalar | Items | Fields
ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class Missing:
    """What a path leads to that leads to nothing: `origin` says where what lacks the last of these `steps` was made."""

    origin: Origin | None
    steps: tuple[str | int, ...]


def steps_of(path: str) -> tuple[tuple[str | int, ...], bool]:
    """The steps of a path behind `$`, and if these are all: what is behind a filter or wildcard isn't told."""
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            return tuple(steps), False
        name = next((group for group in match.groups()[:3] if group is not None), None)
        steps.append(int(match.group(4)) if name is None else name)
        at = match.end()
    return tuple(steps), True


def paths_in(text: str) -> tuple[str, ...]:
    """The paths of a text: itself, or those that an intrinsic function is given; none of context or variables."""
    if text.startswith("$"):
        return (text,) if text == "$" or text[1:2] in (".", "[") else ()
    return tuple(match.group() for match in _PATH.finditer(_QUOTED.sub("", text)))


def at_path(shape: Shape, path: str, *, through_lists: bool = False) -> Shape | Missing:
    """The shape that a path leads to. In JSONata it leads `through_lists`, into each of their elements."""
    if not paths_in(path):
        return ANYTHING
    steps, is_whole = steps_of(path)
    for at, step in enumerate(steps):
        if isinstance(shape, Anything) or (through_lists and isinstance(shape, Items)):
            return ANYTHING
        if isinstance(step, int):
            if not isinstance(shape, Items):
                return Missing(shape.origin, steps[: at + 1])
            shape = ANYTHING
        elif isinstance(shape, Fields) and step in shape.items:
            shape = shape.items[step]
        elif isinstance(shape, Fields) and shape.may_have_others:
            return ANYTHING
        else:
            return Missing(shape.origin, steps[: at + 1])
    return shape if is_whole else ANYTHING


def with_path(shape: Shape, path: str, value: Shape) -> Shape:
    """The shape with a value put at a path (a ResultPath), what lies on the way made as needed."""
    steps, is_whole = steps_of(path)
    if not is_whole or any(isinstance(step, int) for step in steps):
        return ANYTHING
    return _put(shape, tuple(str(step) for step in steps), value)


def _put(shape: Shape, steps: tuple[str, ...], value: Shape) -> Shape:
    if not steps:
        return value
    if isinstance(shape, Anything):
        shape = Fields({}, may_have_others=True)
    if not isinstance(shape, Fields):
        shape = Fields({}, origin=shape.origin)  # a list or text: the put fails, or takes its place
    inner = shape.items.get(steps[0], ANYTHING if shape.may_have_others else Fields({}))
    items = {**shape.items, steps[0]: _put(inner, steps[1:], value)}
    return Fields(items, shape.may_have_others, shape.origin)


def joined(one: Shape, other: Shape, depth: int = 0) -> Shape:
    """What may be there where one or the other is."""
    if one == other:
        return one
    if isinstance(one, Fields) and isinstance(other, Fields) and depth < _DEEPEST:
        items: dict[str, Shape] = {}
        for name in dict.fromkeys((*one.items, *other.items)):
            first, second = _held(one, name), _held(other, name)
            if first is not None and second is not None:
                items[name] = joined(first, second, depth + 1)
            else:
                items[name] = first or second or ANYTHING
        return Fields(items, one.may_have_others or other.may_have_others, one.origin or other.origin)
    if isinstance(one, Fields) and isinstance(other, Scalar):
        return one
    if isinstance(one, Scalar) and isinstance(other, Fields):
        return other
    return ANYTHING


def _held(shape: Fields, name: str) -> Shape | None:
    """What a field may be, None where there is certainly none."""
    return shape.items.get(name, ANYTHING if shape.may_have_others else None)


def bounded(shape: Shape, depth: int = 0) -> Shape:
    """The shape without what lies so deep that loops would make it ever deeper."""
    if not isinstance(shape, Fields):
        return shape
    if depth >= _DEEPEST:
        return ANYTHING
    items = {name: bounded(item, depth + 1) for name, item in shape.items.items()}
    return Fields(items, shape.may_have_others, shape.origin)


def literal_shape(value: Value, selected: Callable[[Value], Shape], *, is_template: bool, origin: Origin) -> Shape:
    """The shape of what a definition writes out. In a template `selected` gives that of a text behind `name.$`.

    Without one (in JSONata), it gives that of every text.
    """
    data = value.data
    if isinstance(data, MapValue):
        items: dict[str, Shape] = {}
        for name, item in data.items.items():
            if is_template and name.endswith(".$"):
                items[name.removesuffix(".$")] = selected(item)
            else:
                items[name] = literal_shape(item, selected, is_template=is_template, origin=origin)
        return Fields(items, data.doubt is not None, origin)
    if value.reason is not None:
        return ANYTHING
    if isinstance(data, ListValue):
        return Items(origin)
    if isinstance(data, str) and not is_template:
        return selected(value)
    return Scalar(origin)


def texts_in(value: Value, *, is_template: bool) -> Iterator[Value]:
    """The texts of a template that are evaluated: those behind `name.$`, or (in JSONata) every one."""
    data = value.data
    if isinstance(data, MapValue):
        for name, item in data.items.items():
            if is_template and name.endswith(".$"):
                yield item
            else:
                yield from texts_in(item, is_template=is_template)
    elif isinstance(data, ListValue):
        for item in data.items:
            yield from texts_in(item, is_template=is_template)
    elif not is_template and isinstance(data, str):
        yield value
