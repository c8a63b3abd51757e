"""Secrets that variables have for their values."""

from __future__ import annotations

from collections.abc import Iterator

from ...records import replace
from ...rule import Hit, Rule
from ...stack import Stack
from .found import secrets_in


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each secret in a default or a file of values."""
    for secret in secrets_in(stack):
        if secret.where is not None:
            yield replace(secret.hit, values={**secret.hit.values, "where": secret.where})
