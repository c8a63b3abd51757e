"""What the values of CloudWatch's dimensions are: names or ids of things of some types, in a certain form.

The facts are in dimensions.tsv, a line a dimension: the name; how its values begin, one of several or, with a `!`, how
they can't; `named` where values are names that a stack's resources have and that AWS makes no others of, else `-`;
then the types with those of their attributes that hold the value, `id<5.0.0` before that version of the provider;
`-` for things that the dimension is mistaken for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from ..records import dataclass, field
from .table import Table, open_table

Version: TypeAlias = tuple[int, int, int]

_PATH = Path(__file__).with_name("dimensions.tsv")


@dataclass(frozen=True, slots=True)
class Dimension:
    """`leads` are beginnings of which a value has one (any, where there is none), `barred` what none begins with.

    `attributes` are those that hold the value, by type, none for a type that it is mistaken for; `before` are those
    that did before a version of the provider. `is_named`: values are the names of such resources.
    """

    leads: tuple[str, ...]
    barred: tuple[str, ...]
    is_named: bool
    attributes: Mapping[str, tuple[str, ...]]
    before: Mapping[tuple[str, str], Version] = field(default_factory=dict)


@cache
def dimension(name: str) -> Dimension | None:
    """What a dimension's values are; None where the table doesn't have it."""
    fields = _table().fields(name)
    if fields is None:
        return None
    leads, named, *types = fields
    words = leads.split(" ")
    pairs = [(type_, attributes.split(",")) for type_, attributes in (entry.split(" ") for entry in types)]
    before = {
        (type_, attribute): cast("Version", tuple(map(int, version.split("."))))
        for type_, attributes in pairs
        for attribute, is_dated, version in (entry.partition("<") for entry in attributes)
        if is_dated
    }
    return Dimension(
        tuple(word for word in words if not word.startswith("!")),
        tuple(word[1:] for word in words if word.startswith("!")),
        named == "named",
        {
            type_: tuple(entry for entry in attributes if "<" not in entry and entry != "-")
            for type_, attributes in pairs
        },
        before,
    )


def names() -> tuple[str, ...]:
    """The dimensions of the table, sorted."""
    return _table().keys()


@cache
def _table() -> Table:
    return open_table(_PATH)
