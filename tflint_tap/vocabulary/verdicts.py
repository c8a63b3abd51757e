"""Verdicts of conditions: true, false, or the reason why neither can be told."""

from __future__ import annotations

from ..terraform.evaluation.conversion import EvaluationError, to_bool
from ..terraform.evaluation.values import Value


def verdict(value: Value) -> bool | str:
    """True or False, or the reason why neither can be told."""
    try:
        flag = to_bool(value)
    except EvaluationError as error:
        return error.reason
    if isinstance(flag.data, bool):
        return flag.data
    return flag.reason or "it is null"
