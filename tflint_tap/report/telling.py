"""What the formats for other programs say alike: a finding in lines of text, and a run as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Finding, Severity
from . import counted, under
from .excerpts import harmless
from .painting import Paint, plain
from .paths import Paths

if TYPE_CHECKING:
    from ..lint import Report

NOTICE, STALE, FAILURE = "notice", "stale", "failure"


def claim(finding: Finding) -> str:
    """What a finding says, of a doubt with its reason, in one line that steers no terminal."""
    reason = f": {finding.doubt}" if finding.doubt is not None else ""
    return harmless(f"{finding.message}{reason}{under(finding)}")


def story(finding: Finding, paths: Paths) -> Iterator[str]:
    """The rest that is known of a finding, in lines: the related places, the requirement, what to do."""
    for related in finding.related:
        yield harmless(f"{paths.place(related.span)}: {related.message}")
    if finding.requirement:
        yield harmless(f"requirement: {finding.requirement}")
    if finding.remedy:
        yield harmless(f"help: {finding.remedy}")


def kind(finding: Finding) -> str:
    """The severity of a finding, `doubt` of a doubt."""
    return str(finding.severity) if finding.doubt is None else "doubt"


def remarks(report: Report) -> Iterator[tuple[str, str]]:
    """What is said of the run as a whole, each with its kind: NOTICE, STALE or FAILURE."""
    yield from ((FAILURE, harmless(text)) for text in report.failures)
    yield from ((NOTICE, harmless(text)) for text in report.notices)
    yield from ((STALE, harmless(text)) for text in report.stale)


def summary(report: Report, paint: Paint = plain) -> str:
    """`1 error, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules; not shown: 3 suppressed`."""
    numbers = {str(severity): report.count(severity) for severity in sorted(Severity, reverse=True)}
    numbers["doubt"] = len(report.doubts)
    counts = [paint(counted(number, of), of) if number else counted(0, of) for of, number in numbers.items()]
    under_sets = f" under {len(report.sets)} sets of inputs" if report.sets else ""
    left = {"suppressed": len(report.silenced), **report.left_out}
    more = ", ".join(f"{number} {harmless(why)}" for why, number in left.items() if number)
    rest = f"; not shown: {more}" if more else ""
    files, rules = counted(len(report.sources), "file"), counted(len(report.rules), "rule")
    return f"{', '.join(counts)}; {files} checked by {rules}{under_sets}{rest}"
