"""Outputs without a description."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ..descriptions import without_description


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Outputs without a description."""
    for declaration in stack.module.of_kind("output"):
        if declaration.block is not None:
            yield from without_description(declaration.block, declaration.address)
