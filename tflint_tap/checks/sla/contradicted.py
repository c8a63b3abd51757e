"""Code that can't keep what the contract promises."""

from __future__ import annotations

from collections.abc import Iterator

from ...demands.decided import demands_of
from ...demands.demand import Demand
from ...demands.figures import CONTRADICTED
from ...rule import Hit, Rule
from ...stack import Stack

_TOLD = "wrong-variable"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each place that contradicts promises; none where a demand of its own tells the cause.

    What contradicts one promise for several reasons is told for each of them.
    """
    open_ = [demand for demand in demands_of(stack) if demand.is_open]
    told = [demand.place for demand in open_ if demand.kind == _TOLD]
    together: dict[object, list[Demand]] = {}
    for demand in open_:
        if demand.kind == CONTRADICTED:
            places = (demand.place, *(related.span for related in demand.related))
            if not any(place.contains(span) for place in places for span in told):
                together.setdefault((demand.place, demand.doubt is None), []).append(demand)
    for group in together.values():
        each = {(demand.id, demand.about): demand for demand in reversed(group)}
        first, *others = reversed(each.values())
        also = dict.fromkeys(demand.id for demand in others if demand.id != first.id)
        yield _hit(first, list(also))
        yield from (_hit(demand, []) for demand in others if demand.id == first.id)


def _hit(demand: Demand, also: list[str]) -> Hit:
    values = {**demand.values, "requirement": demand.id, "also": also}
    return Hit(demand.place, demand.address, values, demand.related, None, demand.id, demand.doubt, about=demand.about)
