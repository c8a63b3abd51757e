"""Expressions as plain data that marshal can write: read back in a tenth of the time that parsing takes.

A node is a tuple: its class's number, then its attributes; a tuple of nodes is a list. A span is one number, read in a
third of the time of two: its start times one more than the text's length, plus its end. A number that isn't whole is a
`Fraction` with its two parts. The text that the spans point into stands beside it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..text.source import Source, Span
from . import nodes
from .nodes import Expr

_KINDS: tuple[type, ...] = (
    nodes.Literal,
    nodes.Template,
    nodes.Text,
    nodes.Interpolation,
    nodes.IfDirective,
    nodes.ForDirective,
    nodes.Variable,
    nodes.GetAttr,
    nodes.Index,
    nodes.Splat,
    nodes.Item,
    nodes.Call,
    nodes.Tuple,
    nodes.ObjectItem,
    nodes.Object,
    nodes.For,
    nodes.Conditional,
    nodes.Binary,
    nodes.Unary,
    nodes.Parentheses,
    Fraction,
)
NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
SPAN_AT = [1 + getattr(kind, "__match_args__", ()).index("span") if kind is not Fraction else 0 for kind in _KINDS]
_IS_SPAN = [[name in ("span", "name_span") for name in getattr(kind, "__match_args__", ())] for kind in _KINDS]


def packed(expr: Expr) -> tuple[str, str, Any]:
    """An expression: its source's path and text, and its tree."""
    return expr.span.source.path, expr.span.source.text, _packed(expr, len(expr.span.source.text) + 1)


def unpacked(content: tuple[str, str, Any]) -> Expr:
    """The expression of which this is the packed form."""
    path, text, tree = content
    expr: Expr = _unpacked(tree, Source(path, text))
    return expr


def span_of(source: Source, number: int) -> Span:
    """The span that a number stands for."""
    start, end = divmod(number, len(source.text) + 1)
    return Span(source, start, end)


def _packed(value: Any, width: int) -> Any:
    if isinstance(value, Fraction):
        return NUMBERS[Fraction], value.numerator, value.denominator
    if isinstance(value, tuple):
        return [_packed(item, width) for item in value]
    if isinstance(value, Span):
        return value.start * width + value.end
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return NUMBERS[type(value)], *(_packed(getattr(value, name), width) for name in type(value).__match_args__)


def _unpacked(content: tuple[Any, ...], source: Source) -> Any:
    kind = _KINDS[content[0]]
    if kind is Fraction:
        return Fraction(content[1], content[2])
    arguments: list[Any] = []
    for value, is_span in zip(content[1:], _IS_SPAN[content[0]], strict=True):
        if is_span:
            arguments.append(span_of(source, value))
        elif type(value) is tuple:
            arguments.append(_unpacked(value, source))
        elif type(value) is list:
            arguments.append(tuple([_unpacked(item, source) for item in value]))
        else:
            arguments.append(value)
    return kind(*arguments)
