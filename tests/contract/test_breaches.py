"""The reference stack, broken once for each requirement: exactly this requirement is reported, by the right rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cards import CONTRACTS, RULES
from tests.stacks import REFERENCE, target_of
from tflint_tap.contract.targets import promises_of
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


def test_every_requirement_beside_the_figures_is_broken_once() -> None:
    figures = {promise.id for promise in promises_of(CONTRACTS[0]).sla_targets}
    wanted = set(requirement_ids(CONTRACTS[0])) - figures
    assert wanted - {breach["id"] for breach in BREACHES} == set()
