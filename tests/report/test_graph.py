"""The graph of a stack as a drawing and as JSON; that of the reference stack has every wire of the specification."""

from __future__ import annotations

import json
import re

import pytest

from tests.cards import CONTRACTS, RULES
from tests.stacks import ROOT, stack_of
from tflint_tap.cli.graph import drawing
from tflint_tap.discovery import targets
from tflint_tap.report.graph import Graph, as_json, dot, graph_of, mermaid
from tflint_tap.rule import Finding, Severity
from tflint_tap.terraform.evaluation.inputs import Inputs

STACK = """\
variable "x" {}
resource "aws_sqs_queue" "q" {
  for_each       = toset(["a|b\\"#"])
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn })
}
resource "aws_sqs_queue" "dlq" {}
resource "aws_sns_topic" "t" {
  kms_master_key_id = var.x ? aws_kms_key.k.arn : null
}
resource "aws_kms_key" "k" {}
resource "aws_ecs_cluster" "alone" {}
"""


def _graph(*kinds: str) -> Graph:
    stack = stack_of(STACK)
    key = next(stack.resources("aws_kms_key"))
    findings = [Finding("encryption/key-without-rotation", Severity.WARNING, "", key.header, "", key.address)]
    return graph_of(stack.wiring, findings, kinds or ("redrives_to", "encrypted_by"))


def test_mermaid_has_plain_ids_quoted_labels_and_dashes_for_doubts() -> None:
    assert (
        mermaid(_graph())
        == """\
flowchart LR
  subgraph s0["kms"]
    r0["aws_kms_key.k"]
  end
  subgraph s1["sns"]
    r1["aws_sns_topic.t"]
  end
  subgraph s2["sqs"]
    r2["aws_sqs_queue.q[#34;a#124;b#92;#34;#35;#34;]"]
    r3["aws_sqs_queue.dlq"]
  end
  r2 -->|"redrives_to"| r3
  r1 -.->|"encrypted_by"| r0
  classDef found stroke:#d1242f,stroke-width:3px
  class r0 found
"""
    )


def test_dot_escapes_what_its_strings_end_at() -> None:
    text = dot(_graph())
    assert '    r2 [label="aws_sqs_queue.q[\\"a|b\\\\\\"#\\"]"]' in text
    assert '  r1 -> r0 [label="encrypted_by" style=dashed]' in text
    assert '    r0 [label="aws_kms_key.k" color=red penwidth=3]' in text


def test_json_has_places_doubts_and_open_ends() -> None:
    found = json.loads(as_json(_graph()))
    assert found["nodes"][0]["findings"] == ["encryption/key-without-rotation"]
    assert found["edges"][1] == {
        "kind": "encrypted_by",
        "source": "aws_sns_topic.t",
        "target": "aws_kms_key.k",
        "via": "aws_sns_topic.t",
        "argument": "kms_master_key_id",
        "doubt": "var.x has no default",
        "file": "main.tf",
        "line": 8,
    }
    assert [(end["source"], end["target"], end["outside"]) for end in found["ends"]] == [
        ("aws_sns_topic.t", None, False)
    ]


def test_only_what_is_wired_or_found_is_drawn() -> None:
    assert [node.address for nodes in _graph("redrives_to").services.values() for node in nodes] == [
        "aws_kms_key.k",
        'aws_sqs_queue.q["a|b\\"#"]',
        "aws_sqs_queue.dlq",
    ]


def test_nothing_to_draw_is_a_drawing() -> None:
    empty = graph_of(stack_of("").wiring, (), ("redrives_to",))
    assert mermaid(empty) == "flowchart LR\n"
    assert json.loads(as_json(empty)) == {"nodes": [], "edges": [], "ends": []}


# The wires of the specification, by the requirements' ids: source, kind, target.
WIRES = [
    ("iam.own-role", "aws_lambda_function.booking_handler", "runs_as", "aws_iam_role.booking_handler_role"),
    ("iam.own-role", "aws_lambda_function.cache_updater", "runs_as", "aws_iam_role.cache_updater_role"),
    ("iam.own-role", "aws_lambda_function.pms_sync_worker", "runs_as", "aws_iam_role.pms_sync_worker_role"),
    ("iam.own-role", "aws_lambda_function.reconciliation_checker", "runs_as",
     "aws_iam_role.reconciliation_checker_role"),
    ("iam.own-role", "aws_lambda_function.overbooking_resolver", "runs_as", "aws_iam_role.overbooking_resolver_role"),
    ("iam.policies", "aws_iam_policy.booking_handler", "attached_to", "aws_iam_role.booking_handler_role"),
    ("iam.policies", "aws_iam_policy.cache_updater", "attached_to", "aws_iam_role.cache_updater_role"),
    ("iam.policies", "aws_iam_policy.pms_sync_worker", "attached_to", "aws_iam_role.pms_sync_worker_role"),
    ("iam.policies", "aws_iam_policy.reconciliation_checker", "attached_to",
     "aws_iam_role.reconciliation_checker_role"),
    ("iam.policies", "aws_iam_policy.overbooking_resolver", "attached_to", "aws_iam_role.overbooking_resolver_role"),
    ("iam.table-write", "aws_lambda_function.booking_handler", "uses", "aws_dynamodb_table.inventory"),
    ("iam.table-write", "aws_lambda_function.overbooking_resolver", "uses", "aws_dynamodb_table.inventory"),
    ("iam.table-read", "aws_lambda_function.reconciliation_checker", "uses", "aws_dynamodb_table.inventory"),
    ("iam.publish", "aws_lambda_function.booking_handler", "uses", "aws_sns_topic.inventory_updates"),
    ("iam.publish", "aws_lambda_function.overbooking_resolver", "uses", "aws_sns_topic.inventory_updates"),
    ("iam.logs", "aws_lambda_function.booking_handler", "logs_to",
     'aws_cloudwatch_log_group.lambda["booking_handler"]'),
    ("api.route", "aws_apigatewayv2_api.booking", "routed_to", "aws_apigatewayv2_route.book"),
    ("api.route", "aws_apigatewayv2_route.book", "routed_to", "aws_apigatewayv2_integration.booking_handler"),
    ("api.integration", "aws_apigatewayv2_integration.booking_handler", "invokes",
     "aws_lambda_function.booking_handler"),
    ("api.integration", "aws_apigatewayv2_integration.booking_handler", "attached_to", "aws_apigatewayv2_api.booking"),
    ("api.permission", "aws_lambda_function.booking_handler", "admits", "aws_apigatewayv2_api.booking"),
    ("stream.mapping", "aws_dynamodb_table.inventory", "triggers", "aws_lambda_function.cache_updater"),
    ("stream.mapping", "aws_lambda_function.cache_updater", "fails_over_to", "aws_sqs_queue.cache_updater_dlq"),
    ("cache.subnets", "aws_elasticache_replication_group.availability", "placed_in",
     "aws_elasticache_subnet_group.availability"),
    ("lambda.vpc", "aws_lambda_function.cache_updater", "uses", "aws_elasticache_replication_group.availability"),
    ("sqs.dlq", "aws_sqs_queue.hotel_pms_queue", "redrives_to", "aws_sqs_queue.hotel_pms_dlq"),
    ("sqs.dlq", "aws_sqs_queue.hotel_pms_dlq", "admits", "aws_sqs_queue.hotel_pms_queue"),
    ("sqs.subscription", "aws_sqs_queue.hotel_pms_queue", "subscribes", "aws_sns_topic.inventory_updates"),
    ("sqs.subscription", "aws_sqs_queue.hotel_pms_queue", "admits", "aws_sns_topic.inventory_updates"),
    ("sqs.mapping", "aws_sqs_queue.hotel_pms_queue", "triggers", "aws_lambda_function.pms_sync_worker"),
    ("schedule.target", "aws_cloudwatch_event_rule.reconciliation", "targets", "aws_sfn_state_machine.reconciliation"),
    ("schedule.target", "aws_sfn_state_machine.reconciliation", "scheduled_by",
     "aws_cloudwatch_event_rule.reconciliation"),
    ("schedule.target", "aws_cloudwatch_event_rule.reconciliation", "runs_as",
     "aws_iam_role.reconciliation_schedule"),
    ("schedule.target", "aws_cloudwatch_event_rule.reconciliation", "fails_over_to",
     "aws_sqs_queue.reconciliation_dlq"),
    ("sfn.checker", "aws_sfn_state_machine.reconciliation", "invokes", "aws_lambda_function.reconciliation_checker"),
    ("sfn.resolver", "aws_sfn_state_machine.reconciliation", "invokes", "aws_lambda_function.overbooking_resolver"),
    ("sfn.role", "aws_sfn_state_machine.reconciliation", "runs_as", "aws_iam_role.reconciliation"),
    ("aurora.reader", "aws_rds_cluster_instance.audit_reader", "attached_to", "aws_rds_cluster.audit"),
    ("aurora.comment", "aws_lambda_function.reconciliation_checker", "uses", "aws_rds_cluster.audit"),
    ("alarm.replication", 'aws_cloudwatch_metric_alarm.replication_latency["eu-west-1"]', "alarms_on",
     "aws_dynamodb_table.inventory"),
    ("alarm.dlq", "aws_cloudwatch_metric_alarm.hotel_pms_dlq", "alarms_on", "aws_sqs_queue.hotel_pms_dlq"),
    ("alarm.dlq", 'aws_cloudwatch_metric_alarm.pipeline_dlq["cache-updater"]', "alarms_on",
     "aws_sqs_queue.cache_updater_dlq"),
    ("alarm.dlq", "aws_cloudwatch_metric_alarm.hotel_pms_dlq", "notifies", "aws_sns_topic.alerts"),
    ("alarm.circuit", "aws_cloudwatch_metric_alarm.circuit_breaker_open", "notifies", "aws_sns_topic.alerts"),
    ("dynamodb.encrypted", "aws_dynamodb_table.inventory", "encrypted_by", "aws_kms_key.stack"),
    ("messaging.encrypted", "aws_sqs_queue.hotel_pms_queue", "encrypted_by", "aws_kms_key.stack"),
    ("messaging.encrypted", "aws_sns_topic.inventory_updates", "encrypted_by", "aws_kms_key.stack"),
]  # fmt: skip


@pytest.fixture(scope="module")
def reference() -> set[tuple[str, str, str, str | None]]:
    (target,) = targets([str(ROOT / "reference" / "tap_stack.tf")], CONTRACTS, None)
    text, complaints = drawing(target, Inputs(), (), "json", ())
    assert complaints == ()
    return {(edge["source"], edge["kind"], edge["target"], edge["doubt"]) for edge in json.loads(text)["edges"]}


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: f"{wire[0]} {wire[1]} {wire[2]}")
def test_the_reference_has_every_wire_of_the_specification(
    wire: tuple[str, str, str, str], reference: set[tuple[str, str, str, str | None]]
) -> None:
    assert (*wire[1:], None) in reference


def test_the_reference_has_no_doubtful_edge(reference: set[tuple[str, str, str, str | None]]) -> None:
    assert {edge for edge in reference if edge[3] is not None} == set()


@pytest.mark.slow
def test_a_mermaid_drawing_of_the_reference_is_of_few_forms_of_lines() -> None:
    (target,) = targets([str(ROOT / "reference" / "tap_stack.tf")], CONTRACTS, None)
    text, _ = drawing(target, Inputs(), RULES, "mermaid", ("triggers", "redrives_to"))
    forms = (
        r"flowchart LR", r'  subgraph s\d+\["[\w-]+"\]', r'    r\d+\["[\w.#;\[\]-]+"\]', "  end",
        r'  r\d+ (-->|-\.->)\|"[a-z_, ]+"\| r\d+',
    )  # fmt: skip
    assert [line for line in text.splitlines() if not any(re.fullmatch(form, line) for form in forms)] == []


def test_a_kind_that_there_is_not_is_refused() -> None:
    (target,) = targets([str(ROOT / "reference" / "tap_stack.tf")], CONTRACTS, None)
    with pytest.raises(ValueError, match="did you mean redrives_to"):
        drawing(target, Inputs(), (), "dot", ("redrive_to",))
