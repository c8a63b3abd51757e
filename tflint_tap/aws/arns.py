"""The forms of ARNs and URLs of each type's resources, and the resource that one of another type stands for.

The facts are in arns.tsv, a line a type: the service, the resource part of the ARN, the URL, and the argument that
names what the thing stands for (an alias its function). `-` stands for nothing.

In a pattern `{name}` is the value of that argument; `...` at its end is anything or nothing, in front of the name it is
a path of any length; `(/)` is a slash that may belong to the name. Without a placeholder the ARN holds an id that only
AWS gives.

What the attribute `id` of a type's resources holds is in ids.tsv, and the ARNs that attributes are in
attribute_arns.tsv, which says what stands for what AWS gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("arns.tsv")
_IDS = Path(__file__).with_name("ids.tsv")
_ATTRIBUTES = Path(__file__).with_name("attribute_arns.tsv")
_PATTERN = re.compile(
    r"(?P<lead>[^{(]*?)(?P<slash>\(/\))?(?P<path>\.\.\./)?\{(?P<argument>\w+)\}(?P<end>[^.]*)(?P<more>\.\.\.)?"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The place of a name in a text: behind `lead`, and behind a path if `path`; `end` may follow, and anything.

    With `slash` a slash between lead and name may be a part of the name, too.
    """

    lead: str
    argument: str
    end: str = ""
    path: bool = False
    slash: bool = False


@dataclass(frozen=True, slots=True)
class ArnFormat:
    """How things of a type are named from outside.

    `service` is that of the ARN, `resource` the ARN's part behind the account (None: an id that AWS gives), `url` the
    URL, `stands_for` the argument that names what the thing stands for.
    """

    service: str
    resource: Pattern | None
    url: Pattern | None = None
    stands_for: str | None = None


@cache
def arn_format(type_: str) -> ArnFormat | None:
    """How a resource type's things are named; None where the table doesn't have the type."""
    fields = _table().fields(type_)
    if fields is None:
        return None
    service, resource, url, stands_for = fields
    return ArnFormat(service, _pattern(resource), _pattern(url), None if stands_for == "-" else stands_for)


@cache
def types() -> tuple[str, ...]:
    """The types that the table has, sorted."""
    return _table().keys()


@cache
def id_is_arn(type_: str) -> bool | None:
    """Return True if the attribute `id` of a type's resources is their ARN; None where the table doesn't say."""
    fields = open_table(_IDS).fields(type_)
    return None if fields is None else fields[0] == "arn"


@cache
def attribute_arn(type_: str, attribute: str) -> str | None:
    """The ARN that an attribute of a type's resources is, with placeholders; None where the table doesn't say."""
    fields = open_table(_ATTRIBUTES).fields(f"{type_}.{attribute}")
    return None if fields is None else f"arn:*:{fields[0]}"


def header() -> Mapping[str, str]:
    """The header of the table: source, date."""
    return _table().header()


def _pattern(text: str) -> Pattern | None:
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    end = match["end"] if match["more"] else ""
    return Pattern(match["lead"], match["argument"], end, match["path"] is not None, match["slash"] is not None)


@cache
def _table() -> Table:
    return open_table(_PATH)
