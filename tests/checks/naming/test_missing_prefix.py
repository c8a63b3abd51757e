"""Names of resources: what is certain, what isn't, and what the data says."""

from __future__ import annotations

from tests.cards import CONTRACTS, in_contract, judged, rule_named
from tests.stacks import lint_text

PREFIX = rule_named("naming/missing-prefix")


def queue(name: str, prefix: str = '"p"', more: str = "") -> str:
    return f'locals {{\n  name_prefix = {prefix}\n}}\n\nresource "aws_sqs_queue" "q" {{\n  name = {name}\n}}\n{more}'


def variable(name: str, default: str | None = None) -> str:
    return f'\nvariable "{name}" {{\n  type = string\n' + (f"  default = {default}\n" if default else "") + "}\n"


def test_doubts_for_one_reason_are_one() -> None:
    more = 'resource "aws_sns_topic" "t" {\n  name = "${var.name}-t"\n}\n' + variable("name")
    (doubt,) = judged(PREFIX, queue("var.name", more=more)).doubts
    assert [(related.message, related.span.line) for related in doubt.related] == [
        ("this can't be checked for the same reason", 9)
    ]


def test_a_given_value_counts_and_not_the_default() -> None:
    text = queue('"b-x"', "var.a", variable("a", '"a"'))
    assert [finding.span.line for finding in in_contract(text, PREFIX).findings] == [6]
    assert lint_text(text, PREFIX, contract=CONTRACTS[0], given=["a=b"]).findings == ()


def test_a_finding_tells_what_would_be_right_and_where_the_name_comes_from() -> None:
    (finding,) = judged(PREFIX, queue("var.name", more=variable("name", '"jobs"'))).findings
    assert finding.message == 'the name of aws_sqs_queue.q is "jobs", which doesn\'t begin with local.name_prefix ("p")'
    assert finding.remedy == 'use "${local.name_prefix}-jobs"'
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


def test_what_is_made_from_a_wrong_name_is_part_of_its_finding() -> None:
    more = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "/x/${aws_sqs_queue.q.name}"\n}\n'
    (finding,) = judged(PREFIX, queue('"jobs"', more=more)).findings
    assert finding.span.line == 6
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("aws_cloudwatch_log_group.g has it from there", 9)
    ]


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


def test_outside_of_a_contract_no_prefix_is_asked_for() -> None:
    assert lint_text(queue('"jobs"'), PREFIX).findings == ()


def test_a_name_that_would_be_too_long_is_not_proposed() -> None:
    (finding,) = in_contract(queue(f'"{"j" * 79}"'), PREFIX).findings
    assert finding.remedy == "use a name that begins with ${local.name_prefix}"
