"""The argument that names a resource in its account and region, and the form of such names.

The facts are in names.txt, a line a type; they come from the provider's schema, the patterns of the API in botocore's
service models, and tools/name_exceptions.tsv. A type isn't there where its things have no names, where a name is a
part of something else (stages, aliases, inline policies), or where it is a domain's or a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, cast

from ..records import dataclass
from .constraints import Constraint, constraint
from .table import Table, open_table

_PATH = Path(__file__).with_name("names.txt")

APPENDED = 26  # characters
Form = Literal["begins", "folded", "contains"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How resources of a type are named.

    `form`: a prefix stands at the start of a name (begins); likewise, but the service takes lower case only, or no
    hyphens, so that A is a and - is _ (folded); names are paths or have a fixed start, and the prefix stands anywhere
    in them, with - _ / . alike (contains). `leads` are starts that AWS demands of some names, before the prefix.
    `given` are names that AWS gives, or with a _ or / at their end starts of such names. `unjudged` are arguments for
    the start of a name in which no prefix has room. `refused` are starts that AWS keeps for itself.

    `within` says where a name can exist once: () in the account and region, an argument's name beside that of what it
    names, `*` in the world; None where that isn't known, or names needn't be unique. `space` is the type whose names
    these are, where two types share them. `fifo` is the argument that makes a thing FIFO: its name ends in .fifo then.
    """

    argument: str
    form: Form
    leads: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    limits: Constraint | None = None
    within: tuple[str, ...] | None = None
    space: str | None = None
    fifo: str | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that give a name, or the start of one that Terraform completes."""
        return tuple(argument for argument in (self.argument, self.prefix) if argument not in self.unjudged)

    @property
    def prefix(self) -> str:
        """The argument for the start of a name that Terraform completes, where the type has one."""
        return f"{self.argument}_prefix"


@cache
def naming(type_: str) -> Naming | None:
    """How things of a resource type are named; None where their names aren't free or theirs alone."""
    fields = _table().fields(type_)
    if fields is None:
        return None
    argument, form, *lists = fields
    words = {key: tuple(values) for key, *values in (entry.split(" ") for entry in lists)}
    within = words.get("within")
    return Naming(
        argument,
        cast("Form", form),
        words.get("lead", ()),
        words.get("given", ()),
        words.get("unjudged", ()),
        words.get("refused", ()),
        _limits(type_, argument, words),
        None if within is None else tuple(name for name in within if name != "-"),
        words.get("space", (None,))[0],
        words.get("fifo", (None,))[0],
    )


def _limits(type_: str, argument: str, words: Mapping[str, tuple[str, ...]]) -> Constraint | None:
    """The limits of a name: those of the argument's constraint, else the table's own."""
    known = constraint(type_, argument)
    if known is not None or not {"shortest", "longest", "pattern"} & words.keys():
        return known
    shortest, longest = (int(words[key][0]) if key in words else None for key in ("shortest", "longest"))
    pattern = words.get("pattern", (None,))[0]
    return Constraint("names.txt", pattern=pattern, min_length=shortest, max_length=longest)


def prefix_limits(type_: str) -> Constraint | None:
    """The limits of the argument for the start of a name: its own, else what the name has without what is appended.

    The provider appends 26 characters: the time and a counter (terraform-plugin-sdk, helper/id).
    """
    found = naming(type_)
    if found is None:
        return None
    own = constraint(type_, found.prefix)
    if own is not None or found.limits is None or found.limits.max_length is None:
        return own
    return Constraint(found.limits.source, max_length=max(found.limits.max_length - APPENDED, 0))


def types() -> tuple[str, ...]:
    """The types whose things have names, sorted."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, provider, date, package sha256, exceptions sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
