"""Findings for a comment on a pull request, in GitHub's Markdown.

Source: GitHub Flavored Markdown Spec, for what has to be escaped; a comment has at most 65,536 characters, which
GitHub's API says where one is longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape as in_html
from typing import TYPE_CHECKING

from ..records import dataclass, field
from ..rule import Finding
from . import RenderOptions, counted
from .excerpts import excerpt, harmless
from .paths import Paths
from .telling import claim, kind, remarks, story, summary

if TYPE_CHECKING:
    from ..lint import Report

MOST_CHARACTERS = 65_536
_TOLD = 40_000  # characters of the table and what is above it; the rest is for the details
_LONGEST = 300  # characters of a message in the table, and of a remark
_LONGEST_DETAIL = 2000  # characters of a line of the details
_MARKS = re.compile(r"[\\`*_\[\]|~$!{}]")
_OF_SECRETS = {"CWE-259", "CWE-312", "CWE-532", "CWE-798"}  # rules about these may point at a line that holds one
# What GitHub makes a link of, whether it is escaped or not: it tells people, and other issues, of the comment.
_LINKED = re.compile(r"@|#|://|(?<=www)\.|(?<=GH)-", re.IGNORECASE)
_APART = "<!-- -->"


def render(report: Report, options: RenderOptions) -> str:
    """A title, the counts, what is said of the run, a table of findings and doubts, and a block of details for each.

    The worst findings come first, doubts last. What would make it longer than a comment may be is left out, details
    first, and it says how many are. A line that may hold a secret isn't shown, nor one of a file that wasn't judged.
    """
    paths = Paths(options)
    told = [*sorted(report.findings, key=lambda finding: -finding.severity), *report.doubts]
    text = _Text()
    text.add(_title(report))
    text.add(f"{_escaped(summary(report))}.")
    text.add_each(
        [f"- **{what}**: {_escaped(_cut(said, _LONGEST))}" for what, said in remarks(report)],
        _TOLD // 2,
        "more remarks",
    )
    if told:
        text.add("| | rule | place | |\n| --- | --- | --- | --- |", "\n")
        shown = text.add_each((_row(finding, paths) for finding in told), _TOLD, "more findings", len(told), "")
        ids = {finding.rule for finding in told[:shown]}
        rules = {rule.id for rule in report.rules if rule.id in ids and _OF_SECRETS.isdisjoint(rule.frameworks)}
        files = set(report.sources)
        details = (
            _details(finding, paths, excerpted=finding.rule in rules and finding.span.source in files)
            for finding in told[:shown]
        )
        text.add_each(details, MOST_CHARACTERS, "more findings without details", shown, "\n")
    return text.whole()


@dataclass(slots=True)
class _Text:
    """A text that is made of parts as long as there is room for them."""

    parts: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, part: str, end: str = "\n\n") -> None:
        self.parts.append(part + end)
        self.size += _size(part + end)

    def add_each(self, parts: Iterable[str], most: int, what: str, number: int = 0, end: str = "") -> int:
        """Add parts, a line each, until the text has `most` characters, and say how many are left out; how many aren't.

        `number` is that of the parts where they aren't a list.
        """
        total = len(parts) if isinstance(parts, list) else number
        room = most - self.size - 200  # for the line that says what is left out
        shown = 0
        for part in parts:
            room -= _size(part) + 1 + len(end)
            if room < 0:
                break
            self.add(part, f"\n{end}")
            shown += 1
        if total:
            self.add(f"\nand {total - shown} {what}" if shown < total else "", "\n\n" if shown < total else "\n")
        return shown

    def whole(self) -> str:
        return f"{''.join(self.parts).rstrip()}\n"


def _size(text: str) -> int:
    """The length of a text as GitHub may count it: in UTF-16 units."""
    return len(text) + (0 if text.isascii() else sum(character > "\uffff" for character in text))


def _title(report: Report) -> str:
    if report.failures:
        return "### tap-lint couldn't judge everything"
    found = len(report.findings)
    return f"### tap-lint: {counted(found, 'finding') if found else 'nothing found'}"


def _row(finding: Finding, paths: Paths) -> str:
    place = f"{paths.of(finding.span.source.path)}:{finding.span.line}"
    cells = (kind(finding), _code(finding.rule), _code(place), _escaped(_cut(claim(finding), _LONGEST)))
    return f"| {' | '.join(cells)} |"


def _details(finding: Finding, paths: Paths, *, excerpted: bool) -> str:
    place = harmless(paths.place(finding.span))
    title = _LINKED.sub(_apart, in_html(f"{kind(finding)} {finding.rule}: {place}"))
    lines = [f"<details><summary>{title}</summary>", "", f"**{kind(finding)}**: {_line(claim(finding))}", ""]
    if excerpted:
        lines += [*_fenced(excerpt(finding.span, "^", len(str(finding.span.line)), str)), ""]
    told = [f"- {_line(text)}" for text in story(finding, paths)]
    return "\n".join((*lines, *told, *([""] if told else []), "</details>"))


def _line(text: str) -> str:
    return _escaped(_cut(text, _LONGEST_DETAIL))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    fence = "`" * max(3, _longest_run("\n".join(listed)) + 1)
    yield f"{fence}hcl"
    yield from listed
    yield fence


def _code(text: str) -> str:
    """A text as code in a cell of a table, where a bar is escaped in code, too."""
    shown = harmless(text).replace("|", "\\|")
    if "`" not in shown:
        return f"`{shown}`"
    fence = "`" * (_longest_run(shown) + 1)
    return f"{fence} {shown} {fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is, and makes no link of."""
    shown = _MARKS.sub(lambda match: f"\\{match[0]}", text)
    return _LINKED.sub(_apart, shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _apart(match: re.Match[str]) -> str:
    """What would begin a link, and something unseen that keeps it from doing so."""
    return f"{_APART}{match[0]}" if match[0] == "-" or match[0] == "." else f"{match[0]}{_APART}"
