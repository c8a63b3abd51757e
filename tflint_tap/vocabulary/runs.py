"""How long a run of a state machine takes, by what it calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..asl.durations import Duration, longest_run
from ..asl.fields import number
from ..asl.states import Machine, State, machine_of
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue, PartialString, Unknown, Value
from ..text.source import Span
from .documents import number_of
from .views import subject_of

_FUNCTION = "aws_lambda_function"
# Seconds, where a function sets none: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
_DEFAULT_TIMEOUT = 3
_NO_WAITING = ".waitForTaskToken"  # the end of a Resource whose Task ends when somebody says so


def run_of(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`run_of(self)`: how long a run of a state machine takes at most, by the timeouts of the functions that it calls.

    As {seconds, complete}: the longest way through the states, each with the timeout of its function or its own, if
    that is less, with all attempts and pauses. Unless it is complete there may be more.
    """
    resource = subject_of(arguments[0])
    if resource is None:
        raise EvaluationError("run_of takes a state machine")
    found = machine_of(resource.value("definition"))
    if isinstance(found, Unknown):
        return Value(found, span)
    if not isinstance(found, Machine):
        return Value(None, span)
    run = longest_run(found, partial(_called, _functions(stack, resource)))
    complete = Value(True if run.doubt is None else Unknown(run.doubt))
    return Value(MapValue({"seconds": Value(number_of(run.seconds)), "complete": complete}), span)


def _functions(stack: Stack, machine_: Instance) -> dict[Span, Instance]:
    """The functions that a state machine calls, by the places that name them."""
    edges = stack.wiring.outgoing(machine_, "invokes").edges
    return {
        edge.value.span: edge.target
        for edge in edges
        if edge.value.span is not None and edge.doubt is None and edge.target.declaration.type == _FUNCTION
    }


def _called(functions: Mapping[Span, Instance], state: State) -> Duration | None:
    """The timeout of the function that a Task calls and waits for."""
    resource = state.given("Resource")
    inputs = state.given("Parameters") or state.given("Arguments")
    given = inputs.data.items if inputs is not None and isinstance(inputs.data, MapValue) else {}
    kind = given.get("InvocationType")
    if (kind is not None and kind.data == "Event") or _ends_with(resource, _NO_WAITING):
        return None
    spans = (value.span for value in (resource, given.get("FunctionName")) if value is not None)
    function = next((functions[span] for span in spans if span is not None and span in functions), None)
    return None if function is None else _timeout(function)


def _ends_with(resource: Value | None, end: str) -> bool:
    data = resource.data if resource is not None else None
    text = data.suffix if isinstance(data, PartialString) else data
    return isinstance(text, str) and text.endswith(end)


def _timeout(function: Instance) -> Duration:
    timeout = function.value("timeout")
    if timeout.data is None:
        return Duration(_DEFAULT_TIMEOUT)
    seconds = number(timeout)
    return Duration(float(seconds)) if seconds is not None else Duration(0, timeout.reason)
