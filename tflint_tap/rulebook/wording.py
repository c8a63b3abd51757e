"""The words of a card: templates over what a check or condition found."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache, partial
from typing import cast

from ..hcl import parse_template
from ..hcl.nodes import Interpolation, Template, TemplatePart, Text, Variable
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import (
    Data,
    ErrorValue,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    View,
)
from ..terraform.module import Module
from ..text.source import Source, Span
from ..vocabulary.words import listed

_BLANK = Evaluator(Module((), {}), vocabulary={"listed": partial(listed, None)})
_NOT_KNOWN = "(not known)"


@cache
def template(text: str) -> Template:
    """A card's text as a template, parsed once. ParseError where it isn't one."""
    return parse_template(Source("card", text))


def worded(text: str, names: Mapping[str, Value], evaluator: Evaluator = _BLANK) -> str:
    """A card's text with these values. ValueError where it needs what isn't among them.

    A value that isn't known is shown by its symbol (`aws_sqs_queue.jobs.arn`), else as not known. So is one that fails
    by the stack's own mistake where a condition speaks: its names were looked at when the card was loaded.
    """
    if "${" not in text and "%{" not in text:
        return text
    parsed = template(text)
    simple = [_simple(part, names) for part in parsed.parts]  # most interpolations are a name alone
    if None not in simple:
        return "".join(cast("list[str]", simple))
    if evaluator is not _BLANK:
        known = zip(simple, parsed.parts, strict=True)
        return "".join(_part(part, names, evaluator) if said is None else said for said, part in known)
    result = evaluator.evaluate(parsed, names)
    if isinstance(result.data, (ErrorValue, ListValue, MapValue)) or result.data is None:
        raise ValueError(f"the words {text!r} don't fit the values {sorted(names)}: {result.reason}")
    return shown(result)


def _simple(part: TemplatePart, names: Mapping[str, Value]) -> str | None:
    """The text of a part that is literal or a name alone; None where it has to be evaluated."""
    if isinstance(part, Text):
        return part.value
    if isinstance(part, Interpolation) and isinstance(part.expr, Variable):
        value = names.get(part.expr.name)
        if value is not None and isinstance(value.data, (str, int, View, Symbol)):
            return shown(value)
    return None


def _part(part: TemplatePart, names: Mapping[str, Value], evaluator: Evaluator) -> str:
    """A part of a condition's words."""
    expr = part.expr if isinstance(part, Interpolation) else Template((part,), part.span)
    value = evaluator.evaluate(expr, names)
    return _NOT_KNOWN if isinstance(value.data, (ErrorValue, ListValue, MapValue)) else shown(value)


def shown(value: Value) -> str:
    """A value as a message has it."""
    data = value.data
    if isinstance(data, View):
        return data.text
    if isinstance(data, Unknown):
        return _NOT_KNOWN
    if isinstance(data, PartialString):
        return "".join("…" if isinstance(part, Unknown) else str(part) for part in data.parts)
    if isinstance(data, bool):
        return "true" if data else "false"
    return "null" if data is None else str(data)


def plain(value: object, span: Span | None = None) -> Value:
    """A value from plain Python data, as YAML gives it."""
    data: Data
    if isinstance(value, (list, tuple)):
        data = ListValue(tuple(plain(item, span) for item in value))
    elif isinstance(value, Mapping):
        data = MapValue({str(key): plain(item, span) for key, item in value.items()})
    elif isinstance(value, float):
        data = Fraction(str(value))
    elif value is None or isinstance(value, (bool, int, str)):
        data = value
    elif isinstance(value, Value):
        return value
    else:
        data = cast("Data", value) if isinstance(value, ErrorValue) else str(value)
    return Value(data, span)
