"""What the calls of state machines need of their roles: the action of each Task that names a service's API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..asl.states import State, states_of
from ..iam.api_calls import called
from ..records import replace
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue, PartialString, Symbol, Value
from ..wiring.edges import Edge
from .need import Need
from .table import plain_row

_MACHINE = "aws_sfn_state_machine"
_ROW = plain_row("machine.call")
_ARGUMENTS = ("Arguments", "Parameters")
# The argument of a call that names the resource, by the action's service, and the types that it may be of.
_NAMED_BY = {"dynamodb": ("TableName", ("aws_dynamodb_table",))}


def with_machine_calls(stack: Stack, needs: Iterable[Need]) -> Iterator[Need]:
    """Needs with those that the calls of state machines make; what a call tells exactly replaces a choice."""
    made = list(needs)
    calls = list(_calls(stack))
    exact = {(need.actor, need.role, action) for need in calls for action in need.actions}
    known = {(need.actor, need.role, action) for need in made if need.kind == "needed" for action in need.actions}
    for need in made:
        if need.kind != "any" or not any((need.actor, need.role, action) in exact for action in need.actions):
            yield need
        else:
            yield replace(need, kind="allowed")
    for need in calls:
        if not any((need.actor, need.role, action) in known for action in need.actions):
            yield need


def _calls(stack: Stack) -> Iterator[Need]:
    for machine in stack.resources(_MACHINE):
        edges = stack.wiring.outgoing(machine, "runs_as").edges
        states = states_of(machine.value("definition")) if edges else ()
        for state in states:
            action = _called(state) if isinstance(state, State) else None
            if isinstance(state, State) and action is not None:
                yield from _of_call(stack, machine, state, action, edges)


def _called(state: State) -> str | None:
    resource = state.given("Resource")
    if state.type != "Task" or resource is None:
        return None
    data = resource.data
    if isinstance(data, PartialString):  # the partition may be a data source's
        data = "".join(part if isinstance(part, str) else "aws" for part in data.parts)
    return called(data) if isinstance(data, str) else None


def _of_call(stack: Stack, machine: Instance, state: State, action: str, edges: Iterable[Edge]) -> Iterator[Need]:
    resource = state.given("Resource")
    span = resource.span if resource is not None else None
    place = span if span is not None and stack.holds(span) else machine.span_of("definition")
    why = f"the state {state.name} of {machine.address} calls it"
    need = Need(_ROW, "needed", (action,), _arns(stack, machine, state, action), why, place, machine)
    for edge in edges:
        yield replace(need, role=edge.target, doubt=edge.doubt)


def _arns(stack: Stack, machine: Instance, state: State, action: str) -> tuple[Value, ...] | None:
    """The ARN of the resource that a call names, None where that isn't known."""
    argument, types = _NAMED_BY.get(action.partition(":")[0], ("", ()))
    definition = machine.attribute("definition")
    for name in _ARGUMENTS if argument and definition is not None else ():
        given = state.given(name)
        value = given.data.items.get(argument) if given is not None and isinstance(given.data, MapValue) else None
        if value is None or definition is None:
            continue
        named = stack.wiring.resolver.named(value, definition.expr, machine, types)
        if len(named.certain) == 1 and not named.possible:
            return (Value(Symbol(named.certain[0].address, ("arn",)), named.certain[0].header),)
    return None
