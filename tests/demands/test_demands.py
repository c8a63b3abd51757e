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
        ("{per: availability_zone_id, is: 1}", ["?"]),
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


def test_resources_of_which_the_number_is_not_known_are_not_counted_as_one() -> None:
    contract = (
        'parts: {subnets: {type: aws_subnet, count: ">= 1"}}\n'
        "relate: [{id: r, that: length(subnets) == 2}]\noutputs: [{id: o, refers_to: subnets.id}]\n"
    )
    text = 'variable "n" {}\nresource "aws_subnet" "s" {\n  for_each = toset(var.n)\n}\n'
    output = 'output "ids" {\n  value = [for s in aws_subnet.s : s.id]\n}\n'
    assert told(contract, text + output) == [("r", "?", 2), ("o", "?", 5)]


EVERY = """\
parts:
  table: {type: aws_route_table}
  subnets: {type: aws_subnet, count: 3}
wiring: [{id: w, from: table, edge: attached_to, to: subnets, every: to}]
"""
SUBNETS = (
    'resource "aws_route_table" "t" {}\nresource "aws_subnet" "s" {\n  count = 3\n}\n'
    'resource "aws_route_table_association" "a" {\n  count = %d\n  route_table_id = aws_route_table.t.id\n'
    "  subnet_id = aws_subnet.s[count.index].id\n}\n"
)


def test_every_resource_at_an_end_of_a_wire_has_the_edge() -> None:
    assert told(EVERY, SUBNETS % 3) == []
    assert told(EVERY, SUBNETS % 2) == [("w", "missing-wiring", 1)]
    assert told(EVERY.replace(", every: to", ""), SUBNETS % 2) == []


def test_an_output_of_what_is_counted_gives_all_of_it() -> None:
    contract = "parts: {subnets: {type: aws_subnet, count: 3}}\noutputs: [{id: o, refers_to: subnets.id}]\n"
    text = 'resource "aws_subnet" "s" {\n  count = 3\n}\noutput "ids" {\n  value = %s\n}\n'
    for value in ("aws_subnet.s[*].id", "{ for n, s in aws_subnet.s : n => s.id }", 'join(",", aws_subnet.s[*].id)'):
        assert told(contract, text % value) == [], value
    assert told(contract, text % "aws_subnet.s[1].id") == [("o", "missing-output", 4)]
    assert told(contract, text % "slice(aws_subnet.s[*].id, 0, 2)") == [("o", "missing-output", 4)]


def test_who_is_admitted_beside_an_absent_part_is_not_told() -> None:
    contract = REACH.replace("named: app}", "named: application}")
    group = "security_groups = [aws_security_group.app.id]"
    assert told(contract, STORE % ingress(group, 5432)) == [("parts.app", "missing-resource", 4)]


def test_what_is_broken_under_every_evaluation_is_told_without_one() -> None:
    contract = (
        "under: {prod: {environment: prod}, dev: {environment: dev}}\n"
        "parts:\n  queue:\n    type: aws_sqs_queue\n    require:\n"
        "      - {id: a, that: self.delay_seconds == 1}\n      - {id: b, that: self.fifo_queue == true}\n"
    )
    text = (
        'variable "environment" {}\nresource "aws_sqs_queue" "q" {\n  delay_seconds = 0\n'
        '  fifo_queue = var.environment == "prod"\n}\n'
    )
    found = [demand for demand in decided(contract, text) if demand.outcome is Outcome.BROKEN]
    assert [(demand.id, demand.values["lacks"]) for demand in found] == [("a", ""), ("b", "under dev")]


def test_an_evaluation_that_names_an_absent_variable_is_judged_without_it() -> None:
    contract = (
        "under: {prod: {environment: prod}}\nvariables: {environment: {id: v}}\n"
        "parts: {queue: {id: q, type: aws_sqs_queue, require: [{id: f, that: self.fifo_queue == true}]}}\n"
    )
    assert told(contract, 'resource "aws_sqs_queue" "q" {}\n') == [
        ("v", "missing-variable", 1),
        ("f", "wrong-setting", 1),
    ]


RIGHTS_ON = """\
parts:
  worker: {type: aws_lambda_function, named: worker}
  bucket: {type: aws_s3_bucket, named: raw}
policies:
  - {id: list, of: worker, grants: exactly, actions: ["s3:ListBucket"], resource: bucket.arn}
  - {id: read, of: worker, grants: exactly, actions: ["s3:GetObject"], resource: bucket.arn/*}
"""
READER = FUNCTION.format(role="aws_iam_role.r.arn") + (
    'resource "aws_s3_bucket" "raw" {}\nresource "aws_s3_bucket" "other" {}\n'
    'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
    'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n  policy = jsonencode({ Statement = [\n'
    '    { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.raw.arn },\n    %s\n  ] })\n}\n'
)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.raw.arn}/*" }', []),
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.raw.arn}/in/*" }', []),
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.other.arn}/*" }', ["read"]),
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }', ["read"]),
        ('{ Effect = "Allow", Action = "s3:Get*", Resource = "${aws_s3_bucket.raw.arn}/*" }', ["list"]),
        ('{ Effect = "Allow", NotAction = "s3:GetObject", Resource = "*" }', ["list"]),
        ('{ Effect = "Deny", Action = "s3:*", Resource = "*" }', []),
    ],
)
def test_rights_that_are_exact_are_those_of_all_terms_of_a_role_on_their_resources(
    statement: str, expected: list[str]
) -> None:
    assert [id_ for id_, _, _ in told(RIGHTS_ON, READER % statement)] == expected


def test_a_policy_of_aws_is_beyond_exact_rights_where_it_is_attached() -> None:
    attached = 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = "%s"\n}\n'
    text = READER % "" + attached
    line = text.splitlines().index('  policy_arn = "%s"') + 1
    assert told(RIGHTS_ON, text % "arn:aws:iam::aws:policy/AdministratorAccess") == [("list", "wrong-setting", line)]
    assert told(RIGHTS_ON, text % "${var.policy}") == [("list", "?", 7)]


@pytest.mark.parametrize(
    ("said", "phrase", "found"),
    [
        ("seen within 5 minutes", "minute", True),
        ("seen within 5 minutes", "5 min", True),
        ("seen within 30s", "within 30 seconds", True),
        ("seen soon", "minute", False),
    ],
)
def test_a_unit_is_a_word_beside_its_figure(said: str, phrase: str, found: bool) -> None:
    contract = f"parts: {{queue: {{type: aws_sqs_queue}}}}\ncomments: [{{id: c, at: queue, mentions: [{phrase}]}}]\n"
    text = f'# {said}\nresource "aws_sqs_queue" "q" {{}}\n'
    assert [id_ for id_, _, _ in told(contract, text)] == ([] if found else ["c"])


def test_a_pattern_is_held_against_the_form_of_what_only_aws_knows() -> None:
    contract = 'naming: {id: n, pattern: "shop-[a-z]+-[0-9]{12}"}\n'
    bucket = 'data "aws_caller_identity" "c" {}\nresource "aws_s3_bucket" "b" {\n  bucket = "%s"\n}\n'
    assert told(contract, bucket % "shop-raw-${data.aws_caller_identity.c.account_id}") == []
    assert told(contract, bucket % "raw-${data.aws_caller_identity.c.account_id}") == [("n", "wrong-setting", 3)]
    assert told(contract, bucket % "shop-${var.x}") == [("n", "?", 3)]


def test_exact_rights_on_what_is_absent_are_not_judged() -> None:
    text = READER.replace('resource "aws_s3_bucket" "raw" {}\n', "") % ""
    assert [id_ for id_, _, _ in told(RIGHTS_ON, text)] == ["parts.bucket"]


def test_the_actions_of_a_statement_that_go_beyond_are_one_finding() -> None:
    statement = '{ Effect = "Allow", Action = ["s3:PutObject", "s3:DeleteObject"], Resource = "*" }'
    found = [demand for demand in decided(RIGHTS_ON, READER % statement) if demand.outcome is Outcome.BROKEN]
    assert [demand.values["lacks"] for demand in found] == ["it is granted s3:PutObject and s3:DeleteObject"]


def test_what_may_be_meant_to_be_an_exempt_part_is_left_out() -> None:
    contract = (
        "parts: {logs: {id: l, type: aws_s3_bucket, named: logs}, spare: {type: aws_instance, level: may, named: s}}\n"
        "each: [{id: e, of: aws_s3_bucket, except: logs, require: [self.force_destroy == true]}]\n"
        "forbid: [{id: f, resource: aws_instance, except: spare}]\n"
    )
    buckets = 'resource "aws_s3_bucket" "%s" {}\nresource "aws_s3_bucket" "b" {\n  force_destroy = true\n}\n'
    assert told(contract, buckets % "logs") == []
    assert told(contract, buckets % "log") == [("l", "missing-resource", 1)]
    assert told(contract, buckets % "logs" + 'resource "aws_instance" "x" {}\n') == [("f", "forbidden", 5)]


def test_a_part_that_need_not_be_there_is_no_demand_but_its_settings() -> None:
    contract = (
        'parts: {d: {id: d, level: may, type: aws_sqs_queue, count: ">= 0", require: [self.fifo_queue == true]}}\n'
    )
    assert [demand.outcome for demand in decided(contract, "\n")] == [Outcome.ABSENT]
    text = 'resource "aws_sqs_queue" "a" {\n  fifo_queue = true\n}\nresource "aws_sqs_queue" "b" {}\n'
    assert told(contract, text) == [("d", "wrong-setting", 4)]


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


@pytest.mark.parametrize(
    ("name", "is_met"), [("jobs-1", True), ("jobs-", False), ("xjobs-1", False), ("jobs-1\\n", False)]
)
def test_a_name_matches_a_pattern_as_a_whole(name: str, is_met: bool) -> None:
    contract = "naming: {id: n, pattern: 'jobs-[0-9]+|other'}\n"
    text = f'resource "aws_sqs_queue" "q" {{\n  name = "{name}"\n}}\n'
    assert told(contract, text) == ([] if is_met else [("n", "wrong-setting", 2)])


def test_the_rights_of_a_role_that_is_not_in_the_stack_are_a_doubt() -> None:
    contract = (
        "parts:\n  worker: {type: aws_lambda_function}\n"
        "policies: [{id: r, level: %s, of: worker, actions: ['sqs:SendMessage']}]\n"
    )
    text = FUNCTION.format(role="var.role") + 'variable "role" {}\n'
    assert told(contract % "must", text) == [("r", "?", 1)]
    assert told(contract % "may", text) == []
    assert (
        told(contract % "must", FUNCTION.format(role="aws_iam_role.r.arn") + 'resource "aws_iam_role" "r" {}\n') == []
    )
