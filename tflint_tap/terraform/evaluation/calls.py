"""Calls that Terraform evaluates otherwise than the rest: try and can, and arguments that `...` expands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ...text.source import Span
from .conversion import EvaluationError
from .operators import unsettled
from .values import ErrorValue, ListValue, Unknown, Value, first_error

_T = TypeVar("_T")

LENIENT = ("try", "can")
# They say what they can beside an argument that isn't known.
OPEN_ENDED = ("merge", "concat", "setunion")


def lenient(name: str, arguments: Sequence[_T], span: Span, evaluate: Callable[[_T], Value]) -> Value:
    """try and can: they ask only whether an error comes up. EvaluationError where each argument of try has one."""
    if name == "can":
        if len(arguments) != 1:
            raise EvaluationError('function "can" expects 1 argument')
        value = evaluate(arguments[0])
        return Value(value.data if isinstance(value.data, Unknown) else first_error(value) is None, span)
    if not arguments:
        raise EvaluationError('function "try" expects at least 1 argument')
    failure: ErrorValue | None = None
    for argument in arguments:
        value = evaluate(argument)
        failure = first_error(value)
        if failure is None:
            return value
    assert failure is not None
    raise EvaluationError(f"every argument of try fails: {failure.reason}")


def expanded(arguments: Sequence[Value]) -> list[Value]:
    """The arguments of a call with a final `...`."""
    *fixed, last = arguments
    if isinstance(last.data, ListValue):
        rest = [Value(last.data.doubt, last.span)] if last.data.doubt is not None else []
        return [*fixed, *last.data.items, *rest]
    if last.is_known or (last.type is not None and last.type.kind not in ("any", "list", "set", "tuple")):
        raise EvaluationError("the argument before ... must be a list, set or tuple")
    return [*fixed, Value(unsettled(last), last.span)]
