"""The scope of actions: if an action can be limited to resources.

The table holds the actions that this linter's own list of wirings names; it is to be replaced by a catalogue of
all actions, behind the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

from ..records import dataclass
from .wildcards import covers_action

# some: can be limited to resources; all: works on "*" only
Reach: TypeAlias = Literal["some", "all"]
_ACTIONS = Path(__file__).with_name("actions.tsv")
_CONDITIONS = Path(__file__).with_name("limiting_conditions.tsv")


@dataclass(frozen=True, slots=True)
class Scope:
    """The reach of an action, and the wiring for which AWS's own policy leaves it on `*` all the same, if any."""

    reach: Reach
    wiring: str | None


@cache
def _scopes() -> Mapping[str, Scope]:
    return {action: Scope(cast("Reach", reach), wiring or None) for action, reach, wiring in _rows(_ACTIONS)}


@cache
def limiting_keys() -> tuple[str, ...]:
    """Patterns, in lower case, of condition keys that limit a statement to resources as the Resource element does."""
    return tuple(row[0].lower() for row in _rows(_CONDITIONS))


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def scopes_of(pattern: str) -> Mapping[str, Scope]:
    """The actions of the table that a pattern covers, each with its scope; none where the table has none."""
    return {action: scope for action, scope in _scopes().items() if covers_action(pattern, action)}
