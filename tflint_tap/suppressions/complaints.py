"""The rules about suppressions, and how their hits are worded."""

from __future__ import annotations

from ..rule import Hit
from ..text.source import Span

IDLE = "suppressions/idle"
WITHOUT_REASON = "suppressions/without-reason"
UNKNOWN_RULE = "suppressions/unknown-rule"
EXPIRED = "suppressions/expired"
FOREIGN = "suppressions/foreign"
FAMILY = "suppressions"
UNREADABLE = "syntax/invalid"  # a finding of this rule means that a part of a file could not be judged


def complaint(span: Span, comment: str, because: str, instead: str) -> Hit:
    """A hit about a comment: what is wrong with it, and what would be right."""
    return Hit(span, values={"comment": comment, "because": because, "instead": instead})


def shortened(text: str) -> str:
    """A text on one line, of 80 characters at most."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
