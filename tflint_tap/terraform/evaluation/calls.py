"""Calls of functions: try and can, which Terraform evaluates otherwise than the rest, and all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from ...records import replace
from ...text.source import Span
from .. import functions
from .conversion import EvaluationError
from .operators import unsettled
from .values import ErrorValue, ListValue, MapValue, Unknown, Value, View, contents, first_error

if TYPE_CHECKING:
    from .evaluator import Evaluator

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


def applied(evaluator: Evaluator, name: str, arguments: list[Value], span: Span, *, expand: bool) -> Value:
    """The value of a function for evaluated arguments; `expand`: the last of them comes from a `...`.

    EvaluationError, TooLarge, Spent.
    """
    has_view = False
    for argument in arguments:
        data = argument.data
        if isinstance(data, (ListValue, MapValue)):
            failure = contents(data)[1]
            if failure is not None:
                return Value(failure, span)
        elif isinstance(data, ErrorValue):
            return Value(data, span)
        elif isinstance(data, View):
            has_view = True
    word = evaluator.vocabulary.get(name)
    if word is not None:
        return word(tuple(arguments), span)
    if has_view:  # Terraform's functions know no views
        arguments = [
            replace(argument, data=argument.data.object) if isinstance(argument.data, View) else argument
            for argument in arguments
        ]
    if name.startswith("provider::") and name not in functions.FUNCTIONS:
        return Value(Unknown(f"the result of the provider function {name} is not known"), span)
    if expand and arguments and isinstance(arguments[-1].data, Unknown) and name not in OPEN_ENDED:
        return Value(arguments[-1].data, span)
    value = functions.call(name, tuple(arguments), span, evaluator.environment)
    if isinstance(value.data, (ListValue, MapValue)):
        evaluator.spend(len(value.data.items))
    return value
