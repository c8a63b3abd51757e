"""Findings for GitHub code scanning and other readers of SARIF 2.1.0.

What GitHub demands beyond the standard is from its page "SARIF support for code scanning": descriptions and
help for each rule, all four coordinates of a region, relative URIs, and fingerprints. GitHub closes an alert
that the next upload lacks, so a run that could not judge everything says `executionSuccessful: false`: code
scanning then refuses the upload as an "unsuccessful execution" (github/codeql-action, pull request 1393) and
keeps the alerts that it has.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import sarif_om as sarif

from ..records import dataclass, field
from ..rule import Finding
from ..suppressions.complaints import UNREADABLE
from ..text.source import ORIGIN, STEP, USE, Related, Source, Span
from . import RenderOptions, under
from .fingerprint import line_hashes
from .json_ import schema_data
from .paths import Paths
from .sarif_rules import HOME, descriptor
from .sarif_writing import written

if TYPE_CHECKING:
    from ..lint import Report

MOST_RESULTS = 25_000  # of a run: GitHub's limit
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")  # two UTF-16 code units each
# The kinds of notifications, and what each tells.
_NOTIFICATIONS = {
    "failure": "Something that tap-lint couldn't do: the run isn't to be trusted.",
    "unread": "A part of a file that can't be read, and so isn't judged.",
    "unjudged": "Something that was to be judged and isn't.",
    "notice": "What is to be known of the run, in which everything was judged.",
    "stale": "An entry of the baseline that nothing matches any more.",
    "left-out": "Findings that aren't among the results.",
    "doubt": "A rule that can't be decided here, with the reason.",
}


def render(report: Report, options: RenderOptions) -> str:
    """A SARIF log of one run, with a result for each finding.

    Doubts, notices, failures and stale entries of a baseline are notifications of the run, each with its kind. Of more
    findings than GitHub takes the least severe are left out, which a notification says. What comments silence, and
    what a baseline knows, is in no result: GitHub would open an alert for it.

    LookupError for a finding or doubt of a rule that isn't among the report's rules.
    """
    indexes = {rule.id: index for index, rule in enumerate(report.rules)}
    places = _Places(Paths(options))
    driver = sarif.ToolComponent(
        name="tap-lint",
        full_name=f"tap-lint {options.version}",
        version=options.version,
        semantic_version=semantic_version(options.version),
        information_uri=HOME,
        rules=[descriptor(rule) for rule in report.rules],
        notifications=[_kind(id_, text) for id_, text in _NOTIFICATIONS.items()],
        properties={"schema": schema_data()},
    )
    run = sarif.Run(
        tool=sarif.Tool(driver=driver),
        automation_details=sarif.RunAutomationDetails(id=f"{options.category.rstrip('/') or 'tap-lint'}/"),
        column_kind="utf16CodeUnits",
        invocations=[_invocation(report, options, indexes, places)],
        original_uri_base_ids={_BASE: _base(options.root)},
        results=[_result(finding, indexes, places) for finding in _kept(report.findings)],
    )
    return written(sarif.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[run]))


def utf16_column(source: Source, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, the column in UTF-16 code units."""
    return _position(source, offset, _astral(source))


def _position(source: Source, offset: int, astral: list[int]) -> tuple[int, int]:
    line, column = source.position(offset)
    return line, column + bisect_left(astral, offset) - bisect_left(astral, source.line_starts()[line - 1])


def _astral(source: Source) -> list[int]:
    """The offsets of the characters that are two UTF-16 code units."""
    return [] if source.text.isascii() else [match.start() for match in _ASTRAL.finditer(source.text)]


def semantic_version(version: str) -> str:
    """A Python package's version (PEP 440) in the form of semver.org: 1.2rc1.dev3+x is 1.2.0-rc1.dev3+x."""
    parts = re.fullmatch(r"v?(?:\d+!)?(\d+)(?:\.(\d+))?(?:\.(\d+))?([^+]*)(?:\+(.*))?", version)
    if parts is None:
        return "0.0.0"
    major, minor, patch, rest, local = parts.groups()
    identifiers = ".".join(re.findall(r"[0-9A-Za-z-]+", rest))
    build = ".".join(re.findall(r"[0-9A-Za-z-]+", local or ""))
    return (
        f"{int(major)}.{int(minor or 0)}.{int(patch or 0)}"
        + (f"-{identifiers}" if identifiers else "")
        + (f"+{build}" if build else "")
    )


# Where things are


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Makes SARIF's locations; what is needed of each file is found out once."""

    paths: Paths
    _hashes: dict[Source, list[str]] = field(default_factory=dict)
    _astrals: dict[Source, list[int]] = field(default_factory=dict)
    _artifacts: dict[str, sarif.ArtifactLocation] = field(default_factory=dict)

    def line_hash(self, span: Span) -> str:
        if span.source not in self._hashes:
            self._hashes[span.source] = line_hashes(span.source.text)
        return self._hashes[span.source][span.line - 1]

    def location(
        self, span: Span, message: str = "", *, address: str | None = None, identity: int = -1
    ) -> sarif.Location:  # fmt: skip
        source = span.source
        if source not in self._astrals:
            self._astrals[source] = _astral(source)
        start_line, start_column = _position(source, span.start, self._astrals[source])
        end_line, end_column = _position(source, span.end, self._astrals[source])
        return sarif.Location(
            id=identity,
            message=sarif.Message(text=_unlinked(message)) if message else None,
            logical_locations=[sarif.LogicalLocation(fully_qualified_name=address)] if address else None,
            physical_location=sarif.PhysicalLocation(
                artifact_location=self._artifact(source.path),
                region=sarif.Region(
                    start_line=start_line, start_column=start_column, end_line=end_line, end_column=end_column
                ),
            ),
        )

    def _artifact(self, path: str) -> sarif.ArtifactLocation:
        """The location of a file: relative to the root, links and `..` resolved, else an absolute one."""
        if path not in self._artifacts:
            relative = self.paths.of(path)
            # The names of files that aren't UTF-8 arrive with surrogates in place of the odd bytes.
            uri = quote(relative.encode("utf-8", "surrogateescape"), safe="/")
            self._artifacts[path] = (
                sarif.ArtifactLocation(uri=f"file://{uri}")
                if relative.startswith("/")
                else sarif.ArtifactLocation(uri=uri, uri_base_id=_BASE)
            )
        return self._artifacts[path]


def _base(root: str) -> sarif.ArtifactLocation:
    if not root.startswith("/"):
        return sarif.ArtifactLocation(description=sarif.Message(text="The folder that the paths are relative to."))
    uri = quote(root.rstrip("/").encode("utf-8", "surrogateescape"), safe="/")
    return sarif.ArtifactLocation(uri=f"file://{uri}/")


# What was found


def _kept(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, at most as many as GitHub takes: the most severe, in their order."""
    if len(findings) <= MOST_RESULTS:
        return findings
    worst = sorted(range(len(findings)), key=lambda number: -findings[number].severity)[:MOST_RESULTS]
    return tuple(findings[number] for number in sorted(worst))


def _result(finding: Finding, indexes: dict[str, int], places: _Places) -> sarif.Result:
    related = [
        places.location(place.span, place.message, identity=identity)
        for identity, place in enumerate(finding.related, start=1)
    ]
    return sarif.Result(
        rule_id=finding.rule,
        rule_index=_index(finding, indexes),
        level=str(finding.severity),
        message=sarif.Message(text=_message(finding.message + under(finding), finding.remedy, finding.related)),
        locations=[places.location(finding.span, address=finding.address)],
        related_locations=related or None,
        code_flows=[_flow(steps, places) for steps in _flows(finding)] or None,
        partial_fingerprints={"primaryLocationLineHash": places.line_hash(finding.span)},
        properties=_about(finding) or None,
    )


def _flows(finding: Finding) -> Iterator[list[Related]]:
    """The ways that a finding tells of: a value's, from where it is written to where it is used, and an edge's."""
    here = Related(finding.message, finding.span)
    steps = [place for place in finding.related if place.role == STEP]
    ways = [
        *([place, here] for place in finding.related if place.role == ORIGIN),
        *([here, place] for place in finding.related if place.role == USE),
        [here, *steps],
        list(finding.way),
    ]
    for way in ways:
        distinct = [step for number, step in enumerate(way) if number == 0 or step.span != way[number - 1].span]
        if len(distinct) > 1:
            yield distinct


def _flow(steps: list[Related], places: _Places) -> sarif.CodeFlow:
    locations = [sarif.ThreadFlowLocation(location=places.location(step.span, step.message)) for step in steps]
    return sarif.CodeFlow(thread_flows=[sarif.ThreadFlow(locations=locations)])


def _about(finding: Finding) -> dict[str, object]:
    about: dict[str, object] = {"requirement": finding.requirement} if finding.requirement else {}
    return about | ({"inputs": list(finding.inputs)} if finding.inputs else {})


def _index(finding: Finding, indexes: dict[str, int]) -> int:
    if finding.rule not in indexes:
        raise LookupError(f"there is a finding of {finding.rule}, but the run judged no such rule")
    return indexes[finding.rule]


def _message(message: str, remedy: str, related: tuple[Related, ...]) -> str:
    """The message as a first sentence, for GitHub's lists, then the remedy and links to the related places."""
    links = (f"[{_link_text(place.message)}]({identity})" for identity, place in enumerate(related, start=1))
    sentences = [
        _unlinked(message),
        f"What would be right: {_unlinked(remedy)}" if remedy else "",
        f"See {', '.join(links)}" if related else "",
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def _link_text(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _unlinked(text: str) -> str:
    """Text in which no brackets read as a link: `module.a["x"](1)` has its opening bracket escaped."""
    return re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", text)


# How the run went


def _invocation(
    report: Report, options: RenderOptions, indexes: dict[str, int], places: _Places
) -> sarif.Invocation:  # fmt: skip
    # What a comment silences of a broken file is still not judged.
    silenced = (item.finding for item in report.silenced)
    broken = [finding for finding in (*report.findings, *silenced) if finding.rule == UNREADABLE]
    notifications = [
        *(_notification("failure", "error", failure) for failure in report.failures),
        *(
            _notification("unread", "error", f"not judged: {one.message}", places.location(one.span))
            for one in broken
        ),
        *(
            _notification("unjudged" if notice in report.unjudged else "notice", "warning", notice)
            for notice in report.notices
        ),
        *(_notification("stale", "note", entry) for entry in report.stale),
        *(_notification("left-out", level, text) for level, text in _left_out(report)),
        *(_doubt(doubt, indexes, places) for doubt in report.doubts),
    ]  # fmt: skip
    return sarif.Invocation(
        execution_successful=not (report.failures or report.unjudged or broken),
        tool_execution_notifications=notifications or None,
        working_directory=_base(options.root) if options.root.startswith("/") else None,
    )


def _kind(id_: str, text: str) -> sarif.ReportingDescriptor:
    """A kind of notifications; GitHub's rules want as much of it as of a rule."""
    said = sarif.MultiformatMessageString(text=text)
    return sarif.ReportingDescriptor(id=id_, short_description=said, full_description=said, help=said)


def _left_out(report: Report) -> Iterator[tuple[str, str]]:
    """What is said of findings that are in no result, each with its level."""
    over = len(report.findings) - MOST_RESULTS
    if over > 0:
        yield "warning", f"{over:,} of {len(report.findings):,} findings are left out, the least severe: " \
                         f"GitHub takes {MOST_RESULTS:,} results of a run"  # fmt: skip
    told = {"suppressed": len(report.silenced), **report.left_out}
    yield from (
        ("note", f"{number:,} findings and doubts are left out: {why}") for why, number in told.items() if number
    )


def _notification(
    kind: str, level: str, text: str, location: sarif.Location | None = None
) -> sarif.Notification:  # fmt: skip
    return sarif.Notification(
        descriptor=sarif.ReportingDescriptorReference(id=kind, index=list(_NOTIFICATIONS).index(kind)),
        level=level,
        message=sarif.Message(text=f"{_unlinked(text).rstrip('.')}."),
        locations=None if location is None else [location],
    )


def _doubt(doubt: Finding, indexes: dict[str, int], places: _Places) -> sarif.Notification:
    text = f"{doubt.message}: {doubt.doubt}{under(doubt)}"
    notification = _notification("doubt", "note", text, places.location(doubt.span))
    notification.associated_rule = sarif.ReportingDescriptorReference(id=doubt.rule, index=_index(doubt, indexes))
    return notification
