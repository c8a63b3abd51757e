"""Which of several resources is a part that has no name: the one that meets most of what the contract demands of it."""

from __future__ import annotations

import pytest

from tests.demands.test_demands import decided, told
from tflint_tap.demands.demand import Outcome

MACHINES = (
    'resource "aws_sfn_state_machine" "one" {\n  definition = "{}"\n}\n'
    'resource "aws_sfn_state_machine" "two" {\n  definition = jsonencode({StartAt = "A", States = {A = {Type = "Task",'
    " Resource = aws_lambda_function.f.arn, End = true}}})\n}\n"
    'resource "aws_lambda_function" "f" {}\nresource "aws_iam_role" "r" {}\n'
)
PARTS = "parts:\n  machine: {id: m, type: aws_sfn_state_machine%s}\n  function: {type: aws_lambda_function}\n"
WIRE = "wiring: [{id: w, from: machine, edge: invokes, to: function}]\n"
OUTPUT = "outputs: [{id: o, refers_to: machine.arn}]\n"


def chosen(contract: str, text: str, id_: str = "m") -> list[str | None]:
    """The resources that meet a demand."""
    return [one.address for one in decided(contract, text) if one.id == id_ and one.outcome is Outcome.MET]


def test_without_other_demands_the_first_is_meant() -> None:
    assert chosen(PARTS % "", MACHINES) == ["aws_sfn_state_machine.one"]


def test_what_is_wired_is_meant() -> None:
    assert chosen(PARTS % "" + WIRE, MACHINES) == ["aws_sfn_state_machine.two"]


def test_what_something_is_wired_to_is_meant() -> None:
    contract = (
        "parts:\n  cluster: {id: m, type: aws_rds_cluster}\n  reader: {type: aws_rds_cluster_instance}\n"
        "wiring: [{id: w, from: reader, edge: attached_to, to: cluster}]\n"
    )
    text = (
        'resource "aws_rds_cluster" "a" {}\nresource "aws_rds_cluster" "b" {}\n'
        'resource "aws_rds_cluster_instance" "r" {\n  cluster_identifier = aws_rds_cluster.b.id\n}\n'
    )
    assert chosen(contract, text) == ["aws_rds_cluster.b"]


def test_what_an_output_gives_is_meant() -> None:
    text = MACHINES + 'output "arn" {\n  value = aws_sfn_state_machine.two.arn\n}\n'
    assert chosen(PARTS % "" + OUTPUT, text) == ["aws_sfn_state_machine.two"]
    assert told(PARTS % "" + OUTPUT, text) == []


def test_what_has_its_value_from_where_the_contract_says_is_meant() -> None:
    text = MACHINES.replace('  definition = "{}"', '  definition = "{}"\n  role_arn = var.role')
    text = text.replace("  definition = jsonencode", "  role_arn = local.role\n  definition = jsonencode")
    text += 'variable "role" {}\nlocals {\n  role = "x"\n}\n'
    assert set(chosen(PARTS % ", from: {role_arn: local.role}", text)) == {"aws_sfn_state_machine.two"}


def test_most_demands_count_of_whatever_kind() -> None:
    text = MACHINES + 'output "arn" {\n  value = aws_sfn_state_machine.one.arn\n}\n'
    setting = ", require: [{id: s, that: 'self.definition != \"{}\"'}]"
    assert chosen(PARTS % setting + WIRE + OUTPUT, text) == ["aws_sfn_state_machine.two"]
    assert told(PARTS % setting + WIRE + OUTPUT, text) == [("o", "missing-output", 1)]


@pytest.mark.parametrize("order", [0, 1])
def test_a_part_that_is_told_by_the_one_chosen_is_told_by_the_right_one(order: int) -> None:
    parts = [
        "  machine: {id: m, type: aws_sfn_state_machine}\n",
        "  alarm: {id: a, type: aws_cloudwatch_metric_alarm, where: self.dimensions.StateMachineArn == machine.arn}\n",
    ]
    contract = "parts:\n" + "".join(parts if order else reversed(parts))
    contract += "  function: {type: aws_lambda_function}\n" + WIRE[:-2]
    contract += ", {id: x, from: alarm, edge: alarms_on, to: machine}]\n"
    text = MACHINES + "".join(
        f'resource "aws_cloudwatch_metric_alarm" "{name}" {{\n'
        f"  dimensions = {{ StateMachineArn = aws_sfn_state_machine.{name}.arn }}\n}}\n"
        for name in ("one", "two")
    )
    assert chosen(contract, text) == ["aws_sfn_state_machine.two"]
    assert chosen(contract, text, "a") == ["aws_cloudwatch_metric_alarm.two"]


def test_an_output_of_something_else_that_is_known_gives_nothing_of_what_it_names() -> None:
    contract = "parts:\n  q: {type: aws_sqs_queue, named: one}\noutputs: [{id: o, refers_to: q.url}]\n"
    text = (
        'resource "aws_sqs_queue" "one" {}\nresource "aws_sqs_queue" "two" {}\n'
        'variable "on" {\n  default = %s\n}\noutput "x" {\n'
        "  value = var.on ? aws_sqs_queue.one.url : aws_sqs_queue.two.url\n}\n"
    )
    assert told(contract, text % "true") == []
    assert told(contract, text % "false") == [("o", "missing-output", 6)]
