"""Which of several resources is the part of a contract that asks for one: the one that meets most of its demands."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Expr
from ..terraform.evaluation.expansion import Instance
from .giving import gives, outputs_of
from .standing import Absent, Standing
from .telling import parts_in
from .terms import Part, Wire


def best_of(standing: Standing, part: Part, candidates: tuple[Instance, ...]) -> Instance:
    """The candidate with most of a part's settings, origins, wires and outputs; of equals the first."""
    wires = list(_wires(standing, part))
    return max(candidates, key=lambda instance: _met(standing, part, wires, instance))


def _met(standing: Standing, part: Part, wires: list[Wire], instance: Instance) -> int:
    """How many demands of a part a resource meets."""
    settings = sum(_holds(standing, setting.that, instance) for setting in part.settings)
    origins = sum(_comes_from(standing, instance, origin.argument, origin.of) for origin in part.origins)
    wired = sum(_is_wired(standing, wire, part, instance) for wire in wires)
    return settings + origins + wired + sum(_is_given(standing, part, instance))


def _holds(standing: Standing, expr: Expr, instance: Instance) -> bool:
    try:
        return standing.holds(expr, {"self": standing.view(instance)}) is True
    except Absent:
        return True


def _comes_from(standing: Standing, instance: Instance, argument: str, of: str) -> bool:
    written = instance.attribute(argument)
    if written is None:
        return False
    return any(reference.address == of for reference, _ in standing.stack.reached([written.expr]))


def _wires(standing: Standing, part: Part) -> Iterator[Wire]:
    """The wires of a part whose other end isn't told by the part itself."""
    for wire in standing.terms.wires:
        if part.name in (wire.source, wire.target):
            other = standing.terms.part(wire.target if wire.source == part.name else wire.source)
            if other is None or part.name not in _told_by(standing, other, set()):
                yield wire


def _told_by(standing: Standing, part: Part, seen: set[str]) -> set[str]:
    """The names of the parts that tell which resource a part may be, by its `where` and theirs."""
    for name in parts_in(standing.terms, part.where) if part.where is not None else ():
        if name not in seen:
            seen.add(name)
            other = standing.terms.part(name)
            assert other is not None, "it is the name of a part"
            _told_by(standing, other, seen)
    return seen


def _is_wired(standing: Standing, wire: Wire, part: Part, instance: Instance) -> bool:
    is_source = wire.source == part.name
    others = standing.named(wire.target if is_source else wire.source)
    ends = ((instance,), others) if is_source else (others, (instance,))
    return standing.edge(wire.edge, *ends)[1] is not None


def _is_given(standing: Standing, part: Part, instance: Instance) -> Iterator[bool]:
    """For each output that the contract asks of a part: whether there is one of this resource."""
    stack = standing.stack
    for wanted in standing.terms.outputs:
        names = [text.rpartition(".") for text in wanted.refers_to]
        attributes = [attribute for name, _, attribute in names if name == part.name]
        if attributes:
            yield any(gives(stack, one, instance, each) for one in outputs_of(stack) for each in attributes)
