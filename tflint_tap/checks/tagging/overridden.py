"""Merges in which a caller's tags replace what the stack says of a required tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ...hcl.nodes import Call, Expr, Parentheses
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...tagging import maps_in, own_tags
from ...terraform.evaluation.conversion import quoted
from ...terraform.evaluation.equality import equal
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import MapValue, Value
from ...text.source import Related

_Evaluate = Callable[[Expr], Value]


@dataclass(frozen=True, slots=True)
class _Change:
    """A required tag, what the stack says of it, and what the caller does."""

    name: str
    before: Value
    given: Value


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each map of a caller that certainly replaces a required tag, at the map."""
    required = rule.params["required"]
    assert isinstance(required, list)
    for expr, address, evaluate in _tags(stack):
        yield from _merged(stack, expr, address, evaluate, [str(name) for name in required])


def _tags(stack: Stack) -> Iterator[tuple[Expr, str, _Evaluate]]:
    """The expressions of tags: those of resources, and of the locals that these have theirs from, each once."""
    seen: set[str] = set()
    for instance in stack.resources():
        attribute = instance.attribute("tags")
        if attribute is None or own_tags(instance) is None:
            continue
        yield attribute.expr, instance.address, partial(_evaluated, instance)
        pending = [attribute.expr]
        for expr in pending:  # which grows meanwhile
            for reference in maps_in(expr):
                local = stack.declared(reference.address)
                if local is not None and local.kind == "local" and not reference.path and local.address not in seen:
                    seen.add(local.address)
                    pending.append(local.expr)
                    yield local.expr, local.address, stack.evaluator.evaluate


def _evaluated(instance: Instance, expr: Expr) -> Value:
    return instance.evaluator.evaluate(expr, instance.names)


def _merged(stack: Stack, expr: Expr, address: str, evaluate: _Evaluate, required: list[str]) -> Iterator[Hit]:
    while isinstance(expr, Parentheses):
        expr = expr.expr
    if not isinstance(expr, Call) or expr.name != "merge" or expr.expand:
        return
    held: dict[str, Value] = {}
    for argument in expr.arguments:
        yield from _merged(stack, argument, address, evaluate, required)
        data = evaluate(argument).data
        if not isinstance(data, MapValue):
            continue
        given = {name: data.items[name] for name in required if name in data.items}
        caller = _caller(stack, argument)
        if caller is None:
            held |= given
            continue
        changes = [
            _Change(name, held[name], value)
            for name, value in given.items()
            if name in held and equal(held[name], value) is False
        ]
        if changes:
            yield _hit(stack, argument, address, caller, changes)
        held = {**given, **held}


def _caller(stack: Stack, expr: Expr) -> str | None:
    """The variable that a map of tags is from, None where the stack itself says it."""
    pending, seen = [expr], set[str]()
    for part in pending:  # which grows meanwhile
        for reference in maps_in(part):
            declaration = stack.declared(reference.address)
            if declaration is not None and declaration.kind == "variable":
                return reference.address
            if declaration is not None and declaration.kind == "local" and reference.address not in seen:
                seen.add(reference.address)
                pending.append(declaration.expr)
    return None


def _hit(stack: Stack, expr: Expr, address: str, caller: str, changes: list[_Change]) -> Hit:
    related = [
        Related(f"{change.name} is {_shown(value)} here", value.span)
        for change in changes
        for value in (change.before, change.given)
        if value.span is not None and stack.holds(value.span) and not expr.span.contains(value.span)
    ]
    told = [{"name": change.name, "before": _shown(change.before), "given": _shown(change.given)} for change in changes]
    return Hit(expr.span, address, {"caller": caller, "changes": told}, tuple(related))


def _shown(value: Value) -> str:
    if value.span is not None and not isinstance(value.data, str):
        return " ".join(value.span.code.split())
    return quoted(value.data) if isinstance(value.data, str) else "another value"
