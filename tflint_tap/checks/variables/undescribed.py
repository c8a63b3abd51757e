"""Variables without a description."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ..descriptions import without_description
from .declarations import variables


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables without a description."""
    for declaration, block in variables(stack):
        yield from without_description(block, declaration.address)
