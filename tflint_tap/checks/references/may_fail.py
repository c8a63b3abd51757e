"""Indexes into collections that may lack the element."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.children import parts
from ...hcl.nodes import (
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expr,
    For,
    ForDirective,
    IfDirective,
    Index,
    Interpolation,
    Template,
    TemplatePart,
)
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.references import literal_key
from ...text.source import Span
from .emptiness import Shortage, addresses, shortage

_READ = ("resource", "data", "module", "output", "locals", "provider")
_LENIENT = ("try", "can")
_REPEATS = ("count", "for_each")
LONGEST_SUBJECT = 60
Guards = frozenset[str]


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each index that nothing around it guards."""
    walk = _Walk(stack)
    for file in stack.shown:
        for block in file.body.blocks:
            if block.type in _READ:
                declaration = stack.module.declaration_at(block.header)
                address = declaration.address if declaration is not None else None
                for expr, collection, index in walk.block(block):
                    yield _hit(expr, collection, index, address)


def _hit(span: Span, found: Shortage, index: int, address: str | None) -> Hit:
    text = " ".join(span.code.split())
    shown = text if len(text) <= LONGEST_SUBJECT else f"element {index} of {found.collection}"
    return Hit(span, address, {"expression": shown, "when": found.words, "collection": found.collection})


@dataclass(frozen=True, slots=True)
class _Walk:
    """Goes through expressions with what the conditions and loops around them ask about."""

    stack: Stack
    _asked: dict[Expr, Guards] = field(default_factory=dict)

    def block(self, block: Block) -> Iterator[tuple[Span, Shortage, int]]:
        """The indexes in a top-level block; what its count or for_each and its preconditions ask guards all of it."""
        guards = self._of_repetition(block.body)
        for lifecycle in block.body.blocks_of("lifecycle"):
            for condition in lifecycle.body.blocks_of("precondition"):
                attribute = condition.body.attribute("condition")
                guards |= self._asks(attribute.expr) if attribute is not None else frozenset()
        yield from self._body(block.body, guards)

    def _of_repetition(self, body: Body) -> Guards:
        written = (body.attribute(name) for name in _REPEATS)
        return frozenset().union(*(self._asks(item.expr) for item in written if item is not None))

    def _body(self, body: Body, guards: Guards) -> Iterator[tuple[Span, Shortage, int]]:
        for attribute in body.attributes:
            yield from self._expr(attribute.expr, frozenset() if attribute.name in _REPEATS else guards)
        for nested in body.blocks:
            own = self._of_repetition(nested.body) if nested.type == "dynamic" else frozenset()
            yield from self._body(nested.body, guards | own)

    def _asks(self, expr: Expr) -> Guards:
        if expr not in self._asked:
            self._asked[expr] = addresses(self.stack, expr)
        return self._asked[expr]

    def _expr(self, expr: Expr, guards: Guards) -> Iterator[tuple[Span, Shortage, int]]:
        if isinstance(expr, Call) and expr.name.removeprefix("core::") in _LENIENT:
            return
        if isinstance(expr, Conditional):
            yield from self._expr(expr.condition, guards)
            inner = guards | self._asks(expr.condition)
            yield from self._expr(expr.then, inner)
            yield from self._expr(expr.otherwise, inner)
        elif isinstance(expr, Binary) and expr.operator in ("&&", "||"):  # the right side isn't evaluated since 1.12
            yield from self._expr(expr.left, guards)
            yield from self._expr(expr.right, guards | self._asks(expr.left))
        elif isinstance(expr, For):
            yield from self._expr(expr.collection, guards)
            inner = guards | self._asks(expr.collection)
            inner |= self._asks(expr.condition) if expr.condition is not None else frozenset()
            for part in (expr.key_expr, expr.value_expr, expr.condition):
                if part is not None:
                    yield from self._expr(part, inner)
        elif isinstance(expr, Template):
            yield from self._template(expr.parts, guards)
        else:
            yield from self._index(expr, guards)
            for part in parts(expr):
                yield from self._expr(part, guards)

    def _template(self, pieces: tuple[TemplatePart, ...], guards: Guards) -> Iterator[tuple[Span, Shortage, int]]:
        for piece in pieces:
            if isinstance(piece, Interpolation):
                yield from self._expr(piece.expr, guards)
            elif isinstance(piece, IfDirective):
                yield from self._expr(piece.condition, guards)
                inner = guards | self._asks(piece.condition)
                yield from self._template((*piece.then, *piece.otherwise), inner)
            elif isinstance(piece, ForDirective):
                yield from self._expr(piece.collection, guards)
                yield from self._template(piece.body, guards | self._asks(piece.collection))

    def _index(self, expr: Expr, guards: Guards) -> Iterator[tuple[Span, Shortage, int]]:
        """An index that is written out, `x[0]`, or element(), which begins anew at the end: it only needs one."""
        if isinstance(expr, Index):
            key, collection = literal_key(expr.key), expr.operand
        elif isinstance(expr, Call) and expr.name == "element" and len(expr.arguments) > 1:
            key, collection = 0, expr.arguments[0]
        else:
            return
        if isinstance(key, int):
            found = shortage(self.stack, collection, key)
            if found is not None and guards.isdisjoint(found.guards):
                yield expr.span, found, key
