"""The data that flow from state to state, and the paths that read from them what no state before has set.

A state gets what any of the states before it may pass on: the shapes of all ways to it are joined until nothing
changes. So a path is never set only if every way to the state has certainly replaced what it names, or lacks it.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass, field
from ..terraform.evaluation.values import MapValue, PartialString, Value
from .shapes import (
    ANYTHING,
    Anything,
    Fields,
    Items,
    Missing,
    Origin,
    Shape,
    at_path,
    bounded,
    joined,
    literal_shape,
    paths_in,
    texts_in,
    with_path,
)
from .states import JSONATA, Machine, State, choice_rules, ways, ways_doubt

_TABLE = Path(__file__).with_name("results.tsv")
_ALWAYS = ("SdkHttpMetadata", "SdkResponseMetadata")
_ERROR = ("Cause", "Error")
_PATHS = (
    "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath",
    "ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "ErrorPath", "CausePath",
)  # fmt: skip
_INTEGRATION = re.compile(r"arn:[^:]*:states:[^:]*:[^:]*:([a-z0-9]+:[A-Za-z0-9]+)")
_MOST_ROUNDS = 50  # until nothing changes any more; then nothing is said
_JSONATA_READ = re.compile(r"\$states\.(input|result)((?:\.[^\W\d]\w*)*)(?![\w.(`\"])")
_JSONATA_LENIENT = re.compile(r"\$exists|\?|~>|\$lookup|\$type|\$count|\$string|\$boolean|\$not|\$merge|\$append")
_JSONATA_WHOLE = re.compile(r"\{%\s*(.*?)\s*%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Read:
    """A path that is never set: the `state` reads it in `value`; `missing` says what lacks which part of it.

    With a `doubt` it isn't known what is read, and `missing` is None.
    """

    state: State
    path: str
    value: Value
    missing: Missing | None
    doubt: str | None = None


@dataclass(slots=True)
class _Flow:
    """The analysis of one machine; `inputs` are the shapes that arrive at its states."""

    machine: Machine
    inputs: dict[str, Shape] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)


def never_set(machine: Machine) -> tuple[Read, ...]:
    """The reads of paths that are never set, in a machine and in those within its states.

    Of those that miss one thing where it was left out, the first.
    """
    found: dict[object, Read] = {}
    for number, read in enumerate(_flow(machine, ANYTHING).reads):
        origin = None if read.missing is None else read.missing.origin
        cause = number if read.missing is None or origin is None else (origin.span, read.missing.steps)
        found.setdefault(cause, read)
    return tuple(found.values())


def _flow(machine: Machine, first: Shape) -> _Flow:
    flow = _Flow(machine)
    states = machine.by_name
    start = machine.fields.get("StartAt")
    known = start is not None and isinstance(start.data, str) and start.data in states
    if not known or start is None or machine.doubt is not None or any(map(ways_doubt, machine.states)):
        flow.inputs = dict.fromkeys(states, ANYTHING)
    else:
        _settle(flow, str(start.data), first)
    for state in machine.states:
        if state.name in flow.inputs:
            _State(state, flow.inputs[state.name], flow.reads).outcome()
    return flow


def _settle(flow: _Flow, start: str, first: Shape) -> None:
    """Pass shapes on from state to state until nothing changes."""
    states = flow.machine.by_name
    flow.inputs[start] = first
    pending, rounds = [start], dict.fromkeys(states, 0)
    while pending:
        name = pending.pop()
        rounds[name] += 1
        state = states[name]
        outcome = _State(state, flow.inputs[name], None).outcome()
        for way in ways(state):
            target = str(way.target.data)
            if target not in states:
                continue
            passed = outcome.output if way.catcher is None else outcome.caught(way.catcher)
            before = flow.inputs.get(target)
            after = passed if before is None else joined(before, passed)
            after = bounded(after) if rounds[name] < _MOST_ROUNDS else ANYTHING
            if before is None or after != before:
                flow.inputs[target] = after
                pending.append(target)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The data that a state passes on, and those it got: what a catcher passes on is put into these."""

    state: State
    input: Shape
    output: Shape

    def caught(self, catcher: Value) -> Shape:
        assert isinstance(catcher.data, MapValue)
        error = Fields(
            dict.fromkeys(_ERROR, ANYTHING), origin=Origin("an error has Error and Cause here", catcher.span)
        )
        fields = catcher.data.items
        if catcher.data.doubt is not None or self.state.language is None:
            return ANYTHING
        if self.state.language == JSONATA:
            if "Output" not in fields:
                return error
            origin = Origin("Output of Catch is written here", fields["Output"].span)
            return literal_shape(fields["Output"], _jsonata_shape, is_template=False, origin=origin)
        return _placed(self.input, fields.get("ResultPath"), error)


@dataclass(slots=True)
class _State:
    """A state at work on its input. Reads of what is never set are added to `reads`; None where they aren't wanted."""

    state: State
    input: Shape
    reads: list[Read] | None

    def outcome(self) -> _Outcome:
        """The state's outcome."""
        if self.state.doubt is not None or self.state.language is None or self.state.type is None:
            return _Outcome(self.state, self.input, ANYTHING)
        output = self._by_jsonata() if self.state.language == JSONATA else self._by_jsonpath()
        return _Outcome(self.state, self.input, output)

    # -- JSONPath ------------------------------------------------------------------------------------------

    def _by_jsonpath(self) -> Shape:
        state = self.state
        shape = self._selected(self.input, state.fields.get("InputPath"))
        if state.type == "Choice":
            self._choices(shape)
        for name in _PATHS:
            self._selected(shape, state.given(name))
        if state.type in ("Task", "Parallel", "Pass", "Map"):
            result = self._result(shape)
            if state.type != "Pass" and state.given("ResultSelector") is not None:
                result = self._template("ResultSelector", result)
            shape = _placed(self.input, state.fields.get("ResultPath"), result)
        return self._selected(shape, state.fields.get("OutputPath"))

    def _result(self, shape: Shape) -> Shape:
        """The result of a state's own work on its effective input."""
        state = self.state
        if state.type == "Map":
            self._selected(shape, state.given("ItemsPath"))
            for name in ("ItemSelector", "Parameters"):
                self._template(name, shape)
            self._within(self._item(shape))
            if state.given("ResultWriter") is not None:
                return ANYTHING
            return Items(Origin("a Map state passes on a list", state.place))
        if state.given("Parameters") is not None:
            shape = self._template("Parameters", shape)
        if state.type == "Parallel":
            self._within(shape)
            return Items(Origin("a Parallel state passes on a list, an element for each branch", state.place))
        if state.type == "Pass":
            result = state.fields.get("Result")
            if result is None:
                return shape
            return literal_shape(result, _nothing_known, is_template=True, origin=_origin("Result", result))
        return _task_result(state)

    def _within(self, first: Shape) -> None:
        """Add the reads of the machines within the state."""
        if self.reads is not None:
            for machine in self.state.machines:
                self.reads.extend(_flow(machine, first).reads)

    def _item(self, shape: Shape) -> Shape:
        """The input of each of a Map state's items: what the selector makes, else an element of the list."""
        if self.state.given("ItemBatcher") is not None:
            return ANYTHING
        name = next((name for name in ("ItemSelector", "Parameters") if self.state.given(name) is not None), None)
        return ANYTHING if name is None else self._template(name, shape, silent=True)

    def _template(self, name: str, shape: Shape, *, silent: bool = False) -> Shape:
        """The shape that a payload template makes of a shape."""
        value = self.state.given(name)
        if value is None:
            return ANYTHING
        for text in () if silent else texts_in(value, is_template=True):
            self._read(shape, text)

        def selected(text: Value) -> Shape:
            data = text.data
            if not isinstance(data, str) or not data.startswith("$"):
                return ANYTHING
            found = at_path(shape, data)
            return ANYTHING if isinstance(found, Missing) else found

        return literal_shape(value, selected, is_template=True, origin=_origin(name, value))

    def _selected(self, shape: Shape, path: Value | None) -> Shape:
        """The shape behind a path; all of it where none is given, nothing where the path is null."""
        if path is None:
            return shape
        if path.data is None:
            return Fields({}, origin=Origin("the path is null here", path.span))
        self._read(shape, path)
        if not isinstance(path.data, str):
            return ANYTHING
        found = at_path(shape, path.data)
        return ANYTHING if isinstance(found, Missing) else found

    def _choices(self, shape: Shape) -> None:
        """The variables that the rules of a Choice state compare. What a rule asks the presence of may be absent."""
        rules = list(choice_rules(self.state))
        asked = {rule["Variable"].data for rule in rules if "IsPresent" in rule and "Variable" in rule}
        for rule in rules:
            for name, value in rule.items():
                is_path = name == "Variable" or name.endswith("Path")
                if is_path and not any(_begins(value.data, path) for path in asked):
                    self._read(shape, value)

    def _read(self, shape: Shape, value: Value) -> None:
        """Add the paths of a text that are never set."""
        if self.reads is None:
            return
        if isinstance(value.data, PartialString):
            if not isinstance(shape, Anything) and value.data.prefix.startswith("$."):
                self.reads.append(Read(self.state, str(value.data), value, None, value.reason))
            return
        if not isinstance(value.data, str):
            return
        for path in paths_in(value.data):
            found = at_path(shape, path)
            if isinstance(found, Missing):
                self.reads.append(Read(self.state, path, value, found))
                return

    # -- JSONata -------------------------------------------------------------------------------------------

    def _by_jsonata(self) -> Shape:
        state = self.state
        result = self._jsonata_result()
        for name, value in state.fields.items():
            if name in ("Arguments", "Items", "ItemSelector", "Seconds", "Timestamp", "TimeoutSeconds", "Choices"):
                self._jsonata_reads(value, None)
            elif name in ("Output", "Assign"):
                self._jsonata_reads(value, result)
        output = state.fields.get("Output")
        if output is not None:
            return literal_shape(output, _jsonata_shape, is_template=False, origin=_origin("Output", output))
        return result if state.type in ("Task", "Parallel", "Map") else self.input

    def _jsonata_result(self) -> Shape:
        state = self.state
        self._within(self.input if state.type == "Parallel" and state.given("Arguments") is None else ANYTHING)
        if state.type in ("Parallel", "Map"):
            return ANYTHING  # a path into a list leads into each of its elements
        return _task_result(state) if state.type == "Task" else ANYTHING

    def _jsonata_reads(self, value: Value, result: Shape | None) -> None:
        """Add what the expressions in a value read of the input, and of the result where there is one."""
        if self.reads is None:
            return
        for text in texts_in(value, is_template=False):
            whole = _JSONATA_WHOLE.fullmatch(str(text.data))
            if whole is None or _JSONATA_LENIENT.search(whole.group(1)):
                continue
            for match in _JSONATA_READ.finditer(whole.group(1)):
                shape = self.input if match.group(1) == "input" else result
                found = None if shape is None else at_path(shape, f"${match.group(2)}", through_lists=True)
                if isinstance(found, Missing):
                    self.reads.append(Read(self.state, match.group(), text, found))
                    break


def _placed(input_: Shape, path: Value | None, result: Shape) -> Shape:
    """A result as ResultPath puts it into the state's input."""
    if path is None:
        return result
    if path.data is None:
        return input_
    return with_path(input_, path.data, result) if isinstance(path.data, str) else ANYTHING


def _task_result(state: State) -> Shape:
    """The shape of what a Task's integration returns."""
    resource = state.given("Resource")
    if resource is None:
        return ANYTHING
    data = resource.data
    text = (
        "".join(part if isinstance(part, str) else "?" for part in data.parts)
        if isinstance(data, PartialString)
        else data
    )
    match = _INTEGRATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or match.group(1) not in _results():
        return ANYTHING
    names = _results()[match.group(1)]
    label = f"{match.group(1)} returns {', '.join(names[:-1])} and {names[-1]}"
    return Fields(dict.fromkeys((*names, *_ALWAYS), ANYTHING), origin=Origin(label, resource.span))


@cache
def _results() -> Mapping[str, tuple[str, ...]]:
    """The fields that integrations return, by integration."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: tuple(fields.split()) for name, _, fields in (line.partition("\t") for line in lines)}


def _begins(path: object, other: object) -> bool:
    """Return True if a path is another one, or leads on from it."""
    return (
        isinstance(path, str)
        and isinstance(other, str)
        and (path == other or path.startswith((f"{other}.", f"{other}[")))
    )


def _origin(name: str, value: Value) -> Origin:
    return Origin(f"{name} is written here", value.span)


def _nothing_known(value: Value) -> Shape:
    return ANYTHING


def _jsonata_shape(value: Value) -> Shape:
    """The shape of a text in JSONata: anything where it is an expression."""
    return ANYTHING
