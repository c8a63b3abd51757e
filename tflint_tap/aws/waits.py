"""What has to be made before what though no argument says so: a trail after the policy of its bucket.

The facts are in waits.tsv, a line a pair. Its columns:

- the type that has to wait
- an argument or block that it has to have for that; with a type behind it, one that names such a resource; `-` if none
- the way from there to what both have in common: an argument and the type that it names, by turns
  (`subnet_id aws_subnet vpc_id aws_vpc`); `-` where being in the same stack is enough
- the types that it has to wait for, separated by `|`; with `?argument=value` only those with that value. Or an action
  that a policy has to give to the role at the end of the way
- the way from these, likewise; `|` separates arguments of which each may name it
- `each`: it has to wait for all that there are; `one`: one of them is enough
- what AWS answers where they are made in the wrong order, or what comes of it
- the source
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

from ..records import dataclass
from .edges import ArgumentPath

_PATH = Path(__file__).with_name("waits.tsv")


@dataclass(frozen=True, slots=True)
class Step:
    """The way from a resource to another one: by one of these arguments, to a resource of a type."""

    arguments: tuple[ArgumentPath, ...]
    type: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What has to be there first: a type of resource, and the value that an argument of it has to have."""

    type: str
    argument: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A line of the table. What is waited for are resources (`needed`), or what lets a role do something (`action`).

    `given` is the argument or block that the waiting one has to have, `given_type` the type that it has to name.
    """

    type: str
    given: ArgumentPath | None
    given_type: str | None
    way: tuple[Step, ...]
    needed: tuple[Needed, ...]
    action: str | None
    needed_way: tuple[Step, ...]
    each: bool
    answer: str
    source: str


def waits_of(types: Container[str]) -> Iterator[Wait]:
    """The lines for types that have to wait, in their order."""
    return (wait for wait in waits() if wait.type in types)


@cache
def waits() -> tuple[Wait, ...]:
    """All lines of the table."""
    lines = (line for line in _PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(_wait(*line.split("\t")) for line in lines)


def _wait(type_: str, given: str, way: str, needed: str, needed_way: str, mode: str, answer: str, source: str) -> Wait:
    path, _, given_type = given.partition(" ")
    is_action = ":" in needed
    return Wait(
        type_,
        None if given == "-" else ArgumentPath.of(path),
        given_type or None,
        _steps(way),
        () if is_action else tuple(map(_needed, needed.split("|"))),
        needed if is_action else None,
        _steps(needed_way),
        mode == "each",
        answer,
        source,
    )


def _needed(text: str) -> Needed:
    type_, _, condition = text.partition("?")
    argument, _, value = condition.partition("=")
    return Needed(type_, argument or None, value or None)


def _steps(text: str) -> tuple[Step, ...]:
    words = [] if text == "-" else text.split(" ")
    return tuple(
        Step(tuple(map(ArgumentPath.of, paths.split("|"))), type_)
        for paths, type_ in zip(words[::2], words[1::2], strict=True)
    )
