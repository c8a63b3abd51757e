"""The matrix of requirements for people and programs: text, Markdown, JSON, HTML.

The HTML page needs nothing beside itself, and runs no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from ..rule import Finding
from ..suppressions.application import Silenced
from ..text.source import Span
from ..trace.evidence import Evidence
from ..trace.rows import Row, Status, Trace
from . import relative_path
from .excerpts import harmless
from .json_ import dump, finding_data, place_data
from .painting import Paint, paint_of

FORMATS = ("text", "markdown", "json", "html")
_MOST = 3  # places that the text has of a requirement; the other formats have all
_WORDS, _COUNTED = {Status.PERSON: "needs a person"}, {Status.PERSON: "for people"}
_MARKDOWN = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)")
_STYLE = """\
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1b1f24 }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #d0d7de; padding: .4rem .6rem; text-align: left; vertical-align: top }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
ul { margin: 0; padding-left: 1rem }
.met { color: #116329 } .broken { color: #a40e26; font-weight: 600 } .undecided { color: #7d4e00; font-weight: 600 }
.suppressed { color: #6639ba } .person { color: #0550ae }
@media print { body { margin: 0 } tr { break-inside: avoid } }
"""


class _Line(NamedTuple):
    """A place, empty where there is none, and what is said of it."""

    place: str
    says: str


def trace(found: Trace, format_: str, root: str = "", *, color: bool = False) -> str:
    """The matrix in one of FORMATS, ending in a line feed. Paths are made relative to the folder `root`.

    `color` is for a text on a terminal.
    """
    if format_ == "json":
        return dump(_as_data(found, root))
    if format_ == "text":
        lines = _text(found, root, paint_of(color=color))
    else:
        lines = {"markdown": _markdown, "html": _html}[format_](found, root)
    return "\n".join(lines) + "\n"


# -- what all formats tell ----------------------------------------------------------------------------------


def _title(found: Trace, root: str) -> str:
    paths = [relative_path(source.path, root) for source in found.report.sources]
    more = f" and {len(paths) - 2} more files" if len(paths) > 3 else ""
    shown = paths[:2] if more else paths
    return f"{found.contract}: {', '.join(shown)}{more}"


def _summary(found: Trace) -> str:
    counts = ", ".join(f"{found.count(status)} {_COUNTED.get(status, status.value)}" for status in Status)
    return f"{len(found.rows)} requirement{'s' * (len(found.rows) != 1)}: {counts}"


def _remarks(found: Trace) -> Iterator[str]:
    """What isn't about a requirement."""
    yield from (f"notice: {notice}" for notice in found.report.notices)
    yield from (f"failure: {failure}" for failure in found.report.failures)
    if found.others:
        number = len(found.others)
        what = "1 finding breaks" if number == 1 else f"{number} findings break"
        yield f"{what} no requirement of the contract; tap-lint check tells {'it' if number == 1 else 'them'}"


def _lines(row: Row, root: str) -> Iterator[_Line]:
    """Where a requirement is met, or why it isn't."""
    for evidence in row.evidence:
        says = [evidence.address or "", f"({evidence.says})" if evidence.says else ""]
        yield _Line(_evident(evidence, root), " ".join(filter(None, says)))
    for finding in row.findings:
        yield _Line(_place(finding.span, root), f"{finding.severity} {finding.rule}: {finding.message}")
    for doubt in row.doubts:
        yield _Line(_place(doubt.span, root), f"doubt {doubt.rule}: {doubt.message}: {doubt.doubt}")
    for silenced in row.silenced:
        yield _silenced(silenced, root)
    for reason in row.reasons:
        yield _Line("", reason)


def _silenced(one: Silenced, root: str) -> _Line:
    finding, suppression = one.finding, one.suppression
    until = f" until {suppression.until}" if suppression.until is not None else ""
    at = _place(suppression.span, root)
    says = f"{finding.rule}: {finding.message}; suppressed{until} at {at}: {suppression.reason}"
    return _Line(_place(finding.span, root), says)


def _evident(evidence: Evidence, root: str) -> str:
    return relative_path(evidence.span.source.path, root) if evidence.is_whole else _place(evidence.span, root)


def _place(span: Span, root: str) -> str:
    return f"{relative_path(span.source.path, root)}:{span.line}"


# -- formats ------------------------------------------------------------------------------------------------


def _text(found: Trace, root: str, paint: Paint) -> Iterator[str]:
    yield harmless(_title(found, root))
    yield ""
    width = max(len(status.value) for status in Status)
    margin = " " * (width + 2)
    for row in found.rows:
        requirement = row.requirement
        status = paint(f"{row.status.value:{width}}", row.status.value)
        yield f"{status}  {harmless(f'{requirement.id}: {requirement.text}')}"
        lines = list(_lines(row, root))
        kept = lines[:_MOST] if row.status is Status.MET and len(lines) > _MOST + 1 else lines
        for line in kept:
            yield harmless(f"{margin}{' '.join(filter(None, line))}")
        if len(lines) > len(kept):
            yield f"{margin}and {len(lines) - len(kept)} more places"
    yield ""
    yield from map(harmless, _remarks(found))
    yield _summary(found)


def _markdown(found: Trace, root: str) -> Iterator[str]:
    yield f"# {_escaped(_title(found, root))}"
    yield ""
    yield f"{_summary(found)}."
    yield ""
    yield "| requirement | | | where, or why not |"
    yield "| --- | --- | --- | --- |"
    for row in found.rows:
        lines = "<br>".join(" ".join(filter(None, map(_escaped, line))) for line in _lines(row, root))
        status = _WORDS.get(row.status, row.status.value)
        yield f"| {_escaped(row.requirement.id)} | {_escaped(row.requirement.text)} | {status} | {lines} |"
    remarks = list(_remarks(found))
    if remarks:
        yield ""
        yield from (f"- {_escaped(remark)}" for remark in remarks)


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    return _MARKDOWN.sub(lambda match: f"\\{match[0]}", harmless(text)).replace("&", "&amp;").replace("\\<", "&lt;")


def _html(found: Trace, root: str) -> Iterator[str]:
    title = _in_html(_title(found, root))
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield f'<head><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>\n{_STYLE}</style></head>"
    yield f"<body><h1>{title}</h1>"
    yield f"<p>{_in_html(_summary(found))}.</p>"
    for remark in _remarks(found):
        yield f"<p>{_in_html(remark)}</p>"
    yield "<table><thead><tr><th>Requirement</th><th></th><th>Status</th><th>Where, or why not</th></tr></thead><tbody>"
    for row in found.rows:
        id_, status = _in_html(row.requirement.id), row.status
        items = "".join(f"<li>{_item(line)}</li>" for line in _lines(row, root))
        yield (
            f'<tr id="{id_}"><td><code>{id_}</code></td><td>{_in_html(row.requirement.text)}</td>'
            f'<td class="{status.value}">{_WORDS.get(status, status.value)}</td>'
            f"<td>{f'<ul>{items}</ul>' if items else ''}</td></tr>"
        )
    yield "</tbody></table></body></html>"


def _item(line: _Line) -> str:
    place = f"<code>{_in_html(line.place)}</code> " if line.place else ""
    return place + _in_html(line.says)


def _in_html(text: str) -> str:
    return escape(harmless(text))


def _as_data(found: Trace, root: str) -> dict[str, object]:
    report = found.report
    return {
        "version": 1,
        "contract": found.contract,
        "requirements": [_row_data(row, root) for row in found.rows],
        "summary": {
            "requirements": len(found.rows),
            **{status.value: found.count(status) for status in Status},
            "others": len(found.others),
            "files": [relative_path(source.path, root) for source in report.sources],
            "notices": list(report.notices),
            "failures": list(report.failures),
        },
    }


def _row_data(row: Row, root: str) -> dict[str, object]:
    return {
        "id": row.requirement.id,
        "text": row.requirement.text,
        "level": row.requirement.level,
        "status": row.status.value,
        "evidence": [
            {**place_data(one.span, root), "whole": one.is_whole, "address": one.address, "says": one.says}
            for one in row.evidence
        ],
        "findings": [finding_data(finding, root) for finding in row.findings],
        "doubts": [_doubt_data(doubt, root) for doubt in row.doubts],
        "suppressed": [_silenced_data(one, root) for one in row.silenced],
        "reasons": list(row.reasons),
    }


def _doubt_data(doubt: Finding, root: str) -> dict[str, object]:
    return {**finding_data(doubt, root), "reason": doubt.doubt}


def _silenced_data(one: Silenced, root: str) -> dict[str, object]:
    suppression = one.suppression
    return {
        **finding_data(one.finding, root),
        "reason": one.finding.doubt,
        "suppression": {
            **place_data(suppression.span, root),
            "reason": suppression.reason,
            "until": suppression.until.isoformat() if suppression.until is not None else None,
        },
    }
