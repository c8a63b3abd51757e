"""Findings for programs: a small JSON document whose keys are a promise."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ..aws.provider import PROVIDER, oldest_release, version_text
from ..rule import Finding, Severity
from ..text.source import Span
from . import RenderOptions, relative_path

if TYPE_CHECKING:
    from ..lint import Report

# Half characters can't be written as UTF-8. Control characters and those that turn the direction of text are
# allowed in JSON, but shouldn't reach the terminal of someone who looks at it.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


def render(report: Report, options: RenderOptions) -> str:
    """`{"version": 1, "schema": {…}, "findings": […], "doubts": […], "summary": {…}}`.

    Lines and columns count from 1, columns in characters, and `end` is exclusive. `address` and `requirement`
    are null where there is none; `inputs` are the sets of inputs that it holds under, none where it holds under all. A
    doubt is a finding with a `reason`.
    """
    root = options.root
    return dump(
        {
            "version": 1,
            "schema": schema_data(),
            "findings": [_held(finding, root) for finding in report.findings],
            "doubts": [{**_held(doubt, root), "reason": doubt.doubt} for doubt in report.doubts],
            "summary": {
                "errors": report.count(Severity.ERROR),
                "warnings": report.count(Severity.WARNING),
                "notes": report.count(Severity.NOTE),
                "doubts": len(report.doubts),
                "files": len(report.sources),
                "rules": len(report.rules),
                "suppressed": len(report.silenced),
                "left_out": dict(report.left_out),
                "notices": list(report.notices),
                "stale": list(report.stale),
                "unjudged": list(report.unjudged),
                "failures": list(report.failures),
            },
        }
    )


def _held(finding: Finding, root: str) -> dict[str, object]:
    return {**finding_data(finding, root), "inputs": list(finding.inputs)}


def schema_data() -> dict[str, object]:
    """The provider whose schema holds: its version, and the oldest of the releases that older modules are judged by."""
    return {"provider": PROVIDER, "version": version_text(), "since": oldest_release()}


def dump(document: object) -> str:
    """JSON text that can be written as UTF-8 whatever its strings hold."""
    return escaped(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def escaped(text: str) -> str:
    """JSON text with escapes for the characters that can't be written as UTF-8, or that steer a terminal."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def finding_data(finding: Finding, root: str) -> dict[str, object]:
    """A finding as the documents of all commands have it."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        **place_data(finding.span, root),
        "address": finding.address,
        "requirement": finding.requirement,
        "related": [{"message": related.message, **place_data(related.span, root)} for related in finding.related],
    }


def place_data(span: Span, root: str) -> dict[str, object]:
    """`{"path": …, "start": {"line": 1, "column": 1}, "end": …}`."""
    return {
        "path": relative_path(span.source.path, root),
        "start": _position(span, span.start),
        "end": _position(span, span.end),
    }


def _position(span: Span, offset: int) -> dict[str, int]:
    line, column = span.source.position(offset)
    return {"line": line, "column": column}
