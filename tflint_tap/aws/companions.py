"""Resources that hold a part of another resource's settings, its companions: a queue's policy, a bucket's versioning.

The facts are in companions.tsv, a line a companion and setting: the companion's type, the argument that names the
parent and the form of a text there, the parent's type, and the argument or block that the parent has as well, as the
companion calls it and as the parent does (`rule` is `server_side_encryption_configuration.rule`), else `-`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass
from . import schema

_PATH = Path(__file__).with_name("companions.tsv")


@dataclass(frozen=True, slots=True, eq=False)
class CompanionRow:
    """How a companion names its parent. `settings` are what both have: the companion's name with the parent's path."""

    type: str
    argument: str
    how: str
    parent: str
    settings: Mapping[str, str]


@cache
def companion_rows() -> tuple[CompanionRow, ...]:
    """The lines of the table, one for each way in which a companion names a parent."""
    found: dict[tuple[str, str, str, str], dict[str, str]] = {}
    for line in _PATH.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type_, argument, how, parent, own, parents = line.split("\t")
            settings = found.setdefault((type_, argument, how, parent), {})
            if own != "-":
                settings[own] = parents
    return tuple(CompanionRow(*key, settings) for key, settings in found.items())


@cache
def companions_of(parent: str) -> tuple[CompanionRow, ...]:
    """The companions that resources of a type may have."""
    return tuple(row for row in companion_rows() if row.parent == parent)


@cache
def parents_of(type_: str) -> tuple[CompanionRow, ...]:
    """The ways in which a companion's type names a parent; none where it is no companion."""
    return tuple(row for row in companion_rows() if row.type == type_)


@cache
def shared_argument(row: CompanionRow, name: str) -> str | None:
    """The companion's argument that is an argument of the parent under this name, and of the same type."""
    own = next((own for own, parents in row.settings.items() if parents == name), None)
    companion, parent = schema.resource(row.type), schema.resource(row.parent)
    if own is None or companion is None or parent is None:
        return None
    one, other = companion.attributes.get(own), parent.attributes.get(name)
    return own if one is not None and other is not None and one.type == other.type else None
