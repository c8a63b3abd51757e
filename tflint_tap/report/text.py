"""Findings for people: what is so, where, the source with the span underlined, and what would be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from ..records import dataclass
from ..rule import Finding, Rule
from ..text.source import Span
from . import RenderOptions, relative_path, under
from .excerpts import LONGEST_LINE, excerpt, harmless, wrapped
from .painting import Paint, paint_of
from .telling import kind, summary

if TYPE_CHECKING:
    from ..lint import Report

_INDENT = 4  # columns: where a message goes on in the next line
_NARROWEST = 40  # columns: a narrower terminal breaks lines itself


def render(report: Report, options: RenderOptions) -> str:
    """The findings, then the doubts, notices and failures, and a line of counts.

    A finding begins `severity rule: message`; its place stands in the next line. Findings at one place share its
    excerpt. With `quiet` a finding is a line, `path:line:column: severity rule: message`, and so is each notice and
    failure: a run that didn't look at everything is never silent. Doubts have their lines there where they make the
    run fail (`strict`).
    """
    paint = paint_of(color=options.color)
    links = {rule.id: _link(rule) for rule in report.rules} if options.links else {}
    telling = _Telling(options.root, paint, max(options.width, _NARROWEST) if options.width else 0, links)
    remarks = [telling.remark("notice", notice) for notice in (*report.notices, *report.stale)]
    remarks += [telling.remark("failure", failure) for failure in report.failures]
    if options.quiet:
        doubts = report.doubts if options.strict else ()
        lines = [telling.line(finding) for finding in (*report.findings, *doubts)] + remarks
    else:
        lines = [line for title, group in _groups(report, options) for line in telling.group(title, group)]
        lines += [*remarks, *([""] if remarks else [])]
    if options.statistics:
        lines += [*_statistics(report, paint), *([] if options.quiet else [""])]
    if not options.quiet:
        lines += [telling.wrapped(line) for line in (*_hint(report), summary(report, paint))]
    return "".join(f"{line}\n" for line in lines)


def _groups(report: Report, options: RenderOptions) -> Iterator[tuple[str, list[Finding]]]:
    """The findings under the titles that they are grouped by; "" is no title."""
    told = [*report.findings, *report.doubts]
    if not options.group_by:
        yield "", told
        return
    titles = {rule.id: f"{rule.id}: {rule.title}" for rule in report.rules}
    naming: dict[str, Callable[[Finding], str]] = {
        "rule": lambda finding: titles.get(finding.rule, finding.rule),
        "file": lambda finding: relative_path(finding.span.source.path, options.root),
        "block": lambda finding: finding.address or relative_path(finding.span.source.path, options.root),
    }
    groups: dict[str, list[Finding]] = {}
    for finding in told:
        groups.setdefault(naming[options.group_by](finding), []).append(finding)
    yield from sorted(groups.items()) if options.group_by == "rule" else groups.items()


def _link(rule: Rule) -> Callable[[], str]:
    """The address of a page about a rule, "" where its card names none; read only for rules that have findings."""
    return lambda: next((one for one in rule.references if one.startswith("https://")), "")


@dataclass(frozen=True, slots=True, eq=False)
class _Telling:
    """How findings are told: the root of paths, the colours, the width of lines (0: any), the links of rules."""

    root: str
    paint: Paint
    width: int
    links: Mapping[str, Callable[[], str]]

    def group(self, title: str, findings: Iterable[Finding]) -> Iterator[str]:
        """Findings under a title; those at one place share its excerpt."""
        listed = list(findings)
        if title:
            yield self.paint(f"{harmless(title)} ({len(listed)})", "")
            yield ""
        for _, at_place in groupby(listed, key=lambda finding: (finding.span, finding.doubt is None)):
            yield from self._told(list(at_place))
            yield ""

    def line(self, finding: Finding) -> str:
        """A finding in one line."""
        return f"{self.paint(f'{self._place(finding.span)}:', '')} {self._head(finding)}"

    def remark(self, kind: str, text: str) -> str:
        return self.wrapped(f"{self.paint(kind, kind)}: {harmless(text)}")

    def _head(self, finding: Finding) -> str:
        what = kind(finding)
        rule = self.paint(harmless(finding.rule), "")
        link = self.links[finding.rule]() if finding.rule in self.links else ""
        if link:
            rule = f"\x1b]8;;{link}\x1b\\{rule}\x1b]8;;\x1b\\"
        why = "" if finding.doubt is None else f": {finding.doubt}"
        return f"{self.paint(what, what)} {rule}: {harmless(finding.message + why + under(finding))}"

    def _place(self, span: Span) -> str:
        line, column = span.source.position(span.start)
        return f"{harmless(relative_path(span.source.path, self.root))}:{line}:{column}"

    def _told(self, findings: list[Finding]) -> Iterator[str]:
        """Findings at one place, its source line, the places that tell how they came about, what would be right."""
        span = findings[0].span
        related = list(dict.fromkeys(one for finding in findings for one in finding.related))
        width = max(len(str(one.line)) for one in (span, *(place.span for place in related)))
        margin = " " * width
        for finding in findings:
            yield self.wrapped(self._head(finding))
        longest = max(self.width - width - 5, 1) if self.width else LONGEST_LINE
        yield f"{margin}--> {self.paint(self._place(span), '')}"
        yield from excerpt(span, "^", width, lambda marks: self.paint(marks, kind(findings[0])), longest)
        for place in related:
            yield self.wrapped(f"{margin}--> {self._place(place.span)}: {harmless(place.message)}", width)
            yield from excerpt(place.span, "-", width, lambda marks: self.paint(marks, ""), longest)
        several = len({finding.rule for finding in findings}) > 1
        remarks = dict.fromkeys(
            (f"{label} ({finding.rule.rpartition('/')[2]})" if several else label, text)
            for finding in findings
            for label, text in (("requirement", finding.requirement), ("help", finding.remedy))
            if text
        )
        for label, text in remarks:
            yield self.wrapped(f"{margin} = {self.paint(harmless(label), '')}: {harmless(text)}", width)

    def wrapped(self, text: str, indent: int = 0) -> str:
        """A line as lines of the terminal's width, where that is known."""
        return wrapped(text, self.width, indent + _INDENT) if self.width else text


def _statistics(report: Report, paint: Paint) -> Iterator[str]:
    """How often each rule speaks, the most frequent first."""
    told = Counter((finding.rule, kind(finding)) for finding in (*report.findings, *report.doubts))
    titles = {rule.id: rule.title for rule in report.rules}
    widest = max((len(rule) for rule, _ in told), default=0)
    for (rule, what), number in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        yield f"{number:>6} {paint(f'{what:<7}', what)} {rule:<{widest}} {titles.get(rule, '')}".rstrip()


def _hint(report: Report) -> Iterator[str]:
    if report.findings:
        rules = Counter(finding.rule for finding in report.findings)
        yield f"tap-lint explain {harmless(rules.most_common(1)[0][0])} says why a rule is there, with examples"
