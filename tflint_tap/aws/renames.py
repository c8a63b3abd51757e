"""What stands for names that the AWS provider has no more, as its upgrade guides and its changelog say.

The columns of renames.tsv: the type, as in schema.txt, with the path of the name in it after a colon (nothing for the
type itself); the new name beside it, or `-`; the advice where it isn't only a new name, or `-`; the source.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table, open_table

_PATH = Path(__file__).with_name("renames.tsv")
_NONE = "-"


@cache
def renamed(key: str, path: str, name: str) -> str | None:
    """What to do about a name that isn't there any more; None where the table doesn't tell.

    `key` is a type as in schema.txt, `path` the nested blocks that hold the name; an empty name is the type's own.
    """
    fields = _table().fields(f"{key}:{path}.{name}" if path else f"{key}:{name}")
    if fields is None:
        return None
    new, advice, *_ = fields
    return advice if new == _NONE else f"{name} was renamed to {new}: write {new}"


@cache
def _table() -> Table:
    return open_table(_PATH)
