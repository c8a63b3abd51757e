"""The actions that names which are none probably mean: a typo, or a call of an API whose action is called otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..aws import actions as table
from ..aws.table import Table, open_table
from ..records import dataclass
from ..text.nearest import nearest

_CALLS = Path(__file__).parent.parent / "aws" / "api_calls.tsv"
_SLIPS = 2  # letters that are wrong, missing, swapped or too many in a typo


@dataclass(frozen=True, slots=True)
class Misnomer:
    """What a name that is no action may mean.

    `actions` are those of the API's call that it is, `near` is the action that is most like it, `is_typo` tells if it
    is so like it that nothing else was meant.
    """

    actions: tuple[str, ...] = ()
    near: str | None = None
    is_typo: bool = False


def misnomer(name: str) -> Misnomer:
    """What is known of a name, or of a pattern, that the catalogue of actions doesn't have."""
    lower = name.lower()
    fields = _calls().fields(lower) if lower else None
    if fields is not None:
        return Misnomer(tuple(fields[0].split(" ")))
    prefix, _, rest = name.partition(":")
    service = table.service(prefix.lower())
    if service is None:
        near = nearest(prefix, table.services())
        known = table.service(near) if near is not None else None
        found = known.action(rest) if known is not None else None
        near = found.name if found is not None else None if near is None else f"{near}:{rest}"
        return Misnomer((), near, found is not None and near is not None and _is_slip(lower, near.lower()))
    near = nearest(rest, service.actions())
    if near is None:
        return Misnomer()
    return Misnomer((), f"{service.name}:{near}", _is_slip(rest.lower(), near.lower()))


def _is_slip(name: str, meant: str) -> bool:
    """Return True if two names differ in so few letters that one is a typo of the other; a digit is none."""
    from difflib import SequenceMatcher  # costly to import, needed only where something is wrong

    changed = ""
    slips = 0
    for kind, left, left_end, right, right_end in SequenceMatcher(None, name, meant, autojunk=False).get_opcodes():
        if kind != "equal":
            slips += max(left_end - left, right_end - right)
            changed += name[left:left_end] + meant[right:right_end]
    return 0 < slips <= _SLIPS and changed.isalpha()


@cache
def _calls() -> Table:
    return open_table(_CALLS)
