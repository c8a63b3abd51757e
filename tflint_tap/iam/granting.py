"""Actions that a statement grants by a name or a pattern of names, of all that are of one kind.

A pattern for a whole service is left out: what is wrong with that is not which of its actions matter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from ..aws.actions import LEVELS
from ..terraform.evaluation.values import Value
from .actions import action, expand, is_pattern, limitable
from .statements import Statement
from .wildcards import covers_action, is_whole_service

_EXPOSURES = Path(__file__).with_name("exposures.tsv")
EXPOSURES = ("credentials", "data")


@cache
def exposing(kind: str) -> frozenset[str]:
    """The actions, in lower case, that expose something of a kind of EXPOSURES."""
    return frozenset(action for action, of in _exposures().items() if of == kind)


@cache
def _exposures() -> Mapping[str, str]:
    rows = [line.split("\t") for line in _EXPOSURES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return {action.lower(): kind for action, kind, _ in rows}


def granted(statement: Statement, wanted: Collection[str]) -> tuple[Value, ...]:
    """The patterns of a statement that cover one of these actions (in lower case), in the order of the text."""
    if statement.actions is None:
        return ()
    return tuple(item for text, item in statement.actions.known() if _covers_any(text, wanted))


def _covers_any(pattern: str, wanted: Collection[str]) -> bool:
    if not is_pattern(pattern):
        return pattern.lower() in wanted
    return not is_whole_service(pattern) and any(covers_action(pattern, name) for name in wanted)


def granted_at(statement: Statement, level: str) -> tuple[Value, ...]:
    """Likewise the patterns that cover an action of an access level which can be limited to resources."""
    assert level in LEVELS
    if statement.actions is None:
        return ()
    return tuple(item for text, item in statement.actions.known() if _has_level(text, level))


@cache
def _has_level(pattern: str, level: str) -> bool:
    if is_whole_service(pattern):
        return False
    return any(limitable(name) and _is_of(name, level) for name in expand(pattern))


def _is_of(name: str, level: str) -> bool:
    found = action(name)
    return found is not None and level in found.levels
