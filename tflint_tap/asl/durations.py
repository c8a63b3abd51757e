"""How long a run of a state machine takes at most: the timeouts of its states times their attempts, and all waits.

A retrier waits `IntervalSeconds` (1), each time longer by `BackoffRate` (2), no longer than `MaxDelaySeconds`, and
gives up after `MaxAttempts` (3); with `JitterStrategy` FULL the wait is a random part of that. Retriers of a state
count their attempts apart. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html

What isn't limited counts as nothing, a loop once, and a Map state has one item: the sum is a lower bound. How long what
a Task calls takes by itself can be told from outside: it ends by then, whatever its own timeout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..records import dataclass
from ..terraform.evaluation.values import ListValue, MapValue, Value
from .fields import number
from .states import Machine, State, ways, ways_doubt

_INTERVAL, _ATTEMPTS, _RATE = 1, 3, 2
_LONGEST = 31_536_000  # seconds: an execution ends after a year
_MOST_STEPS = 1000  # of a backoff that are added up one by one


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, and the reason why there may be more of them, None where that is all."""

    seconds: float
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run through the states of a machine: how long it takes, and which states take how much of it."""

    seconds: float
    doubt: str | None
    steps: tuple[tuple[State, float], ...]


Called = Callable[[State], Duration | None]  # how long what a Task calls may take, None where nothing limits it


def _unlimited(state: State) -> Duration | None:
    return None


def longest_run(machine: Machine, called: Called = _unlimited) -> Run:
    """The longest run of a machine."""
    states = machine.by_name
    durations = {name: _of_state(state, called) for name, state in states.items()}
    start = machine.fields.get("StartAt")
    first = start.data if start is not None and isinstance(start.data, str) else None
    doubts = [None if machine.doubt is None else machine.doubt.reason, None if start is None else start.reason]
    doubts += [duration.doubt or ways_doubt(states[name]) for name, duration in durations.items()]
    doubt = next((reason for reason in doubts if reason is not None), None)
    if first is None or first not in states:
        return Run(0, doubt, ())
    total, following = _sums(first, states, durations)
    path: list[tuple[State, float]] = []
    at: str | None = first
    while at is not None:
        path.append((states[at], durations[at].seconds))
        at = following[at]
    return Run(total[first], doubt, tuple(path))


def _sums(
    first: str, states: Mapping[str, State], durations: Mapping[str, Duration]
) -> tuple[dict[str, float], dict[str, str | None]]:
    """The longest way on from each state, and the state that is next on it. What leads back in a loop is left out."""
    total: dict[str, float] = {}
    following: dict[str, str | None] = {}
    pending: list[tuple[str, Iterator[str]]] = [(first, _targets(states[first]))]
    open_ = {first}
    while pending:
        name, targets = pending[-1]
        target = next(targets, None)
        if target is not None:
            if target in states and target not in total and target not in open_:
                open_.add(target)
                pending.append((target, _targets(states[target])))
            continue
        done = [target for target in _targets(states[name]) if target in total]
        best = max(done, key=lambda target: total[target], default=None)
        following[name] = best
        total[name] = durations[name].seconds + (total[best] if best is not None else 0)
        open_.discard(name)
        pending.pop()
    return total, following


def _targets(state: State) -> Iterator[str]:
    return (way.target.data for way in ways(state) if isinstance(way.target.data, str))


def _of_state(state: State, called: Called) -> Duration:
    """The time that a state takes with all its attempts."""
    once = _once(state, called)
    attempts = _retries(state)
    if attempts is None:
        return once
    times, waits = attempts
    doubt = once.doubt or times.doubt or waits.doubt
    return Duration(min(once.seconds * (1 + times.seconds) + waits.seconds, _LONGEST), doubt)


def _once(state: State, called: Called) -> Duration:
    """The time that one attempt of a state takes."""
    if state.type == "Wait":
        return _seconds(state.given("Seconds"))
    if state.type == "Task":
        limit, own = state.given("TimeoutSeconds") or state.given("HeartbeatSeconds"), called(state)
        if own is None:
            return _seconds(limit)
        return own if limit is None else min(own, _seconds(limit), key=lambda duration: duration.seconds)
    runs = [longest_run(machine, called) for machine in state.machines]
    doubts = [run.doubt for run in runs] + [None if state.within is None else state.within.reason]
    doubt = next((reason for reason in doubts if reason is not None), None)
    return Duration(max((run.seconds for run in runs), default=0), doubt)


def _retries(state: State) -> tuple[Duration, Duration] | None:
    """How often the retriers of a state try again at most, and how long they wait in all; None without retriers."""
    listed = state.given("Retry")
    if listed is None:
        return None
    if not isinstance(listed.data, ListValue):
        return Duration(0, listed.reason), Duration(0)
    times, waits = 0.0, 0.0
    doubt = None if listed.data.doubt is None else listed.data.doubt.reason
    for item in listed.data.items:
        if not isinstance(item.data, MapValue):
            doubt = doubt or item.reason
            continue
        fields = item.data.items
        attempts = _setting(fields, "MaxAttempts", _ATTEMPTS)
        first, rate = _setting(fields, "IntervalSeconds", _INTERVAL), _setting(fields, "BackoffRate", _RATE)
        most = _setting(fields, "MaxDelaySeconds", _LONGEST)
        doubt = doubt or attempts.doubt or first.doubt or rate.doubt or most.doubt
        times += attempts.seconds
        waits += _backoff(int(attempts.seconds), first.seconds, max(rate.seconds, 1), most.seconds)
    return Duration(times, doubt), Duration(waits)


def _backoff(attempts: int, first: float, rate: float, most: float) -> float:
    """The sum of the waits before so many attempts."""
    waited, delay = 0.0, first
    steps = min(attempts, _MOST_STEPS)
    for _ in range(steps):
        waited += min(delay, most)
        delay = min(delay * rate, most)
        if waited > _LONGEST:
            return _LONGEST
    return waited + (attempts - steps) * min(delay, most)


def _setting(fields: Mapping[str, Value], name: str, default: int) -> Duration:
    """A number of a retrier, or what it is where it isn't given; the least possible where it isn't known."""
    value = fields.get(name)
    if value is None or value.data is None:
        return Duration(default)
    found = number(value)
    return Duration(float(found)) if found is not None else Duration(0, value.reason)


def _seconds(value: Value | None) -> Duration:
    found = number(value)
    if found is not None:
        return Duration(max(float(found), 0))
    return Duration(0, None if value is None else value.reason)
