"""The place to report for a value that is written elsewhere: the narrowest one in an argument that leads to it."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.children import parts
from ..hcl.nodes import Expr, GetAttr, Index, Splat, Variable
from ..stack import Stack
from ..terraform.evaluation.values import Value
from ..terraform.module.places import expressions_in
from ..terraform.module.references import reference_of, steps_of
from ..terraform.provenance import Place, origins, repetitions
from ..text.source import ORIGIN, Related, Span


def site_of(stack: Stack, value: Value, written: Span, whole: Span) -> Place:
    """The place to point at for a value that stands somewhere in `written`, and where it comes from.

    That is the value's own text where it lies there, else the reference there that leads to it, else all of it.
    `whole` is the argument that all of it comes to: the place where `written` is in none of the module's files,
    but in a template or in values given from outside.
    """
    own = value.span
    if not any(file.source is written.source for file in stack.module.files):
        if own is None or value.sensitive or not _is_short(own):
            return Place(whole)
        return Place(whole, (Related(f"{own.text} is written here", own, ORIGIN),))
    if own is None or written.contains(own):
        span = own or written
        return Place(span, _related(stack, value, span))
    leading = list(_traversals(expressions_in(stack.module, written)))
    reached = [expr for expr in leading if _reaches(stack, expr, own)]
    if not reached:
        reached = [expr for expr in leading if not _is_declared(stack, expr)]  # each.value, a for's variable
    span = reached[0].span if reached else written
    related = _related(stack, value, span)
    if not related and not value.sensitive and _is_short(own):
        related = (Related(f"{own.text} is written here", own, ORIGIN),)
    return Place(span, related)


def leads_to(stack: Stack, written: Span, own: Span) -> bool:
    """Return True if what is written at one span holds another one, or refers to where that is."""
    if written.contains(own):
        return True
    return any(_reaches(stack, expr, own) for expr in _traversals(expressions_in(stack.module, written)))


def _is_short(span: Span) -> bool:
    return "\n" not in span.text


def _related(stack: Stack, value: Value, span: Span) -> tuple[Related, ...]:
    """The origins of the value at a span, a heredoc's interpolations included."""
    declaration = stack.module.declaration_at(span)
    block = declaration.block if declaration is not None else None
    repeated = tuple(repetitions(block)) if block is not None else ()
    found: dict[Span, Related] = {}
    for expr in expressions_in(stack.module, span):
        for related in origins(stack.evaluator, value, expr, repeated):
            found.setdefault(related.span, related)
    return tuple(found.values())


def _traversals(exprs: tuple[Expr, ...]) -> Iterator[Expr]:
    """The outermost references within expressions."""
    pending = list(reversed(exprs))
    while pending:
        expr = pending.pop()
        if isinstance(expr, (Variable, GetAttr, Index, Splat)) and steps_of(expr) is not None:
            yield expr
        else:
            pending.extend(reversed(parts(expr)))


def _is_declared(stack: Stack, expr: Expr) -> bool:
    found = steps_of(expr)
    return found is not None and stack.declared(reference_of(*found).address) is not None


def _reaches(stack: Stack, expr: Expr, span: Span) -> bool:
    """Return True if a reference leads to a variable, local or resource that a span lies in, through locals."""
    pending, seen = [expr], set[str]()
    while pending:
        for reference in stack.module.references(pending.pop()):
            declaration = stack.declared(reference.address)
            if declaration is None or reference.address in seen:
                continue
            seen.add(reference.address)
            if declaration.kind == "local":
                if declaration.expr.span.contains(span):
                    return True
                pending.append(declaration.expr)
            elif declaration.block is not None and declaration.block.span.contains(span):
                return True
    return False
