"""Stacks that others might have written from the booking specification hold its contract; no style hides a breach.

`stacks/<style>/breaches.yaml` breaks each: `old`, which stands in the text once (with `all`, wherever it does),
becomes `new`; then the requirement is broken, by a finding of the rule, and no other one is but for those that are
`also`. With `more` other findings may follow: what nobody uses any more, what somebody needn't be allowed any more.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml

from tests.cards import CONTRACTS, RULES, in_contract
from tests.checks.schema.oracle import require_oracle, validate
from tests.stacks import ROOT, module_of
from tflint_tap.contract.recognition import recognises
from tflint_tap.demands.decided import demands_of
from tflint_tap.stack import Stack

STYLES = ("for_each", "documents", "pieces")
# What a stack is right without as well: a key's other name, a policy where that of AWS will do, another user.
NEEDLESS = {
    "aws_kms_alias",
    "aws_sns_topic_policy",
    "aws_sqs_queue_redrive_allow_policy",
    "aws_elasticache_user_group_association",
}
LAYOUT = "format/not-canonical"


@cache
def text_of(style: str) -> str:
    return (ROOT / "tests" / "stacks" / style / "tap_stack.tf").read_text(encoding="utf-8")


def breaches(style: str) -> list[dict[str, Any]]:
    file = ROOT / "tests" / "stacks" / style / "breaches.yaml"
    listed: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert len(listed) >= 15
    return listed


def unmet(text: str) -> set[str]:
    found = demands_of(Stack.of(module_of(text, "tap_stack.tf"), contract=CONTRACTS[0]))
    return {demand.id for demand in found if demand.is_open}


@pytest.mark.parametrize("style", STYLES)
def test_a_stack_in_another_style_is_clean(style: str) -> None:
    assert recognises(CONTRACTS[0].claims, text_of(style))
    report = in_contract(text_of(style), *RULES)
    assert (report.findings, report.doubts, report.notices, report.failures) == ((), (), (), ())


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_terraform_takes_it(style: str) -> None:
    require_oracle()
    assert validate([text_of(style)]) == [[]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "breach"),
    [
        pytest.param(style, breach, id=f"{style}: {breach['requirement']}")
        for style in STYLES
        for breach in breaches(style)
    ],
)
def test_a_breach_is_found_in_any_style(style: str, breach: dict[str, Any]) -> None:
    text, old = text_of(style), breach["old"]
    assert text.count(old) == 1 or (breach.get("all") and old in text), f"{old} stands there {text.count(old)} times"
    report = in_contract(text.replace(old, breach["new"]), *(rule for rule in RULES if rule.id != LAYOUT))
    found = {(finding.requirement, finding.rule) for finding in report.findings}
    assert (breach["requirement"], breach["rule"]) in found
    if not breach.get("more"):
        assert {requirement for requirement, _ in found} == {breach["requirement"], *breach.get("also", ())}


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_a_block_that_is_taken_away_is_missed(style: str) -> None:
    text = text_of(style)
    rules = [rule for rule in RULES if rule.id != LAYOUT]
    references = [rule for rule in rules if rule.id == "references/undeclared"]  # tells of most, and costs little
    missed = {
        block.labels[0].value
        for block in module_of(text, "tap_stack.tf").files[0].body.blocks
        for without in [text[: block.span.start] + text[block.span.end :]]
        if not in_contract(without, *references).findings
        and not unmet(without)
        and not in_contract(without, *rules).findings
    }
    assert missed <= NEEDLESS


@pytest.mark.parametrize("style", STYLES)
def test_commented_out_code_holds_nothing(style: str) -> None:
    commented = "\n".join(f"# {line}" for line in text_of(style).splitlines()) + "\n"
    found = demands_of(Stack.of(module_of(commented, "tap_stack.tf"), contract=CONTRACTS[0]))
    kinds = {demand.kind for demand in found if demand.is_open}
    assert kinds == {"missing-variable", "missing-local", "missing-resource"}
