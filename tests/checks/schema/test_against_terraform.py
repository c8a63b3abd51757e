"""The rules and `terraform validate`, with the provider's own schema: on stacks, on mutants of the reference stack."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.stacks import stack_of
from tflint_tap.lint import judge
from tflint_tap.rule import Severity

from .judging import RULES, Said, Stacks
from .mutants import mutants
from .oracle import ORACLE, Range, require_oracle, validate
from .recorded import digest, original, read

pytestmark = pytest.mark.slow

DISAGREEMENTS = Path(__file__).with_name("disagreements.tsv")
SAMPLE = 24
MOST_DISAGREEMENTS = 0.02


def _agree(ours: list[Said], theirs: list[Range]) -> bool:
    """Error or no error, and each of Terraform's errors at a line that a finding or its related places have.

    Terraform stops early, so there may be findings beyond its errors. Where a value spans several lines, the finding
    is at the part that is wrong, Terraform's error at all of it.
    """
    lines = {line for said in ours for line in (said.line, *said.related)}
    return bool(ours) == bool(theirs) and all(any(first <= line <= last for line in lines) for first, last in theirs)


def _explained() -> dict[str, str]:
    lines = DISAGREEMENTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def test_the_rules_agree_with_terraform_on_mutants() -> None:
    source = original()
    recorded, said = read()
    if recorded != digest(source):
        pytest.skip("the reference stack has changed since: record anew with python -m tests.checks.schema.recorded")
    made = mutants(source)
    assert [mutant.what for mutant in made] == [what for what, _ in said]
    assert len(made) >= 300
    stacks = Stacks(source)
    different = {
        mutant.what for mutant, (_, theirs) in zip(made, said, strict=True) if not _agree(stacks.errors(mutant), theirs)
    }
    assert different == _explained().keys()
    assert len(different) <= MOST_DISAGREEMENTS * len(made)


def test_terraform_says_what_was_recorded() -> None:
    require_oracle()
    source = original()
    recorded, said = read()
    if recorded != digest(source):
        pytest.skip("the reference stack has changed since: record anew with python -m tests.checks.schema.recorded")
    chosen = random.Random(len(source.text)).sample(list(zip(mutants(source), said, strict=True)), SAMPLE)
    fresh = validate([mutant.applied(source.text) for mutant, _ in chosen])
    assert [sorted(lines) for lines in fresh] == [sorted(lines) for _, (_, lines) in chosen]


def test_the_rules_agree_with_terraform_on_fresh_mutants() -> None:
    require_oracle()
    source = original()
    made = mutants(source, SAMPLE, seed=len(source.text))
    stacks = Stacks(source)
    said = validate([mutant.applied(source.text) for mutant in made])
    agreed = [_agree(stacks.errors(mutant), theirs) for mutant, theirs in zip(made, said, strict=True)]
    assert agreed.count(False) <= 1


# What the rulebook asks for and Terraform doesn't.
_STYLE = ("variables/undescribed", "outputs/undescribed", "references/unused", "references/unused-resource")


def _lines(name: str, *severities: Severity) -> set[int]:
    """Where anything is reported that Terraform would report, too."""
    path = ORACLE / "stacks" / name / "main.tf"
    if not path.is_file():
        pytest.skip("the stacks are not at hand")
    stack = stack_of(path.read_text(encoding="utf-8"), path=str(path))
    found = [finding for rule in RULES if rule.id not in _STYLE for finding in judge(rule, stack)]
    return {finding.span.line for finding in found if finding.severity in severities}


@pytest.mark.parametrize("name", ["good", "features", "tiny"])
def test_nothing_is_wrong_with_good_stacks(name: str) -> None:
    assert _lines(name, *Severity) == set()


def test_each_fault_of_the_bad_stack_is_at_terraforms_line() -> None:
    require_oracle()
    text = (ORACLE / "stacks" / "bad" / "main.tf").read_text(encoding="utf-8")
    theirs = validate([text], keep=["aws_sqs_queue"])[0]
    warnings = validate([text], keep=["aws_sqs_queue"], severity="warning")[0]
    assert _lines("bad", Severity.ERROR) == {first for first, _ in theirs}
    assert _lines("bad", Severity.WARNING) == {first for first, _ in warnings} == {108}
