"""Attributes that resources and data sources don't have, and steps that lead to none."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ..readings import readings


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each step that leads to nothing."""
    for reading in readings(stack):
        for problem in reading.wrong:
            if problem.caught:
                values = {
                    "what": f"{problem.what}, so the try or can around it always catches an error",
                    "right": problem.right,
                }
                yield Hit(problem.span, reading.address, values, severity=Severity.WARNING, doubt=problem.doubt)
            else:
                values = {"what": problem.what, "right": problem.right}
                yield Hit(problem.span, reading.address, values, doubt=problem.doubt)
