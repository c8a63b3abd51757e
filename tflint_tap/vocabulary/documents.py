"""Functions on texts in languages of their own: definitions of state machines, schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import ceil

from ..asl.states import Machine, State, chosen_in, machine_of, states_of
from ..schedules import DIALECTS, ScheduleError, may_become_one, read_schedule
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Unknown, Value, View
from ..text.source import Span

MACHINE_PARTS = ("states", "problems", "timeout", "longest", "unset", "chosen")


def machine(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`machine(self.definition)`: what a state machine's definition says.

    - `states`: at any depth, each {name, fields, enclosing}: what the definition says of it, and what it says of the
      Parallel and Map states around it, the outermost first
    - `problems`: what makes it invalid, each {what, sound}: false, or unknown with the reason
    - `timeout`: its TimeoutSeconds, null where it has none
    - `longest`: how long a run takes at most, as {seconds, complete, slowest}: unless it is complete there may be more;
      `slowest` is {name, seconds} of the state that takes most of it, null where none takes any time
    - `unset`: the paths that states read and that are never set, each {state, path, origin, sound}: `origin` says where
      they were left out, null where that isn't known
    - `chosen`: the names of the states that a run without errors reaches only by way of a Choice
    """
    definition = arguments[0]
    makers: Mapping[str, Callable[[], Value]] = {
        "states": lambda: _states(definition, span),
        "problems": lambda: _problems(definition, span),
        "timeout": lambda: _timeout(definition, span),
        "longest": lambda: _longest(definition, span),
        "unset": lambda: _unset(definition, span),
        "chosen": lambda: _chosen(definition, span),
    }

    @cache
    def member(name: str) -> Value:
        if name not in makers:
            raise EvaluationError(f"a state machine has no part {name}")
        return makers[name]()

    return Value(View("machine", "the state machine", definition, member, lambda: MACHINE_PARTS), span)


def schedule(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`schedule(self.schedule_expression, "events")`: what a rate, cron or at expression says, as a service reads it.

    - `problem`: why it is none, null where it is one; what the others are isn't known then
    - `kind`: rate, cron or at
    - `normal`: one spelling of all that give the same times
    - `period`: the shortest time between two runs in seconds, null where there is only one run
    """
    text, service = arguments
    dialect = DIALECTS.get(service.data) if isinstance(service.data, str) else None
    if dialect is None:
        raise EvaluationError(f"schedule knows these services: {', '.join(DIALECTS)}")
    problem: str | None = None
    found = None
    if isinstance(text.data, str):
        try:
            found = read_schedule(text.data, dialect)
        except ScheduleError as error:
            problem = str(error)
    elif isinstance(text.data, PartialString) and not may_become_one(text.data.prefix, dialect):
        problem = "it does not begin as one"
    elif text.reason is not None:
        return Value(Unknown(text.reason), span)
    else:
        raise EvaluationError("schedule takes a text")
    if found is None:
        nothing = Value(Unknown("it is no schedule"))
        parts = {"problem": Value(problem), "kind": nothing, "normal": nothing, "period": nothing}
    else:
        told = {"kind": found.kind, "normal": found.normal, "period": found.period}
        parts = {"problem": Value(None), **{name: Value(data) for name, data in told.items()}}
    return Value(MapValue(parts), text.span or span)


def _states(definition: Value, span: Span) -> Value:
    found = list(states_of(definition))
    states = tuple(_state(item) for item in found if isinstance(item, State))
    rest = next((item for item in found if isinstance(item, Unknown)), None)
    return Value(ListValue(states, "list", rest, None if rest is None else len(states)), span)


def _state(state: State) -> Value:
    enclosing = ListValue(tuple(outer.value for outer in state.enclosing))
    parts = {"name": Value(state.name), "fields": state.value, "enclosing": Value(enclosing)}
    return Value(MapValue(parts), state.value.span)


def _chosen(definition: Value, span: Span) -> Value:
    machine = machine_of(definition)
    if isinstance(machine, Unknown):
        return Value(machine, span)
    found = list(chosen_in(machine)) if isinstance(machine, Machine) else []
    names = tuple(Value(item.name, item.value.span) for item in found if isinstance(item, State))
    rest = next((item for item in found if isinstance(item, Unknown)), None)
    return Value(ListValue(names, "list", rest, None if rest is None else len(names)), span)


def _problems(definition: Value, span: Span) -> Value:
    from ..asl.problems import problems_of

    return _listed(
        (
            Value(MapValue({"what": Value(problem.what), "sound": _sound(problem.doubt)}), problem.span)
            for problem in problems_of(definition)
        ),
        span,
    )


def _timeout(definition: Value, span: Span) -> Value:
    found = machine_of(definition)
    if isinstance(found, Unknown):
        return Value(found, span)
    return found.fields.get("TimeoutSeconds", Value(None, span)) if isinstance(found, Machine) else Value(None, span)


def _longest(definition: Value, span: Span) -> Value:
    from ..asl.durations import longest_run

    found = machine_of(definition)
    if isinstance(found, Unknown):
        return Value(found, span)
    if not isinstance(found, Machine):
        return Value(None, span)
    run = longest_run(found)
    slowest, most = max(run.steps, key=_seconds, default=(None, 0.0))
    parts = {
        "seconds": Value(number_of(run.seconds)),
        "complete": Value(True if run.doubt is None else Unknown(run.doubt)),
        "slowest": Value(None),
    }
    if slowest is not None and most:
        told = {"name": Value(slowest.name), "seconds": Value(number_of(most))}
        parts["slowest"] = Value(MapValue(told), slowest.place)
    return Value(MapValue(parts), span)


def _seconds(step: tuple[State, float]) -> float:
    return step[1]


def number_of(seconds: float) -> int:
    """Whole seconds, as many as are needed."""
    return ceil(round(seconds, 3))


def _unset(definition: Value, span: Span) -> Value:
    from ..asl.flow import never_set

    found = machine_of(definition)
    if isinstance(found, Unknown):
        return Value(ListValue((), "list", found, 0), span)
    reads = never_set(found) if isinstance(found, Machine) else ()
    made = []
    for read in reads:
        origin = None if read.missing is None else read.missing.origin
        parts = {
            "state": Value(read.state.name),
            "path": Value(read.path),
            "origin": Value(None) if origin is None else Value(origin.label, origin.span),
            "sound": _sound(read.doubt),
        }
        made.append(Value(MapValue(parts), read.value.span))
    return _listed(iter(made), span)


def _sound(doubt: str | None) -> Value:
    return Value(False if doubt is None else Unknown(doubt))


def _listed(items: Iterator[Value], span: Span) -> Value:
    return Value(ListValue(tuple(items), "list"), span)
