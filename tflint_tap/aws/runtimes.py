"""The dates at which AWS retires the runtimes of Lambda.

The facts are in runtimes.tsv, a line a runtime: the day from which AWS no longer maintains it, those from which Lambda
refuses to create and to update functions that use it, and the newest runtime for the same language. AWS announces
them ahead, and has moved some to later days. A runtime that came later than the table isn't in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("runtimes.tsv")


@dataclass(frozen=True, slots=True)
class Runtime:
    """The dates of a runtime, as `2026-10-31`; `successor` is None for the newest of its language."""

    deprecated: str
    create_blocked: str
    update_blocked: str
    successor: str | None


@cache
def runtime(name: str) -> Runtime | None:
    """The dates of a runtime; None where the table doesn't have it."""
    fields = _table().fields(name)
    if fields is None:
        return None
    deprecated, create_blocked, update_blocked, successor = fields
    return Runtime(deprecated, create_blocked, update_blocked, None if successor == "-" else successor)


def names() -> tuple[str, ...]:
    """The runtimes that the table has, sorted."""
    return _table().keys()


def header() -> Mapping[str, str]:
    """The header of the table: source, date."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
