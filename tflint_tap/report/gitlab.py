"""Findings for GitLab's code quality widget: a JSON array of issues.

Source: GitLab's page "Code Quality", "Code Quality report format". GitLab compares the fingerprints of two reports to
tell what is new, and shows one issue of several that have the same. Here it is made of what a baseline knows a finding
by, which lines that move don't change.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from ..rule import Finding, Severity
from ..text.source import Span
from . import RenderOptions
from .excerpts import harmless
from .json_ import dump
from .paths import Paths
from .telling import FAILURE, claim, remarks

if TYPE_CHECKING:
    from ..lint import Report

_SEVERITIES = {Severity.NOTE: "info", Severity.WARNING: "minor", Severity.ERROR: "major"}
_CRITICAL, _BLOCKER = 7.0, 9.0  # an error of a rule with such a security severity


def render(report: Report, options: RenderOptions) -> str:
    """`[{"description", "check_name", "fingerprint", "severity", "location": {"path", "lines": {"begin", "end"}}}]`.

    A note is `info`, a warning `minor`, an error `major`, or, by its rule's security severity, `critical` or `blocker`.
    A doubt is `info`. What is said of the run has no place in GitLab's format: it stands at the first line of the first
    file, as `tap-lint/failure`, a blocker, or as `tap-lint/notice`, so that a run that failed isn't taken for one that
    found nothing.
    """
    paths = Paths(options)
    scores = {rule.id: rule.security_severity or 0.0 for rule in report.rules}
    seen: Counter[str] = Counter()
    issues = [
        _issue(finding, scores.get(finding.rule, 0.0), key, paths, seen) for finding, key in _keyed(report, paths)
    ]
    first = paths.of(report.sources[0].path) if report.sources else "."
    for kind, text in remarks(report):
        severity = "blocker" if kind == FAILURE else "info"
        issues.append(_data(f"tap-lint/{kind}", text, severity, _fingerprint(f"{kind} {text}", seen), first, (1, 1)))
    return dump(issues)


def _keyed(report: Report, paths: Paths) -> list[tuple[Finding, str]]:
    """The findings and doubts, each with what it is known by, in any report on the same text."""
    from ..baseline.entries import entries_of

    known = {
        id(finding): "\0".join(map(str, entry)) for finding, entry in entries_of(report, paths.options.root or ".")
    }
    return [
        (finding, known.get(id(finding)) or f"{finding.rule}\0{paths.of(finding.span.source.path)}\0{finding.message}")
        for finding in (*report.findings, *report.doubts)
    ]


def _issue(finding: Finding, score: float, key: str, paths: Paths, seen: Counter[str]) -> dict[str, object]:
    severity = _SEVERITIES[finding.severity]
    if finding.doubt is not None:
        severity = "info"
    elif finding.severity is Severity.ERROR and score >= _CRITICAL:
        severity = "blocker" if score >= _BLOCKER else "critical"
    remedy = f"; help: {harmless(finding.remedy)}" if finding.remedy else ""
    path = paths.of(finding.span.source.path)
    return _data(
        finding.rule, claim(finding) + remedy, severity, _fingerprint(key, seen), path, _lines(finding.span)
    )  # fmt: skip


def _lines(span: Span) -> tuple[int, int]:
    return span.line, max(span.line, span.source.position(max(span.end - 1, span.start))[0])


def _data(
    rule: str, text: str, severity: str, fingerprint: str, path: str, lines: tuple[int, int]
) -> dict[str, object]:  # fmt: skip
    return {
        "description": text,
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": harmless(path), "lines": {"begin": lines[0], "end": lines[1]}},
    }


def _fingerprint(key: str, seen: Counter[str]) -> str:
    """A hash of what a finding is known by, and of how many of the same came before it."""
    seen[key] += 1
    return hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
