"""The parts of an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .nodes import (
    Binary,
    Call,
    Conditional,
    Expr,
    For,
    ForDirective,
    GetAttr,
    IfDirective,
    Index,
    Interpolation,
    Item,
    Literal,
    Object,
    Parentheses,
    Splat,
    Template,
    TemplatePart,
    Tuple,
    Unary,
    Variable,
)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly within one, in the order of the text."""
    return _PARTS[type(expr)](expr)


def names_nothing(expr: Expr) -> bool:
    """Return True if an expression has no variables: it gives the same wherever it is evaluated."""
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, (Variable, Item)):
            return False
        pending.extend(parts(node))
    return True


def _of_template(pieces: tuple[TemplatePart, ...]) -> Iterator[Expr]:
    for piece in pieces:
        if isinstance(piece, Interpolation):
            yield piece.expr
        elif isinstance(piece, IfDirective):
            yield piece.condition
            yield from _of_template(piece.then)
            yield from _of_template(piece.otherwise)
        elif isinstance(piece, ForDirective):
            yield piece.collection
            yield from _of_template(piece.body)


def _of_for(expr: For) -> Iterator[Expr]:
    for part in (expr.collection, expr.key_expr, expr.value_expr, expr.condition):
        if part is not None:
            yield part


_PARTS: dict[type[Expr], Callable[[Any], tuple[Expr, ...]]] = {
    Literal: lambda _: (),
    Variable: lambda _: (),
    Item: lambda _: (),
    Template: lambda node: tuple(_of_template(node.parts)),
    GetAttr: lambda node: (node.operand,),
    Index: lambda node: (node.operand, node.key),
    Splat: lambda node: (node.operand, node.each),
    Call: lambda node: node.arguments,
    Tuple: lambda node: node.items,
    Object: lambda node: tuple(part for item in node.items for part in (item.key, item.value)),
    For: lambda node: tuple(_of_for(node)),
    Conditional: lambda node: (node.condition, node.then, node.otherwise),
    Binary: lambda node: (node.left, node.right),
    Unary: lambda node: (node.operand,),
    Parentheses: lambda node: (node.expr,),
}
