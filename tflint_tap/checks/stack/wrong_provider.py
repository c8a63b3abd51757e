"""Terraform and providers that aren't configured as the contract says."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from .demanded import hits


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each demand that isn't met, or of which that can't be told."""
    yield from hits(stack, "wrong-provider")
