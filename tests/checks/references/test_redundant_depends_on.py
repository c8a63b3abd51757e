"""Entries of depends_on that are waited for anyway."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named

from .waiting import module_call

REDUNDANT = rule_named("references/redundant-depends-on")
DECLARED = (
    'resource "aws_sqs_queue" "q" {\n}\nresource "aws_sqs_queue" "p" {\n}\nlocals {\n  q = aws_sqs_queue.q.arn\n}\n'
    'data "aws_region" "r" {\n}\n' + module_call("m")
)


def topic(*lines: str) -> str:
    return DECLARED + 'resource "aws_sns_topic" "t" {\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ("name = aws_sqs_queue.q.name", "depends_on = [aws_sqs_queue.q]"),
            "aws_sns_topic.t depends on aws_sqs_queue.q already: name refers to it",
        ),
        (
            ("name = local.q", "depends_on = [aws_sqs_queue.q]"),
            "aws_sns_topic.t depends on aws_sqs_queue.q already: name refers to it through local.q",
        ),
        (
            ("name = aws_sqs_queue.q.name", 'depends_on = ["aws_sqs_queue.q"]'),
            "aws_sns_topic.t depends on aws_sqs_queue.q already: name refers to it",
        ),
        (
            ("name = data.aws_region.r.id", "depends_on = [aws_sqs_queue.p, data.aws_region.r]"),
            "aws_sns_topic.t depends on data.aws_region.r already: name refers to it",
        ),
        (
            ("count = length(aws_sqs_queue.q[*].id)", "depends_on = [aws_sqs_queue.q]"),
            "aws_sns_topic.t depends on aws_sqs_queue.q already: count refers to it",
        ),
        (("depends_on = [aws_sqs_queue.q, aws_sqs_queue.q]",), "depends_on names aws_sqs_queue.q twice"),
        (
            ("lifecycle {", "replace_triggered_by = [aws_sqs_queue.q]", "}", "depends_on = [aws_sqs_queue.q]"),
            "aws_sns_topic.t depends on aws_sqs_queue.q already: replace_triggered_by refers to it",
        ),
    ],
)
def test_what_is_waited_for_anyway_is_found_however_it_is_written(lines: tuple[str, ...], message: str) -> None:
    (finding,) = judged(REDUNDANT, topic(*lines)).findings
    assert finding.message == message
    assert finding.related


@pytest.mark.parametrize(
    "lines",
    [
        ("name = local.q", "depends_on = [aws_sqs_queue.p]"),
        ("name = module.m.y", "depends_on = [module.m]"),
        ('name = "aws_sqs_queue.q"', "depends_on = [aws_sqs_queue.q]"),
        ('provisioner "x" {', "when = destroy", "command = aws_sqs_queue.q", "}", "depends_on = [aws_sqs_queue.q]"),
        ("lifecycle {", "ignore_changes = [aws_sqs_queue.q]", "}", "depends_on = [aws_sqs_queue.q]"),
        ("depends_on = [aws_sqs_queue.lost, aws_sqs_queue.lost, local.q]",),
        ("depends_on = concat([aws_sqs_queue.q], [aws_sqs_queue.q])",),
        ("depends_on = []",),
    ],
)
def test_what_only_depends_on_says_is_passed_over(lines: tuple[str, ...]) -> None:
    assert judged(REDUNDANT, topic(*lines)).findings == ()


def test_the_way_through_locals_is_related() -> None:
    text = topic("name = local.q", "depends_on = [aws_sqs_queue.q]")
    (finding,) = judged(REDUNDANT, text).findings
    assert [related.message for related in finding.related] == [
        "aws_sns_topic.t refers to local.q here",
        "local.q refers to aws_sqs_queue.q here",
    ]


def test_dependencies_by_way_of_many_locals_are_told() -> None:
    lines = "".join(f"  l{number} = local.l{number + 1}\n" for number in range(2000))
    more = f"locals {{\n{lines}  l2000 = aws_sqs_queue.q.arn\n}}\n"
    (finding,) = judged(REDUNDANT, more + topic("name = local.l0", "depends_on = [aws_sqs_queue.q]")).findings
    assert finding.related[-1].message.endswith("(and 1997 more places)")
