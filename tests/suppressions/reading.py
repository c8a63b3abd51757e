"""Texts with suppressions, and what is left of findings in them."""

from __future__ import annotations

from datetime import date

from tflint_tap.aws.syntax import parse
from tflint_tap.rule import Finding, Severity
from tflint_tap.suppressions.application import apply
from tflint_tap.suppressions.comments import Suppression, find_suppressions
from tflint_tap.text.source import Source, Span

KNOWN = (
    "iam/wildcard-action",
    "iam/wildcard-resource",
    "encryption/unencrypted-queue",
    "suppressions/idle",
    "suppressions/expired",
)
TODAY = date(2026, 11, 23)


def read(text: str, path: str = "a.tf") -> tuple[Suppression, ...]:
    return find_suppressions(parse(Source(path, text)))


def read_one(text: str, path: str = "a.tf") -> Suppression:
    (suppression,) = read(text, path)
    return suppression


def complaints(
    text: str,
    *marked: str,
    rule: str = "iam/wildcard-action",
    judged: tuple[str, ...] = KNOWN,
    today: date = TODAY,
    as_doubt: bool = False,
) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """What is left of findings on the marked texts, and the complaints: rule, place, because, instead."""
    source = Source("a.tf", text)
    findings = []
    for mark in marked:
        start = text.index(mark)
        span = Span(source, start, start + len(mark))
        findings.append(Finding(rule, Severity.ERROR, mark, span, "", doubt="?" if as_doubt else None))
    applied = apply(
        find_suppressions(parse(source)),
        () if as_doubt else findings,
        findings if as_doubt else (),
        judged,
        KNOWN,
        today,
    )
    told = [
        (rule, hit.span.text, f"{hit.values['comment']}: {hit.values['because']}", str(hit.values["instead"]))
        for rule, hit in applied.hits
    ]
    return [finding.message for finding in (*applied.findings, *applied.doubts)], told
