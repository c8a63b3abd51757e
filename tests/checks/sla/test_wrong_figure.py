"""The findings of sla/wrong-figure in a stack that states every figure: each cause has one."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, rule_named

from .stacks import STACK, text_of

RULES = [rule_named(f"sla/{name}") for name in ("wrong-figure", "missing-comment", "contradicted")]


def found(**parts: str) -> list[tuple[str, str, str | None]]:
    report = in_contract(text_of(**parts), *RULES)
    assert (report.failures, report.doubts) == ((), ())
    return [(finding.rule, finding.span.text, finding.requirement) for finding in report.findings]


@pytest.mark.parametrize(
    ("part", "old", "new", "stated", "requirement"),
    [
        ("api", "~1,200 RPS", "~1,500 RPS", None, None),  # 70,000 per minute stands beside it
        ("api", "~70,000 requests per minute (~1,200", "(~1,500", "~1,500 RPS", "sla.throughput"),
        ("api", "~2,000 RPS", "~3k RPS", "~3k RPS", "sla.burst"),
        ("api", "<400 ms", "<0.5 s", "<0.5 s", "sla.confirmation"),
        ("table", "<5 seconds", "<8 seconds", "<8 seconds", "sla.replication"),
        ("topic", "<60 seconds", "under two minutes", "under two minutes", "sla.pms"),
        ("updater", "<1 s", "<2000 ms", "<2000 ms", "sla.cache"),
        ("machine", "within 30 seconds", "within a minute", "within a minute", "sla.hot"),
        ("machine", "every 5 minutes", "every ten minutes", "every ten minutes", "sla.audit"),
        ("machine", "under 2 minutes", "under 4 min", "under 4 min", "sla.audit"),
        ("resolver", "within 5 seconds", "within 50 seconds", "within 50 seconds", "sla.detect"),
        ("resolver", "within 60 seconds", "within 6 minutes", "within 6 minutes", "sla.reassign"),
        ("resolver", "within 2 minutes", "within 20 minutes", "within 20 minutes", "sla.correct"),
        ("alarm", ">10 s", ">20 s", '"Replication >20 s"', "alarm.described"),
        ("alarms", ">60 s", ">600 s", '"PMS backlog >600 s"', "alarm.described"),
        ("alarms", "2 minutes", "3 minutes", '"Overbooking unresolved after 3 minutes"', "alarm.described"),
    ],
)
def test_another_figure_is_one_finding(
    part: str, old: str, new: str, stated: str | None, requirement: str | None
) -> None:
    assert old in STACK[part]
    expected = [] if stated is None else [("sla/wrong-figure", stated, requirement)]
    assert found(**{part: STACK[part].replace(old, new)}) == expected


def test_the_place_that_states_it_rightly_is_shown() -> None:
    rest = STACK["rest"].replace('resource "aws_lambda', '# SLA: confirmed in <600 ms P95.\nresource "aws_lambda', 1)
    report = in_contract(text_of(rest=rest), RULES[0])
    (finding,) = report.findings
    assert (finding.message, finding.remedy) == (
        "<600 ms isn't what is promised for the booking confirmation path, <400 ms P95 (sla.confirmation)",
        "write <400 ms P95, or correct the contract",
    )
    assert [(each.message, each.span.line) for each in finding.related] == [("<400 ms is stated here", 1)]


def test_one_sentence_is_no_other_figure_for_two_promises() -> None:
    resolver = STACK["resolver"].replace("within 5 seconds, reassigned within 60 seconds", "within 40 seconds")
    assert [each for each in found(resolver=resolver) if each[0] == "sla/wrong-figure"] == [
        ("sla/wrong-figure", "within 40 seconds", "sla.detect")
    ]
