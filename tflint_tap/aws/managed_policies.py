"""The policies that AWS manages, as managed_policies.txt has them, by path and name: `service-role/AWS_ConfigRole`.

The ARN of a policy is `arn:PARTITION:iam::aws:policy/` and that.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("managed_policies.txt")


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A policy of AWS.

    `levels` are the access levels of what it allows (aws/actions.py), `document` is its JSON text; None where the
    table doesn't have it: of service-linked roles, of very long policies, and of those newer than their source. `date`
    is when AWS changed it last.
    """

    name: str
    version: str | None
    date: str | None
    levels: tuple[str, ...]
    document: str | None


@cache
def managed_policy(name: str) -> ManagedPolicy | None:
    """A policy by path and name, in the case that AWS writes it; None where the table has none."""
    fields = _table().fields(name) if name else None
    if fields is None:
        return None
    version, date, levels, document = (None if field == "-" else field for field in fields)
    return ManagedPolicy(name, version, date, tuple(levels.split(",")) if levels else (), document)


@cache
def managed_policies() -> tuple[str, ...]:
    """All paths and names, sorted. Reads the whole table."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, as of, date, package sha256, names sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
