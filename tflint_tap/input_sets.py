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


def renamed(report: Report, names: Mapping[str, Sequence[str]]) -> Report:
    """A report of numbered sets, with each module's own names for them; `names` are those by the path of its files.

    A module that has fewer sets than others was judged with its first in their place. What is in a module that is
    called is so under the sets of the root module.
    """

    def own(finding: Finding) -> Finding:
        root = finding.calls[-1].source if finding.calls else finding.span.source
        known = names.get(root.path, ())
        if not finding.inputs or not known:
            return finding
        numbers = [int(name) - 1 for name in finding.inputs]
        held = dict.fromkeys(known[number] if number < len(known) else known[0] for number in numbers)
        return replace(finding, inputs=tuple(held) if len(held) < len(known) else ())

    return replace(
        report,
        findings=tuple(map(own, report.findings)),
        doubts=tuple(map(own, report.doubts)),
        sets=tuple(dict.fromkeys(name for one in names.values() for name in one)),
    )
