"""Amazon States Language: the states of a state machine, those within Parallel and Map states included.

https://states-language.net/spec.html names the fields: a Parallel state holds machines in `Branches`, a Map state one
in `ItemProcessor` (`Iterator` in older definitions).
"""

from __future__ import annotations

from collections.abc import Iterator

from .records import dataclass
from .terraform.evaluation.conversion import EvaluationError, TooLarge
from .terraform.evaluation.values import ListValue, MapValue, PartialString, Unknown, Value
from .terraform.functions.jsons import jsondecode

_PROCESSORS = ("ItemProcessor", "Iterator")
_MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class State:
    """A state by its name. `value` is what the definition says of it, `enclosing` the states that it lies within."""

    name: str
    value: Value
    enclosing: tuple[State, ...] = ()


def states_of(definition: Value) -> Iterator[State | Unknown]:
    """The states of a definition: JSON text, or what it says. Unknown with the reason why there may be more.

    None where the definition is no JSON or holds no states: other rules tell that.
    """
    value = definition
    if isinstance(value.data, (str, PartialString)):
        try:
            value = jsondecode(value)
        except EvaluationError:
            return
        except TooLarge as error:
            yield Unknown(error.reason)
            return
    yield from _of_machine(value, ())


def _of_machine(value: Value, enclosing: tuple[State, ...]) -> Iterator[State | Unknown]:
    machine = value.data
    if not isinstance(machine, MapValue):
        yield from _doubt(value)
        return
    states = machine.items.get("States")
    if states is None:
        if machine.doubt is not None:
            yield machine.doubt
        return
    if not isinstance(states.data, MapValue):
        yield from _doubt(states)
        return
    for name, item in states.data.items.items():
        state = State(name, item, enclosing)
        yield state
        if len(enclosing) < _MOST_DEPTH:
            yield from _within(state)
    if states.data.doubt is not None:
        yield states.data.doubt


def _within(state: State) -> Iterator[State | Unknown]:
    """The states of the machines that a state holds."""
    data = state.value.data
    if not isinstance(data, MapValue):
        return
    around = (*state.enclosing, state)
    for field in _PROCESSORS:
        if field in data.items:
            yield from _of_machine(data.items[field], around)
    branches = data.items.get("Branches")
    if branches is None:
        return
    if isinstance(branches.data, ListValue):
        for branch in branches.data.items:
            yield from _of_machine(branch, around)
        if branches.data.doubt is not None:
            yield branches.data.doubt
    else:
        yield from _doubt(branches)


def _doubt(value: Value) -> Iterator[Unknown]:
    """The reason why a value isn't known; nothing where it is, but of the wrong kind."""
    if value.reason is not None:
        yield Unknown(value.reason)
