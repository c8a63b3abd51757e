"""Which rules are judged: what files of settings and options select and leave out, the farthest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..records import dataclass
from ..suppressions.complaints import UNREADABLE


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules and families that one place selects (None: it says nothing of that) and leaves out."""

    select: Collection[str] | None = None
    ignore: Collection[str] = ()


def is_chosen(rule: str, choices: Iterable[Choice]) -> bool:
    """Return True if a rule is judged by what several places say, the farthest first.

    The nearest one that selects says which rules there are. What is left out stays so, unless a nearer one selects it
    at least as exactly: a rule by its name, or the family that was left out as a whole. Within one place what is left
    out is. A file that can't be read is always told.
    """
    if rule == UNREADABLE:
        return True
    family = rule.partition("/")[0]
    is_selected = True
    left_out = 0  # how exactly: 2 by its name, 1 with its family
    for choice in choices:
        if choice.select is not None:
            exactly = _exactly(rule, family, choice.select)
            is_selected = exactly > 0
            if exactly >= left_out:
                left_out = 0
        left_out = max(left_out, _exactly(rule, family, choice.ignore))
    return is_selected and not left_out


def _exactly(rule: str, family: str, names: Collection[str]) -> int:
    return 2 if rule in names else 1 if family in names else 0
