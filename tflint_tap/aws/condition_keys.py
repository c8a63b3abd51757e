"""The condition keys that requests to any service may carry, as condition_keys.tsv has them: `aws:SourceArn`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .actions import ConditionKey
from .table import Table, open_table

_PATH = Path(__file__).with_name("condition_keys.tsv")


@cache
def global_key(name: str) -> ConditionKey | None:
    """A key by its name, in any case; one of a tag (`aws:PrincipalTag/team`) by its pattern. None if there is none."""
    lower = name.lower()
    lead, slash, tag = lower.partition("/")
    fields = _table().fields(f"{lead}/*" if slash and tag else lower)
    return None if fields is None else ConditionKey(fields[0], fields[1])


@cache
def global_keys() -> tuple[str, ...]:
    """The names of all these keys. Reads the whole table."""
    return tuple(found.name for found in map(global_key, _table().keys()) if found is not None)


def header() -> dict[str, str]:
    """The header of the table: source, date."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
