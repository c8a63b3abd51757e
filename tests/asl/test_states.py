"""States of state machines: at any depth, however the definition is written."""

from __future__ import annotations

import pytest

from tests.wiring.stacks import stack_of
from tflint_tap.asl.states import State, states_of
from tflint_tap.terraform.evaluation.values import Unknown


def _states(definition: str) -> list[str]:
    """The states by the names of those around them; what isn't known by its reason."""
    stack = stack_of(
        'variable "x" {}\nresource "aws_sqs_queue" "q" {}\n'
        f'resource "aws_sfn_state_machine" "m" {{\n  definition = {definition}\n}}\n'
    )
    (machine,) = stack.resources("aws_sfn_state_machine")
    found = []
    for item in states_of(machine.value("definition")):
        if isinstance(item, Unknown):
            found.append(item.reason)
        else:
            assert isinstance(item, State)
            found.append("/".join((*(outer.name for outer in item.enclosing), item.name)))
    return found


@pytest.mark.parametrize(
    ("definition", "states"),
    [
        ('jsonencode({ States = { B = {}, A = { Type = "Pass" } } })', ["A", "B"]),
        ('<<-JSON\n{"States": {"A": {"Resource": "${aws_sqs_queue.q.arn}"}}}\nJSON\n', ["A"]),
        ("jsonencode({ States = { P = { Branches = [{ States = { A = {} } }, { States = { B = {} } }] } } })",
         ["P", "P/A", "P/B"]),
        ("jsonencode({ States = { M = { ItemProcessor = { States = { A = {} } } } } })", ["M", "M/A"]),
        ("jsonencode({ States = { M = { Iterator = { States = { N = { Iterator = { States = { A = {} } } } } } } } })",
         ["M", "M/N", "M/N/A"]),
        ("var.x", ["var.x has no default"]),
        ("jsonencode({ States = var.x })", ["var.x has no default"]),
        ("jsonencode(var.x)", ["var.x has no default"]),
        ("jsonencode(merge({ StartAt = 1 }, var.x))", ["var.x has no default"]),
        ("jsonencode({ States = merge({ A = {} }, var.x) })", ["A", "var.x has no default"]),
        ("jsonencode({ States = { P = { Branches = var.x } } })", ["P", "var.x has no default"]),
        ("jsonencode({ States = { P = { Branches = concat([{ States = { A = {} } }], var.x) } } })",
         ["P", "P/A", "var.x has no default"]),
        ("jsonencode({ States = { P = var.x, M = { Iterator = var.x } } })", ["M", "var.x has no default", "P"]),
        ("jsonencode({ States = [1], Branches = 1 })", []),
        ("jsonencode({ States = { P = { Branches = 1 }, M = { Iterator = 1 } } })", ["M", "P"]),
        ("jsonencode({ StartAt = 1 })", []),
        ('"no JSON"', []),
        ("null", []),
    ],
)  # fmt: skip
def test_a_definition_holds_these_states(definition: str, states: list[str]) -> None:
    assert _states(definition) == states
