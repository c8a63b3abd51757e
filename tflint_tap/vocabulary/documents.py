"""Functions on documents that arguments hold: what a state machine's definition says."""

from __future__ import annotations

from ..asl import State, states_of
from ..stack import Stack
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..text.source import Span


def machine(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`machine(self.definition)`: the object {states} of a state machine's definition.

    Each of the states, at any depth, is {name, fields, enclosing}: what the definition says of it, and what it says of
    the Parallel and Map states around it, the outermost first.
    """
    found = list(states_of(arguments[0]))
    states = tuple(_state(item) for item in found if isinstance(item, State))
    rest = next((item for item in found if isinstance(item, Unknown)), None)
    listed = Value(ListValue(states, "list", rest, None if rest is None else len(states)), span)
    return Value(MapValue({"states": listed}), span)


def _state(state: State) -> Value:
    enclosing = ListValue(tuple(outer.value for outer in state.enclosing))
    parts = {"name": Value(state.name), "fields": state.value, "enclosing": Value(enclosing)}
    return Value(MapValue(parts), state.value.span)
