"""One cause, one finding: what several blocks have from one place is reported there, once.

It happens here alone, after a rule has spoken and before what is suppressed is left out: no check groups its own hits,
and no rule runs another.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from .records import replace
from .rule import Finding, Hit, Rule, Severity
from .stack import Stack
from .terraform.module import Module
from .terraform.module.marks import as_written, call_of, displayed, is_marked, unmarked
from .text.source import USE, Related, Source, Span

MOST_RELATED = 5  # places that a finding lists
_STRAY = "variables/undeclared-value"


def by_cause(stack: Stack, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits of a rule in the files that are shown, one for each cause; doubts as they are.

    A hit names in `cause` the hit to report where several blocks share its cause; these blocks become its related
    places. A cause in a file that isn't shown leaves the hits where they are.
    """
    groups: dict[tuple[object, ...], list[tuple[Hit, Hit]]] = {}
    for number, hit in enumerate(hits):
        at = hit.cause if hit.cause is not None and hit.doubt is None and stack.shows(hit.cause.span) else hit
        if stack.shows(at.span) or stack.shows_call(hit.address):
            words = () if hit.doubt is None else (number,)
            call = call_of(hit.address or "")
            key = (at.span, hit.requirement, call, *sorted(map(str, at.values.values())), *words)
            groups.setdefault(key, []).append((hit, at))
    for group in groups.values():
        hit, at = max(group, key=_weight)
        users = {other.span: other for other, _ in reversed(group)}
        if len(users) == 1:
            yield hit
            continue
        others = [
            Related(f"{user.address} has it from there", span, USE)
            for span, user in reversed(users.items())
            if span != at.span
        ]
        yield replace(at, related=(*at.related, *others))


def _weight(pair: tuple[Hit, Hit]) -> int:
    """How severe a hit is; one that says nothing has the card's severity, which is the worst that the card gives."""
    severity = pair[1].severity
    return Severity.ERROR if severity is None else severity


def once(findings: Iterable[Finding]) -> list[Finding]:
    """The instances of a block don't repeat a finding: the first of the worst stands for all.

    Several requirements may be missing at one place, and several things that one requirement asks for.
    """
    kept: dict[tuple[str, Span, str | None, str, str], Finding] = {}
    for finding in findings:
        known = kept.setdefault(cause_of(finding), finding)
        if finding.severity > known.severity:
            kept[cause_of(finding)] = finding
    return list(kept.values())


def cause_of(finding: Finding) -> tuple[str, Span, str | None, str, str]:
    """The key that distinguishes the causes of findings; what holds in one call of a module needn't in another."""
    return finding.rule, finding.span, finding.requirement, finding.about, call_of(finding.address or "")


def across_calls(findings: Iterable[Finding], doubts: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What several calls of a module, or several root modules, have in common is told once.

    The first of the worst stands for all and names the calls of the others; a doubt about one call isn't told where
    another call has a finding.
    """
    found: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.rule, finding.span, finding.requirement, finding.about), []).append(finding)
    open_: dict[tuple[object, ...], list[Finding]] = {}
    for doubt in doubts:
        key = (doubt.rule, doubt.span, doubt.requirement, doubt.about)
        if key not in found or not doubt.calls:
            words = displayed(doubt.doubt or "") if doubt.calls else len(open_)
            open_.setdefault((*key, words) if not doubt.calls else key, []).append(doubt)
    return [_of_calls(group) for group in found.values()], [_of_calls(group) for group in open_.values()]


def _of_calls(group: list[Finding]) -> Finding:
    """One finding for what is so in several calls."""
    worst = max(group, key=lambda finding: finding.severity)
    if not worst.calls or unmarked(worst.address or "").startswith(_NO_BLOCKS):
        return worst
    headers = dict.fromkeys(finding.calls[0] for finding in (worst, *group) if finding.calls)
    known = {related.span for related in worst.related}
    called = [
        Related("the module is called here" if number == 0 else "and here", header)
        for number, header in enumerate(headers)
        if not any(header.source is span.source and _encloses(header, span) for span in known)
    ]
    return replace(worst, related=(*worst.related, *called)) if called else worst


def _texts(finding: Finding) -> Iterator[str]:
    yield from (finding.message, finding.remedy, finding.doubt or "", finding.address or "")
    yield from (related.message for related in finding.related)


_NO_BLOCKS = ("var.", "local.", "output.", "module.")  # what is wrong with these is so whoever calls


def _encloses(header: Span, span: Span) -> bool:
    """Return True if a place lies at the header of a block or directly below it."""
    between = header.source.text[header.end : span.start]
    return header.start <= span.start and "\n}" not in between


def as_told(finding: Finding, shown: Collection[Source]) -> Finding:
    """A finding in words for its reader: addresses as Terraform has them; in a file that is shown.

    What is so in a module whose files aren't shown is told at its call.
    """
    if not finding.calls and not any(is_marked(text) for text in _texts(finding)):
        return finding
    span, related = finding.span, finding.related
    if finding.calls and span.source not in shown:
        span = next((header for header in finding.calls if header.source in shown), span)
        related = (Related("it is written here", finding.span), *(one for one in related if one.span != span))
    return replace(
        finding,
        span=span,
        message=displayed(finding.message),
        remedy=as_written(finding.remedy),
        address=displayed(finding.address) if finding.address is not None else None,
        doubt=displayed(finding.doubt) if finding.doubt is not None else None,
        related=tuple(replace(one, message=displayed(one.message)) for one in related),
        way=tuple(replace(one, message=displayed(one.message)) for one in finding.way),
    )


def told_by_all(findings: Iterable[Finding], modules: Mapping[Source, int]) -> list[Finding]:
    """The findings of a run without those about values in a file for several modules of which one takes the value.

    `modules` says to how many modules such a file is given.
    """
    listed = list(findings)
    told = Counter(cause_of(finding) for finding in listed if finding.rule == _STRAY)
    return [one for one in listed if one.rule != _STRAY or told[cause_of(one)] >= modules.get(one.span.source, 0)]


def doubts_by_reason(doubts: Iterable[Finding], owners: Mapping[Source, int]) -> list[Finding]:
    """Of a rule's doubts for the same reason the first stands for all of its configuration, and names the others.

    `owners` tell the configurations of files apart: the variable of a name is another one in each. What is suppressed
    is left out before: a comment at one block doesn't silence what is open at others.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for doubt in doubts:
        source = doubt.span.source
        owner = owners.get(source, os.path.dirname(source.path))
        groups.setdefault((doubt.rule, doubt.doubt, doubt.requirement, owner), []).append(doubt)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[Finding]) -> Finding:
    first, *others = group
    # without an address: a place may lie in another block than the one that the doubt is about
    also = tuple(Related("this can't be checked for the same reason", other.span) for other in others)
    return replace(first, related=(*first.related, *also)) if also else first


def shortened(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with at most MOST_RELATED related places each; the last of these says how many more there are."""
    for finding in findings:
        kept, others = finding.related[:MOST_RELATED], finding.related[MOST_RELATED:]
        if others:
            more = f"(and {len(others)} more place{'' if len(others) == 1 else 's'})"
            last = replace(kept[-1], message=f"{kept[-1].message} {more}")
            finding = replace(finding, related=(*kept[:-1], last))
        yield finding


def superseded(findings: Iterable[Finding], rules: Iterable[Rule], module: Module) -> list[Finding]:
    """The findings without those that another rule, which says on its card that it supersedes theirs, has told better.

    Two rules speak of one cause if they speak of one place, or of one block and one of them at its header.
    """
    better: dict[str, list[str]] = {}
    for rule in rules:
        for name in rule.supersedes:
            better.setdefault(name, []).append(rule.id)
    listed = list(findings)
    if not any(finding.rule in better for finding in listed):
        return listed
    speaking = {name for names in better.values() for name in names}
    told: dict[tuple[str, object], list[Span]] = {}
    for finding in listed:
        if finding.rule in speaking:
            for key in (_block_of(finding), *_lines_of(finding.span)):
                told.setdefault((finding.rule, key), []).append(finding.span)
    return [finding for finding in listed if not _is_told(finding, better.get(finding.rule, ()), told, module)]


def _is_told(
    finding: Finding, rules: Iterable[str], told: dict[tuple[str, object], list[Span]], module: Module
) -> bool:
    """Return True if one of these rules has told a finding's cause."""
    own = finding.span
    for rule in rules:
        near = [span for line in _lines_of(own) for span in told.get((rule, line), ())]
        if any(own.contains(span) or span.contains(own) for span in near):
            return True
        beside = told.get((rule, _block_of(finding)), ())
        if any(_is_header(own, module) or _is_header(span, module) for span in beside):
            return True
    return False


def _lines_of(span: Span) -> Iterator[tuple[str, int]]:
    """The lines that a span lies in."""
    for line in range(span.line, span.line + span.text.count("\n") + 1):
        yield span.source.path, line


def told_once(findings: Iterable[Finding], yielding: Collection[tuple[str, str]]) -> list[Finding]:
    """The findings without those that say of a requirement what another family's rule says, or the contract's own.

    Both are about one block, or the contract's is about a wire, which has two ends. The contract's own is left out,
    but for rules that are `yielding` to it, by the requirement.
    """
    listed = list(findings)
    own = [one for one in listed if one.rule.startswith(_OF_CONTRACT)]
    if not own:
        return listed
    others = [one for one in listed if one.requirement is not None and not one.rule.startswith(_OF_CONTRACT)]
    left_out: set[int] = set()
    for mine in own:
        for other in others:
            if other.requirement != mine.requirement:
                continue
            if mine.rule == _WIRE or _block_of(other) == _block_of(mine):
                left_out.add(id(other if (other.rule, str(other.requirement)) in yielding else mine))
    return [one for one in listed if id(one) not in left_out]


_OF_CONTRACT, _WIRE = "stack/", "stack/missing-wiring"


def _block_of(finding: Finding) -> str:
    """The address of a finding's block, whichever of its instances is meant."""
    return (finding.address or "").partition("[")[0]


def _is_header(span: Span, module: Module) -> bool:
    declaration = module.declaration_at(span)
    return declaration is not None and declaration.span == span
