"""Verdicts on what isn't always known: True, False, or the reason why neither can be told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from .values import Unknown

Verdict: TypeAlias = bool | Unknown


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """True where one is true; else the first that isn't known, if one isn't. None is asked for behind a true one."""
    unsure: Verdict = False
    for verdict in verdicts:
        if verdict is True:
            return True
        unsure = unsure or verdict
    return unsure


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """False where one is false; else the first that isn't known, if one isn't."""
    return negated(any_of(map(negated, verdicts)))


def negated(verdict: Verdict) -> Verdict:
    return verdict if isinstance(verdict, Unknown) else not verdict
