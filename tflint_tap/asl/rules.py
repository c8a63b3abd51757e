"""Retriers, catchers and the rules of Choice states: what has to stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..terraform.evaluation.values import ListValue, MapValue, Value
from ..text.nearest import suggestion
from .fields import Problem, number
from .states import JSONATA, JSONPATH, State, is_expression, opening

# From https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, with the largest numbers.
_OF_RETRIERS: Mapping[str, tuple[int, int, bool]] = {
    "IntervalSeconds": (0, 99_999_999, True),
    "MaxAttempts": (0, 99_999_999, True),
    "BackoffRate": (1, 99_999_999, False),
    "MaxDelaySeconds": (1, 31_622_400, True),
}
_EVERY_ERROR = "States.ALL"
_JITTER = ("FULL", "NONE")
_COMPARED = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
_TESTS = ("IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp")
OPERATORS = (
    *(f"{kind}{how}{end}" for kind in ("String", "Numeric", "Timestamp") for how in _COMPARED for end in ("", "Path")),
    "BooleanEquals", "BooleanEqualsPath", "StringMatches", *_TESTS,
)  # fmt: skip
_MANY = ("And", "Or")
_BESIDE = ("Variable", "Next", "Comment", "Assign", "Output", "Condition")
_MOST_DEPTH = 20


def retry_problems(state: State) -> Iterator[Problem]:
    """What is wrong with the retriers and catchers of a state."""
    for name in ("Retry", "Catch"):
        listed = state.given(name)
        if listed is None or listed.reason is not None:
            continue
        if not isinstance(listed.data, ListValue):
            yield Problem(f"{name} of the state {state.name} is no list", listed.span)
            continue
        last = len(listed.data.items) - 1
        for at, item in enumerate(listed.data.items):
            if isinstance(item.data, MapValue):
                is_last = at == last or listed.data.doubt is not None
                yield from _errors(state, name, item, item.data, is_last=is_last)
                yield from _retrier(state, item.data) if name == "Retry" else _catcher(state, item, item.data)
            elif item.reason is None:
                yield Problem(f"{name} of the state {state.name} holds what is no object", item.span)


def _errors(state: State, name: str, item: Value, fields: MapValue, *, is_last: bool) -> Iterator[Problem]:
    """What is wrong with the errors that a retrier or catcher is for."""
    errors = fields.items.get("ErrorEquals")
    if errors is None or errors.data is None:
        if fields.doubt is None:
            yield Problem(f"{name} of the state {state.name} does not say for which errors: ErrorEquals", opening(item))
        return
    if errors.reason is not None:
        return
    if not isinstance(errors.data, ListValue):
        yield Problem(f"ErrorEquals in {name} of the state {state.name} is no list", errors.span)
    elif not errors.data.items:
        if errors.data.doubt is None:
            yield Problem(f"ErrorEquals in {name} of the state {state.name} is empty", errors.span)
    elif any(error.data == _EVERY_ERROR for error in errors.data.items):
        if len(errors.data.items) > 1:
            yield Problem(f"{_EVERY_ERROR} in {name} of the state {state.name} has to stand alone", errors.span)
        elif not is_last:
            yield Problem(f"{_EVERY_ERROR} in {name} of the state {state.name} has to stand last", errors.span)


def _retrier(state: State, fields: MapValue) -> Iterator[Problem]:
    for name, (least, most, is_whole) in _OF_RETRIERS.items():
        value = fields.items.get(name)
        if value is None or value.data is None or value.reason is not None:
            continue
        if is_expression(value.data) and state.language != JSONPATH:
            continue
        found = number(value)
        if found is None or (is_whole and found != int(found)):
            kind = "whole number" if is_whole else "number"
            yield Problem(f"{name} in Retry of the state {state.name} has to be a {kind}", value.span)
        elif not least <= found <= most:
            shown = float(found) if isinstance(found, Fraction) else found
            what = f"{name} in Retry of the state {state.name} has to lie between {least} and {most} and is {shown}"
            yield Problem(what, value.span)
    jitter = fields.items.get("JitterStrategy")
    if jitter is not None and jitter.data is not None and jitter.reason is None and jitter.data not in _JITTER:
        yield Problem(f"JitterStrategy in Retry of the state {state.name} is neither FULL nor NONE", jitter.span)
    delay, interval = fields.items.get("MaxDelaySeconds"), fields.items.get("IntervalSeconds")
    most_delay, first = number(delay), number(interval)
    if delay is not None and most_delay is not None and first is not None and 1 <= most_delay <= first:
        what = f"MaxDelaySeconds in Retry of the state {state.name} is not greater than IntervalSeconds"
        yield Problem(what, delay.span)


def _catcher(state: State, item: Value, fields: MapValue) -> Iterator[Problem]:
    if fields.doubt is None and "Next" not in fields.items:
        yield Problem(f"Catch of the state {state.name} has no Next", opening(item))
    for name, language in (("ResultPath", JSONATA), ("Output", JSONPATH)):
        if state.language == language and name in fields.items:
            what = f"Catch of the {language} state {state.name} has no field {name}"
            yield Problem(what, fields.items[name].span)


def choice_problems(state: State) -> Iterator[Problem]:
    """What is wrong with the rules of a Choice state."""
    listed = state.given("Choices")
    if state.type != "Choice" or listed is None or not isinstance(listed.data, ListValue):
        return
    for item in listed.data.items:
        if not isinstance(item.data, MapValue):
            if item.reason is None:
                yield Problem(f"Choices of the state {state.name} holds what is no object", item.span)
            continue
        if item.data.doubt is None and "Next" not in item.data.items:
            yield Problem(f"a rule in Choices of the state {state.name} has no Next", opening(item))
        if state.language == JSONATA:
            yield from _condition(state, item, item.data)
        elif state.language == JSONPATH:
            yield from _comparison(state, item, item.data, 0)


def _condition(state: State, item: Value, fields: MapValue) -> Iterator[Problem]:
    condition = fields.items.get("Condition")
    if condition is None:
        if fields.doubt is None:
            yield Problem(f"a rule in Choices of the JSONata state {state.name} has no Condition", opening(item))
    elif condition.reason is None and not isinstance(condition.data, bool) and not is_expression(condition.data):
        yield Problem(f"Condition of the state {state.name} is no expression: {{% ... %}}", condition.span)
    for name, value in fields.items.items():
        if name == "Variable" or name in OPERATORS or name in (*_MANY, "Not"):
            yield Problem(f"a rule in Choices of the JSONata state {state.name} has no field {name}", value.span)
            return


def _comparison(state: State, item: Value, fields: MapValue, depth: int) -> Iterator[Problem]:
    """What is wrong with a rule, or with a part of one that And, Or and Not hold."""
    names = fields.items
    if fields.doubt is not None or depth > _MOST_DEPTH:
        return
    if depth and "Next" in names:
        yield Problem(f"a rule within another one of the state {state.name} has a Next", names["Next"].span)
    if "Condition" in names:
        what = f"a rule in Choices of the JSONPath state {state.name} has no field Condition"
        yield Problem(what, names["Condition"].span)
        return
    held = [name for name in (*_MANY, "Not") if name in names]
    if held:
        yield from _held(state, held[0], names[held[0]], depth)
        return
    chosen = [name for name in names if name in OPERATORS]
    others = [name for name in names if name not in OPERATORS and name not in _BESIDE]
    if others and not chosen:
        what = f"a rule of the state {state.name} compares by {others[0]}, which is no operator"
        yield Problem(what + suggestion(others[0], (*OPERATORS, *_MANY, "Not")), names[others[0]].span)
    elif not chosen:
        yield Problem(f"a rule of the state {state.name} compares nothing", opening(item))
    elif len(chosen) > 1:
        words = " and ".join(chosen)
        yield Problem(f"a rule of the state {state.name} compares by {words}: one of them", names[chosen[1]].span)
    elif "Variable" not in names:
        yield Problem(f"a rule of the state {state.name} compares by {chosen[0]}, but no Variable", opening(item))
    else:
        yield from _compared(state, chosen[0], names[chosen[0]])


def _compared(state: State, operator: str, value: Value) -> Iterator[Problem]:
    """The complaint about a value of another type than the operator compares."""
    if value.reason is not None:
        return
    if operator.endswith("Path") or operator.startswith(("String", "Timestamp")):
        kind, is_right = "text", isinstance(value.data, str)
    elif operator.startswith("Numeric"):
        kind, is_right = "a number", number(value) is not None
    else:
        kind, is_right = "true or false", isinstance(value.data, bool)
    if not is_right:
        yield Problem(f"{operator} of the state {state.name} has to be {kind}", value.span)


def _held(state: State, name: str, value: Value, depth: int) -> Iterator[Problem]:
    if value.reason is not None:
        return
    if name == "Not":
        if isinstance(value.data, MapValue):
            yield from _comparison(state, value, value.data, depth + 1)
        else:
            yield Problem(f"Not of the state {state.name} holds what is no rule", value.span)
        return
    if not isinstance(value.data, ListValue) or (not value.data.items and value.data.doubt is None):
        yield Problem(f"{name} of the state {state.name} holds no rules", value.span)
        return
    for item in value.data.items:
        if isinstance(item.data, MapValue):
            yield from _comparison(state, item, item.data, depth + 1)
