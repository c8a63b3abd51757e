"""Outputs: their description, and what they give away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from ..evaluation.values import PartialText, Reference, Value, is_sensitive
from ..module.references import steps_of, use_of
from ..records import dataclass
from ..rule import Hit, Related, Rule, Severity
from ..source import Span
from ..stack import Stack
from ..syntax.nodes import (
    Block,
    Call,
    Expr,
    For,
    GetAttr,
    Index,
    Literal,
    Object,
    ObjectItem,
    Parentheses,
    Splat,
    Template,
    Variable,
)
from ..syntax.parts import parts
from .secret_texts import kind_of_name
from .shapes import Shape, element, is_secret, secrets_within, value_of
from .unknown_attribute import Shapes
from .variables import without_description

# What comes out of these isn't secret, whatever goes in; what they are given as a whole has no secret in it.
_REVEALING = ("nonsensitive", "issensitive")
_ASIDE = ("length", "keys", "can", "type")
Names = Mapping[str, Shape | None]


def undescribed(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Outputs without a description."""
    for declaration in stack.module.of_kind("output"):
        if declaration.block is not None:
            yield from without_description(declaration.block, declaration.address)


@dataclass(frozen=True, slots=True)
class _Leak:
    """A secret in a value: where it is named, and what it is. `certain`: Terraform itself knows of it."""

    span: Span
    what: str
    certain: bool = True


def leaks_secret(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Outputs that aren't marked as sensitive, though their value is or holds a secret."""
    elsewhere = frozenset(cast("Collection[str]", rule.params["secrets"]))
    for declaration in stack.module.of_kind("output"):
        block = declaration.block
        value = block.body.attribute("value") if block is not None else None
        if block is None or value is None or _marked(block):
            continue
        leak = _leak(stack, value.expr, elsewhere)
        if leak is None:
            continue
        related = () if value.expr.span.contains(leak.span) else (Related(f"{leak.what} stands here", leak.span),)
        span = leak.span if not related else value.expr.span
        severity = None if leak.certain else Severity.WARNING
        yield Hit(span, declaration.address, {"what": leak.what}, related, severity)


def _marked(block: Block) -> bool:
    for name in ("sensitive", "ephemeral"):
        attribute = block.body.attribute(name)
        if attribute is not None and not (isinstance(attribute.expr, Literal) and attribute.expr.value is False):
            return True
    return False


def _leak(stack: Stack, expr: Expr, elsewhere: Collection[str]) -> _Leak | None:
    """The first secret in an expression's value, as the provider, the variables or else their names tell."""
    found = next(_secrets(stack, expr, {}, elsewhere, frozenset()), None)
    if found is not None:
        return found
    value = stack.evaluator.evaluate(expr)
    for reference in _references(value):
        if is_secret(stack, reference):
            return _Leak(expr.span, str(reference))
    if is_sensitive(value):
        return _Leak(expr.span, "a sensitive value")
    return None


def _references(value: Value) -> Iterator[Reference]:
    if isinstance(value.data, Reference):
        yield value.data
    elif isinstance(value.data, PartialText):
        yield from (part for part in value.data.parts if isinstance(part, Reference))
    for item in value.elements():
        yield from _references(item)


def _secrets(
    stack: Stack, expr: Expr, names: Names, elsewhere: Collection[str], seen: frozenset[str], *, aside: bool = False
) -> Iterator[_Leak]:
    """The secrets that an expression names and doesn't keep to itself. `aside`: only its size or keys are asked."""

    def within(inner: Expr, *, more: Names | None = None, off: bool = aside) -> Iterator[_Leak]:
        return _secrets(stack, inner, {**names, **(more or {})}, elsewhere, seen, aside=off)

    if isinstance(expr, Call):
        name = expr.name.removeprefix("core::")
        if name not in _REVEALING:
            for argument in expr.arguments:
                yield from within(argument, off=aside or name in _ASIDE)
        return
    if isinstance(expr, (Variable, GetAttr, Index, Splat)):
        yield from _named(stack, expr, names, elsewhere, seen, aside)
        return
    if isinstance(expr, For):
        shapes = Shapes(stack.module)
        collection = shapes.of(expr.collection, names)
        if shapes.secrets:
            yield _Leak(expr.collection.span, _words(expr.collection))
        inner = {expr.value: element(collection)} | ({expr.key: None} if expr.key else {})
        for part in (expr.key_expr, expr.value_expr):
            if part is not None:
                yield from within(part, more=inner)
        return
    for part in parts(expr):
        yield from within(part)


def _named(
    stack: Stack,
    expr: Variable | GetAttr | Index | Splat,
    names: Names,
    elsewhere: Collection[str],
    seen: frozenset[str],
    aside: bool,
) -> Iterator[_Leak]:
    """The secret that a reference leads to."""
    shapes = Shapes(stack.module)
    shape = value_of(shapes.of(expr, names))
    if shapes.secrets:
        yield _Leak(expr.span, _words(expr))
        return
    found = steps_of(expr)
    if found is None:
        start: Expr = expr
        while isinstance(start, (GetAttr, Index, Splat)):
            start = start.operand
        yield from _secrets(stack, start, names, elsewhere, seen, aside=True)
        return
    root, steps = found
    if root.name in names:
        if not aside and any(secrets_within(shape)):
            yield _Leak(expr.span, f"{next(secrets_within(shape))} of {_words(expr)}")
        return
    use = use_of(root, steps)
    declaration = stack.declared(use.address)
    if declaration is None:
        return
    if declaration.kind == "local":
        taken = use.address.count(".") + len(use.path)
        inner = _part(declaration.expr, use.path) if taken == len(steps) else None
        if inner is not None and use.address not in seen:
            for leak in _secrets(stack, inner, {}, elsewhere, seen | {use.address}, aside=aside):
                yield _Leak(expr.span, leak.what, leak.certain)
    elif declaration.kind == "variable":
        value = stack.evaluator.evaluate(expr)
        if not aside and not value.sensitive and kind_of_name(declaration.name) == "password":
            yield _Leak(expr.span, f"{use.address}, a secret by its name", certain=False)
    elif f"{declaration.type}.{_last(steps)}" in elsewhere:
        yield _Leak(expr.span, _words(expr))
    elif not aside and any(secrets_within(shape)):
        yield _Leak(expr.span, f"{next(secrets_within(shape))} of {_words(expr)}")


def _words(expr: Expr) -> str:
    """An expression as a message names it."""
    return " ".join(expr.span.text.split())


def _last(steps: list[GetAttr | Index | Splat]) -> str:
    last = steps[-1] if steps else None
    if isinstance(last, Splat):
        last = last.each if isinstance(last.each, GetAttr) else None
    return last.name if isinstance(last, GetAttr) else ""


def _part(expr: Expr, path: tuple[str | int, ...]) -> Expr | None:
    """The part of a local that is asked for, None where it isn't written out."""
    for step in path:
        while isinstance(expr, Parentheses):
            expr = expr.expr
        item = next((item for item in expr.items if _key(item) == step), None) if isinstance(expr, Object) else None
        if item is None:
            return None
        expr = item.value
    return expr


def _key(item: ObjectItem) -> str | None:
    return item.key.literal if isinstance(item.key, Template) else None
