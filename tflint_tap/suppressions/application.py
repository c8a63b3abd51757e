"""The effect of suppressions, and their mistakes: those that are idle, unknown or expired.

What is silenced are findings and doubts whose span begins in what is covered, and those in a module whose call is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date

from ..records import dataclass
from ..rule import Finding, Hit
from ..text.nearest import nearest, question
from ..text.source import Source, Span
from .comments import Name, Suppression
from .complaints import EXPIRED, FAMILY, FOREIGN, IDLE, UNKNOWN_RULE, UNREADABLE, complaint, shortened


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding or doubt that a suppression silences; `also` are others that do so."""

    finding: Finding
    suppression: Suppression
    also: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """The effect of suppressions: the findings and doubts that are left, and those that aren't.

    `hits` is what is wrong with the suppressions: (rule id, Hit) pairs.
    """

    findings: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    hits: tuple[tuple[str, Hit], ...]
    silenced: tuple[Silenced, ...]


def apply(
    suppressions: Iterable[Suppression],
    findings: Iterable[Finding],
    doubts: Iterable[Finding],
    judged: Collection[str],
    known: Collection[str],
    today: date,
    reported_in: Callable[[Source], Collection[str]] | None = None,
) -> Applied:
    """The effect of suppressions on findings and doubts.

    `judged` are the ids of the rules that this run judged in full, `known` those of all rules that there are:
    a suppression of a rule that was deselected or held back isn't idle. `reported_in` are those of `judged` that
    report in a file, where these aren't all. The last day of a suppression is its
    `until` date. Findings about suppressions can't be silenced.
    """
    suppressions = tuple(suppressions)
    coverages = _coverages(suppression for suppression in suppressions if not _is_expired(suppression, today))
    used: set[Span] = set()
    silenced: list[Silenced] = []

    def is_kept(finding: Finding) -> bool:
        found = [
            (suppression, name.span)
            for span in (finding.span, *finding.calls)
            if (coverage := coverages.get(span.source)) is not None
            for suppression in coverage.at(span.start)
            for name in suppression.names
            if _stands_for(name.text, finding.rule)
        ]
        used.update(span for _, span in found)
        by = list({suppression.span: suppression for suppression, _ in found}.values())
        silenced.extend(Silenced(finding, first, tuple(by[1:])) for first in by[:1])
        return not found

    kept = tuple(filter(is_kept, findings))
    kept_doubts = tuple(filter(is_kept, doubts))
    families = {rule.partition("/")[0] for rule in known}
    hits: list[tuple[str, Hit]] = []
    starts = _starts(kept) if any(suppression.unread for suppression in suppressions) else {}
    for suppression in suppressions:
        if suppression.tool:
            hits += () if _is_expired(suppression, today) else _foreign(suppression, starts)
            continue
        hits += suppression.faults
        hits += _unknown(suppression, known, families)
        if _is_expired(suppression, today):
            hits.append(_expired(suppression))
        elif suppression.scope is not None:
            reported = judged if reported_in is None else reported_in(suppression.span.source)
            hits += _idle(suppression, used, reported, known)
    return Applied(kept, kept_doubts, tuple(hits), tuple(silenced))


@dataclass(frozen=True, slots=True)
class _Coverage:
    """The suppressions of a file by position: from each of `starts` up to the next one, the same ones hold."""

    starts: tuple[int, ...]
    holding: tuple[tuple[Suppression, ...], ...]

    def at(self, position: int) -> tuple[Suppression, ...]:
        """The suppressions whose scope a position lies in."""
        index = bisect_right(self.starts, position) - 1
        return self.holding[index] if index >= 0 else ()


def _coverages(suppressions: Iterable[Suppression]) -> dict[Source, _Coverage]:
    """The suppressions that silence anything, by file."""
    by_file: dict[Source, list[tuple[Suppression, Span]]] = {}
    for suppression in suppressions:
        if suppression.scope is not None:
            by_file.setdefault(suppression.span.source, []).append((suppression, suppression.scope))
    return {source: _coverage(scopes, len(source.text)) for source, scopes in by_file.items()}


def _coverage(scopes: Sequence[tuple[Suppression, Span]], length: int) -> _Coverage:
    changes: dict[int, list[tuple[int, bool]]] = {}
    for number, (_, scope) in enumerate(scopes):
        changes.setdefault(scope.start, []).append((number, True))
        if scope.end < length:  # the end of the text belongs to what reaches that far
            changes.setdefault(scope.end, []).append((number, False))
    starts, holding, active = [], [], dict[int, Suppression]()
    for start in sorted(changes):
        for number, begins in changes[start]:
            if begins:
                active[number] = scopes[number][0]
            else:
                active.pop(number, None)
        starts.append(start)
        holding.append(tuple(active.values()))
    return _Coverage(tuple(starts), tuple(holding))


def _starts(findings: Iterable[Finding]) -> dict[Source, list[int]]:
    """Where the findings of each file begin, in the order of the text."""
    found: dict[Source, list[int]] = {}
    for finding in findings:
        found.setdefault(finding.span.source, []).append(finding.span.start)
    return {source: sorted(starts) for source, starts in found.items()}


def _foreign(suppression: Suppression, starts: dict[Source, list[int]]) -> Iterator[tuple[str, Hit]]:
    """A comment for another tool that says nothing here, at a finding that it may be meant for."""
    scope = suppression.scope
    if not suppression.unread or scope is None:
        return
    places = starts.get(scope.source, [])
    index = bisect_left(places, scope.start)
    if index < len(places) and places[index] < scope.end:
        ids = _listed(list(suppression.unread))
        because = suppression.unread_because or f"no rule asks for what {ids} of {suppression.tool} does"
        yield FOREIGN, complaint(suppression.span, suppression.title, because, "")


def _stands_for(name: str, rule: str) -> bool:
    """Return True if a name silences a rule; a rule about suppressions or an unreadable file is never silenced."""
    return (name == rule or rule.startswith(f"{name}/")) and not rule.startswith(f"{FAMILY}/") and rule != UNREADABLE


def _is_expired(suppression: Suppression, today: date) -> bool:
    return suppression.until is not None and suppression.until < today


def _expired(suppression: Suppression) -> tuple[str, Hit]:
    because = f"it expired on {suppression.until}"
    instead = "remove the cause, or set a later date and say why"
    return EXPIRED, complaint(suppression.until_span or suppression.span, suppression.title, because, instead)


def _unknown(suppression: Suppression, known: Collection[str], families: Collection[str]) -> Iterator[tuple[str, Hit]]:
    for name in suppression.names:
        if name.text in known or name.text in families:
            continue
        candidates = known if "/" in name.text.removesuffix("/*") else [*families, *known]
        near = nearest(name.text.removesuffix("/*"), candidates)
        hint = f"; {question(near)}" if near else ""
        because = f"there is no rule or family {shortened(name.text)}{hint}"
        instead = f"write {near}" if near else "name a rule or a family that exists"
        yield UNKNOWN_RULE, complaint(name.span, suppression.title, because, instead)


def _idle(
    suppression: Suppression, used: set[Span], judged: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, Hit]]:
    idle = []
    for name in suppression.names:
        if name.text == FAMILY or name.text.startswith(f"{FAMILY}/") or name.text == UNREADABLE:
            what = "a syntax error" if name.text == UNREADABLE else "a finding about suppressions"
            because = f"{what} can't be silenced"
            yield IDLE, complaint(name.span, suppression.title, because, f"delete {name.text} from the brackets")
            continue
        rules = [rule for rule in known if _stands_for(name.text, rule)]
        if suppression.settled and rules and name.span not in used and all(rule in judged for rule in rules):
            idle.append(name)
    if idle and len(idle) == len(suppression.names):
        because = f"{_listed(idle)} {'has' if len(idle) == 1 else 'have'} no findings {suppression.place}"
        yield IDLE, complaint(suppression.span, suppression.title, because, "delete the comment")
        return
    for name in idle:
        because = f"{name.text} has no findings {suppression.place}"
        yield IDLE, complaint(name.span, name.text, because, f"delete {name.text} from the brackets")


def _listed(names: list[Name]) -> str:
    *others, last = (name.text for name in names)
    return f"{', '.join(others)} and {last}" if others else last
