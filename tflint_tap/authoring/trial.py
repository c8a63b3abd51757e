"""A card tried on its own examples and cases: each has to give exactly what its marks say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from ..contract import Contract, load_contracts
from ..hcl import parse
from ..hcl.nodes import File
from ..judging import judge
from ..merging import across_calls, as_told, cause_of, once
from ..records import dataclass, replace
from ..rule import Finding, Rule
from ..rulebook.examples import DAY, Mark, marks_of, unmarked
from ..rulebook.loader import BUNDLED
from ..stack import Stack
from ..terraform.configuration.flattening import Opened, flattened
from ..terraform.evaluation.inputs import read_inputs
from ..terraform.functions import Environment
from ..terraform.module import build_module
from ..text.source import Source

_FILE = re.compile(r"^# --- (\S+)$", re.MULTILINE)
_MODULE, _VALUES = ".tf", ".tfvars"


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a card, with its stack: made once, however often a rule is tried on it.

    `name` is what reports call it: `bad 2`, `good 1`, or the name of a case. The stack is that of the text without its
    marks; `lines` are the numbers that its lines have with them.
    """

    name: str
    text: str
    stack: Stack
    marks: tuple[Mark, ...]
    lines: tuple[int, ...]


def examples_of(rule: Rule) -> Iterator[Example]:
    """The examples and cases of a card, in its order."""
    texts = [
        *((f"bad {number}", text) for number, text in enumerate(rule.bad, 1)),
        *((f"good {number}", text) for number, text in enumerate(rule.good, 1)),
        *((case.name, case.hcl) for case in rule.cases),
    ]
    for name, text in texts:
        bare, lines = unmarked(text)
        yield Example(name, text, _stack(rule, bare), marks_of(text), lines)


def contract_of(rule: Rule) -> Contract | None:
    """The contract that a rule's examples are held to: its card's own, or the first of the rulebook; None: none."""
    if not rule.contract_only:
        return None
    contract = load_contracts(BUNDLED)[0]
    if rule.specification is None:
        return contract
    return replace(contract, name=rule.id, path=Path(f"{rule.id}.yaml"), text=rule.specification)


def _stack(rule: Rule, text: str) -> Stack:
    """The stack of an example: the contract's file where the rule is for such a file."""
    contract = contract_of(rule)
    path = (contract.claims.file if contract is not None else None) or "example.tf"
    sources = list(_sources(path, text))
    inputs = read_inputs((source for source in sources if source.path.endswith(_VALUES)), ())
    files = [parse(source) for source in sources if source.path.endswith(_MODULE)]
    beside = [source for source in sources if not source.path.endswith((_MODULE, _VALUES))]
    folder = _folder(beside) if beside else None
    environment = Environment(folder)
    if len(files) == 1:
        module = build_module(files)
    else:
        module = flattened(files[:1], (), ".", inputs, environment, partial(_opened, files[1:]))
    stack = Stack.of(module, inputs, environment, contract, today=DAY)
    if folder is not None:
        finalize(stack, rmtree, folder, ignore_errors=True)
    return stack


def _folder(files: list[Source]) -> Path:
    """A folder that holds the files which lie beside an example's module."""
    folder = Path(mkdtemp(prefix="tap-lint-"))
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text.lstrip("\n").partition("\n")[2], encoding="utf-8")
    return folder


def _sources(path: str, text: str) -> Iterator[Source]:
    """The files of an example: a line `# --- ./store/main.tf` begins one of a module that it calls,
    `# --- terraform.tfvars` one of values, and any other such line one that lies beside the module.

    Each has its lines where they stand in the example.
    """
    starts = [match.start() for match in _FILE.finditer(text)]
    yield Source(path, text[: starts[0]] if starts else text)
    for start, end in zip(starts, [*starts[1:], len(text)][: len(starts)], strict=True):
        match = _FILE.match(text, start)
        assert match is not None
        yield Source(match[1].removeprefix("./"), "\n" * text.count("\n", 0, start) + text[start:end])


def _opened(files: list[File], folder: str, source: str, key: str) -> Opened | str | None:
    """The module of an example that a call leads to."""
    if not source.startswith("."):
        return None
    wanted = posixpath.normpath(posixpath.join(folder, source))
    found = tuple(file for file in files if posixpath.dirname(file.source.path) == wanted)
    return Opened(wanted, wanted, found) if found else f"there is no folder {source}"


def told(rule: Rule, stack: Stack) -> list[Finding]:
    """The results of a rule for an example: findings first, then doubts, each in the order of the text."""
    listed = list(judge(rule, stack))
    findings = once(finding for finding in listed if finding.doubt is None)
    seen = {cause_of(finding) for finding in findings}
    doubts = [doubt for doubt in once(item for item in listed if item.doubt is not None) if cause_of(doubt) not in seen]
    findings, doubts = across_calls(findings, doubts)
    shown = {file.source for file in stack.shown}
    return [as_told(item, shown) for listed in (findings, doubts) for item in sorted(listed, key=lambda one: one.order)]


def differences(example: Example, rule: Rule) -> list[str]:
    """How what a rule says differs from the marks, a line each; none where it is the same."""
    found = told(rule, example.stack)
    wanted = sorted(example.marks, key=lambda mark: mark.is_doubt)
    lines = []
    for index in range(max(len(found), len(wanted))):
        finding = found[index] if index < len(found) else None
        mark = wanted[index] if index < len(wanted) else None
        line = difference(example, finding, mark)
        if line is not None:
            lines.append(line)
    return lines


def difference(example: Example, finding: Finding | None, mark: Mark | None) -> str | None:
    """How a finding and its mark differ, where one may be missing; None where they say the same."""
    if finding is None:
        assert mark is not None
        return f"line {mark.line}: nothing is reported where {'a doubt' if mark.is_doubt else 'a finding'} is marked"
    said = finding.doubt if finding.doubt is not None else finding.message
    place = place_of(example, finding)
    if mark is None:
        what = "a doubt" if finding.doubt is not None else f"the {finding.severity}"
        return f"line {place[0]}: {what} isn't marked: {said}"
    if (finding.doubt is not None) is not mark.is_doubt or place != (mark.line, mark.column, mark.end_column):
        return (
            f"line {mark.line}, columns {mark.column} to {mark.end_column} are marked, "
            f"reported is line {place[0]}, columns {place[1]} to {place[2]}: {said}"
        )
    if mark.severity is not None and mark.severity != str(finding.severity):
        return f"line {mark.line}: it is marked as {mark.severity}, and reported as {finding.severity}"
    return None if mark.words in said else f"line {mark.line}: {mark.words!r} isn't in what is said: {said}"


def place_of(example: Example, finding: Finding) -> tuple[int, int, int]:
    """Line, column and end column of what a mark of a finding covers: its first line."""
    span = finding.span
    end = span.end_column if span.end_line == span.line else len(span.source.line(span.line)) + 1
    return example.lines[span.line - 1], span.column, max(end, span.column + 1)
