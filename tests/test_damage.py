"""The reference stack, damaged in one place: the right rule fires there, and nothing else does.

`damages/<family>.yaml` lists the damages. `old`, which stands in the text once, becomes `new`; then `rule` fires where
`at` begins, in or behind `new`. With `above`, `at` is sought backwards from there (a block's header). `also` lists
further pairs of `old` and `new` that are a part of the same damage.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cards import RULES, in_contract
from tests.stacks import REFERENCE as REFERENCE_STACK

REFERENCE = REFERENCE_STACK.read_text(encoding="utf-8")
FOLDER = Path(__file__).parent / "damages"
LAYOUT = "format/not-canonical"


def damages(family: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{family}.yaml").read_text(encoding="utf-8"))
    return listed


def damaged(damage: dict[str, Any]) -> tuple[str, int]:
    """The text, and where the finding has to begin."""
    text = REFERENCE
    for pair in [*damage.get("also", ()), damage]:
        assert text.count(pair["old"]) == 1, f"the text stands there {text.count(pair['old'])} times: {pair['old']}"
        start = text.index(pair["old"])
        text = text.replace(pair["old"], pair["new"])
    return text, text.rindex(damage["at"], 0, start) if damage.get("above") else text.index(damage["at"], start)


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(damage, id=f"{path.stem}: {damage['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for damage in damages(path.stem)
    ],
)
def test_damage_is_found_where_it_was_done_and_nothing_else_is(damage: dict[str, Any]) -> None:
    text, start = damaged(damage)
    # what is put in or taken out needn't be aligned with its neighbours
    report = in_contract(text, *(rule for rule in RULES if rule.id != LAYOUT or damage["rule"] == LAYOUT))
    assert report.failures == ()
    assert [(finding.rule, finding.span.start) for finding in report.findings] == [(damage["rule"], start)]


def test_the_reference_stack_itself_gives_nothing() -> None:
    report = in_contract(REFERENCE, *RULES)
    assert (report.findings, report.doubts, report.notices, report.failures) == ((), (), (), ())
