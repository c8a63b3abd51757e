"""The matrix of a stack and its contract: each requirement, whether it is met, and where."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping

from ..contract import Contract
from ..demands.reading import terms_of
from ..demands.requirements import Requirement, requirements_of
from ..lint import Judged, Report
from ..records import dataclass, field
from ..rule import Finding, Severity
from ..stack import Stack
from ..suppressions.application import Silenced
from .evidence import Evidence, Proof, proofs_of


class Status(enum.Enum):
    """What is to be said of a requirement, in the order of reports."""

    MET = "met"
    BROKEN = "broken"
    UNDECIDED = "undecided"
    SUPPRESSED = "suppressed"  # it isn't met, or may not be, and a tap:ignore comment says why that is fine
    PERSON = "person"  # only people can tell


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A requirement with its status.

    `evidence` is where it is met: at least one place. `findings` break it, `doubts` and `reasons` are why it is
    undecided, `silenced` are the findings and doubts that suppressions answer for.
    """

    requirement: Requirement
    status: Status
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The rows of a contract in its order; `others` are the findings of the report that break no requirement."""

    contract: str
    report: Report
    rows: tuple[Row, ...]
    others: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        return sum(row.status is status for row in self.rows)

    def fails(self, least: Severity, *, strict: bool) -> bool:
        """Return True if a requirement is broken by a finding of such a severity; if `strict`, or undecided."""
        found = any(finding.severity >= least for row in self.rows for finding in row.findings)
        return found or (strict and self.count(Status.UNDECIDED) > 0)


def trace_of(judged: Judged, contract: Contract) -> Trace:
    """The matrix of a module that is judged by all rules, and of its contract."""
    report = judged.report
    titles = {rule.id: rule.title for rule in report.rules}
    told = _Told(
        _by_requirement(report.findings),
        _by_requirement(report.doubts),
        _by_requirement(judged.said),
        proofs_of(judged.stack, contract, report.rules, judged.unjudged),
        frozenset(id_ for id_, _ in terms_of(contract).people),
    )
    for one in report.silenced:
        told.silenced.setdefault(one.finding.requirement or "", []).append(one)
    rows = tuple(told.row(requirement, judged.stack) for requirement in requirements_of(contract, titles))
    known = {row.requirement.id for row in rows}
    others = tuple(finding for finding in report.findings if finding.requirement not in known)
    return Trace(contract.name, report, rows, others)


def _by_requirement(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.requirement is not None:
            found.setdefault(finding.requirement, []).append(finding)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of requirements, by their ids; `said` is also what the report leaves out."""

    findings: Mapping[str, list[Finding]]
    doubts: Mapping[str, list[Finding]]
    said: Mapping[str, list[Finding]]
    proofs: Mapping[str, Proof]
    people: Collection[str]
    silenced: dict[str, list[Silenced]] = field(default_factory=dict)

    def row(self, requirement: Requirement, stack: Stack) -> Row:
        id_ = requirement.id
        findings, doubts = tuple(self.findings.get(id_, ())), tuple(self.doubts.get(id_, ()))
        silenced = tuple(self.silenced.get(id_, ()))
        if findings:
            return Row(requirement, Status.BROKEN, (), findings, doubts, silenced)
        if doubts:
            return Row(requirement, Status.UNDECIDED, (), (), doubts, silenced)
        if silenced:
            return Row(requirement, Status.SUPPRESSED, (), (), (), silenced)
        proof = self.proofs.get(id_, Proof())
        left_out = [finding.doubt or finding.message for finding in self.said.get(id_, ())]
        reasons = tuple(dict.fromkeys([*proof.reasons, *left_out]))
        if reasons:
            return Row(requirement, Status.UNDECIDED, reasons=reasons)
        if id_ in self.people:
            return Row(requirement, Status.PERSON)
        return Row(requirement, Status.MET, proof.places(stack))
