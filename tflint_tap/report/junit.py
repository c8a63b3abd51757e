"""Findings as the results of tests, for Jenkins, GitLab and others that show JUnit's reports.

Source: the schema by which Jenkins' xUnit plugin checks such files (`junit-10.xsd`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ..rule import Finding
from . import RenderOptions
from .excerpts import harmless
from .paths import Paths
from .telling import FAILURE, claim, kind, remarks, story, summary

if TYPE_CHECKING:
    from ..lint import Report


def render(report: Report, options: RenderOptions) -> str:
    """A suite for each file, with a test for each finding there; a file with none is a test that passes.

    A finding that makes the run fail is a failure; one that doesn't is a test that passes, and its output says what was
    found. A doubt is a skipped test, a failure where it makes the run fail. The last suite, `tap-lint`, is the run: its
    test has an error for each failure of the run, and its output tells the notices and the counts. A test is named by
    rule, block and file, not by line, so that its history goes on when lines move.
    """
    paths = Paths(options)
    found: dict[str, list[Finding]] = {paths.of(source.path): [] for source in report.sources}
    for finding in (*report.findings, *report.doubts):
        found.setdefault(paths.of(finding.span.source.path), []).append(finding)
    suites = [_suite(path, _of_file(path, findings, paths, options)) for path, findings in found.items()]
    suites.append(_suite("tap-lint", [_of_run(report)]))
    total = sum((counts for counts, _ in suites), Counter[str]())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="tap-lint" {_attributes(total, "tests", "failures", "errors")}>',
        *(line for _, suite in suites for line in suite),
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _suite(name: str, cases: Iterable[tuple[str, str]]) -> tuple[Counter[str], list[str]]:
    """A suite of tests, each with what it counts as; and the counts."""
    listed = list(cases)
    counts = Counter(counted for counted, _ in listed) + Counter(tests=len(listed))
    told = _attributes(counts, "tests", "failures", "errors", "skipped")
    return counts, [f"<testsuite name={_quoted(name)} {told}>", *(case for _, case in listed), "</testsuite>"]


def _attributes(counts: Counter[str], *names: str) -> str:
    return " ".join(f'{name}="{counts[name]}"' for name in names)


def _of_file(
    path: str, findings: list[Finding], paths: Paths, options: RenderOptions
) -> Iterable[tuple[str, str]]:  # fmt: skip
    if not findings:
        yield "passed", _case("tap-lint.files", path, "")
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        class_ = finding.rule.replace("/", ".")
        name = f"{finding.address} in {path}" if finding.address else path
        seen[class_, name] += 1
        if seen[class_, name] > 1:
            name = f"{name} ({seen[class_, name]})"
        yield _of_finding(finding, class_, name, paths, options)


def _of_finding(
    finding: Finding, class_: str, name: str, paths: Paths, options: RenderOptions
) -> tuple[str, str]:  # fmt: skip
    told = claim(finding)
    body = escape("\n".join((harmless(paths.place(finding.span)), told, *story(finding, paths))))
    if options.fails(finding):
        return "failures", _case(
            class_, name, f'<failure type="{kind(finding)}" message={_quoted(told)}>{body}</failure>'
        )
    if finding.doubt is not None:
        return "skipped", _case(class_, name, f'<skipped type="doubt" message={_quoted(told)}>{body}</skipped>')
    return "passed", _case(class_, name, f"<system-out>{kind(finding)}: {body}</system-out>")


def _of_run(report: Report) -> tuple[str, str]:
    """The test that the run itself is."""
    errors = [f'<error type="failure" message={_quoted(text)}/>' for what, text in remarks(report) if what == FAILURE]
    told = [f"{what}: {text}" for what, text in remarks(report) if what != FAILURE]
    output = f"<system-out>{escape(chr(10).join((*told, summary(report))))}</system-out>"
    return "errors" if errors else "passed", _case("tap-lint.run", "run", "".join((*errors, output)))


def _case(class_: str, name: str, content: str) -> str:
    told = f"<testcase classname={_quoted(class_)} name={_quoted(name)}"
    return f"{told}>{content}</testcase>" if content else f"{told}/>"


def _quoted(text: str) -> str:
    return quoteattr(harmless(text))
