"""How often a resource is started, where nothing but schedules starts it."""

from __future__ import annotations

from ..schedules import DIALECTS, ScheduleError, read_schedule
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance

_RULE = "aws_cloudwatch_event_rule"
_SERVICES = {_RULE: "events", "aws_scheduler_schedule": "scheduler"}
_MOST_STEPS = 5  # from a function over the state machines that call it to a schedule
_URL = "aws_lambda_function_url"


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
        *(edge for edge in wiring.incoming(resource, "targets").edges if edge.source.address not in timers),
        *(edge for edge in wiring.outgoing(resource, "admits").edges if edge.target.address not in timers),
        *wiring.outgoing(resource, "admits").ends,
        *stack.passed(resource),
        *stack.companions(resource, _URL).certain,
    ]
    if others or scheduled.doubt is not None or calling.doubt is not None or not steps:
        return None
    found = [_period(edge.target) for edge in scheduled.edges]
    found += [starts_each(stack, edge.source, steps - 1) for edge in calling.edges]
    known = [period for period in found if period is not None]
    return min(known) if known and len(known) == len(found) else None


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
