"""Demands of contracts, decided: what counts as a part, and what holds of it. More is in the cards of rules/stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stacks import module_of
from tflint_tap.contract import Claims, Contract
from tflint_tap.demands.decided import demands_of
from tflint_tap.demands.demand import Demand, Outcome
from tflint_tap.stack import Stack

PREFIX = 'locals {\n  name_prefix = "shop-prod"\n}\n'
FUNCTION = 'resource "aws_lambda_function" "worker" {{\n  function_name = "worker"\n  role = {role}\n}}\n'


def decided(contract: str, text: str) -> list[Demand]:
    held = Contract("x", Claims(), Path("x.yaml"), contract)
    return list(demands_of(Stack.of(module_of(text), contract=held)))


def told(contract: str, text: str) -> list[tuple[str, str, int]]:
    """What isn't met: id, rule or `?`, line."""
    return [
        (demand.id, demand.kind if demand.outcome is Outcome.BROKEN else "?", demand.place.line)
        for demand in decided(contract, text)
        if demand.is_open
    ]


QUEUE = "parts: {queue: {id: q, type: aws_sqs_queue, named: hotel_pms_queue}}\n"


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_sqs_queue" "hotel_pms_queue" {}',
        'resource "aws_sqs_queue" "Hotel-PMS-Queue" {}',
        'resource "aws_sqs_queue" "example_hotel_pms_queue" {}',
        'resource "aws_sqs_queue" "q" {\n  name = "${local.name_prefix}-hotel-pms-queue"\n}',
        'resource "aws_sqs_queue" "all" {\n  for_each = toset(["hotel-pms-queue", "x"])\n}',
        'variable "p" {}\nresource "aws_sqs_queue" "q" {\n  name = "${var.p}-hotel-pms-queue"\n}',
    ],
)
def test_a_part_is_recognised_by_label_name_or_key(text: str) -> None:
    assert told(QUEUE, PREFIX + text + "\n") == []


def test_what_is_absent_is_told_once_at_the_nearest_that_is_no_other_part() -> None:
    contract = (
        "parts:\n  queue: {id: q, type: aws_sqs_queue, named: jobs, require: [self.fifo_queue == true]}\n"
        "  dlq: {id: d, type: aws_sqs_queue, named: jobs_dead}\n"
        "wiring: [{id: w, from: queue, edge: redrives_to, to: dlq}]\n"
        "outputs: [{id: o, refers_to: queue.url}]\ncomments: [{id: c, at: queue, mentions: [x]}]\n"
    )
    text = 'resource "aws_sqs_queue" "jobs_dead" {}\nresource "aws_sqs_queue" "other" {}\n'
    assert told(contract, text) == [("q", "missing-resource", 2)]
    assert told(contract, 'resource "aws_sqs_queue" "jobs_dead" {}\n') == [("q", "missing-resource", 1)]
    assert told(contract, "\n") == [("q", "missing-resource", 1), ("d", "missing-resource", 1)]


def test_of_several_resources_the_one_that_meets_most_is_the_part() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, require: [self.fifo_queue == true]}}\n"
    text = 'resource "aws_sqs_queue" "a" {}\nresource "aws_sqs_queue" "b" {\n  fifo_queue = true\n}\n'
    assert told(contract, text) == []


GROUP = """\
parts:
  services:
    for: [payment, fraud]
    parts:
      task: {id: "task.${each}", type: aws_ecs_task_definition, named: "${each}"}
      service: {id: "service.${each}", one_of: [aws_ecs_service], named: "${each}"}
"""


def test_a_group_demands_its_parts_for_each_name() -> None:
    text = 'resource "aws_ecs_task_definition" "payment" {}\nresource "aws_ecs_service" "fraud" {}\n'
    assert [id_ for id_, _, _ in told(GROUP, text)] == ["service.payment", "task.fraud"]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("2", []),
        ('">= 3"', ["missing-resource"]),
        ('"<= 1"', ["wrong-setting"]),
        ('"2..4"', []),
        ("{per: availability_zone, is: 1}", []),
        ("{per: vpc_id, is: 1}", ["wrong-setting"]),
        ("{per: availability_zone, is: 2}", ["missing-resource", "missing-resource"]),
    ],
)
def test_parts_are_counted(count: str, expected: list[str]) -> None:
    contract = f"parts: {{subnets: {{type: aws_subnet, count: {count}}}}}\n"
    body = '  for_each = toset(["a", "b"])\n  vpc_id = "v"\n  availability_zone = each.key\n'
    text = f'resource "aws_subnet" "s" {{\n{body}}}\n'
    assert [kind for _, kind, _ in told(contract, text)] == expected


def test_a_setting_that_fails_on_what_is_known_is_broken_and_on_what_is_not_known_is_open() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, require: [self.delay_seconds > 3]}}\n"
    assert told(contract, 'resource "aws_sqs_queue" "q" {}\n') == [("q", "wrong-setting", 1)]
    text = 'variable "d" {}\nresource "aws_sqs_queue" "q" {\n  delay_seconds = var.d\n}\n'
    assert told(contract, text) == [("q", "?", 3)]


def test_a_demand_holds_for_every_evaluation_unless_it_names_one() -> None:
    contract = (
        "under: {prod: {environment: prod}, test: {environment: test}}\n"
        "parts:\n  queue:\n    type: aws_sqs_queue\n    require:\n      - {id: all, that: self.fifo_queue == true}\n"
        "      - {id: prod, that: self.fifo_queue == true, under: prod}\n"
    )
    text = (
        'variable "environment" {\n  default = "prod"\n}\n'
        'resource "aws_sqs_queue" "q" {\n  fifo_queue = var.environment == "prod"\n}\n'
    )
    assert told(contract, text) == [("all", "wrong-setting", 5)]


def test_an_argument_comes_from_a_variable_through_locals_functions_and_for_each() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, from: {delay_seconds: var.d}}}\n"
    head = 'variable "d" {\n  default = 3\n}\nlocals {\n  q = { a = { d = min(var.d, 5) } }\n}\n'
    each = 'resource "aws_sqs_queue" "q" {\n  for_each = local.q\n  delay_seconds = each.value.d\n}\n'
    assert told(contract, head + each) == []
    assert told(contract, head + 'resource "aws_sqs_queue" "q" {\n  delay_seconds = 3\n}\n') == [
        ("q", "wrong-setting", 8)
    ]
    assert (
        told(contract, 'resource "aws_sqs_queue" "q" {\n  delay_seconds = 3\n}\n') == []
    )  # an absent variable is told


def test_an_optional_part_has_its_settings_where_it_is_there() -> None:
    contract = "parts: {guard: {id: g, type: aws_guardduty_detector, level: may, require: [self.enable != false]}}\n"
    assert told(contract, "\n") == []
    assert told(contract, 'resource "aws_guardduty_detector" "g" {\n  enable = false\n}\n') == [
        ("g", "wrong-setting", 2)
    ]


RIGHTS = """\
parts: {worker: {type: aws_lambda_function, named: worker}, queue: {type: aws_sqs_queue, named: jobs, level: may}}
policies: [{id: p, of: worker, grants: KIND, actions: ["sqs:Send*"], resource: queue.arn}]
"""
ROLE = FUNCTION.format(role="aws_iam_role.r.arn") + (
    'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\nresource "aws_sqs_queue" "jobs" {}\n'
    'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n  policy = jsonencode({ Statement = [{\n'
    '    Effect = "Allow", Action = ["sqs:SendMessage", "sqs:PurgeQueue"], Resource = aws_sqs_queue.jobs.arn }] })\n}\n'
)


def test_rights_beyond_those_of_the_contract_are_told_where_they_are_granted() -> None:
    assert told(RIGHTS.replace("KIND", "at_most"), ROLE) == [("p", "wrong-setting", 12)]
    assert told(RIGHTS.replace("KIND", "exactly"), ROLE) == [("p", "wrong-setting", 12)]
    assert told(RIGHTS.replace("KIND", "at_least"), ROLE) == []


REACH = """\
parts: {store: {type: aws_db_instance}, app: {type: aws_security_group, named: app}}
reach: [{id: r, to: store, port: 5432, from: [app], only: true}]
"""
STORE = (
    'resource "aws_db_instance" "s" {\n  vpc_security_group_ids = [aws_security_group.db.id]\n}\n'
    'resource "aws_security_group" "app" {}\nresource "aws_security_group" "db" {\n%s}\n'
)


def ingress(what: str, port: int) -> str:
    return f'  ingress {{\n    from_port = {port}\n    to_port = {port}\n    protocol = "tcp"\n    {what}\n  }}\n'


def test_who_reaches_a_part_is_told_by_its_security_groups() -> None:
    app = "security_groups = [aws_security_group.app.id]"
    assert told(REACH, STORE % ingress(app, 5432)) == []
    assert told(REACH, STORE % ingress(app, 6379)) == [("r", "missing-wiring", 5)]
    everybody = ingress(app, 5432) + ingress('cidr_blocks = ["0.0.0.0/0"]', 5432)
    assert told(REACH, STORE % everybody) == [("r", "forbidden", 16)]


def test_a_relation_is_told_at_the_first_argument_that_it_reads() -> None:
    contract = (
        "parts: {a: {type: aws_sqs_queue, named: a}, b: {type: aws_sqs_queue, named: b}}\n"
        "relate: [{id: r, that: a.message_retention_seconds > b.message_retention_seconds}]\n"
    )
    text = 'resource "aws_sqs_queue" "%s" {\n  message_retention_seconds = %d\n}\n'
    assert told(contract, text % ("a", 2) + text % ("b", 1)) == []
    assert told(contract, text % ("a", 1) + text % ("b", 2)) == [("r", "wrong-setting", 2)]
    assert told(contract, text % ("a", 1)) == [("parts.b", "missing-resource", 1)]


def test_a_demand_that_is_met_has_the_place_where_it_is() -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, require: [{id: f, that: self.fifo_queue == true}]}}\n"
    found = decided(contract, 'resource "aws_sqs_queue" "q" {\n  fifo_queue = true\n}\n')
    assert [(demand.id, demand.outcome, demand.place.line) for demand in found] == [
        ("q", Outcome.MET, 1),
        ("f", Outcome.MET, 2),
    ]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("45k hotels", "45,000 hotels"),
        ("45k hotels", "45 thousand hotels"),
        ("45k hotels", "forty-five thousand hotels"),
        ("every 30s", "every thirty seconds"),
        ("five minutes", "5-minute"),
        ("TTL", "TTLs"),
    ],
)
def test_a_mention_counts_however_figures_are_spelled(phrase: str, text: str) -> None:
    contract = f"parts: {{q: {{type: aws_sqs_queue}}}}\ncomments: [{{id: c, at: q, mentions: [{phrase}]}}]\n"
    assert told(contract, f'# There: {text}.\nresource "aws_sqs_queue" "q" {{}}\n') == []
    assert told(contract, '# There: 45 of 30.\nresource "aws_sqs_queue" "q" {}\n') == [("c", "missing-comment", 2)]
