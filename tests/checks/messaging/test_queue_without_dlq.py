"""Queues without a dead-letter queue: the story that a finding tells, and a module that can't be read whole."""

from __future__ import annotations

from tests.cards import judged, rule_named

RULE = rule_named("messaging/queue-without-dlq")
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


def test_an_empty_policy_elsewhere_is_told_with_the_queue() -> None:
    text = QUEUE + (
        'resource "aws_sqs_queue_redrive_policy" "q" {\n  queue_url = aws_sqs_queue.q.id\n  redrive_policy = ""\n}\n'
    )
    (finding,) = judged(RULE, text).findings
    assert [(related.message, related.span.line) for related in finding.related] == [("aws_sqs_queue.q is here", 1)]


def test_a_default_that_is_empty_is_told_as_the_origin() -> None:
    text = 'variable "p" {\n  default = ""\n}\nresource "aws_sqs_queue" "q" {\n  redrive_policy = var.p\n}\n'
    (finding,) = judged(RULE, text).findings
    assert [related.message for related in finding.related] == ['var.p defaults to "" here']


def test_the_rule_is_held_back_where_a_part_of_the_module_cannot_be_read() -> None:
    report = judged(RULE, QUEUE + 'resource "aws_sqs_queue_redrive_policy" "q" {\n  queue_url = = 1\n}\n')
    assert (report.findings, len(report.notices)) == ((), 1)
