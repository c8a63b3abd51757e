"""The metrics that AWS publishes to CloudWatch: their dimensions, units, intervals and ranges.

The facts are in metrics.txt. A namespace's line says if its metrics are all there (`whole`) or if AWS may publish
others (`open`); `is NAME` is a namespace that there isn't, with the one that is meant. A metric's line, under
`NAMESPACE NAME`, has the sets of dimensions that it is published with (`A,B|A`, `-` is none, a `?` at the end: there
may be others), its unit, the seconds between two points and the range of a value (`0..100`, `0..`), each `-` where
that isn't known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from pathlib import Path

from ..records import dataclass
from ..text.nearest import nearest
from .table import Table, open_table

_PATH = Path(__file__).with_name("metrics.txt")
OF_AWS = "AWS/"  # how the namespaces of AWS's services begin
_ALIKE = 0.85  # of difflib's ratio: above it a name of about the same length is a slip


@dataclass(frozen=True, slots=True)
class Metric:
    """What is known of a metric. `sets` are its sets of dimensions, all of them where `is_closed`.

    `period` is the number of seconds between points, `least` and `greatest` bound a value; None where not known.
    """

    sets: tuple[frozenset[str], ...] = ()
    is_closed: bool = False
    unit: str | None = None
    period: int | None = None
    least: Fraction | None = None
    greatest: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Namespace:
    """The metrics of a service by their names, and the names of their dimensions. `is_whole`: there are no others."""

    metrics: dict[str, Metric]
    dimensions: frozenset[str]
    is_whole: bool


@cache
def namespace(name: str) -> Namespace | None:
    """A service's metrics; None where the table doesn't have the namespace."""
    fields = _table().fields(name)
    if fields is None or fields[0].startswith("is "):
        return None
    lines = _table().section(f"{name} ")
    metrics = {metric: _metric(rest.split("\t")) for metric, rest in lines.items()}
    dimensions = frozenset(one for metric in metrics.values() for names in metric.sets for one in names)
    return Namespace(metrics, dimensions, fields[0] == "whole")


@cache
def meant(name: str) -> str | None:
    """The namespace that a mistaken name certainly stands for; None where it may be one that the table lacks."""
    fields = _table().fields(name)
    if fields is not None:
        return fields[0].removeprefix("is ") if fields[0].startswith("is ") else None
    return slip(name, _namespaces())


def slip(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a name differs from by so little that it can only be a slip."""
    known = tuple(candidates)
    bare = _bare(name)
    for candidate in known:
        if _bare(candidate) == bare:
            return candidate
    tail = name.removeprefix(OF_AWS)
    by_tail = {candidate.removeprefix(OF_AWS): candidate for candidate in known}
    found = nearest(tail, (one for one in by_tail if abs(len(one) - len(tail)) <= 2), _ALIKE)
    return by_tail[found] if found is not None else None


def header() -> dict[str, str]:
    """The header of the table: source, date, package sha256, facts sha256."""
    return _table().header()


def _bare(name: str) -> str:
    """A name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _namespaces() -> tuple[str, ...]:
    table = _table()
    return tuple(key for key in table.keys() if " " not in key and table.fields(key) in (["open"], ["whole"]))  # noqa: SIM118


def _metric(cells: list[str]) -> Metric:
    sets, unit, period, bounds = cells
    least, _, greatest = bounds.partition("..") if bounds != "-" else ("", "", "")
    return Metric(
        tuple(
            frozenset(() if names == "-" else names.split(",")) for names in sets.removesuffix("?").split("|") if names
        ),
        not sets.endswith("?"),
        None if unit == "-" else unit,
        None if period == "-" else int(period),
        Fraction(least) if least else None,
        Fraction(greatest) if greatest else None,
    )


@cache
def _table() -> Table:
    return open_table(_PATH)
