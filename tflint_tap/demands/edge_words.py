"""Edges in words: `alarms on`, `is placed in`, `does not redrive to`."""

from __future__ import annotations

_STATES = ("attached_to", "encrypted_by", "placed_in", "routed_to", "scheduled_by")  # kinds that aren't verbs
_OBJECTS = {"subscribes": "subscribes to"}


def stated(kind: str) -> str:
    """What a source does by an edge of a kind: `redrives to`, `is attached to`."""
    words = _OBJECTS.get(kind, kind.replace("_", " "))
    return f"is {words}" if kind in _STATES else words


def denied(kind: str) -> str:
    """What it doesn't do without one: `does not redrive to`, `is not attached to`."""
    if kind in _STATES:
        return f"is not {kind.replace('_', ' ')}"
    verb, _, rest = stated(kind).partition(" ")
    for ending, instead in (("ies", "y"), ("shes", "sh"), ("s", "")):
        if verb.endswith(ending):
            return f"does not {verb.removesuffix(ending)}{instead} {rest}".rstrip()
    raise KeyError(kind)
