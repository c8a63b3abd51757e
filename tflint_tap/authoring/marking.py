"""Marks written into a card's examples from what its rule reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..rule import Finding, Rule
from ..rulebook.card import parts_of
from ..rulebook.examples import Mark, is_mark
from ..rulebook.keys import SEVERITIES
from ..text.yaml_text import Node, compose, load
from .trial import Example, difference, examples_of, place_of, told

_EXAMPLES = ("bad", "good", "cases")


def updated(path: Path, rule: Rule) -> str:
    """The text of a card in which the marks of all examples say what its rule reports. ValueError where that fails."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    content = load(text)
    severities = {str(part["severity"]) for part in (content, *parts_of(content)) if "severity" in part}
    has_severities = not severities <= set(SEVERITIES) or len(severities) > 1
    examples = list(examples_of(rule))
    for (first, last), example in reversed(list(zip(_blocks(path, lines), examples, strict=True))):
        indent = " " * _indent(lines[first:last])
        marked = _marked(example, rule, has_severities)
        lines[first:last] = [f"{indent}{line}" if line else "" for line in marked]
    return "\n".join(lines)


def _blocks(path: Path, lines: list[str]) -> Iterator[tuple[int, int]]:
    """The lines (from 0, end behind the last) of each example's block, in the order of `examples_of`."""
    node = compose(path.read_text(encoding="utf-8"))
    assert node is not None
    content = {key[2]: value for key, value in node[2]}
    for key in _EXAMPLES:
        for line in _scalars(content.get(key)):
            yield _block(lines, line)


def _scalars(node: Node | None) -> Iterator[int]:
    """The line (from 1) at which each example's scalar begins."""
    if node is None:
        return
    line, kind, content = node
    if kind == "text":
        yield line
    elif kind == "list":
        for item in content:
            yield from _scalars(item)
    else:
        yield from (value[0] for key, value in content if key[2] == "hcl")


def _block(lines: list[str], line: int) -> tuple[int, int]:
    """The lines of a block scalar whose indicator stands on a line (from 1)."""
    if not lines[line - 1].rstrip().endswith(("|", "|-", "|+")):
        raise ValueError(f"line {line}: an example has to be a block (`|`) for its marks to be written")
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    last = line
    while last < len(lines) and (not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent):
        last += 1
    while last > line and not lines[last - 1].strip():
        last -= 1
    return line, last


def _indent(lines: list[str]) -> int:
    return min(len(line) - len(line.lstrip()) for line in lines if line.strip())


def _marked(example: Example, rule: Rule, has_severities: bool) -> list[str]:
    """The lines of an example with marks for what is reported; words that still fit are kept."""
    written = dict(zip(example.marks, filter(is_mark, example.text.split("\n")), strict=True))
    by_line: dict[int, list[str]] = {}
    for finding in told(rule, example.stack):
        place = place_of(example, finding)
        needs_severity = has_severities and finding.doubt is None
        kept = (
            line
            for mark, line in written.items()
            if difference(example, finding, mark) is None and not (needs_severity and mark.severity is None)
        )
        line = next(kept, None) or _mark(finding, place, example.marks, has_severities, example.text)
        by_line.setdefault(place[0], []).append(line)
    made: list[str] = []
    for number, line in enumerate(example.text.rstrip("\n").split("\n"), 1):
        if not is_mark(line):
            made.append(line)
        made += by_line.get(number, ())
    return made


def _mark(
    finding: Finding, place: tuple[int, int, int], marks: tuple[Mark, ...], has_severities: bool, text: str
) -> str:
    """A mark: `  #   ^^^^ words`, its sign as far in as the line that it is under."""
    line, column, end = place
    sign = "?" if finding.doubt is not None else "^"
    said = finding.doubt if finding.doubt is not None else finding.message
    kept = (mark.words for mark in marks if (mark.line, mark.column) == (line, column) and mark.words in said)
    words = next(kept, said)
    if has_severities and finding.doubt is None:
        words = f"{finding.severity} {words}"
    if column == 1:
        return f"#{sign * max(end - 2, 1)} {words}"
    if column == 2:
        raise ValueError(f"line {line}: what begins in the second column can't be marked; indent it by two")
    code = text.split("\n")[line - 1]
    indent = min(len(code) - len(code.lstrip()), column - 2)
    return f"{' ' * indent}#{' ' * (column - indent - 2)}{sign * (end - column)} {words}"
