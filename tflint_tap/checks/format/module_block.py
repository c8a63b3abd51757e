"""Module blocks in a contract's file."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from .blocks import hits


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each module block."""
    yield from hits(stack, "module")
