"""The states of a definition, those within Parallel and Map states included, and the ways from one to the next.

https://states-language.net/spec.html names the fields: a Parallel state holds machines in `Branches`, a Map state one
in `ItemProcessor` (`Iterator` in older definitions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..records import dataclass, field
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Unknown, Value
from ..terraform.functions.json_reading import NotJson
from ..terraform.functions.jsons import jsondecode
from ..text.source import Span

PROCESSORS = ("ItemProcessor", "Iterator")
JSONPATH, JSONATA = "JSONPath", "JSONata"
_MOST_DEPTH = 20
_MOST_VALUES = 200_000  # of a definition, however shared; AWS takes 1 MB of text
_NO_FIELDS: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class State:
    """A state by its name. `value` is what the definition says of it, `enclosing` the states that it lies within.

    `machines` are those that it holds, `within` is why it may hold others. `language` is None where it isn't known.
    """

    name: str
    value: Value
    enclosing: tuple[State, ...] = ()
    language: str | None = JSONPATH
    machines: tuple[Machine, ...] = field(default=(), compare=False)
    within: Unknown | None = field(default=None, compare=False)

    @property
    def fields(self) -> Mapping[str, Value]:
        """The fields that are set, those that are null included; none where the state is no object."""
        return self.value.data.items if isinstance(self.value.data, MapValue) else _NO_FIELDS

    @property
    def type(self) -> str | None:
        """The state's type, None where it has none or it isn't known."""
        data = self.fields["Type"].data if "Type" in self.fields else None
        return data if isinstance(data, str) else None

    @property
    def doubt(self) -> str | None:
        """The reason why the state may have other fields, None where all are known."""
        if isinstance(self.value.data, MapValue):
            return None if self.value.data.doubt is None else self.value.data.doubt.reason
        return self.value.reason

    @property
    def place(self) -> Span | None:
        """The span to point at for the state as a whole: its type, else where it begins."""
        named = self.fields.get("Type")
        return named.span if named is not None and named.span is not None else opening(self.value)

    def given(self, name: str) -> Value | None:
        """A field that is set to something, None where it is absent or null."""
        value = self.fields.get(name)
        return None if value is None or value.data is None else value


@dataclass(frozen=True, slots=True)
class Machine:
    """A definition as a whole, a branch of a Parallel state or the processor of a Map state.

    `doubt` is why it may have further states.
    """

    value: Value
    states: tuple[State, ...]
    doubt: Unknown | None
    language: str | None

    @property
    def fields(self) -> Mapping[str, Value]:
        return self.value.data.items if isinstance(self.value.data, MapValue) else _NO_FIELDS

    @property
    def by_name(self) -> Mapping[str, State]:
        return {state.name: state for state in self.states}


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a state: the `target` is the name of a state, `through` the field that says so."""

    target: Value
    through: str
    catcher: Value | None = None


def is_expression(data: object) -> bool:
    """Return True for text that is an expression in JSONata."""
    return isinstance(data, str) and data.startswith("{%") and data.endswith("%}")


def opening(value: Value) -> Span | None:
    """The span of the bracket that opens a value: the place for what is missing in it."""
    span = value.span
    return None if span is None else Span(span.source, span.start, min(span.start + 1, span.end))


def machine_of(definition: Value) -> Machine | Unknown | NotJson:
    """The machine of a definition: JSON text, or what it says. Unknown where the text isn't known."""
    value = definition
    if isinstance(value.data, (str, PartialString)) or value.decoded is not None:
        try:
            value = jsondecode(value)
        except NotJson as error:
            return error
        except EvaluationError as error:
            return NotJson(error.reason, value.span)
        except TooLarge as error:
            return Unknown(error.reason)
    if value.size > _MOST_VALUES:
        return Unknown(f"the definition has more than {_MOST_VALUES} values")
    if value.reason is not None:
        return Unknown(value.reason)
    return _machine(value, (), JSONPATH)


def states_of(definition: Value) -> Iterator[State | Unknown]:
    """The states of a definition at any depth. Unknown with the reason why there may be more.

    None where the definition is no JSON or holds no states: other rules tell that.
    """
    machine = machine_of(definition)
    if isinstance(machine, Unknown):
        yield machine
    elif isinstance(machine, Machine):
        yield from states_in(machine)


def states_in(machine: Machine) -> Iterator[State | Unknown]:
    """The states of a machine, likewise."""
    for state in machine.states:
        yield state
        for inner in state.machines:
            yield from states_in(inner)
        if state.within is not None:
            yield state.within
    if machine.doubt is not None:
        yield machine.doubt


def choice_rules(state: State) -> Iterator[Mapping[str, Value]]:
    """The rules of a Choice state, those within And, Or and Not included."""
    choices = state.given("Choices")
    pending = [choices] if choices is not None else []
    while pending:
        value = pending.pop(0)
        if isinstance(value.data, ListValue):
            pending += value.data.items
        elif isinstance(value.data, MapValue):
            yield value.data.items
            pending += [value.data.items[name] for name in ("And", "Or", "Not") if name in value.data.items]


def ways(state: State) -> Iterator[Way]:
    """The ways on from a state, as far as they are known."""
    for name in ("Next", "Default"):
        target = state.given(name)
        if target is not None:
            yield Way(target, name)
    for name in ("Choices", "Catch"):
        listed = state.given(name)
        for item in listed.elements() if listed is not None and isinstance(listed.data, ListValue) else ():
            if isinstance(item.data, MapValue) and "Next" in item.data.items:
                yield Way(item.data.items["Next"], name, item if name == "Catch" else None)


def ways_doubt(state: State) -> str | None:
    """The reason why a state may lead elsewhere too, or why it isn't known where it leads; None where all is known."""
    if state.doubt is not None:
        return state.doubt
    for name in ("Choices", "Catch"):
        listed = state.given(name)
        if listed is None:
            continue
        if listed.reason is not None:
            return listed.reason
        if isinstance(listed.data, ListValue) and listed.data.doubt is not None:
            return listed.data.doubt.reason
        for item in listed.elements():
            if item.reason is not None:
                return item.reason
            if isinstance(item.data, MapValue) and item.data.doubt is not None:
                return item.data.doubt.reason
    return next((way.target.reason for way in ways(state) if way.target.reason is not None), None)


def chosen_in(machine: Machine) -> Iterator[State | Unknown]:
    """The states that a run without errors reaches only by way of a Choice, with those within them.

    Unknown with the reason why there may be more.
    """
    always, doubt = _reached(machine, past_choices=False)
    reached, _ = _reached(machine, past_choices=True)
    for state in machine.states:
        if state.name in always:
            yield from (inner for held in state.machines for inner in chosen_in(held))
        elif state.name in reached and doubt is None:
            yield state
            yield from (inner for held in state.machines for inner in states_in(held))
    if doubt is not None:
        yield doubt


def _reached(machine: Machine, *, past_choices: bool) -> tuple[set[str], Unknown | None]:
    """The names of the states that a run may reach, and why there may be others."""
    states = machine.by_name
    start = machine.fields.get("StartAt")
    pending = [str(start.data)] if start is not None and isinstance(start.data, str) else []
    reached: set[str] = set()
    doubt = machine.doubt
    while pending:
        state = states.get(pending.pop())
        if state is None or state.name in reached:
            continue
        reached.add(state.name)
        if past_choices or state.type != "Choice":
            unsure = ways_doubt(state)
            doubt = doubt or (Unknown(unsure) if unsure is not None else None)
            pending += [str(way.target.data) for way in ways(state) if past_choices or way.catcher is None]
    return reached, doubt


def _machine(value: Value, enclosing: tuple[State, ...], outer: str | None) -> Machine:
    data = value.data
    if not isinstance(data, MapValue):
        return Machine(value, (), _doubt(value), outer)
    language = _language(value, outer)
    states = data.items.get("States")
    if states is None:
        return Machine(value, (), data.doubt, language)
    if not isinstance(states.data, MapValue):
        return Machine(value, (), _doubt(states), language)
    made = tuple(_state(name, item, enclosing, language) for name, item in states.data.items.items())
    return Machine(value, made, states.data.doubt, language)


def _state(name: str, value: Value, enclosing: tuple[State, ...], outer: str | None) -> State:
    data = value.data
    language = _language(value, outer)
    state = State(name, value, enclosing, language)
    if not isinstance(data, MapValue) or len(enclosing) >= _MOST_DEPTH:
        return state
    around = (*enclosing, state)
    held = [data.items[field] for field in PROCESSORS if field in data.items]
    within: Unknown | None = None
    branches = data.items.get("Branches")
    if branches is not None and isinstance(branches.data, ListValue):
        held += branches.data.items
        within = branches.data.doubt
    elif branches is not None:
        within = _doubt(branches)
    machines = tuple(_machine(item, around, outer) for item in held if item.data is not None)
    return State(name, value, enclosing, language, machines, within)


def _language(value: Value, outer: str | None) -> str | None:
    """The query language that a machine or state says it has, else the one around it."""
    data = value.data
    if not isinstance(data, MapValue):
        return None
    said = data.items.get("QueryLanguage")
    if said is None or said.data is None:
        return outer if data.doubt is None else None
    return said.data if said.data in (JSONPATH, JSONATA) and isinstance(said.data, str) else None


def _doubt(value: Value) -> Unknown | None:
    """The reason why a value isn't known; None where it is, but of the wrong kind."""
    return None if value.reason is None else Unknown(value.reason)
