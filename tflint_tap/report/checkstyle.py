"""Findings as Checkstyle writes them, which Jenkins' Warnings plugin, reviewdog and others read.

Source: Checkstyle's `XMLLogger`, which writes this format; there is no standard of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from ..rule import Finding, Severity
from . import RenderOptions
from .excerpts import harmless
from .paths import Paths
from .telling import FAILURE, NOTICE, STALE, claim, remarks

if TYPE_CHECKING:
    from ..lint import Report

_SEVERITIES = {Severity.NOTE: "info", Severity.WARNING: "warning", Severity.ERROR: "error"}
_OF_RUN = {FAILURE: "error", NOTICE: "warning", STALE: "info"}
_FORMAT = "4.3"  # of Checkstyle, whose format it is


def render(report: Report, options: RenderOptions) -> str:
    """`<checkstyle><file name><error line column severity message source/>`, a line each; files without any, too.

    `source` is the rule, `tap-lint.iam.wildcard-action`. A doubt is an `info` of `tap-lint.doubt.iam.wildcard-action`.
    What is said of the run stands at a file `tap-lint`, line 1: a failure as an error, a notice as a warning, a stale
    entry of a baseline as an info. Related places have none.
    """
    paths = Paths(options)
    errors: dict[str, list[str]] = {paths.of(source.path): [] for source in report.sources}
    for finding in (*report.findings, *report.doubts):
        errors.setdefault(paths.of(finding.span.source.path), []).append(_error(finding))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<checkstyle version="{_FORMAT}">']
    of_run = [_line(1, 1, _OF_RUN[kind], text, f"tap-lint.{kind}") for kind, text in remarks(report)]
    for path, found in (*errors.items(), *([("tap-lint", of_run)] if of_run else [])):
        lines += [f"<file name={quoteattr(harmless(path))}>", *found, "</file>"]
    return "".join(f"{line}\n" for line in (*lines, "</checkstyle>"))


def _error(finding: Finding) -> str:
    line, column = finding.span.source.position(finding.span.start)
    rule = finding.rule.replace("/", ".")
    remedy = f"; help: {harmless(finding.remedy)}" if finding.remedy else ""
    if finding.doubt is not None:
        return _line(line, column, "info", claim(finding) + remedy, f"tap-lint.doubt.{rule}")
    return _line(line, column, _SEVERITIES[finding.severity], claim(finding) + remedy, f"tap-lint.{rule}")


def _line(line: int, column: int, severity: str, text: str, source: str) -> str:
    return (
        f'<error line="{line}" column="{column}" severity="{severity}"'
        f" message={quoteattr(text)} source={quoteattr(harmless(source))}/>"
    )
