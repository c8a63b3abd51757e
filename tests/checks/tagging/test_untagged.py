"""Resources without tags."""

from __future__ import annotations

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text
from tflint_tap.rule import Severity

from .reading import ALL, queue

UNTAGGED = rule_named("tagging/untagged")


def test_no_tags_are_an_error_in_a_contract_and_a_note_elsewhere() -> None:
    (finding,) = in_contract(queue(None), UNTAGGED).findings
    assert (finding.severity, finding.requirement) == (Severity.ERROR, "tags.present")
    (finding,) = judged(UNTAGGED, queue(None)).findings
    assert (finding.severity, finding.requirement) == (Severity.NOTE, None)


def test_an_empty_map_that_several_resources_have_is_one_finding() -> None:
    text = queue("local.none") + queue("local.none", "r") + "locals {\n  none = {}\n}\n"
    (finding,) = judged(UNTAGGED, text).findings
    assert (finding.span.line, finding.remedy) == (8, "add tags to local.none")
    assert [related.span.line for related in finding.related] == [2, 5]


def test_the_remedy_names_the_stacks_common_tags() -> None:
    text = queue(None) + f"locals {{\n  common_tags = {ALL}\n}}\n"
    (finding,) = judged(UNTAGGED, text).findings
    assert finding.remedy == "set tags = merge(local.common_tags, { Name = … })"


def test_an_empty_map_in_a_file_that_is_not_shown_is_reported_at_its_users() -> None:
    files = {"main.tf": queue("local.none") + queue("local.none", "r"), "other.tf": "locals {\n  none = {}\n}\n"}
    report = lint_text(files, UNTAGGED, shown=["main.tf"])
    assert [finding.span.line for finding in report.findings] == [2, 5]
