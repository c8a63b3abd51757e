"""One report of a run under several sets of inputs: what holds under all of them, and what under which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from .lint import Report
from .records import replace
from .rule import Finding
from .suppressions.complaints import IDLE


def joined(reports: Mapping[str, Report]) -> Report:
    """The reports of the same modules under sets of inputs, by their names, as one.

    What all of them say is told once, without saying under which; a comment that silences something under one of them
    is not idle.
    """
    names, parts = tuple(reports), tuple(reports.values())
    findings = _joined(names, [report.findings for report in parts])
    return replace(
        parts[0],
        findings=tuple(finding for finding in findings if finding.rule != IDLE or not finding.inputs),
        doubts=_joined(names, [report.doubts for report in parts]),
        notices=tuple(dict.fromkeys(notice for report in parts for notice in report.notices)),
        failures=tuple(dict.fromkeys(failure for report in parts for failure in report.failures)),
        silenced=tuple({_key(item.finding): item for report in parts for item in report.silenced}.values()),
        sets=names if len(names) > 1 else (),
        unjudged=tuple(dict.fromkeys(notice for report in parts for notice in report.unjudged)),
    )


def _joined(names: Sequence[str], reports: Iterable[Iterable[Finding]]) -> tuple[Finding, ...]:
    """Each finding with the names of the reports that have it; none where all have it."""
    first: dict[Hashable, Finding] = {}
    holding: dict[Hashable, list[str]] = {}
    for name, findings in zip(names, reports, strict=True):
        for finding in findings:
            first.setdefault(_key(finding), finding)
            having = holding.setdefault(_key(finding), [])
            if having[-1:] != [name]:
                having.append(name)
    made = [
        finding if len(holding[key]) == len(names) else replace(finding, inputs=tuple(holding[key]))
        for key, finding in first.items()
    ]
    return tuple(sorted(made, key=lambda finding: finding.order))


def _key(finding: Finding) -> Hashable:
    """What makes two findings the same, whatever places they list beside their own."""
    what = (finding.rule, finding.severity, finding.message, finding.doubt)
    return (*what, finding.span, finding.address, finding.requirement)
