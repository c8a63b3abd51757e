"""The longest run of a machine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tflint_tap.asl.durations import longest_run
from tflint_tap.asl.states import Machine, machine_of
from tflint_tap.terraform.evaluation.values import Value


def run_of(states: dict[str, Any], start: str = "A") -> tuple[float, list[str]]:
    """The seconds of the longest run, and the states on it."""
    machine = machine_of(Value(json.dumps({"StartAt": start, "States": states})))
    assert isinstance(machine, Machine)
    run = longest_run(machine)
    assert run.doubt is None
    return run.seconds, [state.name for state, _ in run.steps]


def task(seconds: int, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "TimeoutSeconds": seconds, **fields}


@pytest.mark.parametrize(
    ("retrier", "seconds"),
    [
        ({}, 10 * 4 + 1 + 2 + 4),
        ({"MaxAttempts": 0}, 10),
        ({"MaxAttempts": 1, "IntervalSeconds": 7}, 27),
        ({"BackoffRate": 1}, 43),
        ({"BackoffRate": 1.5, "IntervalSeconds": 4}, 40 + 4 + 6 + 9),
        ({"MaxDelaySeconds": 3, "MaxAttempts": 4}, 50 + 1 + 2 + 3 + 3),
        ({"JitterStrategy": "FULL"}, 47),
        ({"MaxAttempts": 3000, "BackoffRate": 1, "IntervalSeconds": 1}, 30_010 + 3000),
        ({"MaxAttempts": 99_999_999}, 31_536_000),
    ],
)
def test_a_retrier_adds_its_attempts_and_its_waits(retrier: dict[str, Any], seconds: float) -> None:
    assert run_of({"A": task(10, Retry=[{"ErrorEquals": ["States.ALL"], **retrier}], End=True)})[0] == seconds


def test_the_way_that_takes_longest_counts_errors_included() -> None:
    states = {
        "A": task(5, Next="B", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C"}]),
        "B": task(10, Next="D"),
        "C": task(20, Next="D"),
        "D": {"Type": "Wait", "Seconds": 3, "End": True},
    }
    assert run_of(states) == (28, ["A", "C", "D"])


def test_a_loop_counts_once() -> None:
    states = {
        "A": {"Type": "Wait", "Seconds": 60, "Next": "B"},
        "B": task(10, Next="C"),
        "C": {"Type": "Choice", "Choices": [{"Next": "D"}], "Default": "A"},
        "D": {"Type": "Succeed"},
    }
    assert run_of(states)[0] == 70


def test_what_leads_nowhere_or_isnt_there_counts_as_nothing() -> None:
    assert run_of({"A": task(5, Next="Nowhere"), "B": task(50)}) == (5, ["A"])
    assert run_of({"B": task(50)}) == (0, [])


def test_a_chain_of_thousands_of_states_is_no_problem() -> None:
    states = {f"S{at}": task(1, Next=f"S{at + 1}") for at in range(3000)}
    assert run_of(states, "S0")[0] == 3000
