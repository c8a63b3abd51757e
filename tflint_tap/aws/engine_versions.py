"""The versions of database engines: when their standard support ends, and when they are withdrawn.

The facts are in engine_versions.tsv, a line a version that AWS has announced a day for, or says that there is none
yet: the engine and the version (`postgres 13`, `neptune 1.2.1.0`), then two days, `-` where there is none. A version of
more parts than a line has (`13.4`, `5.7.mysql_aurora.2.11.1`) is that line's.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("engine_versions.tsv")


@dataclass(frozen=True, slots=True)
class Support:
    """The last day of a version's standard support, and the day on which it is withdrawn; None if none is announced."""

    standard: date | None
    withdrawn: date | None


@cache
def support(engine: str, version: str) -> Support | None:
    """The support of a version (`aurora-mysql`, `8.0.mysql_aurora.3.08.0`); None if the table doesn't know it."""
    parts = version.split(".")
    for count in range(len(parts), 0, -1):
        fields = _table().fields(f"{engine} {'.'.join(parts[:count])}")
        if fields is not None:
            return Support(*(None if field == "-" else date.fromisoformat(field) for field in fields))
    return None


def versions() -> tuple[tuple[str, str], ...]:
    """The engines and versions that the table has."""
    keys = _table().keys()
    return tuple((engine, version) for engine, _, version in (key.partition(" ") for key in keys))


def as_of() -> str:
    """The day of which the table is."""
    return _table().header()["date"]


@cache
def _table() -> Table:
    return open_table(_PATH)
