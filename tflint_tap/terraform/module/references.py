"""References as they are written: which declaration an expression names, and which part of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ...hcl.children import parts
from ...hcl.nodes import (
    Attribute,
    Block,
    Body,
    Call,
    Expr,
    For,
    ForDirective,
    GetAttr,
    IfDirective,
    Index,
    Interpolation,
    Literal,
    Splat,
    Template,
    TemplatePart,
    Tuple,
    Variable,
)
from ...records import dataclass
from ...text.source import Span

_TYPED = ("data", "ephemeral", "action")  # a type and a name follow these
RESOURCE = "resource"  # may stand before a resource's type, which may then be `var`, say


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as written. `address` is what a declaration has: `var.x`, `aws_sqs_queue.q`, `data.aws_region.r`.

    Shorter than that where the text is (`aws_sqs_queue` alone). `resource.aws_sqs_queue.q`, which Terraform takes as
    well, has the address `aws_sqs_queue.q`. `name_span` is where the address is written, as `taken` steps behind the
    root. `path` are the steps behind the address that are written out, names and literal indexes; it stops at the first
    computed index or splat.
    """

    address: str
    path: tuple[str | int, ...]
    span: Span
    name_span: Span
    taken: int

    @property
    def root(self) -> str:
        return self.address.partition(".")[0]

    @property
    def first(self) -> str:
        """The name that the reference begins with as written: the root, or `resource`."""
        return RESOURCE if self.taken > self.address.count(".") else self.root


def steps_of(expr: Expr) -> tuple[Variable, list[GetAttr | Index | Splat]] | None:
    """A traversal's root and the steps from it outwards, None if the expression isn't one."""
    root, steps = unwound(expr)
    return (root, steps) if isinstance(root, Variable) else None


def unwound(expr: Expr) -> tuple[Expr, list[GetAttr | Index | Splat]]:
    """The root expression of steps, and the steps outwards."""
    steps: list[GetAttr | Index | Splat] = []
    while isinstance(expr, (GetAttr, Index, Splat)):
        steps.append(expr)
        expr = expr.operand
    steps.reverse()
    return expr, steps


def reference_of(root: Variable, steps: list[GetAttr | Index | Splat]) -> Reference:
    """The reference that a traversal makes."""
    names = [root.name]
    wanted = 3 if root.name in (*_TYPED, RESOURCE) else 2
    span = root.span
    position = 0
    while position < len(steps) and len(names) < wanted and isinstance(step := steps[position], GetAttr):
        names.append(step.name)
        span = step.span
        position += 1
    name_span, taken = span, position
    path: list[str | int] = []
    for step in steps[position:]:
        if isinstance(step, GetAttr):
            path.append(step.name)
        elif isinstance(step, Index) and (key := literal_key(step.key)) is not None:
            path.append(key)
        else:
            break
        span = step.span
    if root.name == RESOURCE and len(names) == wanted:
        del names[0]
    return Reference(".".join(names), tuple(path), span, name_span, taken)


def literal_key(key: Expr) -> str | int | None:
    """The key of an index where it is written out; None where it is computed."""
    if isinstance(key, Literal) and isinstance(key.value, int) and not isinstance(key.value, bool):
        return key.value
    return key.literal if isinstance(key, Template) else None


Survey: TypeAlias = "tuple[tuple[Reference, ...], tuple[Call, ...]]"


def survey(expr: Expr) -> Survey:
    """The references in an expression but those to names bound in it, and the calls.

    Of a module's own expressions many ask: `Module.references` and `Module.calls` keep what is found.
    """
    found: list[Reference] = []
    called: list[Call] = []
    pending: list[tuple[Expr, frozenset[str]]] = [(expr, frozenset())]
    while pending:
        node, names = pending.pop()
        if isinstance(node, (GetAttr, Index, Splat)):
            root, steps = unwound(node)
            within = [
                step.key if isinstance(step, Index) else step.each for step in steps if not isinstance(step, GetAttr)
            ]
            pending += [(part, names) for part in reversed(within)]
            if not isinstance(root, Variable):
                pending.append((root, names))
            elif root.name not in names:
                found.append(reference_of(root, steps))
        elif isinstance(node, Variable):
            if node.name not in names:
                found.append(reference_of(node, []))
        elif isinstance(node, For):
            inner = names | {node.value, *((node.key,) if node.key else ())}
            own = (node.condition, node.value_expr, node.key_expr)
            pending += [(part, inner) for part in own if part is not None]
            pending.append((node.collection, names))
        elif isinstance(node, Template):
            pending += reversed(list(_of_template(node.parts, names)))
        else:
            if isinstance(node, Call):
                called.append(node)
            pending += [(part, names) for part in reversed(parts(node))]
    return tuple(found), tuple(called)


def references(expr: Expr) -> tuple[Reference, ...]:
    """Every reference in an expression but those to names that a `for` in it binds."""
    return survey(expr)[0]


def calls(expr: Expr) -> tuple[Call, ...]:
    """Every call of a function in an expression."""
    return survey(expr)[1]


def quoted_entries(attribute: Attribute) -> Iterator[Reference]:
    """The references that a `depends_on` has in quotes, as before Terraform 0.12."""
    if attribute.name == "depends_on" and isinstance(attribute.expr, Tuple):
        for entry in attribute.expr.items:
            reference = entry_reference(entry) if isinstance(entry, Template) else None
            if reference is not None:
                yield reference


def entry_reference(entry: Expr) -> Reference | None:
    """The reference of an entry of `depends_on`, None if it isn't a reference."""
    found = steps_of(entry)
    if found is not None:
        return reference_of(*found)
    names = (entry.literal or "").partition("[")[0].split(".") if isinstance(entry, Template) else []
    wanted = 3 if names and names[0] in _TYPED else 2
    if len(names) < wanted:
        return None
    return Reference(".".join(names[:wanted]), (), entry.span, entry.span, wanted - 1)


def _of_template(pieces: tuple[TemplatePart, ...], names: frozenset[str]) -> Iterator[tuple[Expr, frozenset[str]]]:
    """The expressions in a template, with the names that are bound in them."""
    for piece in pieces:
        if isinstance(piece, Interpolation):
            yield piece.expr, names
        elif isinstance(piece, IfDirective):
            yield piece.condition, names
            yield from _of_template(piece.then, names)
            yield from _of_template(piece.otherwise, names)
        elif isinstance(piece, ForDirective):
            yield piece.collection, names
            yield from _of_template(piece.body, names | {piece.value, *((piece.key,) if piece.key else ())})


def walk(body: Body, bound: frozenset[str] = frozenset()) -> Iterator[tuple[Attribute, frozenset[str]]]:
    """Every attribute in a body and its blocks, with the names that `dynamic` blocks around it bind."""
    for attribute in body.attributes:
        yield attribute, bound
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            yield from _walk_dynamic(block, bound)
        else:
            yield from walk(block.body, bound)


def _walk_dynamic(block: Block, bound: frozenset[str]) -> Iterator[tuple[Attribute, frozenset[str]]]:
    inner = bound | {iterator_name(block), *_quoted_iterator(block)}
    for attribute in block.body.attributes:
        if attribute.name == "labels":
            yield attribute, inner
        elif attribute.name != "iterator":  # its value is a name, not a reference
            yield attribute, bound
    for content in block.body.blocks:
        yield from walk(content.body, inner)


def _quoted_iterator(dynamic: Block) -> Iterator[str]:
    """The name that is meant where `iterator` is in quotes, which schema/invalid-form reports."""
    attribute = dynamic.body.attribute("iterator")
    if attribute is not None and isinstance(attribute.expr, Template) and attribute.expr.literal:
        yield attribute.expr.literal


def iterator_name(dynamic: Block) -> str:
    """The name by which a dynamic block's content knows the element it is made for."""
    attribute = dynamic.body.attribute("iterator")
    if attribute is not None and isinstance(attribute.expr, Variable):
        return attribute.expr.name
    return dynamic.labels[0].value
