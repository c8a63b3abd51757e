"""The characters that the passwords of master users, and the tokens of caches, may not hold.

The facts are in passwords.tsv, a line a kind of store: the characters that it refuses, separated by blanks (`blank` is
one itself), or `-`; then the only ones beside letters and digits that it takes, or `-` where it takes all others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table, open_table

_PATH = Path(__file__).with_name("passwords.tsv")
# of random_password and random_string, and of data.aws_secretsmanager_random_password; the table names the sources
RANDOM_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def refused(kind: str, characters: str) -> tuple[str, ...]:
    """Those of some characters that a kind of store (`rds`, `docdb`, `elasticache`) refuses, in their order."""
    fields = _table().fields(kind)
    if fields is None:
        return ()
    never, alone = map(_characters, fields)
    return tuple(
        dict.fromkeys(one for one in characters if one in never or (alone and one not in alone and not one.isalnum()))
    )


def kinds() -> tuple[str, ...]:
    """The kinds of stores that the table has."""
    return _table().keys()


def _characters(field: str) -> tuple[str, ...]:
    return () if field == "-" else tuple(" " if word == "blank" else word for word in field.split(" "))


@cache
def _table() -> Table:
    return open_table(_PATH)
