"""Functions of the provider that is built into Terraform: HCL as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from ...text.source import Source
from ..evaluation.conversion import EvaluationError, TooLarge, number_text, utf8
from ..evaluation.values import Data, ListValue, MapValue, Value, first_reason
from ..typing import constant
from .environment import Environment
from .jsons import structure_doubt
from .parts import LONGEST_TEXT, text, unknown

_NAME = re.compile(r"[^\W\d][\w-]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def encode_expr(value: Value) -> Data:
    """A value as an HCL expression."""
    if structure_doubt(value) is not None or first_reason(value) is not None:
        return unknown(value)
    return _indented(_bounded(_expression(value.data)))


def encode_tfvars(value: Value) -> Data:
    """An object as a .tfvars file: a line for each attribute, sorted."""
    data = value.data
    if value.is_known and not isinstance(data, MapValue):
        raise EvaluationError(
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names"
        )
    if structure_doubt(value) is not None or first_reason(value) is not None:
        return unknown(value)
    assert isinstance(data, MapValue)
    for key in data.items:
        if not _NAME.fullmatch(key):
            raise EvaluationError(f'invalid variable name "{key}": must be a valid identifier')
    return _indented("".join(f"{line}\n" for line in _aligned({key: key for key in sorted(data.items)}, data)))


def decode_tfvars(environment: Environment, value: Value) -> Data:
    """The content of a .tfvars file, an object; an attribute that is computed is Unknown."""
    from ...hcl import parse

    file = parse(Source("<tfvars>", text(value)))
    if file.diagnostics:
        raise EvaluationError(f"invalid tfvars syntax: {file.diagnostics[0].message}")
    if file.body.blocks:
        raise EvaluationError("invalid tfvars syntax: blocks are not allowed here")
    made = {attribute.name: constant(attribute.expr) for attribute in file.body.attributes}
    if len(made) < len(file.body.attributes):
        raise EvaluationError("invalid tfvars syntax: each argument may be set only once")
    # Where it is written is a text of its own, which nothing else knows.
    return MapValue({key: _unplaced(item) for key, item in made.items()})


def _unplaced(value: Value) -> Value:
    data = value.data
    if isinstance(data, ListValue):
        return Value(ListValue(tuple(_unplaced(item) for item in data.items)))
    if isinstance(data, MapValue):
        return Value(MapValue({key: _unplaced(item) for key, item in data.items.items()}))
    return Value(data)


def _bounded(parts: Iterator[str]) -> str:
    made = []
    size = 0
    for part in parts:
        size += len(part)
        if size > LONGEST_TEXT:
            raise TooLarge(f"the string would have more than {LONGEST_TEXT} characters")
        made.append(part)
    return "".join(made)


def _expression(data: Data) -> Iterator[str]:
    """The expression, its lines not indented."""
    if data is None:
        yield "null"
    elif isinstance(data, bool):
        yield "true" if data else "false"
    elif isinstance(data, (int, Fraction)):
        yield number_text(data)
    elif isinstance(data, str):
        yield _quoted(data)
    elif isinstance(data, ListValue):
        yield "["
        for index, item in enumerate(data.items):
            yield ", " if index else ""
            yield from _expression(item.data)
        yield "]"
    elif isinstance(data, MapValue):
        if not data.items:
            yield "{}"
            return
        names = {key: key if _NAME.fullmatch(key) else _quoted(key) for key in sorted(data.items, key=utf8)}
        yield "{\n"
        for line in _aligned(names, data):
            yield f"{line}\n"
        yield "}"


def _aligned(names: Mapping[str, str], data: MapValue) -> Iterator[str]:
    """`name = value` for each key; the equals signs of neighbours of one line each stand below each other."""
    run: list[tuple[str, str]] = []
    for key, name in names.items():
        value = _bounded(_expression(data.items[key].data))
        if "\n" in value:
            yield from _run(run)
            run.clear()
            yield f"{name} = {value}"
        else:
            run.append((name, value))
    yield from _run(run)


def _run(run: list[tuple[str, str]]) -> Iterator[str]:
    width = max((len(name) for name, _ in run), default=0)
    for name, value in run:
        yield f"{name.ljust(width)} = {value}"


def _indented(source: str) -> str:
    """Two spaces for each line before that opened more brackets than it closed, until they are closed again.

    So `terraform fmt` indents; the brackets that one line opens count as one.
    """
    open_: list[int] = []
    made = []
    for line in source.split("\n"):
        bare = _STRING.sub("", line)
        change = sum(map(bare.count, "[{(")) - sum(map(bare.count, "]})"))
        closed = max(0, -change)
        while closed and open_:
            step = min(closed, open_[-1])
            closed -= step
            open_[-1] -= step
            if not open_[-1]:
                open_.pop()
        made.append("  " * len(open_) + line if line else "")
        if change > 0:
            open_.append(change)
    return "\n".join(made)


def _quoted(text: str) -> str:
    made = []
    for index, character in enumerate(text):
        if character in "$%" and text.startswith("{", index + 1):
            made.append(character * 2)
        elif character in _ESCAPES:
            made.append(_ESCAPES[character])
        elif character.isprintable():
            made.append(character)
        else:
            made.append(f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
    return f'"{"".join(made)}"'
