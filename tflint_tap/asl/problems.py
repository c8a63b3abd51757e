"""What makes a definition invalid: what Step Functions refuses when the state machine is made.

The ways from state to state are looked at machine by machine: a state leads to others of its own machine only. Where
one of them leads nowhere, it isn't told as well that the states behind it can't be reached.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from ..records import dataclass, field
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..terraform.functions.json_reading import NotJson
from ..text.nearest import suggestion
from .fields import Problem, machine_problems, misspelt, state_problems, types
from .paths import path_problems
from .rules import choice_problems, retry_problems
from .states import PROCESSORS, Machine, State, machine_of, opening, ways, ways_doubt

_LAST = ("Succeed", "Fail")  # they end an execution
_WITHOUT_NEXT = (*_LAST, "Choice")


def problems_of(definition: Value) -> Iterator[Problem]:
    """The problems of a definition: JSON text, or what it says."""
    machine = machine_of(definition)
    if isinstance(machine, Unknown):
        yield Problem("it is not known what the definition says", None, machine.reason)
    elif isinstance(machine, NotJson):
        yield Problem(f"the definition is not JSON: {machine.reason.removeprefix('invalid JSON: ')}", machine.span)
    elif not isinstance(machine.value.data, MapValue):
        yield Problem("the definition is no JSON object", machine.value.span)
    else:
        yield from machine_problems(machine)
        yield from _in_machine(machine, machine.language, "the machine", {})


def _in_machine(machine: Machine, language: str | None, where: str, names: dict[str, State]) -> Iterator[Problem]:
    """The problems of a machine's states, at any depth. `names` are those of the states that were seen before."""
    for state in machine.states:
        yield from state_problems(state, language)
        yield from retry_problems(state)
        yield from choice_problems(state)
        yield from path_problems(state)
        yield from _holds_machines(state)
        if names.setdefault(state.name, state) is not state:
            yield Problem(f"two states of the machine are called {state.name}", state.place)
    yield from _Graph(machine, where).problems()
    for state in machine.states:
        for inner in state.machines:
            yield from _in_machine(inner, language, f"the machine within {state.name}", names)


def _holds_machines(state: State) -> Iterator[Problem]:
    """What is wrong with the branches or the processor of a state as such."""
    held = [state.given(name) for name in PROCESSORS]
    branches = state.given("Branches")
    if branches is not None and isinstance(branches.data, ListValue):
        held += branches.data.items
    for item in held:
        if item is not None and item.reason is None and not isinstance(item.data, MapValue):
            yield Problem(f"the state {state.name} holds a machine that is no object", item.span)


@dataclass(slots=True)
class _Graph:
    """The states of a machine and the ways between them. `broken`: one of the ways leads nowhere, or isn't known."""

    machine: Machine
    where: str
    broken: bool = False
    targets: dict[str, list[str]] = field(default_factory=dict)

    def problems(self) -> Iterator[Problem]:
        machine, states = self.machine, self.machine.by_name
        if machine.doubt is not None:
            self.broken = True
            yield Problem("it is not known which states there are", opening(machine.value), machine.doubt.reason)
        if not isinstance(machine.value.data, MapValue):
            return
        start = yield from self._start(states)
        for state in machine.states:
            yield from self._from(state, states)
        if not self.broken and start is not None:
            yield from self._unreached(start)

    def _start(self, states: Mapping[str, State]) -> Generator[Problem, None, str | None]:
        """The problems of the beginning. The generator returns the first state's name, None where there is none."""
        fields = self.machine.fields
        is_whole = isinstance(self.machine.value.data, MapValue) and self.machine.value.data.doubt is None
        held = fields.get("States")
        if held is None or held.data is None:
            if is_whole:
                yield Problem(f"{self.where} has no States", opening(self.machine.value))
            return None
        if not isinstance(held.data, MapValue):
            if held.reason is None:
                yield Problem(f"States of {self.where} is no object", held.span)
            return None
        start = fields.get("StartAt")
        if start is None or start.data is None:
            if is_whole:
                yield Problem(f"{self.where} has no StartAt", opening(self.machine.value))
            return None
        if isinstance(start.data, str) and start.data in states:
            return start.data
        if start.reason is not None:
            self.broken = True
            yield Problem("it is not known which state is the first", start.span, start.reason)
        else:
            yield self._no_state("StartAt names", start)
        return None

    def _no_state(self, who: str, target: Value) -> Problem:
        """The problem of a name that no state has: a doubt where there may be more states."""
        self.broken = True
        near = suggestion(str(target.data), self.machine.by_name) if isinstance(target.data, str) else ""
        doubt = None if self.machine.doubt is None else self.machine.doubt.reason
        return Problem(f"{who} {target.data}, which is no state of {self.where}{near}", target.span, doubt)

    def _from(self, state: State, states: Mapping[str, State]) -> Iterator[Problem]:
        """The problems of the ways on from a state."""
        led = self.targets.setdefault(state.name, [])
        doubt = ways_doubt(state)
        if doubt is not None:
            self.broken = True
            yield Problem(f"it is not known where the state {state.name} leads", state.place, doubt)
        for way in ways(state):
            if isinstance(way.target.data, str) and way.target.data in states:
                led.append(way.target.data)
            elif way.target.reason is None and way.target.data is not None:
                yield self._no_state(f"{way.through} of the state {state.name} names", way.target)
        yield from self._ends(state)

    def _ends(self, state: State) -> Iterator[Problem]:
        """What is wrong with the end of a state."""
        if state.type not in types():
            self.broken = True  # nobody knows if it needs a way on
            return
        if state.doubt is not None or state.type in _WITHOUT_NEXT:
            return
        following, end = state.given("Next"), state.given("End")
        if end is not None and end.reason is not None:
            self.broken = True
            yield Problem(f"it is not known if the state {state.name} ends the execution", end.span, end.reason)
            return
        is_end = end is not None and end.data is True
        if following is None and not is_end:
            self.broken = True
            if not misspelt(state) & {"Next", "End"}:
                yield Problem(f"the state {state.name} has neither Next nor End = true", state.place)
        elif following is not None and is_end and end is not None:
            self.broken = True
            yield Problem(f"the state {state.name} has Next and End", end.span)

    def _unreached(self, start: str) -> Iterator[Problem]:
        """The states that nothing leads to, the first of each group; or that no state ends."""
        states = self.machine.by_name
        reached = self._reached([start])
        if len(reached) == len(states):
            if not any(_is_last(state) for state in self.machine.states):
                yield Problem(f"no state ends {self.where}: each leads to another one", states[start].place)
            return
        left = [name for name in states if name not in reached]
        led_to = {target for name in left for target in self.targets[name] if target != name}
        heads = [name for name in left if name not in led_to]
        told = set(reached)
        for name in (*heads, *left):
            if name not in told:
                told |= self._reached([name])
                yield Problem(f"nothing leads to the state {name}", states[name].place)

    def _reached(self, pending: list[str]) -> set[str]:
        found = set(pending)
        while pending:
            for target in self.targets[pending.pop()]:
                if target not in found:
                    found.add(target)
                    pending.append(target)
        return found


def _is_last(state: State) -> bool:
    end = state.given("End")
    return state.type in _LAST or (end is not None and end.data is True)
