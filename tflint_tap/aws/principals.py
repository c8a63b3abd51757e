"""The names that policies can have for services as principals, as principals.txt has them: `lambda.amazonaws.com`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table, open_table

_PATH = Path(__file__).with_name("principals.txt")


def is_principal(name: str) -> bool:
    """Return True if the table has a service of this name, in lower case."""
    return _table().fields(name) is not None


@cache
def principals() -> tuple[str, ...]:
    """All names, sorted. Reads the whole table."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, date, package sha256, overlay sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
