"""Conversions that are asked for, and marks of sensitivity."""

from __future__ import annotations

from typing import NoReturn

from ...records import replace
from ..evaluation.conversion import EvaluationError, kind_name, quoted
from ..evaluation.values import Data, PartialString, Value
from ..typing import ANY, BOOL, NUMBER, STRING, TypeConstraint, convert, list_of, map_of, set_of
from .parts import open_unknown


def tostring(value: Value) -> Value:
    return _converted(value, STRING)


def tonumber(value: Value) -> Value:
    return _converted(value, NUMBER)


def tobool(value: Value) -> Value:
    return _converted(value, BOOL)


def tolist(value: Value) -> Value:
    return _converted(value, list_of(ANY))


def toset(value: Value) -> Value:
    return _converted(value, set_of(ANY))


def tomap(value: Value) -> Value:
    return _converted(value, map_of(ANY))


def _converted(value: Value, constraint: TypeConstraint) -> Value:
    try:
        return convert(value, constraint)
    except EvaluationError:
        data = value.data
        if isinstance(data, str) and constraint.kind in ("number", "bool"):
            wanted = "a decimal number" if constraint.kind == "number" else 'only the strings "true" or "false"'
            raise EvaluationError(
                f"cannot convert {quoted(data)} to {constraint.kind}; {wanted} "
                f"{'is required' if constraint.kind == 'number' else 'are allowed'}"
            ) from None
        single = " of any single type" if constraint.element is not None else ""
        raise EvaluationError(f"cannot convert {kind_name(data)} to {constraint.kind}{single}") from None


def sensitive(value: Value) -> Value:
    return replace(value, sensitive=True)


def nonsensitive(value: Value) -> Value:
    return replace(value, sensitive=False)


def issensitive(value: Value) -> Data:
    if value.sensitive:
        return True
    return False if value.is_known or isinstance(value.data, PartialString) else open_unknown(value.data)


def ephemeralasnull(value: Value) -> Value:
    """Nothing is ephemeral here: ephemeral variables have no value when a stack is linted."""
    return value


def list_(*values: Value) -> NoReturn:
    raise EvaluationError(
        'the "list" function was deprecated in Terraform v0.12 and is no longer available; use tolist([ ... ])'
    )


def map_(*values: Value) -> NoReturn:
    raise EvaluationError(
        'the "map" function was deprecated in Terraform v0.12 and is no longer available; use tomap({ ... })'
    )
