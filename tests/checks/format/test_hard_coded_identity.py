"""Accounts, regions and partitions that are written out: how they are grouped, and how bad they are where."""

from __future__ import annotations

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text

RULE = rule_named("format/hard-coded-identity")
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  policy = "arn:aws:sns:eu-west-1:123456789012:t"\n}\n'


def test_partitions_are_a_matter_of_contracts_and_regions_a_note_elsewhere() -> None:
    assert [(str(finding.severity), finding.span.text) for finding in judged(RULE, QUEUE).findings] == [
        ("note", "eu-west-1"),
        ("warning", "123456789012"),
    ]
    found = in_contract(QUEUE, RULE).findings
    assert [(str(finding.severity), finding.span.text, finding.requirement) for finding in found] == [
        ("warning", "aws", "format.parameterized"),
        ("warning", "eu-west-1", "format.parameterized"),
        ("warning", "123456789012", "format.parameterized"),
    ]


def test_all_places_of_one_value_are_one_finding() -> None:
    text = "".join(QUEUE.replace('"q" {', f'"q{number}" {{') for number in range(8))
    found = judged(RULE, text).findings
    assert [finding.message for finding in found] == [
        "the region eu-west-1 is written out, here and at 7 more places",
        "the account 123456789012 is written out, here and at 7 more places",
    ]
    assert [related.span.line for related in found[1].related] == [7, 11, 15, 19, 23]
    assert [finding.address for finding in found] == ["aws_sqs_queue.q0"] * 2


def test_only_the_files_that_are_shown_are_judged() -> None:
    report = lint_text({"a.tf": QUEUE, "b.tf": QUEUE.replace('"q" {', '"r" {')}, RULE, shown=["b.tf"])
    assert {finding.span.source.path for finding in report.findings} == {"b.tf"}
    assert all(finding.related == () for finding in report.findings)


def test_what_is_interpolated_beside_it_is_no_part_of_the_text() -> None:
    (finding,) = judged(RULE, 'locals {\n  a = "arn:${var.p}:iam::${"x"}:role/${var.n}/arn:aws:s3:::eu-west-1"\n'
                              '  b = "${var.host}.dkr.ecr.${"eu-west-1"}.amazonaws.com"\n}\n').findings  # fmt: skip
    assert (finding.span.line, finding.span.text) == (3, "eu-west-1")


def test_broken_files_and_odd_places_do_no_harm() -> None:
    text = 'locals {\n  a = \n  b = "eu-west-1"\n}\neu-west-1\nresource {\n  c = "eu-west-1"\n}\n"eu-west-1"\n'
    assert judged(RULE, text).failures == ()
