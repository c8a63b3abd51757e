"""The argument that names a resource in its account and region, and the form of such names.

The facts are in names.txt, a line a type; they come from the provider's schema, the patterns of the API in botocore's
service models, and tools/name_exceptions.tsv. A type isn't there where its things have no names, where a name is a
part of something else (stages, aliases, inline policies), or where it is a domain's or a person's.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, cast

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("names.txt")

Form = Literal["begins", "folded", "contains"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How resources of a type are named.

    `form`: a prefix stands at the start of a name (begins); likewise, but the service takes lower case only, or no
    hyphens, so that A is a and - is _ (folded); names are paths or have a fixed start, and the prefix stands anywhere
    in them, with - _ / . alike (contains). `leads` are starts that AWS demands of some names, before the prefix.
    `given` are names that AWS gives, or with a _ or / at their end starts of such names. `unjudged` are arguments for
    the start of a name in which no prefix has room.
    """

    argument: str
    form: Form
    leads: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that give a name, or the start of one that Terraform completes."""
        both = (self.argument, f"{self.argument}_prefix")
        return tuple(argument for argument in both if argument not in self.unjudged)


@cache
def naming(type_: str) -> Naming | None:
    """How things of a resource type are named; None where their names aren't free or theirs alone."""
    fields = _table().fields(type_)
    if fields is None:
        return None
    argument, form, *lists = fields
    words = {key: tuple(values) for key, *values in (entry.split(" ") for entry in lists)}
    return Naming(
        argument, cast("Form", form), words.get("lead", ()), words.get("given", ()), words.get("unjudged", ())
    )


def types() -> tuple[str, ...]:
    """The types whose things have names, sorted."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, provider, date, package sha256, exceptions sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)
