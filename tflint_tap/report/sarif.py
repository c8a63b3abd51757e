"""Findings for GitHub code scanning and other readers of SARIF 2.1.0.

What GitHub demands beyond the standard is from its page "SARIF support for code scanning": descriptions and
help for each rule, all four coordinates of a region, relative URIs, and fingerprints. GitHub closes an alert
that the next upload lacks, so a run that could not judge everything says `executionSuccessful: false`: code
scanning then refuses the upload as an "unsuccessful execution" (github/codeql-action, pull request 1393) and
keeps the alerts that it has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import attr
import sarif_om as sarif

from ..rule import Finding, Rule, Severity
from ..suppressions.complaints import UNREADABLE
from ..text.source import Related, Source, Span
from . import RenderOptions, relative_path, under
from .fingerprint import line_hashes
from .json_ import dump, schema_data

if TYPE_CHECKING:
    from ..lint import Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
_LONGEST_DESCRIPTION = 1024
_MOST_TAGS = 20
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(report: Report, options: RenderOptions) -> str:
    """A SARIF log of one run, with a result for each finding; doubts are notifications of the run.

    LookupError for a finding or doubt of a rule that isn't among the report's rules.
    """
    indexes = {rule.id: index for index, rule in enumerate(report.rules)}
    hashes: dict[Source, list[str]] = {}
    driver = sarif.ToolComponent(
        name="tap-lint",
        full_name=f"tap-lint {options.version}",
        version=options.version,
        semantic_version=semantic_version(options.version),
        rules=[_rule(rule) for rule in report.rules],
        properties={"schema": schema_data()},
    )
    run = sarif.Run(
        tool=sarif.Tool(driver=driver),
        automation_details=sarif.RunAutomationDetails(id="tap-lint/"),
        column_kind="utf16CodeUnits",
        invocations=[_invocation(report, options, indexes)],
        original_uri_base_ids={_BASE: _base(options.root)},
        results=[_result(finding, options, indexes, hashes) for finding in report.findings],
    )
    return dump(_plain(sarif.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[run])))


def utf16_column(source: Source, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, the column in UTF-16 code units."""
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    return line, column + (0 if before.isascii() else sum(character > "\uffff" for character in before))


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


def _plain(value: object) -> object:
    """SARIF's objects as dicts and lists, without what is absent or what an absent property means anyway."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    kind = type(value)
    if not attr.has(kind):
        return value
    plain: dict[str, object] = {}
    for field in attr.fields(kind):
        item = getattr(value, field.name)
        # The level of a result that has none is its rule's, not what the object model gives as default.
        if item is None or (field.name != "level" and item == _default(field)):
            continue
        plain[field.metadata["schema_property_name"]] = _plain(item)
    return plain


def _default(field: attr.Attribute[object]) -> object:
    factory = getattr(field.default, "factory", None)
    return field.default if factory is None else factory()


# What the rules are


def _rule(rule: Rule) -> object:
    return sarif.ReportingDescriptor(
        id=rule.id,
        short_description=sarif.MultiformatMessageString(text=_shortened(rule.title)),
        full_description=sarif.MultiformatMessageString(text=_shortened(rule.why.strip() or rule.title)),
        help=sarif.MultiformatMessageString(text=_help_text(rule), markdown=_help_markdown(rule)),
        help_uri=next(filter(_is_link, rule.references), None),
        default_configuration=sarif.ReportingConfiguration(level=str(rule.severity)),
        properties=_properties(rule),
    )


def _properties(rule: Rule) -> dict[str, object]:
    tags = [*(["security"] if rule.security_severity is not None else []), rule.family, *rule.frameworks]
    rating = (
        {"problem.severity": _PROBLEM_SEVERITY[rule.severity]}
        if rule.security_severity is None
        else {"security-severity": f"{rule.security_severity:.1f}"}
    )
    # Findings are certain: what can't be decided is a doubt.
    return {"tags": list(dict.fromkeys(tags))[:_MOST_TAGS], "precision": "high", **rating}


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_DESCRIPTION else flat[: _LONGEST_DESCRIPTION - 1] + "…"


def _help_text(rule: Rule) -> str:
    examples = [(title, example) for title, examples in _examples(rule) for example in examples]
    paragraphs = [
        rule.title,
        rule.why.strip(),
        *(f"{title}:\n\n{example.rstrip()}" for title, example in examples),
        "\n".join(["References:", *(f"- {reference}" for reference in rule.references)]) if rule.references else "",
        f"Frameworks: {', '.join(rule.frameworks)}" if rule.frameworks else "",
    ]
    return "\n\n".join(filter(None, paragraphs))


def _help_markdown(rule: Rule) -> str:
    # Why a rule is there is written in Markdown; everything else is text.
    paragraphs = [f"**{_escaped(rule.title)}**", rule.why.strip()]
    for title, examples in _examples(rule):
        paragraphs += [f"### {title}", *map(_fenced, examples)]
    if rule.references:
        paragraphs += ["### References", "\n".join(f"- {_linked(reference)}" for reference in rule.references)]
    if rule.frameworks:
        paragraphs.append(f"Frameworks: {', '.join(map(_escaped, rule.frameworks))}")
    return "\n\n".join(filter(None, paragraphs))


def _examples(rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    if rule.bad:
        yield "Not like this", rule.bad
    if rule.good:
        yield "Like this", rule.good


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|!~&])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    flat = " ".join(text.split())
    fence = "`" * (_longest_run(flat) + 1)
    return f"{fence} {flat} {fence}" if "`" in flat else f"`{flat}`"


def _fenced(example: str) -> str:
    fence = "`" * max(3, _longest_run(example) + 1)
    return f"{fence}hcl\n{example.rstrip()}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _is_link(reference: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", reference) is not None


def _linked(reference: str) -> str:
    return f"<{reference}>" if _is_link(reference) else _escaped(reference)


# What was found


def _result(
    finding: Finding, options: RenderOptions, indexes: dict[str, int], hashes: dict[Source, list[str]]
) -> object:
    source, line = finding.span.source, finding.span.line
    if source not in hashes:
        hashes[source] = line_hashes(source.text)
    related = [
        _location(place.span, options, identity=identity, message=place.message)
        for identity, place in enumerate(finding.related, start=1)
    ]
    return sarif.Result(
        rule_id=finding.rule,
        rule_index=_index(finding, indexes),
        level=str(finding.severity),
        message=sarif.Message(text=_message(finding.message + under(finding), finding.remedy, finding.related)),
        locations=[_location(finding.span, options, address=finding.address)],
        related_locations=related or None,
        partial_fingerprints={"primaryLocationLineHash": hashes[source][line - 1]},
        properties=_about(finding) or None,
    )


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


def _location(
    span: Span,
    options: RenderOptions,
    *,
    address: str | None = None,
    identity: int = -1,
    message: str | None = None,
) -> object:
    start_line, start_column = utf16_column(span.source, span.start)
    end_line, end_column = utf16_column(span.source, span.end)
    return sarif.Location(
        id=identity,
        message=sarif.Message(text=_unlinked(message)) if message else None,
        logical_locations=[sarif.LogicalLocation(fully_qualified_name=address)] if address else None,
        physical_location=sarif.PhysicalLocation(
            artifact_location=_artifact(span.source.path, options),
            region=sarif.Region(
                start_line=start_line, start_column=start_column, end_line=end_line, end_column=end_column
            ),
        ),
    )


def _artifact(path: str, options: RenderOptions) -> object:
    """The location of a file: relative to the root, links and `..` resolved, else an absolute one."""
    root = options.root
    if root.startswith("/"):
        path, root = os.path.realpath(os.path.join(options.folder or root, path)), os.path.realpath(root)
    relative = relative_path(path, root)
    # The names of files that aren't UTF-8 arrive with surrogates in place of the odd bytes.
    uri = quote(relative.encode("utf-8", "surrogateescape"), safe="/")
    if relative.startswith("/"):
        return sarif.ArtifactLocation(uri=f"file://{uri}")
    return sarif.ArtifactLocation(uri=uri, uri_base_id=_BASE)


def _base(root: str) -> object:
    if not root.startswith("/"):
        return sarif.ArtifactLocation(description=sarif.Message(text="the folder that the paths are relative to"))
    uri = quote(root.rstrip("/").encode("utf-8", "surrogateescape"), safe="/")
    return sarif.ArtifactLocation(uri=f"file://{uri}/")


# How the run went


def _invocation(report: Report, options: RenderOptions, indexes: dict[str, int]) -> object:
    # A notice tells of rules that were held back, even where the finding about the broken file was silenced.
    broken = [finding for finding in report.findings if finding.rule == UNREADABLE]
    notifications = [
        *(_notification("error", failure) for failure in report.failures),
        *(_notification("error", f"not judged: {finding.message}", finding.span, options) for finding in broken),
        *(_notification("warning", notice) for notice in report.notices),
        *(_doubt(doubt, options, indexes) for doubt in report.doubts),
    ]
    return sarif.Invocation(
        execution_successful=not (report.failures or report.notices or broken),
        tool_execution_notifications=notifications or None,
        working_directory=_base(options.root) if options.root.startswith("/") else None,
    )


def _notification(
    level: str, text: str, span: Span | None = None, options: RenderOptions | None = None
) -> sarif.Notification:
    locations = [_location(span, options)] if span is not None and options is not None else None
    return sarif.Notification(level=level, message=sarif.Message(text=_unlinked(text)), locations=locations)


def _doubt(doubt: Finding, options: RenderOptions, indexes: dict[str, int]) -> object:
    notification = _notification("note", f"{doubt.message}: {doubt.doubt}{under(doubt)}", doubt.span, options)
    notification.associated_rule = sarif.ReportingDescriptorReference(id=doubt.rule, index=_index(doubt, indexes))
    return notification
