"""Demands of a contract that aren't met, as hits."""

from __future__ import annotations

from collections.abc import Iterator

from ...demands.decided import open_demands
from ...rule import Hit, Severity
from ...stack import Stack

_SEVERITIES = {"must": Severity.ERROR, "should": Severity.WARNING, "may": Severity.ERROR}


def hits(stack: Stack, kind: str) -> Iterator[Hit]:
    """One hit for each demand that a rule of this name reports; `values` are the words of the demand."""
    for demand in open_demands(stack, kind):
        yield Hit(
            demand.place,
            demand.address,
            {**demand.values, "requirement": demand.id},
            demand.related,
            _SEVERITIES[demand.term.level],
            demand.id,
            demand.doubt,
            about=demand.about,
        )
