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
    """One hit for each place that contradicts a promise, or several; none where a demand of its own tells the cause."""
    open_ = [demand for demand in demands_of(stack) if demand.is_open]
    told = [demand.place for demand in open_ if demand.kind == _TOLD]
    together: dict[object, list[Demand]] = {}
    for demand in open_:
        if demand.kind == CONTRADICTED:
            places = (demand.place, *(related.span for related in demand.related))
            if not any(place.contains(span) for place in places for span in told):
                together.setdefault((demand.place, demand.doubt is None), []).append(demand)
    for first, *others in together.values():
        also = [demand.id for demand in others if demand.id != first.id]
        values = {**first.values, "requirement": first.id, "also": also}
        yield Hit(first.place, first.address, values, first.related, None, first.id, first.doubt)
