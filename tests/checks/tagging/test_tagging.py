"""Tags: what is certain, what isn't, and what has one cause."""

from __future__ import annotations

import pytest

from tests.cards import CONTRACTS, judged, rule_named
from tflint_tap.aws import schema
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule, Severity
from tflint_tap.text.source import Source

UNTAGGED = rule_named("tagging/untagged")
MISSING = rule_named("tagging/missing-tag")
ALL = '{ Project = "p", Environment = "e", Owner = "o", CostCenter = "c" }'
LOCALS = 'locals {\n  name_prefix = "p"\n}\n'
VARIABLE = '\nvariable "tags" {\n  type = map(string)\n}\n'


def in_contract(rule: Rule, text: str) -> Report:
    source = Source("tap_stack.tf", text)
    return lint([Target((source,), (source,), None, CONTRACTS[0])], (rule,))


def queue(tags: str | None, name: str = "q") -> str:
    return f'resource "aws_sqs_queue" "{name}" {{\n' + (f"  tags = {tags}\n" if tags else "") + "}\n"


def default_tags(tags: str, more: str = "") -> str:
    return f'provider "aws" {{\n{more}  default_tags {{\n    tags = {tags}\n  }}\n}}\n'


EAST = default_tags('{ Team = "t" }', '  alias = "east"\n')


def doubts(report: Report) -> list[tuple[int, str | None]]:
    assert report.findings == ()
    return [(doubt.span.line, doubt.reason) for doubt in report.doubts]


def messages(report: Report) -> list[tuple[int, str]]:
    assert report.doubts == ()
    return [(finding.span.line, finding.message) for finding in report.findings]


def test_only_auto_scaling_groups_have_their_tags_in_blocks() -> None:
    blocks = {type_: schema.resource(type_) for type_ in schema.resource_types()}
    tagged = [type_ for type_, block in blocks.items() if block is not None and block.tagged_by_blocks]
    assert tagged == ["aws_autoscaling_group"]


# tagging/untagged


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
    assert finding.remedy == "tags = merge(local.common_tags, { Name = … })"


# tagging/missing-tag


def test_a_value_that_an_unknown_map_may_replace_is_not_certain() -> None:
    tags = """merge({ Project = "p", Environment = "e", Owner = "", CostCenter = "c" }, var.tags)"""
    report = judged(MISSING, LOCALS + queue(tags) + VARIABLE)
    assert (report.findings, report.doubts) == ((), ())


@pytest.mark.parametrize(
    ("tags", "more", "reason"),
    [
        ("var.tags", VARIABLE, "var.tags has no default"),
        (f"merge({ALL.replace('Owner', 'owner')}, var.tags)", VARIABLE, "var.tags has no default"),
        ('merge({ Project = "p" }, local.lost)', "", "local.lost isn't declared"),
        (f"length(var.tags) > 1 ? {ALL} : {{}}", VARIABLE, "var.tags has no default"),
        ('{ Project = "p" }', VARIABLE + default_tags("var.tags"), "var.tags has no default"),
    ],
)
def test_keys_that_may_be_there_are_a_doubt(tags: str, more: str, reason: str) -> None:
    assert doubts(judged(MISSING, LOCALS + queue(tags) + more)) == [(5, reason)]


@pytest.mark.parametrize(
    ("tags", "more"),
    [
        (f"merge(var.tags, {ALL})", VARIABLE),
        (f"merge({ALL}, var.tags)", VARIABLE),
        (ALL.replace('"o"', "var.tags.owner"), VARIABLE),
        ('{ Owner = "o" }', default_tags(ALL)),
        (f"true ? {ALL} : {{}}", ""),
        (f"var.big ? {ALL} : {ALL}", 'variable "big" {}\n'),
        (f'var.big ? merge({ALL}, {{ Size = "big" }}) : {ALL}', 'variable "big" {}\n'),
        ('{ for name in ["Project", "Environment", "Owner", "CostCenter"] : name => "x" }', ""),
        ("{}", ""),
        ("null", ""),
    ],
)
def test_tags_that_hold_what_is_asked_for_or_are_none_at_all_are_fine(tags: str, more: str) -> None:
    report = judged(MISSING, LOCALS + queue(tags) + more)
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_tags_in_another_spelling_are_to_be_renamed() -> None:
    tags = '{ Project = "p", environment = "e", Owner = "o", cost_center = "c" }'
    (finding,) = judged(MISSING, LOCALS + queue(tags)).findings
    assert finding.message == "the tags of aws_sqs_queue.q lack Environment and CostCenter"
    assert finding.remedy == "write Environment for environment and write CostCenter for cost_center"


def test_an_empty_value_is_certain_even_where_other_tags_are_not() -> None:
    tags = 'merge(var.tags, { Owner = "" })'
    assert messages(judged(MISSING, LOCALS + queue(tags) + VARIABLE)) == [(5, "the tags of aws_sqs_queue.q lack Owner")]


def test_common_tags_that_lack_one_are_one_finding_and_others_keep_their_own() -> None:
    common = 'locals {\n  common = { Project = "p", Environment = "e", Owner = "o" }\n}\n'
    text = LOCALS + common + queue("local.common", "a") + queue('merge(local.common, { Name = "b" })', "b")
    text += queue('merge(local.common, { CostCenter = "c" })', "c") + queue('{ Project = "p" }', "d")
    report = judged(MISSING, text)
    assert messages(report) == [
        (5, "the tags that several resources have from local.common lack CostCenter"),
        (17, "the tags of aws_sqs_queue.d lack Environment, Owner and CostCenter"),
    ]
    assert report.findings[0].address == "local.common"
    assert [related.span.line for related in report.findings[0].related] == [8, 11]


def test_common_tags_of_one_resource_are_reported_there_with_their_place() -> None:
    common = 'locals {\n  common = { Project = "p" }\n}\n'
    report = judged(MISSING, LOCALS + common + queue("local.common"))
    assert messages(report) == [(8, "the tags of aws_sqs_queue.q lack Environment, Owner and CostCenter")]
    assert [related.span.line for related in report.findings[0].related] == [5]


def test_a_doubt_about_common_tags_is_one() -> None:
    report = judged(MISSING, LOCALS + queue("var.tags", "a") + queue("var.tags", "b") + VARIABLE)
    assert doubts(report) == [(5, "var.tags has no default")]
    assert [related.span.line for related in report.doubts[0].related] == [8]


def test_a_contract_is_held_to_tags_without_the_local_too() -> None:
    (finding,) = in_contract(MISSING, queue('{ Name = "q" }')).findings
    assert finding.requirement == "tags.common"
    assert judged(MISSING, queue('{ Name = "q" }')).findings == ()


def test_an_instance_that_lacks_a_tag_is_named() -> None:
    tags = 'merge({ Project = "p", Environment = "e", CostCenter = "c" }, each.value)'
    text = f'resource "aws_kms_key" "k" {{\n  for_each = {{ a = {{}}, b = {{ Owner = "o" }} }}\n  tags = {tags}\n}}\n'
    assert messages(judged(MISSING, LOCALS + text)) == [(6, 'the tags of aws_kms_key.k["a"] lack Owner')]
