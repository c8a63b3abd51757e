"""The fields of states: which ones a type has in a query language, which it needs, and what may stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

from ..records import dataclass
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Value
from ..text.nearest import nearest, question, suggestion
from ..text.source import Span
from .states import JSONATA, JSONPATH, Machine, State, is_expression, opening

_TABLE = Path(__file__).with_name("fields.tsv")
MACHINE = "Machine"  # the line of the table for a machine itself
_MOST_SECONDS = 99_999_999
_LONGEST_NAME = 80
# What takes the place of a field in the other query language.
_INSTEAD = {
    "Parameters": "Arguments", "Arguments": "Parameters", "ResultSelector": "Output", "ResultPath": "Output",
    "OutputPath": "Output", "Output": "ResultSelector", "ItemsPath": "Items", "Items": "ItemsPath",
    "TimeoutSecondsPath": "TimeoutSeconds", "HeartbeatSecondsPath": "HeartbeatSeconds", "SecondsPath": "Seconds",
    "TimestampPath": "Timestamp", "MaxConcurrencyPath": "MaxConcurrency", "ErrorPath": "Error", "CausePath": "Cause",
    "ToleratedFailureCountPath": "ToleratedFailureCount",
    "ToleratedFailurePercentagePath": "ToleratedFailurePercentage",
}  # fmt: skip
_OF_STATES: Mapping[str, tuple[int, int]] = {
    "TimeoutSeconds": (1, _MOST_SECONDS), "HeartbeatSeconds": (1, _MOST_SECONDS), "Seconds": (0, _MOST_SECONDS),
    "MaxConcurrency": (0, _MOST_SECONDS), "ToleratedFailureCount": (0, _MOST_SECONDS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that makes a definition invalid, and its place. With a `doubt`, the reason why it isn't certain."""

    what: str
    span: Span | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a type: in both query languages, in one alone; those needed; those of which one may stand."""

    both: frozenset[str]
    alone: Mapping[str, frozenset[str]]
    needed: tuple[tuple[str, ...], ...]
    rivals: tuple[tuple[str, ...], ...]

    def of(self, language: str | None) -> frozenset[str]:
        """The fields in a query language; all where it isn't known."""
        if language is None:
            return self.both.union(*self.alone.values())
        return self.both | self.alone[language]


@cache
def fields_by_type() -> Mapping[str, Fields]:
    """The lines of the table."""
    found = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type_, both, jsonpath, jsonata, needed, rivals = (part.split() for part in line.split("\t"))
            alone = {JSONPATH: frozenset(jsonpath), JSONATA: frozenset(jsonata)}
            groups = [tuple(tuple(group.split("|")) for group in column) for column in (needed, rivals)]
            found[type_[0]] = Fields(frozenset(both), alone, *groups)
    return found


def types() -> tuple[str, ...]:
    """The types of states."""
    return tuple(type_ for type_ in fields_by_type() if type_ != MACHINE)


def misspelt(state: State) -> frozenset[str]:
    """The fields that a state was probably meant to have where it has a name that no field has."""
    if state.type not in types():
        return frozenset()
    known = fields_by_type()[state.type].of(state.language)
    return frozenset(near for name in state.fields if name not in known and (near := nearest(name, known)))


def machine_problems(machine: Machine) -> Iterator[Problem]:
    """What is wrong with the fields of a definition as a whole."""
    known = fields_by_type()[MACHINE].both
    for name, value in machine.fields.items():
        if name not in known:
            yield Problem(f"a state machine has no field {name}{suggestion(name, known)}", value.span)
    timeout = machine.fields.get("TimeoutSeconds")
    if timeout is not None:
        yield from _number("TimeoutSeconds of the state machine", timeout, 0, _MOST_SECONDS, JSONPATH)
    yield from _query_language("the state machine", machine.fields, None)


def state_problems(state: State, outer: str | None) -> Iterator[Problem]:
    """What is wrong with the fields of a state; `outer` is the query language of the definition as a whole."""
    if len(state.name) > _LONGEST_NAME:
        yield Problem(f"the name of the state {state.name} is longer than {_LONGEST_NAME} characters", state.place)
    if not isinstance(state.value.data, MapValue):
        if state.value.reason is None:
            yield Problem(f"the state {state.name} is no object", state.place)
        return
    type_ = state.given("Type")
    if type_ is None:
        if state.doubt is None and nearest_is_missing(state, "Type"):
            yield Problem(f"the state {state.name} has no Type", opening(state.value))
        yield from _unknown_type_fields(state)
        return
    if state.type not in types():
        if type_.reason is None:
            near = suggestion(str(type_.data), types())
            yield Problem(f"the state {state.name} has a Type that does not exist, {_shown(type_)}{near}", type_.span)
        else:
            yield Problem(f"the Type of the state {state.name} is not known", type_.span, type_.reason)
        return
    yield from _query_language(f"the state {state.name}", state.fields, outer)
    yield from _names(state)
    yield from _needs(state)
    yield from _numbers(state)
    yield from _resource(state)
    yield from _processor(state)


def nearest_is_missing(state: State, name: str) -> bool:
    """Return True unless another field of the state is the misspelt one."""
    return all(nearest(other, (name,)) is None for other in state.fields)


def _unknown_type_fields(state: State) -> Iterator[Problem]:
    """Fields of a state without type that are `Type`, misspelt."""
    for name, value in state.fields.items():
        if nearest(name, ("Type",)) is not None and name != "Type":
            yield Problem(f"the state {state.name} has no field {name}; {question('Type')}", value.span)


def _names(state: State) -> Iterator[Problem]:
    assert state.type is not None
    fields = fields_by_type()[state.type]
    known = fields.of(state.language)
    for name, value in state.fields.items():
        if name in known:
            continue
        if name in fields.of(None):
            instead = _INSTEAD.get(name, "")
            use = f"; use {instead}" if instead in known else ""
            yield Problem(f"the {state.language} state {state.name} has no field {name}{use}", value.span)
        else:
            near = suggestion(name, known)
            yield Problem(f"the {state.type} state {state.name} has no field {name}{near}", value.span)


def _needs(state: State) -> Iterator[Problem]:
    assert state.type is not None
    fields = fields_by_type()[state.type]
    meant = misspelt(state)
    for group in fields.needed:
        usable = [name for name in group if name in fields.of(state.language)]
        if state.doubt is None and not any(state.given(name) or name in meant for name in group):
            words = " or ".join(usable)
            yield Problem(f"the {state.type} state {state.name} has no {words}", state.place)
    for group in fields.rivals:
        given = [name for name in group if state.given(name) is not None and name in fields.of(state.language)]
        if len(given) > 1:
            words = " and ".join(given)
            yield Problem(f"the {state.type} state {state.name} has {words}: one of them", state.fields[given[1]].span)
    for name in ("Choices", "Branches", "Items"):
        value = state.given(name)
        if value is not None and name == "Items" and (state.language != JSONATA or is_expression(value.data)):
            continue
        if name in fields.of(None) and value is not None and value.reason is None:
            if not isinstance(value.data, ListValue):
                yield Problem(f"{name} of the state {state.name} is no list", value.span)
            elif name != "Items" and not value.data.items and value.data.doubt is None:
                yield Problem(f"{name} of the state {state.name} is empty", value.span)


def _resource(state: State) -> Iterator[Problem]:
    """The complaint about a Task's resource that is certainly no ARN."""
    value = state.given("Resource")
    data = value.data if value is not None and state.type == "Task" else None
    known = data if isinstance(data, str) else data.prefix if isinstance(data, PartialString) else None
    is_arn = known is None or known.startswith("arn:") or (isinstance(data, PartialString) and "arn:".startswith(known))
    if value is not None and not is_arn:
        yield Problem(f"Resource of the state {state.name} is no ARN", value.span)


def _numbers(state: State) -> Iterator[Problem]:
    for name, (least, most) in _OF_STATES.items():
        value = state.given(name)
        if value is not None:
            yield from _number(f"{name} of the state {state.name}", value, least, most, state.language)
    timeout, heartbeat = state.given("TimeoutSeconds"), state.given("HeartbeatSeconds")
    if timeout is not None and heartbeat is not None:
        whole, part = number(timeout), number(heartbeat)
        if whole is not None and part is not None and part >= whole:
            what = f"HeartbeatSeconds of the state {state.name} is not less than its TimeoutSeconds"
            yield Problem(what, heartbeat.span)


def number(value: Value | None) -> int | Fraction | None:
    """A value's number, None where it is none or isn't known."""
    data = None if value is None else value.data
    return data if isinstance(data, (int, Fraction)) and not isinstance(data, bool) else None


def _number(what: str, value: Value, least: int, most: int, language: str | None) -> Iterator[Problem]:
    """The complaint about a field that has to be a whole number. In JSONata an expression may stand for it."""
    data = value.data
    if data is None or value.reason is not None:
        return
    if is_expression(data) and language != JSONPATH:
        return
    found = number(value)
    if found is None or found != int(found):
        yield Problem(f"{what} has to be a whole number and is {_shown(value)}", value.span)
    elif not least <= found <= most:
        yield Problem(f"{what} has to lie between {least} and {most} and is {found}", value.span)


def _shown(value: Value) -> str:
    """A value as a message shows it."""
    data = value.data
    if isinstance(data, str):
        return f'"{data}"'
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, Fraction):
        return str(float(data))
    return "an object" if isinstance(data, MapValue) else "a list" if isinstance(data, ListValue) else str(data)


def _query_language(what: str, fields: Mapping[str, Value], outer: str | None) -> Iterator[Problem]:
    value = fields.get("QueryLanguage")
    if value is None or value.data is None or value.reason is not None:
        return
    if value.data not in (JSONPATH, JSONATA):
        near = suggestion(str(value.data), (JSONPATH, JSONATA))
        yield Problem(f"QueryLanguage of {what} is neither JSONPath nor JSONata{near}", value.span)
    elif value.data == JSONPATH and outer == JSONATA:
        yield Problem(f"{what} is in JSONPath, but the state machine is in JSONata as a whole", value.span)


def _processor(state: State) -> Iterator[Problem]:
    """What is wrong with the mode of a Map state's processor."""
    processor = state.given("ItemProcessor")
    config = processor.data.items.get("ProcessorConfig") if processor and isinstance(processor.data, MapValue) else None
    if config is None or not isinstance(config.data, MapValue):
        return
    mode, kind = config.data.items.get("Mode"), config.data.items.get("ExecutionType")
    if mode is not None and mode.reason is None and mode.data not in ("INLINE", "DISTRIBUTED", None):
        yield Problem(f"Mode of the state {state.name} is neither INLINE nor DISTRIBUTED", mode.span)
    if kind is not None and kind.reason is None and kind.data not in ("STANDARD", "EXPRESS", None):
        yield Problem(f"ExecutionType of the state {state.name} is neither STANDARD nor EXPRESS", kind.span)
    if mode is not None and mode.data == "DISTRIBUTED" and kind is None and config.data.doubt is None:
        yield Problem(f"the DISTRIBUTED Map state {state.name} has no ExecutionType", mode.span)
