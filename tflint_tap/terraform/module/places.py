"""From a place in the text to the expression that is written there."""

from __future__ import annotations

from ...hcl.children import parts
from ...hcl.nodes import Attribute, Body, Expr, Object, Template
from ...text.source import Span
from . import Module


def expression_at(module: Module, span: Span) -> Expr | None:
    """The outermost expression that is written exactly there, None where there is none."""
    declaration = module.declaration_at(span)
    if declaration is None:
        return None
    attribute = declaration.attribute
    if declaration.block is not None:
        attribute = _attribute_at(declaration.block.body, span)
    return _within(attribute.expr, span) if attribute is not None else None


def item_written(expr: Expr | None, key: str) -> Span | None:
    """The span of a key's value in an object constructor, None if it isn't one or the key isn't written out."""
    if not isinstance(expr, Object):
        return None
    for item in reversed(expr.items):  # the last of a key wins
        if isinstance(item.key, Template) and item.key.literal == key:
            return item.value.span
    return None


def _attribute_at(body: Body, span: Span) -> Attribute | None:
    for attribute in body.attributes:
        if attribute.expr.span.contains(span):
            return attribute
    for block in body.blocks:
        if block.span.contains(span):
            return _attribute_at(block.body, span)
    return None


def _within(expr: Expr, span: Span) -> Expr | None:
    found: Expr | None = expr
    while found is not None and found.span != span:
        found = next((part for part in parts(found) if part.span.contains(span)), None)
    return found


def expressions_in(module: Module, span: Span) -> tuple[Expr, ...]:
    """The outermost expressions that lie within a span: one where it is an expression's own."""
    declaration = module.declaration_at(span)
    if declaration is None:
        return ()
    attribute = declaration.attribute
    if declaration.block is not None:
        attribute = _attribute_at(declaration.block.body, span)
    if attribute is None:
        return ()
    found: list[Expr] = []
    pending: list[Expr] = [attribute.expr]
    while pending:
        expr = pending.pop()
        if span.contains(expr.span):
            found.append(expr)
        elif expr.span.start < span.end and span.start < expr.span.end:
            pending.extend(reversed(parts(expr)))
    return tuple(found)
