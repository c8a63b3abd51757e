"""Cycles, duplicates and names out of scope: Terraform refuses the same modules, on the same lines."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from tests.cards import rule_named
from tests.stacks import SHARED
from tflint_tap.discovery import Target
from tflint_tap.hcl import parse
from tflint_tap.lint import lint
from tflint_tap.terraform.module import build_module
from tflint_tap.terraform.module.graph import dependencies, loops
from tflint_tap.text.source import Source

pytestmark = pytest.mark.slow

RULES = tuple(rule_named(f"references/{name}") for name in ("cycle", "duplicate", "out-of-scope", "undeclared"))
VALIDATE = SHARED / "terraform" / "tfvalidate"
ONE_WORD_OF_TERRAFORM = re.compile(r'provider\["[^"]*/(\w+)"\](?:\.(\w+))?|module\.(\w+)[^,]*|([^ ,]+)')


class Case(NamedTuple):
    title: str
    planned: bool
    files: dict[str, str]


class EvaluationError(NamedTuple):
    """Files and lines of errors, and what goes round in each cycle."""

    places: frozenset[tuple[str, int]]
    cycles: frozenset[frozenset[str]]


def read_cases() -> list[Case]:
    text = Path(__file__).with_name("reference_cases.txt").read_text(encoding="utf-8")
    cases = []
    for chunk in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        title, _, body = chunk.partition("\n")
        main, *others = re.split(r"^--- (.*)\n", body, flags=re.MULTILINE)
        files = {"main.tf": main, **dict(zip(others[::2], others[1::2], strict=True))}
        cases.append(Case(title.removeprefix("plan: "), title.startswith("plan: "), files))
    return cases


CASES = read_cases()


@cache
def terraforms_view() -> dict[str, EvaluationError]:
    found: dict[str, EvaluationError] = {}
    with TemporaryDirectory() as folder:
        for number, case in enumerate(CASES):
            for name, text in case.files.items():
                path = Path(folder, str(number), name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        for planned in (False, True):
            wanted = {f"{folder}/{number}": case for number, case in enumerate(CASES) if case.planned is planned}
            command = [str(VALIDATE), "--json", *(["--plan"] if planned else []), *wanted]
            said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stdout
            for part in re.split(r"^==> ", said, flags=re.MULTILINE)[1:]:
                path_, _, answer = part.partition("\n")
                found[wanted[path_].title] = error(answer)
    return found


def error(answer: str) -> EvaluationError:
    """What Terraform says in JSON: a document of `validate`, lines of `plan`."""
    places: set[tuple[str, int]] = set()
    cycles: set[frozenset[str]] = set()
    position = answer.find("{")
    while position != -1:
        document, end = json.JSONDecoder().raw_decode(answer, position)
        for diagnostic in document.get("diagnostics") or [document.get("diagnostic") or {}]:
            summary = diagnostic.get("summary", "")
            if diagnostic.get("severity") == "error" and summary.startswith("Cycle: "):
                parts = ONE_WORD_OF_TERRAFORM.findall(re.sub(r" \(\w+\)", "", summary.removeprefix("Cycle: ")))
                cycles.add(frozenset(thing_in_cycle(*groups) for groups in parts))
            elif diagnostic.get("severity") == "error" and diagnostic.get("range", {}).get("filename"):
                places.add((diagnostic["range"]["filename"], diagnostic["range"]["start"]["line"]))
        position = answer.find("{", end)
    return EvaluationError(frozenset(places), frozenset(cycles))


def thing_in_cycle(provider: str, alias: str, module: str, other: str) -> str:
    if provider:
        return ".".join(["provider", provider, *([alias] if alias else [])])
    return f"module.{module}" if module else other


def our_view(case: Case) -> EvaluationError:
    sources = tuple(Source(name, text) for name, text in sorted(case.files.items()) if "/" not in name)
    report = lint([Target(sources, sources, None)], RULES)
    assert report.failures == ()
    assert report.doubts == ()
    places = set()
    for finding in report.findings:
        if not finding.message.endswith("each needs the next first"):
            again = (related.span for related in finding.related if related.message.endswith("here too"))
            places.update((span.source.path, span.line) for span in (finding.span, *again))
    module = build_module(parse(source) for source in sources)
    found = loops(dependency for dependency in dependencies(module) if dependency.doubt is None)
    cycles = {
        frozenset(step.addresses[0] for step in (*loop.steps, *loop.others)) for loop in found if len(loop.steps) > 1
    }
    return EvaluationError(frozenset(places), frozenset(cycles))


@pytest.mark.skipif(
    not VALIDATE.exists() or shutil.which("terraform") is None,
    reason="terraform and its stand-in for the AWS provider are not at hand",
)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_terraform_refuses_the_same_lines_and_cycles(case: Case) -> None:
    assert our_view(case) == terraforms_view()[case.title]
