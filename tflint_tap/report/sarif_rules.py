"""Rules as SARIF describes them: what GitHub shows beside an alert, and orders alerts by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sarif_om as sarif

from ..rule import Rule, Severity
from ..rulebook.examples import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "https://pypi.org/project/tap-lint/"
_LONGEST_DESCRIPTION = 1024
_MOST_TAGS = 20
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_REFUSED = ("syntax", "schema", "references")  # families whose errors Terraform itself refuses
_WEAKNESS = re.compile(r"CWE-(\d+)")


def descriptor(rule: Rule) -> sarif.ReportingDescriptor:
    """A rule with its name, descriptions, help, level, tags and ratings."""
    return sarif.ReportingDescriptor(
        id=rule.id,
        name="".join(part.capitalize() for part in re.split("[/-]", rule.id)),
        short_description=sarif.MultiformatMessageString(text=_shortened(rule.title)),
        full_description=sarif.MultiformatMessageString(text=_shortened(rule.why.strip() or rule.title)),
        help=sarif.MultiformatMessageString(text=_help_text(rule), markdown=_help_markdown(rule)),
        help_uri=next(filter(_is_link, rule.references), HOME),
        default_configuration=sarif.ReportingConfiguration(level=str(rule.severity)),
        properties=_properties(rule),
    )


def _properties(rule: Rule) -> dict[str, object]:
    weaknesses = (match for match in map(_WEAKNESS.fullmatch, rule.frameworks) if match is not None)
    tags = [
        *(["security"] if rule.security_severity is not None else []),
        rule.family,
        *(f"external/cwe/cwe-{int(match[1]):03}" for match in weaknesses),  # as CodeQL's own tags
        *rule.frameworks,
    ]
    rating = (
        {"problem.severity": _PROBLEM_SEVERITY[rule.severity]}
        if rule.security_severity is None
        else {"security-severity": f"{rule.security_severity:.1f}"}
    )
    is_refused = rule.family in _REFUSED and rule.severity is Severity.ERROR
    precision = "very-high" if is_refused and rule.precision == "high" else rule.precision
    return {"tags": list(dict.fromkeys(tags))[:_MOST_TAGS], "precision": precision, **rating}


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_DESCRIPTION else flat[: _LONGEST_DESCRIPTION - 1] + "…"


def _help_text(rule: Rule) -> str:
    paragraphs = [rule.title, rule.why.strip(), *(f"{title}:\n\n{example}" for title, example in _examples(rule))]
    if rule.references:
        paragraphs.append("\n".join(["References:", *(f"- {reference}" for reference in rule.references)]))
    if rule.frameworks:
        paragraphs.append(f"Frameworks: {', '.join(rule.frameworks)}")
    return "\n\n".join(filter(None, paragraphs))


def _help_markdown(rule: Rule) -> str:
    # Why a rule is there is written in Markdown; everything else is text.
    paragraphs = [f"**{_escaped(rule.title)}**", rule.why.strip()]
    for title, example in _examples(rule):
        paragraphs += [f"### {title}", _fenced(example)]
    if rule.references:
        paragraphs += ["### References", "\n".join(f"- {_linked(reference)}" for reference in rule.references)]
    if rule.frameworks:
        paragraphs.append(f"Frameworks: {', '.join(map(_escaped, rule.frameworks))}")
    return "\n\n".join(filter(None, paragraphs))


def _examples(rule: Rule) -> Iterator[tuple[str, str]]:
    """The first bad and the first good example, without their marks: a card's others would make it too long."""
    for title, examples in (("Not like this", rule.bad), ("Like this", rule.good)):
        for example in examples[:1]:
            yield title, unmarked(example)[0].rstrip()


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|!~&])", r"\\\1", " ".join(text.split()))


def _fenced(example: str) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", example)), default=0) + 1)
    return f"{fence}hcl\n{example}\n{fence}"


def _is_link(reference: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", reference) is not None


def _linked(reference: str) -> str:
    return f"<{reference}>" if _is_link(reference) else _escaped(reference)
