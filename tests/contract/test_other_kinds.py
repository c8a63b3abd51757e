"""Contracts for specifications of other kinds: a stack that holds each, ways to break it, and other ways to meet it.

A folder of tests/stacks holds the specification (spec.md), its contract, the stack (main.tf), and changes of it:
breaches.yaml, each with the id of the requirement that it breaks, and variants.yaml, which break none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
import yaml

from tests.cards import RULES
from tests.checks.schema.oracle import require_oracle, validate
from tests.stacks import ROOT, lint_text
from tflint_tap.contract import Contract, contract_named
from tflint_tap.demands.reading import terms_of
from tflint_tap.demands.requirements import requirement_ids
from tflint_tap.hcl import parse
from tflint_tap.lint import Report
from tflint_tap.rulebook.contracts import mistakes_of
from tflint_tap.rulebook.examples import DAY
from tflint_tap.text.source import Source

KINDS = ("batch_pipeline", "static_site", "three_tier")
FOLDER = ROOT / "tests" / "stacks"
GIVEN: Mapping[str, tuple[str, ...]] = {
    "batch_pipeline": ("stage=live", "image=sales", 'subnet_ids=["subnet-1"]', 'security_group_ids=["sg-1"]'),
    "static_site": ("domain=docs.harbour-notes.net", "repository=example/docs", "zone_id=Z0123456789ABCDEFGHIJ"),
    "three_tier": ("environment=prod",),
}
ID = re.compile(r"^- ([A-Z]+-\d+):", re.MULTILINE)

Change = Mapping[str, Any]


@cache
def contract_of(kind: str) -> Contract:
    return contract_named(str(FOLDER / kind / "contract.yaml"), ())


@cache
def text_of(kind: str) -> str:
    return (FOLDER / kind / "main.tf").read_text(encoding="utf-8")


def changes_of(name: str) -> list[Any]:
    """The changes in a file of each kind, as parameters of a test."""
    made = []
    for kind in KINDS:
        path = FOLDER / kind / name
        for change in yaml.safe_load(path.read_text(encoding="utf-8")):
            title = f"{change['id']}: {change['name']}" if "id" in change else change["name"]
            made.append(pytest.param(kind, change, id=f"{kind}: {title}"))
    return made


def changed(kind: str, change: Change) -> str:
    """The stack with a change: `old` text that stands there once, or a `block`, gives way to `new`; `add` is added."""
    text = text_of(kind)
    for step in change["change"]:
        if "add" in step:
            text = f"{text}\n{step['add']}"
        elif "block" in step:
            start, end = _place(text, step["block"])
            text = text[:start] + step.get("new", "") + text[end:]
        else:
            count = text.count(step["old"])
            assert count == 1 or (count and step.get("every")), f"the text stands there {count} times: {step['old']}"
            text = text.replace(step["old"], step["new"])
    return text


def _place(text: str, address: str) -> tuple[int, int]:
    """The lines of a block, by its address (a local's, variable's or output's included), with what introduces it."""
    for block in parse(Source("main.tf", text)).body.blocks:
        names = [label.value for label in block.labels]
        if ".".join(names if block.type == "resource" else [block.type, *names]) == address:
            return block.span.start, block.span.end
    raise AssertionError(f"there is no {address}")


@cache
def rules_about(kind: str) -> tuple[Any, ...]:
    """The rules that report what breaks a requirement."""
    named = {entry.rule for entry in terms_of(contract_of(kind)).rules} | {"iam/missing-permission"}
    return tuple(
        rule
        for rule in RULES
        if rule.id in named
        or rule.id.partition("/")[0] in ("stack", "sla")
        or f"{rule.id.partition('/')[0]}/*" in named
    )


def judged(kind: str, text: str, *rules: Any, given: Sequence[str] = ()) -> Report:
    values = [one for one in (*GIVEN[kind], *given) if f'variable "{one.partition("=")[0]}"' in text]
    return lint_text(text, *rules, contract=contract_of(kind), given=values, today=DAY)


@pytest.mark.parametrize("kind", KINDS)
def test_the_contract_has_every_line_of_the_specification(kind: str) -> None:
    contract = contract_of(kind)
    assert mistakes_of(contract, {rule.id for rule in RULES}) == []
    written = ID.findall((FOLDER / kind / "spec.md").read_text(encoding="utf-8"))
    assert len(written) == len(set(written))
    assert set(written) == set(requirement_ids(contract))


@pytest.mark.parametrize("kind", KINDS)
def test_the_stack_holds_its_contract_and_the_rulebook(kind: str) -> None:
    report = judged(kind, text_of(kind), *RULES)
    assert [(finding.rule, finding.span.line, finding.message) for finding in (*report.findings, *report.doubts)] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_terraform_accepts_the_stack_and_its_variants(kind: str) -> None:
    require_oracle()
    variants = yaml.safe_load((FOLDER / kind / "variants.yaml").read_text(encoding="utf-8"))
    texts = [text_of(kind), *(changed(kind, variant) for variant in variants)]
    assert validate(texts) == [[] for _ in texts]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "breach"), changes_of("breaches.yaml"))
def test_a_breach_gives_its_requirement_and_no_other(kind: str, breach: Change) -> None:
    report = judged(kind, changed(kind, breach), *rules_about(kind))
    assert report.failures == ()
    about_it = [finding for finding in report.findings if finding.requirement is not None]
    assert [finding.requirement for finding in about_it] == [breach["id"]] * breach.get("times", 1)
    assert [doubt.message for doubt in report.doubts] == []


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "variant"), changes_of("variants.yaml"))
def test_another_way_to_meet_the_same_is_silent(kind: str, variant: Change) -> None:
    report = judged(kind, changed(kind, variant), *RULES, given=variant.get("given", ()))
    assert report.failures == ()
    assert [(finding.rule, finding.span.line, finding.message) for finding in (*report.findings, *report.doubts)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_breaches_and_variants_enough(kind: str) -> None:
    counts = {
        name: len(yaml.safe_load((FOLDER / kind / name).read_text(encoding="utf-8")))
        for name in ("breaches.yaml", "variants.yaml")
    }
    assert counts["breaches.yaml"] >= 20
    assert counts["variants.yaml"] >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_requirement_that_files_can_show_is_broken_once(kind: str) -> None:
    people = {id_ for id_, _ in terms_of(contract_of(kind)).people}
    broken = {breach["id"] for breach in yaml.safe_load((FOLDER / kind / "breaches.yaml").read_text(encoding="utf-8"))}
    assert set(requirement_ids(contract_of(kind))) - people == broken


def test_every_folder_of_a_specification_is_judged() -> None:
    assert {path.parent.name for path in FOLDER.glob("*/spec.md")} == set(KINDS)
