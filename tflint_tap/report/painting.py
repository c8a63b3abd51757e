"""Colours on terminals."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]  # text, what it is about: a key of _COLORS, or "" for what stands out
_COLORS = {
    "error": "31", "warning": "33", "note": "36", "doubt": "35", "notice": "36", "failure": "31",
    "met": "32", "broken": "31", "undecided": "35", "suppressed": "36", "person": "34",
}  # fmt: skip


def plain(text: str, about: str) -> str:
    """The Paint that leaves a text as it is."""
    return text


def paint_of(*, color: bool) -> Paint:
    """What colours a text, or leaves it as it is."""
    return _with_color if color else plain


def _with_color(text: str, about: str) -> str:
    color = _COLORS.get(about)
    return f"\x1b[1;{color}m{text}\x1b[0m" if color else f"\x1b[1m{text}\x1b[0m"
