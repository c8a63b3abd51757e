"""Problems of definitions, compared with asl-validator.

`definitions.json` holds two definitions, `verdicts.jsonl` what asl-validator 4.0.0 (npm) says of them and of what one
change makes of them: the member at a path is set, gets another name, or is taken away. Where the two differ, a line
says why.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import stack_of
from tflint_tap.asl.problems import problems_of
from tflint_tap.terraform.evaluation.values import Value

HERE = Path(__file__).parent
DEFINITIONS = json.loads((HERE / "definitions.json").read_text(encoding="utf-8"))
VERDICTS = [json.loads(line) for line in (HERE / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]


def changed(verdict: dict[str, Any]) -> Any:
    definition = copy.deepcopy(DEFINITIONS[verdict["base"]])
    if "at" in verdict:
        *outer, last = verdict["at"]
        holder = definition
        for step in outer:
            holder = holder[step]
        if "set" in verdict:
            holder[last] = verdict["set"]
        elif "name" in verdict:
            holder[verdict["name"]] = holder.pop(last)
        else:
            del holder[last]
    return definition


def problems(definition: Any) -> list[str]:
    return [problem.what for problem in problems_of(Value(json.dumps(definition)))]


def test_what_asl_validator_refuses_is_refused_and_nothing_else() -> None:
    wrong = []
    for verdict in VERDICTS:
        found = problems(changed(verdict))
        if (not found) != verdict["valid"] and "differs" not in verdict:
            wrong.append((verdict, found))
    assert wrong == []


def test_where_the_two_differ_they_do_so_for_a_reason_that_is_told() -> None:
    for verdict in VERDICTS:
        if "differs" in verdict:
            assert (not problems(changed(verdict))) != verdict["valid"], verdict


def one_state(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": fields}}


def test_one_mistake_is_told_once() -> None:
    """A state that can't be reached for a misspelt Next, and a field that is missing for its misspelt name."""
    assert problems({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "B": {"Type": "Succeed"}}}) == [
        "Next of the state A names C, which is no state of the machine"
    ]
    assert problems(one_state(Type="Pass", Ned=True)) == ["the Pass state A has no field Ned; did you mean End?"]
    assert problems(one_state(Type="Suceed")) == [
        'the state A has a Type that does not exist, "Suceed"; did you mean Succeed?'
    ]


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ("var.x", [("it is not known what the definition says", "var.x has no default")]),
        ("jsonencode(var.x)", [("it is not known what the definition says", "var.x has no default")]),
        (
            'jsonencode({ StartAt = "A", States = { A = { Type = "Pass", Next = var.x } } })',
            [("it is not known where the state A leads", "var.x has no default")],
        ),
        (
            'jsonencode({ StartAt = "A", States = { A = { Type = "Pass", End = var.x } } })',
            [("it is not known if the state A ends the execution", "var.x has no default")],
        ),
        (
            'jsonencode({ StartAt = var.x, States = { A = { Type = "Pass", End = true } } })',
            [("it is not known which state is the first", "var.x has no default")],
        ),
        ('jsonencode({ StartAt = "A", States = { A = { Type = "Wait", Seconds = var.x, End = true } } })', []),
    ],
)
def test_what_is_not_known_is_a_doubt_where_it_decides(definition: str, told: list[tuple[str, str]]) -> None:
    stack = stack_of(f'variable "x" {{}}\nresource "aws_sfn_state_machine" "m" {{\n  definition = {definition}\n}}\n')
    (machine,) = stack.resources("aws_sfn_state_machine")
    found: Iterator[tuple[str, str | None]] = (
        (problem.what, problem.doubt) for problem in problems_of(machine.value("definition"))
    )
    assert list(found) == told
