"""The reference stack, broken once for each requirement: exactly this requirement is reported, by the right rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cards import CONTRACTS, RULES
from tests.stacks import REFERENCE, target_of
from tflint_tap.contract.targets import SlaTarget, promises_of
from tflint_tap.demands.reading import terms_of
from tflint_tap.demands.requirements import requirement_ids
from tflint_tap.lint import judged_alone
from tflint_tap.rulebook.examples import DAY
from tflint_tap.trace.rows import Status, trace_of

LAYOUT = "format/not-canonical"
TEXT = REFERENCE.read_text(encoding="utf-8")
BREACHES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "breaches.yaml").read_text(encoding="utf-8"))


def broken(breach: Mapping[str, Any]) -> str:
    text = TEXT
    for pair in breach["change"]:
        count = text.count(pair["old"])
        assert count == 1 or (count and pair.get("every")), f"the text stands there {count} times: {pair['old']}"
        text = text.replace(pair["old"], pair["new"])
    return text


@pytest.mark.slow
@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach['id']}: {breach['name']}")
def test_a_breach_gives_its_requirement_and_nothing_else(breach: dict[str, Any]) -> None:
    # what is put in or taken out needn't be aligned with its neighbours
    rules = tuple(rule for rule in RULES if rule.id != LAYOUT or breach["rule"] == LAYOUT)
    judged = judged_alone(target_of(broken(breach), contract=CONTRACTS[0]), rules, today=DAY)
    report = judged.report
    assert report.failures == ()
    found = [(finding.rule, finding.requirement) for finding in report.findings]
    assert found == [(breach["rule"], breach["id"])]
    assert report.doubts == ()
    rows = trace_of(judged, CONTRACTS[0]).rows
    assert [row.requirement.id for row in rows if row.status is Status.BROKEN] == [breach["id"]]


def test_every_requirement_is_broken() -> None:
    wanted = set(requirement_ids(CONTRACTS[0]))
    assert wanted - {breach["id"] for breach in BREACHES} == set()


@pytest.mark.parametrize("target", promises_of(CONTRACTS[0]).sla_targets, ids=lambda target: target.id)
def test_every_figure_is_broken_in_each_way(target: SlaTarget) -> None:
    """Not stated, stated otherwise; and by the code, where the contract binds some."""
    if target.id == "api.throttling":
        return  # a limit will do as well, and what is stated otherwise is sla.burst's
    ways = {breach["rule"] for breach in BREACHES if breach["id"] == target.id}
    # the alarm that tells of overbookings states the figure of their correction as well
    wanted = {"sla/wrong-figure"} | ({"sla/missing-comment"} if target.id != "sla.correct" else set())
    bound = {agreement.setting.term.id for agreement in terms_of(CONTRACTS[0]).agreements}
    assert ways >= wanted | ({"sla/contradicted"} if target.id in bound else set())


def test_there_are_many_ways() -> None:
    assert len({(breach["id"], breach["name"]) for breach in BREACHES}) == len(BREACHES) >= 215
