"""Paths that are never set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tflint_tap.asl.flow import never_set
from tflint_tap.asl.shapes import ANYTHING, Fields, Items, Missing, Scalar, at_path, joined, paths_in, with_path
from tflint_tap.asl.states import Machine, machine_of
from tflint_tap.terraform.evaluation.values import Value

INVOKE = "arn:aws:states:::lambda:invoke"


def unset(states: dict[str, Any], start: str = "A") -> list[tuple[str, str]]:
    """The states with the paths that they read and that are never set."""
    machine = machine_of(Value(json.dumps({"StartAt": start, "States": states})))
    assert isinstance(machine, Machine)
    return [(read.state.name, read.path) for read in never_set(machine)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("$", ("$",)),
        ("$.a.b", ("$.a.b",)),
        ("$['a b']", ("$['a b']",)),
        ("$$.Execution.Id", ()),
        ("$variable.a", ()),
        ("text", ()),
        ("States.UUID()", ()),
        ("States.Format('$.no {}', $.a.b, $$.Execution.Id, $v.x)", ("$.a.b",)),
        ("States.ArrayGetItem($.a, States.MathAdd($.b[0].c, 1))", ("$.a", "$.b[0].c")),
    ],
)
def test_the_paths_of_a_text(text: str, paths: tuple[str, ...]) -> None:
    assert paths_in(text) == paths


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("$", True), ("$.a", True), ("$.a.b", True), ("$['a']['b']", True), ("$.a.c", False), ("$.l[0]", True),
        ("$.l[0].x", True), ("$.l.x", False), ("$.t.x", False), ("$.u.x.y", True), ("$.x", False), ("$.a[0]", False),
        ("$.a.*", True), ("$..c", True), ("$.l[?(@.x)].y", True), ("$.l.length()", True), ("$.größe", False),
        ("$.a.b-c", False),
    ],
)  # fmt: skip
def test_a_path_leads_to_what_may_be_there(path: str, is_there: bool) -> None:
    shape = Fields({"a": Fields({"b": ANYTHING}), "l": Items(), "t": Scalar(), "u": ANYTHING})
    assert isinstance(at_path(shape, path), Missing) is not is_there


def test_joined_shapes_have_what_either_has() -> None:
    one, other = Fields({"a": Scalar()}), Fields({"b": Items()})
    assert joined(one, other) == Fields({"a": Scalar(), "b": Items()})
    assert joined(one, ANYTHING) == ANYTHING
    assert joined(with_path(ANYTHING, "$.a", one), with_path(ANYTHING, "$.b", one)) == Fields(
        {"a": ANYTHING, "b": ANYTHING}, may_have_others=True
    )
    assert joined(Items(), Scalar()) == ANYTHING


def test_a_loop_that_wraps_its_input_ends() -> None:
    states = {
        "A": {"Type": "Pass", "Result": {"x": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"before.$": "$", "x.$": "$.x", "y.$": "$.y"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": 1, "Next": "D"}], "Default": "B"},
        "D": {"Type": "Pass", "InputPath": "$.before.before.x", "End": True},
    }
    assert unset(states) == []


def test_of_the_reads_that_miss_the_same_the_first_is_told() -> None:
    states = {
        "A": {"Type": "Task", "Resource": INVOKE, "Next": "B"},
        "B": {
            "Type": "Pass",
            "Parameters": {"a.$": "$.answer.a", "b.$": "$.answer.b"},
            "ResultPath": None,
            "Next": "C",
        },
        "C": {"Type": "Pass", "InputPath": "$.other", "ResultPath": None, "End": True},
    }
    assert unset(states) == [("B", "$.answer.a"), ("C", "$.other")]


def test_nothing_is_told_where_the_ways_are_not_known() -> None:
    states = {
        "A": {"Type": "Task", "Resource": INVOKE, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$.answer", "End": True},
    }
    assert unset(states) == [("B", "$.answer")]
    assert unset(states, "Nowhere") == []


def test_a_state_that_nothing_leads_to_reads_nothing() -> None:
    states = {
        "A": {"Type": "Pass", "Result": {}, "End": True},
        "B": {"Type": "Pass", "InputPath": "$.x", "End": True},
    }
    assert unset(states) == []


@pytest.mark.parametrize(
    ("expression", "is_told"),
    [
        ("{% $states.result.answer %}", True),
        ("{% $states.result.Payload.answer %}", False),
        ("{% $sum($states.result.answer) > 1 %}", True),
        ("{% $exists($states.result.answer) %}", False),
        ("{% $states.result.answer ? 1 : 2 %}", False),
        ("{% $states.result.answer.$sum(x) %}", False),
        ("{% $states.input.answer %}", False),
        ("$states.result.answer", False),
    ],
)
def test_an_expression_of_jsonata_reads_the_result(expression: str, is_told: bool) -> None:
    state = {"Type": "Task", "QueryLanguage": "JSONata", "Resource": INVOKE, "Output": expression, "End": True}
    assert bool(unset({"A": state})) is is_told


def test_a_path_into_a_list_is_one_into_its_elements_in_jsonata() -> None:
    states = {
        "A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"list": [{"x": 1}]}, "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.list.x %}", "End": True},
    }
    assert unset(states) == []
