"""Dead-letter queues: what can't be told, and every way to name one."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tflint_tap.lint import Report

RULE = rule_named("messaging/queue-without-dlq")
VARIABLE = 'variable "x" {}\n'
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


def _report(text: str) -> Report:
    report = judged(RULE, VARIABLE + text)
    assert report.failures == ()
    return report


def _doubts(text: str) -> list[tuple[str | None, str | None]]:
    report = _report(text)
    assert report.findings == ()
    return [(doubt.address, doubt.doubt) for doubt in report.doubts]


@pytest.mark.parametrize(
    "policy",
    [
        "var.x",
        'var.x ? jsonencode({ deadLetterTargetArn = "arn:aws:sqs:us-west-2:111122223333:d" }) : null',
        "jsonencode(var.x)",
        "jsonencode(merge({ maxReceiveCount = 3 }, var.x))",
        '"{${var.x}}"',
    ],
)
def test_an_unknown_redrive_policy_is_a_doubt(policy: str) -> None:
    text = f'resource "aws_sqs_queue" "q" {{\n  redrive_policy = {policy}\n}}\n'
    assert _doubts(text) == [("aws_sqs_queue.q", "var.x has no default")]


def test_an_unknown_redrive_policy_of_its_own_resource_is_a_doubt() -> None:
    text = QUEUE + (
        'resource "aws_sqs_queue_redrive_policy" "q" {\n  queue_url = aws_sqs_queue.q.id\n  redrive_policy = var.x\n}\n'
    )
    assert _doubts(text) == [("aws_sqs_queue.q", "var.x has no default")]


def test_a_redrive_policy_that_may_not_be_there_is_a_doubt() -> None:
    text = QUEUE + (
        'resource "aws_sqs_queue_redrive_policy" "q" {\n  count = var.x\n  queue_url = aws_sqs_queue.q.id\n'
        '  redrive_policy = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:us-west-2:111122223333:d" })\n}\n'
    )
    assert _doubts(text) == [("aws_sqs_queue.q", "var.x has no default")]


def test_instances_of_the_same_unknown_belong_together() -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  for_each = var.x\n  name = each.key\n}\n'
        'resource "aws_sqs_queue_redrive_policy" "q" {\n  for_each = var.x\n'
        "  queue_url = aws_sqs_queue.q[each.key].id\n"
        "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq[each.key].arn })\n}\n"
        'resource "aws_sqs_queue" "dlq" {\n  for_each = var.x\n  name = "${each.key}-dlq"\n}\n'
    )
    assert _doubts(text) == []


def test_a_target_that_a_condition_chooses_is_a_doubt() -> None:
    text = (
        'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\nresource "aws_sqs_queue" "b" {\n  name = "b"\n}\n'
        "locals {\n  dlq = var.x ? aws_sqs_queue.a.arn : aws_sqs_queue.b.arn\n}\n"
        'resource "aws_lambda_function" "f" {\n  dead_letter_config {\n    target_arn = local.dlq\n  }\n}\n'
    )
    assert _doubts(text) == [
        ("aws_sqs_queue.a", "var.x has no default"),
        ("aws_sqs_queue.b", "var.x has no default"),
    ]


def test_a_target_by_a_name_that_may_be_the_queues_is_a_doubt() -> None:
    text = (
        QUEUE
        + 'resource "aws_lambda_function" "f" {\n  dead_letter_config {\n'
        + '    target_arn = "arn:aws:sqs:us-west-2:111122223333:${var.x}"\n  }\n}\n'
    )
    assert _doubts(text) == [("aws_sqs_queue.q", "var.x has no default")]


def test_names_with_the_same_unknown_part_are_the_same() -> None:
    text = (
        'resource "aws_sqs_queue" "dlq" {\n  name = "${var.x}-dlq"\n}\n'
        'resource "aws_sqs_queue" "q" {\n  name = "${var.x}-jobs"\n  redrive_policy = jsonencode({\n'
        '    deadLetterTargetArn = "arn:aws:sqs:us-west-2:111122223333:${var.x}-dlq"\n  })\n}\n'
    )
    assert _doubts(text) == []


def test_a_queue_of_another_name_is_no_target() -> None:
    text = (
        QUEUE
        + 'resource "aws_lambda_function" "f" {\n  dead_letter_config {\n'
        + '    target_arn = "arn:aws:sqs:us-west-2:111122223333:another-q"\n  }\n}\n'
    )
    assert [finding.address for finding in _report(text).findings] == ["aws_sqs_queue.q"]


def test_an_arn_that_is_given_from_outside_excuses_no_queue() -> None:
    text = QUEUE + 'resource "aws_lambda_function" "f" {\n  dead_letter_config {\n    target_arn = var.x\n  }\n}\n'
    assert [finding.address for finding in _report(text).findings] == ["aws_sqs_queue.q"]


def test_a_module_that_takes_a_dead_letter_queue_is_a_doubt() -> None:
    text = QUEUE + 'module "worker" {\n  source = "./worker"\n  dlq_arn = aws_sqs_queue.q.arn\n}\n'
    assert _doubts(text) == [("aws_sqs_queue.q", "what module.worker does with it can't be seen")]
    text = QUEUE + 'module "worker" {\n  source = "./worker"\n  queue_arn = aws_sqs_queue.q.arn\n}\n'
    assert len(_report(text).findings) == 1


@pytest.mark.parametrize(
    ("policy", "count"),
    [
        ('{ redrivePermission = "allowAll" }', 0),
        ('{ redrivePermission = "byQueue", sourceQueueArns = [var.x] }', 0),
        ('{ redrivePermission = "byQueue", sourceQueueArns = [] }', 1),
        ('{ redrivePermission = "denyAll" }', 1),
        ("{}", 1),
    ],
)
def test_a_redrive_allow_policy_makes_a_dead_letter_queue_where_it_admits_sources(policy: str, count: int) -> None:
    text = f'resource "aws_sqs_queue" "q" {{\n  redrive_allow_policy = jsonencode({policy})\n}}\n'
    assert (len(_report(text).findings), _report(text).doubts) == (count, ())


def test_an_unknown_redrive_allow_policy_is_a_doubt() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  redrive_allow_policy = var.x\n}\n'
    assert _doubts(text) == [("aws_sqs_queue.q", "var.x has no default")]


@pytest.mark.parametrize(
    "holder",
    [
        'resource "aws_pipes_pipe" "p" {\n  source_parameters {\n    kinesis_stream_parameters {\n'
        "      dead_letter_config {\n        arn = aws_sqs_queue.q.arn\n      }\n    }\n  }\n}\n",
        'resource "aws_iot_topic_rule" "r" {\n  error_action {\n    sqs {\n      queue_url = aws_sqs_queue.q.url\n'
        "    }\n  }\n}\n",
        'resource "aws_cloudwatch_event_bus" "b" {\n  dead_letter_config {\n    arn = aws_sqs_queue.q.arn\n  }\n}\n',
        'resource "aws_sns_topic_subscription" "s" {\n  redrive_policy = '
        '"{\\"deadLetterTargetArn\\": \\"${aws_sqs_queue.q.arn}\\"}"\n}\n',
    ],
)
def test_every_place_for_what_failed_counts(holder: str) -> None:
    assert _doubts(QUEUE + holder) == []


def test_a_policy_that_is_no_json_holds_nothing() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  redrive_policy = "dlq"\n}\n'
    (finding,) = _report(text).findings
    assert finding.message == "aws_sqs_queue.q has no dead-letter queue: its redrive policy isn't JSON"


def test_an_empty_policy_elsewhere_is_told_with_the_queue() -> None:
    text = QUEUE + (
        'resource "aws_sqs_queue_redrive_policy" "q" {\n  queue_url = aws_sqs_queue.q.id\n  redrive_policy = ""\n}\n'
    )
    (finding,) = _report(text).findings
    assert [(related.message, related.span.line) for related in finding.related] == [("aws_sqs_queue.q is here", 2)]


def test_a_default_that_is_empty_is_told_as_the_origin() -> None:
    text = 'variable "p" {\n  default = ""\n}\nresource "aws_sqs_queue" "q" {\n  redrive_policy = var.p\n}\n'
    (finding,) = _report(text).findings
    assert [related.message for related in finding.related] == ['var.p defaults to "" here']


def test_the_rule_is_held_back_where_a_part_of_the_module_cannot_be_read() -> None:
    report = judged(RULE, QUEUE + 'resource "aws_sqs_queue_redrive_policy" "q" {\n  queue_url = = 1\n}\n')
    assert (report.findings, len(report.notices)) == ((), 1)
