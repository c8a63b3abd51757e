"""The known name that is most like a mistaken one, and the question that suggests it."""

from __future__ import annotations

from collections.abc import Iterable

MOST_SUGGESTED = 100  # mistaken names of a module: a suggestion for each of thousands takes long and helps nobody
_ALIKE = 0.6  # of difflib's ratio: a letter or two wrong, missing or swapped in names of usual length


def nearest(name: str, candidates: Iterable[str], alike: float = _ALIKE) -> str | None:
    """The candidate most like the name, case aside; None where none is alike. Of equals, the first by alphabet."""
    from difflib import get_close_matches  # costly to import, needed only where something is wrong

    by_form: dict[str, str] = {}
    for candidate in sorted(candidates, reverse=True):
        by_form[candidate.lower()] = candidate
    found = get_close_matches(name.lower(), sorted(by_form), n=1, cutoff=alike)
    return by_form[found[0]] if found else None


def question(name: str) -> str:
    """`did you mean NAME?`, the words of every suggestion."""
    return f"did you mean {name}?"


def suggestion(name: str, candidates: Iterable[str]) -> str:
    """The end of an error about an unknown name: `; did you mean NAME?`, empty where no candidate is like the name."""
    near = nearest(name, candidates)
    return f"; {question(near)}" if near is not None else ""
