"""Arguments that exclude or need each other, as the AWS provider documents it; the data is conflicts.tsv."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, cast

from ..records import dataclass

_PATH = Path(__file__).with_name("conflicts.tsv")

Kind = Literal["at_most_one", "exactly_one", "at_least_one", "together", "excludes", "requires", "requires_one"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A condition on which arguments or nested blocks are set, whatever their value: false counts, null doesn't.

    `at_most_one`, `exactly_one` and `at_least_one` of them; `together`: all or none; `excludes`: the first can't
    stand beside any of the others; `requires`, `requires_one`: the first needs all, or at least one, of the
    others. `block` names the nested block that they stand in, steps separated by dots, "" for the resource itself.
    """

    kind: Kind
    arguments: tuple[str, ...]
    block: str
    source: str

    @property
    def is_warning(self) -> bool:
        """Return True if the provider only warns today."""
        return self.source.endswith("(a warning)")


@cache
def conflicts(type_: str) -> tuple[Conflict, ...]:
    """The conditions of a resource type, none where none is known."""
    return _by_type().get(type_, ())


def types() -> tuple[str, ...]:
    """The types that have conditions, sorted."""
    return tuple(sorted(_by_type()))


def broken(conflict: Conflict, names: frozenset[str]) -> bool:
    """Return True if arguments and blocks of these names, and no others of the condition, breach it."""
    present = [name in names for name in conflict.arguments]
    if conflict.kind == "excludes":
        return present[0] and any(present[1:])
    if conflict.kind == "requires":
        return present[0] and not all(present)
    if conflict.kind == "requires_one":
        return present[0] and not any(present[1:])
    if conflict.kind == "together":
        return any(present) and not all(present)
    few, many = conflict.kind in ("exactly_one", "at_least_one"), conflict.kind in ("exactly_one", "at_most_one")
    return (few and not any(present)) or (many and sum(present) > 1)


def certainly_broken(conflict: Conflict, certain: frozenset[str], possible: frozenset[str]) -> bool:
    """Return True if the `certain` arguments breach the condition, whichever of the `possible` ones are set."""
    best = certain  # the set that serves the condition best
    if conflict.kind == "exactly_one":
        best = certain or frozenset(sorted(possible)[:1])
    elif (
        conflict.kind == "at_least_one"
        or (conflict.kind == "together" and certain)
        or (conflict.kind in ("requires", "requires_one") and conflict.arguments[0] in certain)
    ):
        best = possible
    return broken(conflict, best)


@cache
def _by_type() -> Mapping[str, tuple[Conflict, ...]]:
    found: dict[str, list[Conflict]] = defaultdict(list)
    lines = [line for line in _PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in lines[1:]:
        type_, block, kind, arguments, source = line.split("\t")
        found[type_].append(Conflict(cast(Kind, kind), tuple(arguments.split(" ")), block, source))
    return {type_: tuple(conditions) for type_, conditions in found.items()}
