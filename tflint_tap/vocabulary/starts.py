"""How often a resource is started, where nothing but schedules starts it."""

from __future__ import annotations

from collections.abc import Iterator

from ..asl.states import State, states_of
from ..iam.policies import Policy
from ..iam.statements import Statement
from ..iam.wildcards import covers_action
from ..schedules import DIALECTS, ScheduleError, read_schedule
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Unknown, Value
from ..text.source import Span
from ..wiring.edges import Edge
from ..wiring.permissions import stands_for
from .views import subject_of

_RULE = "aws_cloudwatch_event_rule"
_SERVICES = {_RULE: "events", "aws_scheduler_schedule": "scheduler"}
_MOST_STEPS = 5  # from a function over the state machines that call it to a schedule
_URL = "aws_lambda_function_url"
_MACHINE = "aws_sfn_state_machine"
_BY_OTHERS = ("notifies", "publishes_to", "fails_over_to", "uses")  # "uses": code that is told of it may call it
_STARTING = ("lambda:InvokeFunction", "states:StartExecution", "states:StartSyncExecution")


def started_each(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`started_each(self)`: the seconds between two starts of a resource where nothing but schedules starts it.

    Null where something else may start it at any time: a queue, a stream, a topic, an API, code that may call it.
    """
    resource = subject_of(arguments[0])
    if resource is None:
        raise EvaluationError("started_each takes a resource")
    return Value(starts_each(stack, resource), span)


def starts_each(stack: Stack, resource: Instance, steps: int = _MOST_STEPS) -> int | None:
    """The shortest time in seconds between two starts; None where something else than schedules may start it."""
    wiring = stack.wiring
    scheduled = wiring.outgoing(resource, "scheduled_by")
    calling = wiring.incoming(resource, "invokes")
    timers = {edge.target.address for edge in scheduled.edges}
    others = [
        *wiring.incoming(resource, "triggers").edges,
        *wiring.incoming(resource, "routed_to").edges,
        *wiring.outgoing(resource, "subscribes").edges,
        *(edge for kind in _BY_OTHERS for edge in wiring.incoming(resource, kind).edges),
        *(edge for edge in wiring.incoming(resource, "targets").edges if edge.source.address not in timers),
        *(edge for edge in wiring.outgoing(resource, "admits").edges if edge.target.address not in timers),
        *wiring.outgoing(resource, "admits").ends,
        *stack.passed(resource),
        *stack.companions(resource, _URL).certain,
        *_callers(stack, resource, (*scheduled.edges, *calling.edges)),
        *(edge for edge in calling.edges if _waits(edge.source)),
    ]
    if others or scheduled.doubt is not None or calling.doubt is not None or not steps:
        return None
    found = [_period(edge.target) for edge in scheduled.edges]
    found += [starts_each(stack, edge.source, steps - 1) for edge in calling.edges]
    known = [period for period in found if period is not None]
    return min(known) if known and len(known) == len(found) else None


def _callers(stack: Stack, resource: Instance, known: tuple[Edge, ...]) -> Iterator[Instance]:
    """The roles that may start a resource, but for those of what is known to start it."""
    starters = {end.address for edge in known for end in (edge.source, edge.target, edge.via)}
    for statement, roles in stack.once(_starting):
        others = [role for role in roles if not _acts_for(stack, role, starters)]
        if others and statement.resources is not None:
            fits = [stands_for(item, resource, stack.wiring.resolver) for item in statement.resources.items]
            if any(verdict is not False for verdict in fits):
                yield from others


def _starting(stack: Stack) -> list[tuple[Statement, list[Instance]]]:
    """The statements that let roles start functions or state machines."""
    found: list[tuple[Statement, list[Instance]]] = []
    for policy in stack.policies:
        starting = [statement for statement in policy.statements if _lets_start(statement)]
        roles = list(roles_of(stack, policy)) if starting and policy.kind == "identity" else []
        found += [(statement, roles) for statement in starting if roles]
    return found


def _lets_start(statement: Statement) -> bool:
    if statement.allows is False or statement.actions is None:
        return False
    patterns = [text for text, _ in statement.actions.known()]
    return any(covers_action(pattern, action) for pattern in patterns for action in _STARTING)


def roles_of(stack: Stack, policy: Policy) -> Iterator[Instance]:
    """The roles that have a policy."""
    if policy.owner.declaration.type == "aws_iam_role":
        yield policy.owner
    yield from (edge.target for edge in stack.wiring.outgoing(policy.owner, "attached_to").edges)


def _acts_for(stack: Stack, role: Instance, starters: set[str]) -> bool:
    """Return True if nothing but what is known to start a resource has a role."""
    users = [end.address for edge in stack.wiring.incoming(role, "runs_as").edges for end in (edge.source, edge.via)]
    return all(user in starters for user in users)


def _waits(caller: Instance) -> bool:
    """Return True if a state machine calls again and again, with pauses, or may do so."""
    if caller.declaration.type != _MACHINE:
        return False
    states = states_of(caller.value("definition"))
    return any(isinstance(state, Unknown) or (isinstance(state, State) and state.type == "Wait") for state in states)


def _period(timer: Instance) -> int | None:
    """The seconds of a rule's or schedule's expression."""
    text = timer.value("schedule_expression").data
    service = _SERVICES.get(timer.declaration.type)
    if not isinstance(text, str) or service is None:
        return None
    try:
        return read_schedule(text, DIALECTS[service]).period
    except ScheduleError:
        return None
