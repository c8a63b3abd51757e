"""Names of resources: what is certain, what isn't, and what the data says."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.terraform.evaluation.inputs import Inputs
from tflint_tap.text.source import Source

from .reading import in_contract

PREFIX = rule_named("naming/missing-prefix")


def reasons(report: Report) -> list[tuple[int, str | None]]:
    assert report.findings == ()
    return [(doubt.span.line, doubt.doubt) for doubt in report.doubts]


def queue(name: str, prefix: str = '"p"', more: str = "") -> str:
    return f'locals {{\n  name_prefix = {prefix}\n}}\n\nresource "aws_sqs_queue" "q" {{\n  name = {name}\n}}\n{more}'


def variable(name: str, default: str | None = None) -> str:
    return f'\nvariable "{name}" {{\n  type = string\n' + (f"  default = {default}\n" if default else "") + "}\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (queue("var.name", more=variable("name")), 6, "var.name has no default"),
        (queue('"${var.name}-x"', more=variable("name")), 6, "var.name has no default"),
        (queue('var.late ? "p-x" : "x"', more=variable("late")), 6, "var.late has no default"),
        (queue("aws_kms_key.k.id", more='resource "aws_kms_key" "k" {}'), 6, "aws_kms_key.k.id is known after apply"),
        (queue("local.lost"), 6, "local.lost isn't declared"),
        (queue('"a-prod-x"', '"${var.a}-prod"', variable("a")), 6, "var.a has no default"),
        (queue("upper(local.name_prefix)", "var.a", variable("a")), 6, "var.a has no default"),
    ],
)
def test_what_only_the_deployment_knows_is_a_doubt(text: str, line: int, reason: str) -> None:
    assert reasons(judged(PREFIX, text)) == [(line, reason)]


def test_doubts_for_one_reason_are_one() -> None:
    more = 'resource "aws_sns_topic" "t" {\n  name = "${var.name}-t"\n}\n' + variable("name")
    (doubt,) = judged(PREFIX, queue("var.name", more=more)).doubts
    assert [(related.message, related.span.line) for related in doubt.related] == [
        ("aws_sns_topic.t can't be judged for that reason either", 9)
    ]


@pytest.mark.parametrize(
    "name",
    [
        '"${local.name_prefix}-x"',
        '"${var.a}-${var.b}-x"',
        'join("-", [var.a, var.b, "x"])',
        'format("%s-x", local.name_prefix)',
        "local.names.x",
    ],
)
def test_names_from_the_same_unknown_variables_begin_alike(name: str) -> None:
    more = variable("a") + variable("b") + 'locals {\n  names = { x = "${local.name_prefix}-x" }\n}\n'
    report = judged(PREFIX, queue(name, '"${var.a}-${var.b}"', more))
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_names_from_other_variables_are_told_apart_by_text_only() -> None:
    more = variable("a") + variable("b")
    report = judged(PREFIX, queue('"${var.a}_${var.b}"', '"${var.a}-${var.b}"', more))
    assert [finding.span.line for finding in report.findings] == [6]
    assert reasons(judged(PREFIX, queue('"${var.b}-${var.a}"', '"${var.a}-${var.b}"', more))) == [
        (6, "var.b has no default")
    ]


def test_a_prefix_that_is_more_than_its_variables_stands_for_itself() -> None:
    report = judged(PREFIX, queue('"${local.name_prefix}-x"', "lower(var.a)", variable("a")))
    assert (report.findings, report.doubts) == ((), ())


def test_a_given_value_counts_and_not_the_default() -> None:
    text = queue('"b-x"', "var.a", variable("a", '"a"'))
    source = Source("main.tf", text)
    target = Target((source,), (source,), None, None)
    given = Inputs(texts={"a": Source("--var a", "b")})
    assert [finding.span.line for finding in lint([target], (PREFIX,)).findings] == [6]
    assert lint([target], (PREFIX,), {target: given}).findings == ()


def test_a_finding_tells_what_would_be_right_and_where_the_name_comes_from() -> None:
    (finding,) = judged(PREFIX, queue("var.name", more=variable("name", '"jobs"'))).findings
    assert finding.message == 'the name of aws_sqs_queue.q is "jobs", which doesn\'t begin with local.name_prefix ("p")'
    assert finding.remedy == 'name it "${local.name_prefix}-jobs"'
    assert [(related.message, related.span.line) for related in finding.related] == [
        ('var.name defaults to "jobs" here', 11)
    ]


def test_a_shared_name_is_one_finding_with_its_users() -> None:
    more = 'resource "aws_sns_topic" "t" {\n  name = local.n\n}\nlocals {\n  n = "jobs"\n}\n'
    (finding,) = judged(PREFIX, queue("local.n", more=more)).findings
    assert (finding.span.line, finding.span.text) == (12, '"jobs"')
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("aws_sqs_queue.q has it from there", 6),
        ("aws_sns_topic.t has it from there", 9),
    ]


def test_a_shared_name_in_a_file_that_is_not_shown_is_reported_at_its_users() -> None:
    more = 'resource "aws_sns_topic" "t" {\n  name = local.n\n}\n'
    main = Source("main.tf", queue("local.n", more=more))
    other = Source("other.tf", 'locals {\n  n = "jobs"\n}\n')
    report = lint([Target((main, other), (main,), None, None)], (PREFIX,))
    assert [finding.span.line for finding in report.findings] == [6, 9]


def test_what_is_made_from_a_wrong_name_is_part_of_its_finding() -> None:
    more = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "/x/${aws_sqs_queue.q.name}"\n}\n'
    (finding,) = judged(PREFIX, queue('"jobs"', more=more)).findings
    assert finding.span.line == 6
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("aws_cloudwatch_log_group.g has it from there", 9)
    ]


def test_case_and_hyphens_differ_only_where_the_service_leaves_no_choice() -> None:
    strict = judged(PREFIX, queue('"booking_prod_x"', '"Booking-prod"'))
    assert [finding.span.line for finding in strict.findings] == [6]
    folded = 'locals {\n  name_prefix = "Booking-prod"\n}\nresource "aws_iot_topic_rule" "r" {\n  name = "%s"\n}\n'
    assert judged(PREFIX, folded % "booking_prod_x").findings == ()
    assert len(judged(PREFIX, folded % "booking_x").findings) == 1


def test_a_contract_without_the_local_is_held_to_project_and_environment() -> None:
    declared = variable("project_name", '"p"') + variable("environment", '"e"')
    text = 'resource "aws_sqs_queue" "%s" {\n  name = %s\n}\n'
    assert in_contract(text % ("q", '"${var.project_name}-${var.environment}-q"') + declared, PREFIX).findings == ()
    assert len(in_contract(text % ("q", '"${var.project_name}-q"') + declared, PREFIX).findings) == 1


def test_a_contract_that_declares_nothing_has_literal_names_wrong() -> None:
    text = 'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\nresource "aws_sqs_queue" "b" {\n  name = local.b\n}\n'
    report = in_contract(text + 'locals {\n  b = "b"\n}\n', PREFIX)
    assert [(finding.span.line, finding.requirement) for finding in report.findings] == [(2, "naming.prefix")]
    assert [(doubt.span.line, doubt.doubt) for doubt in report.doubts] == [(5, "local.name_prefix isn't declared")]
