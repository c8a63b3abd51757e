"""Tags that are asked for: which resources lack them, where several have theirs from."""

from __future__ import annotations

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text

from .reading import VARIABLE, doubts, messages, queue

MISSING = rule_named("tagging/missing-tag")
LOCALS = 'locals {\n  name_prefix = "p"\n}\n'


def test_tags_in_another_spelling_are_to_be_renamed() -> None:
    tags = '{ Project = "p", environment = "e", Owner = "o", cost_center = "c" }'
    (finding,) = judged(MISSING, queue(tags)).findings
    assert finding.message == "the tags of aws_sqs_queue.q lack Environment and CostCenter"
    assert finding.remedy == "write Environment for environment and write CostCenter for cost_center"


def test_common_tags_that_lack_one_are_one_finding_and_others_keep_their_own() -> None:
    common = 'locals {\n  common = { Project = "p", Environment = "e", Owner = "o" }\n}\n'
    text = common + queue("local.common", "a") + queue('merge(local.common, { Name = "b" })', "b")
    text += queue('merge(local.common, { CostCenter = "c" })', "c") + queue('{ Project = "p" }', "d")
    report = judged(MISSING, text)
    assert messages(report) == [
        (2, "the tags that several resources have from local.common lack CostCenter"),
        (14, "the tags of aws_sqs_queue.d lack Environment, Owner and CostCenter"),
    ]
    assert report.findings[0].address == "local.common"
    assert [related.span.line for related in report.findings[0].related] == [5, 8]


def test_common_tags_of_one_resource_are_reported_there_with_their_place() -> None:
    common = 'locals {\n  common = { Project = "p" }\n}\n'
    report = judged(MISSING, common + queue("local.common"))
    assert messages(report) == [(5, "the tags of aws_sqs_queue.q lack Environment, Owner and CostCenter")]
    assert [related.span.line for related in report.findings[0].related] == [2]


def test_a_doubt_about_common_tags_is_one() -> None:
    report = judged(MISSING, queue("var.tags", "a") + queue("var.tags", "b") + VARIABLE)
    assert doubts(report) == [(2, "var.tags has no default")]
    assert [related.span.line for related in report.doubts[0].related] == [5]


def test_only_a_contract_asks_for_tags() -> None:
    (finding,) = in_contract(queue('{ Name = "q" }'), MISSING).findings
    assert finding.requirement == "tags.common"
    text = LOCALS + queue('{ Name = "q" }')
    assert lint_text(text, MISSING).findings == ()
