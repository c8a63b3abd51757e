"""The text that the parser can't read."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each broken block."""
    for file in stack.texts:
        for diagnostic in file.diagnostics:
            yield Hit(diagnostic.span, values={"problem": diagnostic.message, "right": diagnostic.remedy})
