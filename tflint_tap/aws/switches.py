"""The arguments that turn off what wires resources, as switches.tsv has them.

A line is a type, an argument of it, the value that turns it off, and the kinds of edges that it then makes in vain: a
rule that is off hands no events to its targets, and still has a role.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass

_PATH = Path(__file__).with_name("switches.tsv")


@dataclass(frozen=True, slots=True)
class Switch:
    """An argument, the value that turns the resource off, and the kinds of edges that don't act then."""

    argument: str
    off: str
    kinds: tuple[str, ...]


def switches_of(type_: str, kind: str) -> tuple[Switch, ...]:
    """The switches of a type that turn edges of a kind off."""
    return tuple(switch for switch in switches().get(type_, ()) if kind in switch.kinds)


@cache
def switches() -> Mapping[str, tuple[Switch, ...]]:
    """All switches, by type."""
    made: dict[str, tuple[Switch, ...]] = {}
    for line in _PATH.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type_, argument, off, kinds = line.split("\t")
            made[type_] = (*made.get(type_, ()), Switch(argument, off, tuple(kinds.split(" "))))
    return made
