"""Typed edges between the resources of a stack."""

from __future__ import annotations

from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One resource does something to another; `via` is the block whose argument makes the edge."""

    kind: str
    source: Instance
    target: Instance
    via: Instance
    argument: str
    value: Value
    doubt: str | None = None


def kinds() -> tuple[str, ...]:
    """The kinds of edges."""
    return ()


def ends_of(kind: str) -> dict[str, tuple[str, ...]]:
    """The types of resources that `source`, `target` and `via` of an edge may have."""
    return {}
