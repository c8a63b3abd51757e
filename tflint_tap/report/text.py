"""Findings for people: where, what is so, the source with the span underlined, and what would be right."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ..rule import Finding, Severity
from ..text.source import Span
from . import RenderOptions, relative_path, under

if TYPE_CHECKING:
    from ..lint import Report

# A line of more characters is shown in part, with some of what stands before the span.
_LONGEST_LINE = 120
_LEAD = 30

_COLORS = {"error": "31", "warning": "33", "note": "36", "doubt": "35", "notice": "36", "failure": "31"}

Paint = Callable[[str, str], str]  # text, what it is about: a key of _COLORS or ""


def render(report: Report, options: RenderOptions) -> str:
    """The findings, then the doubts, notices and failures, and a line of counts.

    A finding begins `path:line:column: severity rule: message`. With `quiet` there are only these lines, and
    one for each notice and failure: a run that didn't look at everything is never silent. Doubts have their lines
    there where they make the run fail (`strict`).
    """
    paint = _paint_with_color if options.color else _paint_nothing
    root = options.root
    remarks = [_remark("notice", notice, paint) for notice in report.notices]
    remarks += [_remark("failure", failure, paint) for failure in report.failures]
    if options.quiet:
        doubts = report.doubts if options.strict else ()
        lines = [_head(finding, root, paint) for finding in (*report.findings, *doubts)] + remarks
    else:
        lines = []
        for finding in (*report.findings, *report.doubts):
            lines += [*_told(finding, root, paint), ""]
        lines += [*remarks, *([""] if remarks else []), _summary(report, paint)]
    return "".join(f"{line}\n" for line in lines)


def harmless(text: str) -> str:
    """Text that can't move the cursor, set colors or turn its direction when a terminal shows it."""
    return text if text.isprintable() else "".join(_cell(character)[0] for character in text)


def _paint_nothing(text: str, about: str) -> str:
    return text


def _paint_with_color(text: str, about: str) -> str:
    color = _COLORS.get(about)
    return f"\x1b[1;{color}m{text}\x1b[0m" if color else f"\x1b[1m{text}\x1b[0m"


def _remark(kind: str, text: str, paint: Paint) -> str:
    return f"{paint(kind, kind)}: {harmless(text)}"


def _summary(report: Report, paint: Paint) -> str:
    counts = [(str(severity), report.count(severity)) for severity in sorted(Severity, reverse=True)]
    counts.append(("doubt", len(report.doubts)))
    told = ", ".join(paint(_counted(number, kind), kind) if number else f"0 {kind}s" for kind, number in counts)
    under = f" under {len(report.sets)} sets of inputs" if report.sets else ""
    return f"{told}; {_counted(len(report.sources), 'file')} checked by {_counted(len(report.rules), 'rule')}{under}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _kind(finding: Finding) -> str:
    return str(finding.severity) if finding.doubt is None else "doubt"


def _head(finding: Finding, root: str, paint: Paint) -> str:
    kind = _kind(finding)
    place = paint(f"{_place(finding.span, root)}:", "")
    return (
        f"{place} {paint(kind, kind)} {paint(harmless(finding.rule), '')}: {harmless(finding.message + under(finding))}"
    )


def _place(span: Span, root: str) -> str:
    line, column = span.source.position(span.start)
    return f"{harmless(relative_path(span.source.path, root))}:{line}:{column}"


def _told(finding: Finding, root: str, paint: Paint) -> Iterator[str]:
    """A finding with its source lines, the places that tell how it came about, and what would be right."""
    spans = [finding.span, *(related.span for related in finding.related)]
    width = max(len(str(span.line)) for span in spans)
    margin = " " * width
    yield _head(finding, root, paint)
    yield from _excerpt(finding.span, "^", width, lambda marks: paint(marks, _kind(finding)))
    for related in finding.related:
        yield f"{margin}--> {_place(related.span, root)}: {harmless(related.message)}"
        yield from _excerpt(related.span, "-", width, lambda marks: paint(marks, ""))
    remarks = (("unknown", finding.doubt), ("requirement", finding.requirement), ("help", finding.remedy))
    for label, text in remarks:
        if text:
            yield f"{margin} = {paint(label, '')}: {harmless(text)}"


def _excerpt(span: Span, mark: str, width: int, paint: Callable[[str], str]) -> Iterator[str]:
    """The span's first line, its part of it underlined, and how many lines more it has."""
    source = span.source
    number, column = source.position(span.start)
    end_number, end_column = source.position(span.end)
    line = source.line(number)
    start = min(column - 1, len(line))
    end = min(end_column - 1, len(line)) if end_number == number else len(line.rstrip())
    more = end_number - number - (1 if end_number > number and end_column == 1 else 0)

    first = max(0, min(start - _LEAD, len(line) - _LONGEST_LINE))
    last = first + _LONGEST_LINE
    cells = [_cell(character) for character in line[first:last]]
    before = "…" if first else ""
    after = "…" if last < len(line) else ""
    shown = before + "".join(text for text, _ in cells) + after
    indent = " " * (len(before) + sum(columns for _, columns in cells[: start - first]))
    length = sum(columns for _, columns in cells[start - first : max(start, end) - first])
    marks = mark * max(1, length) + (f" and {_counted(more, 'more line')}" if more else "")

    margin = " " * width
    yield f"{margin} |"
    yield f"{number:>{width}} | {shown}".rstrip()
    yield f"{margin} | {indent}{paint(marks)}"


def _cell(character: str) -> tuple[str, int]:
    """The text shown for a character, and the number of columns that a terminal gives it."""
    if character == "\t":
        return "    ", 4
    if not character.isprintable() and character != "\u3000":  # the ideographic space is one that people mean
        escape = character.encode("unicode_escape").decode("ascii")
        return escape, len(escape)
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return character, 0  # drawn over the character before it; the range: the later parts of a Hangul syllable
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
