"""Edges that are there and don't act: a rule that is disabled, an event source mapping that isn't enabled."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.switches import switches_of
from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..text.source import Span
from .edges import Edge


@dataclass(frozen=True, slots=True, eq=False)
class Off:
    """What turns an edge off, and where; `doubt` is why that isn't certain."""

    by: Instance
    place: Span
    doubt: str | None = None


def turned_off(edge: Edge) -> Off | None:
    """What turns an edge off: its source, its target, or what makes it. One that certainly does comes first."""
    maybe: Off | None = None
    for instance in _made_by(edge):
        for switch in switches_of(instance.declaration.type, edge.kind):
            value = instance.value(switch.argument)
            if value.reason is not None:
                maybe = maybe or Off(instance, instance.span_of(switch.argument), value.reason)
            elif value.data is not None and str(value.data).lower() == switch.off.lower():
                return Off(instance, instance.span_of(switch.argument))
    return maybe


def _made_by(edge: Edge) -> Iterator[Instance]:
    yield edge.source
    yield edge.target
    via = edge.via
    if via.address not in (edge.source.address, edge.target.address):
        yield via.evaluator.instance(via.declaration, via.address) or via
