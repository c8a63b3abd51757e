"""The place of a condition's finding: an argument, or the part of its value that an expression picks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from ..checks.sites import leads_to, site_of
from ..formulas.formula import Formula
from ..formulas.scope import Scope
from ..hcl.nodes import Expr, GetAttr, Splat
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue, Unknown, Value, View
from ..terraform.module.references import Reference, references, steps_of
from ..terraform.provenance import place as argument_place
from ..text.source import Related, Span
from ..vocabulary.subjects import Subject
from ..vocabulary.views import subject_of


@dataclass(frozen=True, slots=True)
class Place:
    """The span to point at, the related places, and if something is written there (else it is a block's header)."""

    span: Span
    related: tuple[Related, ...] = ()
    is_written: bool = False


class Asking(Protocol):
    """The evaluator of a condition's expressions; `let` are the names that the condition gives to some of them."""

    @property
    def stack(self) -> Stack: ...

    @property
    def let(self) -> Mapping[str, Formula]: ...

    def value(self, expr: Expr, scope: Scope) -> Value: ...


def place_of(asking: Asking, expr: Expr, scope: Scope, subject: Subject, default: Place) -> Place:
    """The place that an expression of `at` or `related` names.

    A path (`self.tracing_config.mode`, or `tracing_config.mode` for short) is the argument as it is written, or the
    block that lacks it; so is an argument of a block that an expression gives. Any other expression is the part of an
    argument that it picks: the number within the JSON of `jsondecode(self.redrive_policy).maxReceiveCount`. Where its
    value comes from elsewhere, that is told beside it.
    """
    stack = asking.stack
    found = steps_of(expr)
    if found is not None and found[0].name not in asking.let:
        root, steps = found
        holder, names = _instance(scope, root.name), [step.name for step in steps if isinstance(step, GetAttr)]
        if holder is None and root.name not in scope:
            holder, names = _instance(scope, "self"), [root.name, *names]
        if holder is not None and not any(isinstance(step, Splat) for step in steps):
            return _argument(stack, holder, names, scope, default)
    block = subject_of(asking.value(expr.operand, scope)) if isinstance(expr, GetAttr) else None
    if isinstance(expr, GetAttr) and block is not None:
        return _argument(stack, block, [expr.name], scope, default)
    value = asking.value(expr, scope)
    arguments = [place for item in _read(asking, expr) if (place := _written(stack, item, scope, default))]
    own = value.span
    leading = (place for place in arguments if own is not None and leads_to(stack, place.span, own))
    return _part(stack, value, next(leading, arguments[0] if arguments else None), default)


def _read(asking: Asking, expr: Expr) -> Iterator[Reference]:
    """The references that an expression reads, itself and by the names of `let`."""
    pending, seen = [expr], set[str]()
    while pending:
        for reference in references(pending.pop(0)):
            named = asking.let.get(reference.first)
            if named is None:
                yield reference
            elif reference.first not in seen:
                seen.add(reference.first)
                pending.append(named.expr)


def _instance(scope: Scope, name: str) -> Instance | None:
    data = scope[name].data if name in scope else None
    return data.subject if isinstance(data, View) and isinstance(data.subject, Instance) else None


def _written(stack: Stack, reference: Reference, scope: Scope, default: Place) -> Place | None:
    """The argument that a reference in a condition reads, None where it reads none that is written."""
    root, _, rest = reference.address.partition(".")
    names = [*rest.split("."), *(step for step in reference.path if isinstance(step, str))]
    holder = _instance(scope, root)
    value = scope.get(root)
    while holder is None and value is not None and isinstance(value.data, MapValue) and len(names) > 1:
        value, names = value.data.items.get(names[0]), names[1:]  # a block in an object: each.block.dimensions
        holder = subject_of(value) if value is not None else None
    if holder is None or not rest:
        return None
    place = _argument(stack, holder, names, scope, default)
    return place if place.is_written else None


def _argument(stack: Stack, holder: Instance, names: list[str], scope: Scope, default: Place) -> Place:
    """The place of an argument, on the block itself or on a resource of its own; else the block's header."""
    if not names:
        return Place(holder.header)
    while len(names) > 1 and holder.attribute(names[0]) is not None:
        names = names[:1]  # a step into the argument's value
    found = argument_place(holder, ".".join(names))
    block = holder
    for name in names[:-1]:
        nested = block.blocks(name)
        if not nested:
            break
        block = nested[0]
    is_written = block.attribute(names[-1]) is not None
    if not is_written and len(names) == 1:
        made = holder.blocks(names[0])
        if made:
            return Place(made[0].header, (), True)
        elsewhere = _on_companion(stack, holder, names[0])
        if elsewhere is not None:
            return elsewhere
    return Place(found.span, found.related, is_written)


def _on_companion(stack: Stack, holder: Instance, name: str) -> Place | None:
    """The place at which a resource of its own sets the argument."""
    companion = stack.companion_setting(holder, name)
    if companion is None or isinstance(companion, str):
        return None
    setter, argument = companion
    found = argument_place(setter, argument)
    return Place(found.span, (Related(f"{holder.address} is here", holder.header), *found.related), True)


def _part(stack: Stack, value: Value, argument: Place | None, default: Place) -> Place:
    """The place of a value within the argument that it is read from."""
    own = value.span if value.span is not None and stack.holds(value.span) else None
    if isinstance(value.data, View) and own is not None:
        return Place(own, (), True)
    if argument is None:
        own = own_span(stack, value)
        is_written = own is not None and not isinstance(value.data, Unknown)
        return Place(own, (), True) if own is not None and is_written else default
    if own is None or value.data is None:
        return argument
    found = site_of(stack, value, argument.span, argument.span)
    return Place(found.span, found.related, True)


def own_span(stack: Stack, value: Value) -> Span | None:
    """The span of a value in the stack's own files; None if it is not written there.

    What isn't known of a variable is no text at its declaration: it is missing where the variable is read.
    """
    span = value.span
    if span is None or not stack.holds(span):
        return None
    if isinstance(value.data, Unknown):
        declaration = stack.module.declaration_at(span)
        if declaration is not None and declaration.kind == "variable" and declaration.span == span:
            return None
    return span
