"""Resources without tags."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tflint_tap.rule import Severity

from .reading import ALL, VARIABLE, default_tags, doubts, in_contract, messages, queue

UNTAGGED = rule_named("tagging/untagged")
EAST = default_tags('{ Team = "t" }', '  alias = "east"\n')


def test_no_tags_are_an_error_in_a_contract_and_a_note_elsewhere() -> None:
    (finding,) = in_contract(UNTAGGED, queue(None)).findings
    assert (finding.severity, finding.requirement) == (Severity.ERROR, "tags.present")
    (finding,) = judged(UNTAGGED, queue(None)).findings
    assert (finding.severity, finding.requirement) == (Severity.NOTE, None)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (queue("var.tags") + VARIABLE, 2, "var.tags has no default"),
        (queue("merge(var.tags, {})") + VARIABLE, 2, "var.tags has no default"),
        (queue("module.labels.tags"), 2, "module.labels.tags is known after apply"),
        (queue("{ for k, v in var.tags : k => v }") + VARIABLE, 2, "var.tags has no default"),
        (queue(None) + default_tags("var.tags") + VARIABLE, 1, "var.tags has no default"),
    ],
)
def test_tags_that_may_be_none_are_a_doubt(text: str, line: int, reason: str) -> None:
    text += 'module "labels" {\n  source = "./labels"\n}\n'
    assert doubts(judged(UNTAGGED, text)) == [(line, reason)]


@pytest.mark.parametrize(
    "text",
    [
        queue("merge(var.tags, { Name = 1 })") + VARIABLE,
        queue("var.tags") + VARIABLE + default_tags('{ Team = "t" }'),
        queue(None) + default_tags('{ Team = "t" }'),
        EAST + 'resource "aws_kms_key" "k" {\n  provider = aws.east\n}\n',
        EAST + 'resource "aws_kms_key" "k" {\n  provider = "aws.east"\n}\n',
    ],
)
def test_any_tag_is_enough(text: str) -> None:
    report = judged(UNTAGGED, text)
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_empty_default_tags_are_none() -> None:
    assert messages(judged(UNTAGGED, queue(None) + default_tags("{}"))) == [(1, "no tags are set on aws_sqs_queue.q")]


def test_default_tags_of_another_configuration_are_not_the_resources() -> None:
    assert messages(judged(UNTAGGED, queue(None) + EAST)) == [(1, "no tags are set on aws_sqs_queue.q")]


def test_what_is_computed_only_is_no_place_for_tags() -> None:
    assert messages(judged(UNTAGGED, 'resource "aws_inspector_resource_group" "g" {\n  tags = {}\n}\n')) == []


def test_tags_in_blocks_that_may_be_none_are_a_doubt() -> None:
    text = (
        'resource "aws_autoscaling_group" "g" {\n  dynamic "tag" {\n    for_each = var.tags\n    content {\n'
        "      key = tag.key\n      value = tag.value\n    }\n  }\n}\n"
    )
    assert doubts(judged(UNTAGGED, text + VARIABLE)) == [(1, "var.tags has no default")]


def test_an_empty_map_that_several_resources_have_is_one_finding() -> None:
    text = queue("local.none") + queue("local.none", "r") + "locals {\n  none = {}\n}\n"
    (finding,) = judged(UNTAGGED, text).findings
    assert (finding.span.line, finding.remedy) == (8, "fill local.none")
    assert [related.span.line for related in finding.related] == [2, 5]


def test_the_remedy_names_the_stacks_common_tags() -> None:
    text = queue(None) + f"locals {{\n  common_tags = {ALL}\n}}\n"
    (finding,) = judged(UNTAGGED, text).findings
    assert finding.remedy == "set tags = merge(local.common_tags, { Name = … })"
