"""The AWS services that use the key of an encrypted resource as themselves: a topic that sends to an encrypted queue.

The facts are in key_users.tsv, a line a use. Its key has four words: the encrypted resource's type; `self` where the
service keeps the resource's data itself, else the end (`source`, `target`) that the resource is of an edge; the edge's
kind; the type of the block that makes the edge. Then the principal, in which a `*` stands for any text (a region, an
account), and the least KMS actions.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, cast

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("key_users.tsv")


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A line of the table; `end` and `kind` are of the edge that says so, None and empty without one."""

    end: Literal["source", "target"] | None
    kind: str
    via: str
    principal: str
    actions: tuple[str, ...]


@cache
def key_uses(type_: str) -> tuple[KeyUse, ...]:
    """The uses of the key of a resource of this type; none for a type that no service uses the key of by itself."""
    return tuple(_use(key.split(" "), rest.split("\t")) for key, rest in _table().section(f"{type_} ").items())


def types() -> tuple[str, ...]:
    """The types of encrypted resources, sorted."""
    keys = _table().keys()
    return tuple(dict.fromkeys(key.partition(" ")[0] for key in keys))


def _use(key: list[str], fields: list[str]) -> KeyUse:
    end, kind, via = key
    principal, actions = fields
    if end == "self":
        return KeyUse(None, "", "", principal, tuple(actions.split(" ")))
    return KeyUse(cast("Literal['source', 'target']", end), kind, via, principal, tuple(actions.split(" ")))


@cache
def _table() -> Table:
    return open_table(_PATH)
