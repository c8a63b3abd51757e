"""sla/missing-comment from the text to the report."""

from __future__ import annotations

import re

import pytest

from tests.cards import judged, rule_named
from tests.stacks import REFERENCE
from tflint_tap.lint import Report

from .stacks import STACK, text_of

RULE = rule_named("sla/missing-comment")


def report_of(path: str | None = None, **parts: str) -> Report:
    """The report on the stack with some of its parts replaced, or others added."""
    return judged(RULE, text_of(**parts), path=path)


def missing(report: Report) -> list[tuple[str | None, str | None]]:
    assert report.failures == ()
    assert report.doubts == ()
    assert report.notices == ()
    return [(finding.requirement, finding.address) for finding in report.findings]


def related(report: Report) -> list[tuple[str, str]]:
    return [(each.message, each.span.text) for finding in report.findings for each in finding.related]


def test_a_stack_that_states_every_figure_is_clean() -> None:
    assert missing(report_of()) == []


def test_a_finding_tells_what_is_missing_where_and_what_to_write() -> None:
    (finding,) = report_of(api=STACK["api"].replace(", confirmed in <400 ms P95", "")).findings
    assert (finding.message, finding.span.text, finding.remedy, finding.requirement, finding.address) == (
        "no comment at aws_lambda_function.booking_handler or 2 other places states <400 ms P95 for the booking"
        " confirmation path (sla.confirmation)",
        'resource "aws_lambda_function" "booking_handler" {',
        "write above it: # SLA: the confirmation path (API, booking_handler, conditional write, response) takes"
        " <400 ms P95",
        "sla.confirmation",
        "aws_lambda_function.booking_handler",
    )


@pytest.mark.parametrize("part", ["api", "table", "topic", "updater", "machine", "resolver"])
def test_a_figure_whose_resource_is_absent_is_not_told_beside_that(part: str) -> None:
    assert missing(report_of(**{part: ""})) == []


def test_a_stack_without_resources_lacks_no_comment() -> None:
    assert missing(judged(RULE, "")) == []


def test_an_alarm_that_may_be_absent_is_missed_at_the_alarm_that_comes_closest() -> None:
    (finding,) = report_of(alarms="").findings
    assert (finding.message, finding.span.text, finding.remedy, finding.address) == (
        "no alarm_description states >60 s and after 2 minutes for the PMS backlog and unresolved overbookings"
        " (alarm.described)",
        'resource "aws_cloudwatch_metric_alarm" "replication" {',
        "add to an alarm's description: \"SLA breach: PMS sync backlog >60 s; SLA breach: overbooking unresolved after"
        ' 2 minutes"',
        None,
    )


def test_a_description_counts_only_at_an_alarm_that_measures_what_it_says() -> None:
    alarms = STACK["alarms"].replace("AgeOfOldestMessage", "NumberOfMessagesVisible").replace("pms-queue", "pms-dlq")
    report = report_of(alarms=alarms, dlq='resource "aws_sqs_queue" "hotel_pms_dlq" {\n  name = "hotel-pms-dlq"\n}\n')
    assert missing(report) == [("alarm.described", None)]
    assert (report.findings[0].span.text, related(report)) == (
        '"PMS backlog >60 s"',
        [(">60 s stands here, but this alarm watches something else", '"PMS backlog >60 s"')],
    )


@pytest.mark.parametrize(
    "comment",
    [
        "# pms_sync_worker tries the PMS in under a minute.",
        "# `hotel_pms_queue`: handed out within 60 s.",
        "# Of aws_sns_topic.inventory_updates: <60 seconds.",
        "# SLA of hotel-pms-queue: 60 seconds.",
    ],
)
def test_a_comment_that_names_the_block_counts_wherever_it_stands(comment: str) -> None:
    topic = STACK["topic"].split("\n", 1)[1]
    note = f'{comment}\nresource "aws_iam_role" "r" {{\n  name = "r"\n}}\n'
    assert missing(report_of(topic=topic, note=note)) == []
    other = note.replace("pms_sync_worker", "pms_worker").replace("_queue", "_dlq").replace("-queue", "-dlq")
    other = other.replace("inventory_updates", "alerts")
    assert missing(report_of(topic=topic, note=other)) == [("sla.pms", "aws_sns_topic.inventory_updates")]


def test_several_missing_figures_of_one_promise_are_one_finding() -> None:
    report = report_of(table=STACK["table"].split("\n", 1)[1], alarm=STACK["alarm"].replace(">10 s", "soon"))
    assert [finding.message for finding in report.findings] == [
        "no comment at aws_dynamodb_table.inventory or one other place states <5 seconds and alert if >10 s for"
        " replication to the other regions (sla.replication)",
        "no alarm_description at aws_cloudwatch_metric_alarm.replication states >10 s for slow replication"
        " (alarm.described)",
    ]


def test_half_of_a_promise_may_stand_at_another_of_its_resources() -> None:
    table = STACK["table"].replace(", alert if >10 s", "")
    assert missing(report_of(table=table)) == []  # the alarm's description has the other half


def test_a_sections_comment_counts_only_where_it_is_about_the_promise() -> None:
    table = STACK["table"].split("\n", 1)[1]
    api = STACK["api"].replace("SLA:", "SLA: within 5 seconds; an alert over 10 s;")
    assert missing(report_of(api=api, table=table)) == [("sla.replication", "aws_dynamodb_table.inventory")]
    api = api.replace("within", "replication within").replace("alert", "alert on replicas")
    assert missing(report_of(api=api, table=table)) == []


def test_a_figure_that_stands_elsewhere_is_shown() -> None:
    report = report_of(
        topic=STACK["topic"].split("\n", 1)[1].replace("topic", "topic"),
        note='# A PMS is tried in <60 seconds.\nresource "aws_iam_role" "worker" {\n  name = "worker"\n}\n',
    )
    assert missing(report) == [("sla.pms", "aws_sns_topic.inventory_updates")]
    assert related(report) == [("<60 seconds stands here, but at none of the blocks where it belongs", "<60 seconds")]


def test_a_figure_that_may_be_meant_is_shown() -> None:
    report = report_of(api=STACK["api"].replace("in <400 ms P95", "in <400 ms"))
    assert related(report) == [("<400 ms is stated here instead", "<400 ms")]


def test_another_figure_for_the_same_thing_is_no_missing_one() -> None:
    assert missing(report_of(topic=STACK["topic"].replace("<60", "<90"))) == []


def test_a_figure_in_a_plain_description_is_shown() -> None:
    topic = STACK["topic"].split("\n", 1)[1].replace("name =", "description =").replace("inventory-updates", "<60 s")
    assert related(report_of(topic=topic)) == [("<60 s stands here, but in no comment", '"<60 s"')]


def test_what_is_told_as_replaced_is_no_other_figure() -> None:
    machine = STACK["machine"].replace("every 5 minutes", 'often. It replaces the audit "every 30 s"')
    report = report_of(machine=machine)
    assert (missing(report), related(report)) == ([("sla.audit", "aws_sfn_state_machine.reconciliation")], [])


@pytest.mark.parametrize(
    "comment",
    [
        "# PMS: 60 s visibility timeout",
        "# retries after 60 s",
        "# every 60 seconds",
        "# more than 60 seconds",
        "# 50-60 seconds",
        "# <60 minutes",
        "# timeout = 60",
        '# display_name = "<60 seconds"',
        "# tap:ignore[x/y] reason: <60 seconds",
    ],
)
def test_what_only_looks_like_the_figure_does_not_count(comment: str) -> None:
    topic = STACK["topic"].replace("# SLA: <60 seconds to the PMS.", comment)
    assert missing(report_of(topic=topic)) == [("sla.pms", "aws_sns_topic.inventory_updates")]


@pytest.mark.parametrize(
    "part",
    [
        'resource "aws_sqs_queue" "this" {\n  name = "hotel-pms-queue" # within one minute\n}\n',
        'resource "aws_lambda_function" "f" {\n  for_each = {\n    # under 60 s\n    pms_sync_worker = 1\n  }\n}\n',
        "locals {\n  functions = {\n    pms-sync-worker = {} # under 60 s\n    other = {}\n  }\n}\n\n"
        'resource "aws_lambda_function" "f" {\n  for_each = local.functions\n}\n',
        'resource "aws_sqs_queue" "hotel_pms_queue" {\n  name = "q"\n}\n\n# The worker gets it in <60 seconds.\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.hotel_pms_queue.arn\n}\n',
        'resource "aws_sqs_queue" "hotel_pms_queue" {\n  name = "q"\n}\n\nlocals {\n'
        "  queue = aws_sqs_queue.hotel_pms_queue\n}\n\n# SLA: 60s.\n"
        'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = local.queue.arn\n}\n',
    ],
)
def test_any_of_the_named_resources_may_state_the_figure(part: str) -> None:
    worker = "" if "hotel-pms-queue" in part or '"hotel_pms_queue"' in part else STACK["worker"]
    assert missing(report_of(topic=STACK["topic"].split("\n", 1)[1], part=part, worker=worker)) == []


@pytest.mark.parametrize(
    "part",
    [
        'resource "aws_sqs_queue" "hotel_pms_dlq" {\n  name = "dlq" # within one minute\n}\n',
        'resource "aws_lambda_function" "f" {\n  for_each = {\n    other = 1 # under 60 s\n\n    x = 1\n  }\n}\n',
        'resource "aws_sqs_queue" "other" {\n  name = "q"\n}\n\n# In <60 seconds.\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.other.arn\n}\n',
        '# Within 60 seconds.\noutput "o" {\n  value = 1\n}\n',
        '# Within 60 seconds.\nresource "aws_sqs_queue" "hotel_pms_queue" {\n  count = 0\n}\n',
    ],
)
def test_resources_of_other_names_do_not_count(part: str) -> None:
    topic = STACK["topic"].split("\n", 1)[1]
    assert [requirement for requirement, _ in missing(report_of(topic=topic, part=part))] == ["sla.pms"]


def test_a_variable_may_state_the_burst_which_leaves_the_api_without_it() -> None:
    api = STACK["api"].replace(", burst ~2,000 RPS", "")
    assert missing(report_of(api=api)) == [("sla.burst", "aws_apigatewayv2_api.booking")]
    rest = STACK["rest"].replace("# The others.\nvar", "# SLA: burst ~2,000 RPS.\nvar", 1)
    assert missing(report_of(api=api, rest=rest)) == [("api.throttling", "aws_apigatewayv2_route.book")]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("throttling_burst_limit = var.booking_api_rate_limit_rps", []),
        ("throttling_rate_limit = 1200", []),
        ("throttling_burst_limit = null", [("api.throttling", "aws_apigatewayv2_stage.live")]),
        ("logging_level = null", [("api.throttling", "aws_apigatewayv2_stage.live")]),
    ],
)
def test_a_stages_own_limit_ties_throttling_to_the_burst(settings: str, expected: list[tuple[str, str]]) -> None:
    rest = STACK["rest"].replace("# The others.\nvar", "# SLA: burst ~2,000 RPS.\nvar", 1)
    stage = f'resource "aws_apigatewayv2_stage" "live" {{\n  default_route_settings {{\n    {settings}\n  }}\n}}\n'
    api = STACK["api"].replace(", burst ~2,000 RPS", "")
    report = report_of(api=api, rest=rest, stage=stage)
    assert missing(report) == expected


def test_an_alarms_description_counts_after_evaluation() -> None:
    alarm = """\
locals {
  limits = { replication = 10, pms_backlog = 60 }
}

resource "aws_cloudwatch_metric_alarm" "breach" {
  for_each          = local.limits
  alarm_description = format("%s: later than %d seconds", each.key, each.value)
}

resource "aws_cloudwatch_metric_alarm" "overbooking" {
  alarm_description = "${aws_lambda_function.overbooking_resolver.arn} needs help after 2 minutes"
}
"""
    assert missing(report_of(alarm=alarm)) == []


def test_a_description_that_is_not_known_gives_a_doubt() -> None:
    alarm = STACK["alarm"].replace("Replication >10 s", "${var.replication}")
    report = report_of(alarm=alarm, variable='variable "replication" {}\n')
    assert report.findings == ()
    assert [(doubt.message, doubt.doubt) for doubt in report.doubts] == [
        (
            "can't tell whether no alarm_description at aws_cloudwatch_metric_alarm.replication states >10 s"
            " for slow replication (alarm.described)",
            "var.replication has no default",
        )
    ]


def test_what_is_stated_is_no_doubt_though_a_description_is_not_known() -> None:
    other = 'variable "text" {}\n\nresource "aws_cloudwatch_metric_alarm" "overbooking" {\n'
    assert missing(report_of(other=other + "  alarm_description = var.text\n}\n")) == []


def test_a_figure_at_a_resource_of_unknown_name_gives_a_doubt() -> None:
    resolver = """\
variable "name" {}

# SLA: detected within 5 seconds, reassigned within 60 seconds, corrected within 2 minutes.
resource "aws_lambda_function" "this" {
  function_name = var.name
}
"""
    report = report_of(resolver=resolver)
    assert report.findings == ()
    assert [(doubt.requirement, doubt.doubt) for doubt in report.doubts] == [
        ("sla.reassign", "var.name has no default"),
        ("sla.detect", "var.name has no default"),
    ]


def test_a_resource_of_unknown_name_without_the_figure_gives_a_finding() -> None:
    resolver = 'variable "name" {}\n\nresource "aws_lambda_function" "this" {\n  function_name = var.name\n}\n'
    report = report_of(resolver=resolver)
    assert missing(report) == [("sla.reassign", None), ("sla.detect", "aws_cloudwatch_metric_alarm.conflicts")]


def test_a_broken_file_is_not_said_to_lack_anything() -> None:
    report = report_of(topic='resource "aws_sns_topic" {\n')
    assert (report.findings, report.doubts) == ((), ())
    assert report.notices[0].startswith("sla/missing-comment was not checked: part of tap_stack.tf can't be read")


@pytest.mark.skipif(not REFERENCE.exists(), reason="there is no reference stack")
def test_the_reference_stack_states_every_figure() -> None:
    assert missing(judged(RULE, REFERENCE.read_text(encoding="utf-8"))) == []


@pytest.mark.slow
@pytest.mark.skipif(not REFERENCE.exists(), reason="there is no reference stack")
@pytest.mark.parametrize(
    ("removed", "expected"),
    [
        (r"~70,000[^\n\"]*|~1,200 RPS[^\n\"]*", ["sla.throughput"]),
        (r"[Bb]urst[^\n]* ~2,000 RPS", ["sla.burst"]),
        (r"400ms P95", ["sla.confirmation"]),
        (r"<5 seconds", ["sla.replication"]),
        (r">10s", ["alarm.described", "sla.replication"]),
        (r"1s P95", ["sla.cache"]),
        (r"<60 seconds|>60s", ["alarm.described", "sla.pms"]),
        (r"within 30 seconds", ["sla.hot"]),
        (r"every 5 minutes", ["sla.audit"]),
        (r"in under 2 minutes", ["sla.audit"]),
        (r"within 5 seconds", ["sla.detect"]),
        (r"within 60 seconds", ["sla.reassign"]),
        (r"(?:within|after) 2 minutes", ["alarm.described", "sla.correct"]),
    ],
)
def test_the_reference_stack_without_a_figure_lacks_just_that(removed: str, expected: list[str]) -> None:
    text = re.sub(removed, "soon", REFERENCE.read_text(encoding="utf-8"))
    assert sorted({str(requirement) for requirement, _ in missing(judged(RULE, text))}) == expected
