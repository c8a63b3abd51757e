"""Secrets in the code: literals where secrets belong, and texts that are one wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from .found import secrets_in


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each secret in the code, and a doubt where it isn't known whether a literal is one."""
    yield from (secret.hit for secret in secrets_in(stack) if secret.where is None)
