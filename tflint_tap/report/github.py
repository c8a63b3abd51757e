"""Findings as workflow commands, which GitHub Actions shows at the lines of a pull request.

Source: GitHub's page "Workflow commands for GitHub Actions", and actions/toolkit, `packages/core/src/command.ts`, for
what has to be escaped. GitHub shows ten errors, ten warnings and ten notices of a step at their lines; all of them are
in the log. So the worst come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..rule import Finding, Severity
from . import RenderOptions
from .excerpts import harmless
from .paths import Paths
from .telling import FAILURE, NOTICE, STALE, claim, remarks, story, summary

if TYPE_CHECKING:
    from ..lint import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_OF_RUN = {FAILURE: "error", NOTICE: "warning", STALE: "notice"}


def render(report: Report, options: RenderOptions) -> str:
    """A command for each finding, a line each; the last line has the counts.

    A doubt is a notice, a warning where it makes the run fail. What is said of the run comes first, without a place: a
    failure as an error, a notice as a warning, a stale entry of a baseline as a notice.
    """
    paths = Paths(options)
    lines = [_command(_OF_RUN[kind], {"title": f"tap-lint: {kind}"}, text) for kind, text in remarks(report)]
    for finding in sorted(report.findings, key=lambda finding: -finding.severity):  # which keeps the text's order
        lines.append(_of(_COMMANDS[finding.severity], finding, finding.rule, paths))
    for doubt in report.doubts:
        lines.append(_of("warning" if options.fails(doubt) else "notice", doubt, f"doubt: {doubt.rule}", paths))
    return "".join(f"{line}\n" for line in (*lines, summary(report)))


def _of(command: str, finding: Finding, title: str, paths: Paths) -> str:
    span = finding.span
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    properties = {"file": harmless(paths.of(span.source.path)), "line": str(line), "endLine": str(end_line)}
    if line == end_line:  # GitHub takes columns of one line only
        properties |= {"col": str(column), "endColumn": str(end_column)}
    text = "\n".join((claim(finding), *story(finding, paths)))
    return _command(command, {**properties, "title": title}, text)


def _command(command: str, properties: dict[str, str], text: str) -> str:
    told = ",".join(
        f"{name}={_escaped(value, ('%', chr(13), chr(10), ':', ','))}" for name, value in properties.items()
    )
    return f"::{command} {told}::{_escaped(text, ('%', chr(13), chr(10)))}"


def _escaped(text: str, characters: Iterable[str]) -> str:
    for character in characters:  # the percent sign first
        text = text.replace(character, f"%{ord(character):02X}")
    return text
