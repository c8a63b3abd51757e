"""sla/contradicted: the places that a finding shows, and that one cause is one finding."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named
from tests.stacks import REFERENCE
from tflint_tap.rule import Finding

RULE = rule_named("sla/contradicted")
QUEUE = """\
# SLA: delivery to the PMS is attempted in <60 seconds.
resource "aws_sqs_queue" "hotel_pms_queue" {
  visibility_timeout_seconds = %s
}
"""


def only(text: str) -> Finding:
    report = judged(RULE, text)
    assert report.failures == ()
    (finding,) = (*report.findings, *report.doubts)
    return finding


def related(finding: Finding) -> list[tuple[str, str]]:
    return [(each.message, each.span.text) for each in finding.related]


def test_both_places_are_shown() -> None:
    finding = only(QUEUE % "90")
    assert (finding.requirement, finding.span.text, related(finding)) == (
        "sla.pms",
        "90",
        [("<60 seconds is stated here", "<60 seconds")],
    )


def test_a_setting_that_breaks_two_promises_is_one_finding_that_names_both() -> None:
    finding = only(QUEUE % "180")
    assert finding.requirement == "sla.pms"
    assert finding.message.endswith("attempts to reach the property's PMS (sla.pms, sla.correct)")


def test_a_value_tells_where_it_comes_from() -> None:
    finding = only('variable "v" {\n  default = 90\n}\n\n' + QUEUE % "var.v")
    assert [text for _, text in related(finding)] == ["90", "<60 seconds"]


def test_a_value_that_is_not_known_is_one_doubt() -> None:
    finding = only('variable "v" {\n  type = number\n}\n\n' + QUEUE % "var.v")
    assert (finding.doubt, finding.requirement) == ("var.v has no default", "sla.pms")


def test_a_default_that_the_contract_forbids_is_told_by_that_alone() -> None:
    text = REFERENCE.read_text(encoding="utf-8").replace("  default     = 2000\n", "  default     = 1500\n")
    report = in_contract(text, RULE, rule_named("stack/wrong-variable"))
    assert [finding.rule for finding in report.findings] == ["stack/wrong-variable"]


def test_the_figure_of_several_that_the_code_breaks_is_the_one_shown() -> None:
    machine = """\
# SLA: the audit runs every 5 minutes and finishes in under 2 minutes.
resource "aws_sfn_state_machine" "audit" {
  definition = jsonencode({ StartAt = "A", TimeoutSeconds = 300, States = { A = { Type = "Succeed" } } })
}
"""
    finding = only(machine)
    assert (finding.span.text, related(finding)) == ("300", [("under 2 minutes is stated here", "under 2 minutes")])


@pytest.mark.skipif(not REFERENCE.exists(), reason="there is no reference stack")
def test_the_reference_stack_keeps_what_it_promises() -> None:
    report = judged(RULE, REFERENCE.read_text(encoding="utf-8"))
    assert (report.findings, report.doubts, report.failures) == ((), (), ())
