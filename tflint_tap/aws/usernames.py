"""The master user names that a database's engine reserves, so that it can't be created with one.

The facts are in reserved_usernames.tsv, a line an engine: the names, in lower case. A `*` at a name's end stands for
anything. The line `*` is for every engine of RDS.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table, open_table

_PATH = Path(__file__).with_name("reserved_usernames.tsv")
_OWN = ("docdb", "redshift")  # engines that aren't of RDS


def is_reserved(engine: str, name: str) -> bool:
    """Return True if an engine (`aurora-postgresql`, `docdb`, `redshift`) reserves a user name."""
    folded = name.lower()
    return any(
        folded.startswith(reserved[:-1]) if reserved.endswith("*") else folded == reserved
        for reserved in reserved_names(engine)
    )


@cache
def reserved_names(engine: str) -> tuple[str, ...]:
    """The names that an engine reserves."""
    lines = [engine] if engine in _OWN else ["*", engine]
    return tuple(name for line in lines for name in (_table().fields(line) or [""])[0].split())


def engines() -> tuple[str, ...]:
    """The engines that the table has, `*` among them."""
    return _table().keys()


@cache
def _table() -> Table:
    return open_table(_PATH)
