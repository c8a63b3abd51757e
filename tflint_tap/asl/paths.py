"""Texts that have to be paths or intrinsic functions of JSONPath: `$.order.id`, `States.Format('{}', $.id)`."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.values import MapValue, PartialString, Symbol, Value
from .fields import Problem
from .shapes import texts_in
from .states import JSONPATH, State, choice_rules

_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign")
_BEGINNINGS = ("$", "States.")


def path_problems(state: State) -> Iterator[Problem]:
    """The complaints about texts of a JSONPath state that have to be paths and are none."""
    if state.language != JSONPATH:
        return
    for name, value in state.fields.items():
        if name.endswith("Path") and _is_no_path(value):
            yield Problem(f"{name} of the state {state.name} is no path, which begins with $", value.span)
    for rule in choice_rules(state):
        for name, value in rule.items():
            if (name == "Variable" or name.endswith("Path")) and _is_no_path(value):
                yield Problem(f"{name} of the state {state.name} is no path, which begins with $", value.span)
    catchers = state.given("Catch")
    for catcher in catchers.elements() if catchers is not None else ():
        placed = catcher.data.items.get("ResultPath") if isinstance(catcher.data, MapValue) else None
        if placed is not None and _is_no_path(placed):
            yield Problem(f"ResultPath in Catch of the state {state.name} is no path, which begins with $", placed.span)
    for name in _TEMPLATES:
        template = state.given(name)
        for text in texts_in(template, is_template=True) if template is not None else ():
            if text.data is None or _is_no_path(text):
                what = "is neither a path, which begins with $, nor a function, which begins with States"
                yield Problem(f"what stands behind .$ in {name} of the state {state.name} {what}", text.span)


def _is_no_path(value: Value) -> bool:
    """Return True for what certainly is no path, null aside."""
    data = value.data
    if isinstance(data, Symbol):
        return data.path[-1:] == ("arn",)
    if isinstance(data, PartialString):
        lead = data.prefix
        return not any(lead.startswith(beginning) or beginning.startswith(lead) for beginning in _BEGINNINGS)
    if data is None or value.reason is not None:
        return False
    return not isinstance(data, str) or not data.startswith(_BEGINNINGS)
