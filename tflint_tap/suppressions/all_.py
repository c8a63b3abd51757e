"""Comments that silence findings: `# tap:ignore[iam/wildcard-resource] until=2027-01-31 reason: …`.

On lines of its own, such a comment covers the block, argument or element directly below it; beside code it
covers that line; `tap:ignore-file[…]` above all code covers the file. A family (`iam`) stands for its rules.
What is silenced are findings and doubts whose span begins in what is covered. A comment that is meant as one
of these but isn't written as one silences nothing, and is reported instead of being passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from ..hcl.children import parts
from ..hcl.nodes import Body, Call, Comment, Expr, File, Object, ObjectItem, Tuple
from ..records import dataclass
from ..rule import Finding, Hit
from ..text.nearest import nearest
from ..text.source import Source, Span

IDLE = "suppressions/idle"
WITHOUT_REASON = "suppressions/without-reason"
UNKNOWN_RULE = "suppressions/unknown-rule"
EXPIRED = "suppressions/expired"
_FAMILY = "suppressions"
UNREADABLE = "syntax/invalid"  # a finding of this rule means that a part of a file could not be judged

_EXAMPLE = "tap:ignore[iam/wildcard-action] reason: …"
_DATED = "write the last day as in until=2027-01-31"
_REASONED = "say why behind the brackets: reason: …"
_OPENING = re.compile(r"(?:#|//|/\*)[\s#/*!]*")
_DIRECTIVE = re.compile(r"(?P<head>tap:ignore(?:-file)?)\[(?P<names>[^\[\]]*)\]")
# The same words with other separators; with brackets also what is nearly spelt like it.
_MEANT = re.compile(r"tap(?:[ _-]?lint)?(?:\s*[:;._-]\s*)?ignore[\w-]*(?:\s*\[[^\]\n]*\]?)?", re.IGNORECASE)
_NEARLY = re.compile(r"(?!tflint)([a-z][a-z:;._ -]{3,24})\[[^\]\n]*\]?", re.IGNORECASE)
_INSIDE = re.compile(r"(?<![\w`'\"])tap:ignore(?:-file)?\[")
_UNTIL = re.compile(r"(?<!\S)until=([^\s,;]*)[,;]?")
_UNTIL_MEANT = re.compile(r"\W*(?:(?:un)?till?|expires?|expiry)\b|\W*\d{4}-\d", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SPACE = re.compile(r"[\s\ufeff]*")


@dataclass(frozen=True, slots=True)
class Name:
    """A rule or family as the brackets name it."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that silences findings, or is meant to.

    `scope` is the text in which the findings that it silences begin; None where it can't silence any, for the
    reason that `faults` give. `span` is the part up to the closing bracket. `settled` is False where the file is
    broken, so that nothing follows from its silencing nothing.
    """

    names: tuple[Name, ...]
    scope: Span | None
    place: str  # what is covered, in words: "in what follows it"
    until: date | None
    until_span: Span | None
    reason: str
    span: Span
    comment: Span
    faults: tuple[tuple[str, Hit], ...]
    settled: bool

    @property
    def title(self) -> str:
        """The comment in short, as messages name it."""
        return _flat(self.span.text)


def find_suppressions(file: File) -> tuple[Suppression, ...]:
    """The suppressions of a file in the order of the text, those that are wrongly written included."""
    comments = tuple(sorted(file.comments, key=lambda comment: comment.span.start))
    if not any("ignore" in comment.text.lower() or "tap" in comment.text.lower() for comment in comments):
        return ()
    ends = {comment.span.start: comment.span.end for comment in comments}
    layout = _Layout(file, tuple(ends), ends, cache(lambda: _coverable(file.body)))
    return tuple(suppression for comment in comments for suppression in _read(comment, layout))


def apply(
    suppressions: Iterable[Suppression],
    findings: Iterable[Finding],
    doubts: Iterable[Finding],
    judged: Collection[str],
    known: Collection[str],
    today: date,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[tuple[str, Hit], ...]]:
    """The findings and doubts that are left, and what is wrong with the suppressions: (rule id, Hit) pairs.

    `judged` are the ids of the rules that this run judged in full, `known` those of all rules that there are:
    a suppression of a rule that was deselected or held back isn't idle. The last day of a suppression is its
    `until` date. Findings about suppressions can't be silenced.
    """
    suppressions = tuple(suppressions)
    active: dict[Source, list[Suppression]] = {}
    for suppression in suppressions:
        if suppression.scope is not None and not _is_expired(suppression, today):
            active.setdefault(suppression.span.source, []).append(suppression)
    used: set[Span] = set()

    def is_kept(finding: Finding) -> bool:
        names = [
            name.span
            for suppression in active.get(finding.span.source, ())
            if suppression.scope is not None and _begins_in(finding.span, suppression.scope)
            for name in suppression.names
            if _stands_for(name.text, finding.rule)
        ]
        used.update(names)
        return not names

    kept = tuple(filter(is_kept, findings))
    kept_doubts = tuple(filter(is_kept, doubts))
    hits: list[tuple[str, Hit]] = []
    for suppression in suppressions:
        hits += suppression.faults
        hits += _unknown(suppression, known)
        if _is_expired(suppression, today):
            hits.append(_expired(suppression))
        elif suppression.scope is not None:
            hits += _idle(suppression, used, judged, known)
    return kept, kept_doubts, tuple(hits)


# What a suppression is about


def _stands_for(name: str, rule: str) -> bool:
    """Whether it silences a rule: those about suppressions can't be, nor that a file can't be read."""
    return (name == rule or rule.startswith(f"{name}/")) and not rule.startswith(f"{_FAMILY}/") and rule != UNREADABLE


def _begins_in(span: Span, scope: Span) -> bool:
    at_the_end = span.start == scope.end == len(scope.source.text)
    return scope.start <= span.start < scope.end or at_the_end


def _is_expired(suppression: Suppression, today: date) -> bool:
    return suppression.until is not None and suppression.until < today


def _expired(suppression: Suppression) -> tuple[str, Hit]:
    because = f"it was to last until {suppression.until}"
    instead = "remove the cause, or set a later date and say why"
    return EXPIRED, _hit(suppression.until_span or suppression.span, suppression.title, because, instead)


def _unknown(suppression: Suppression, known: Collection[str]) -> Iterator[tuple[str, Hit]]:
    families = {rule.partition("/")[0] for rule in known}
    for name in suppression.names:
        if name.text in known or name.text in families:
            continue
        candidates = known if "/" in name.text.removesuffix("/*") else [*families, *known]
        near = nearest(name.text.removesuffix("/*"), candidates)
        hint = f"; the nearest is {near}" if near else ""
        because = f"there is no rule or family {_flat(name.text)}{hint}"
        instead = f"write {near}" if near else "name a rule or a family that there is"
        yield UNKNOWN_RULE, _hit(name.span, suppression.title, because, instead)


def _idle(
    suppression: Suppression, used: set[Span], judged: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, Hit]]:
    idle = []
    for name in suppression.names:
        if name.text == _FAMILY or name.text.startswith(f"{_FAMILY}/") or name.text == UNREADABLE:
            what = "that a file can't be read" if name.text == UNREADABLE else "what is wrong with a suppression"
            because = f"{what} can't be silenced"
            yield IDLE, _hit(name.span, suppression.title, because, f"delete {name.text} from the brackets")
            continue
        rules = [rule for rule in known if _stands_for(name.text, rule)]
        if suppression.settled and rules and name.span not in used and all(rule in judged for rule in rules):
            idle.append(name)
    if idle and len(idle) == len(suppression.names):
        because = f"{_listed(idle)} {'finds' if len(idle) == 1 else 'find'} nothing {suppression.place}"
        yield IDLE, _hit(suppression.span, suppression.title, because, "delete the comment")
        return
    for name in idle:
        because = f"{name.text} finds nothing {suppression.place}"
        yield IDLE, _hit(name.span, name.text, because, f"delete {name.text} from the brackets")


def _hit(span: Span, comment: str, because: str, instead: str) -> Hit:
    return Hit(span, values={"comment": comment, "because": because, "instead": instead})


def _listed(names: list[Name]) -> str:
    *others, last = (name.text for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def _flat(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"


# Where comments stand


@dataclass(frozen=True, slots=True)
class _Layout:
    """A file, its comments' starts and the end of each, and the end of all that a comment can cover by its start."""

    file: File
    starts: Sequence[int]
    comments: Mapping[int, int]
    coverable: Callable[[], Mapping[int, int]]  # made only where a comment asks for it

    def outside(self, position: int) -> int:
        """The position, or the end of the comment that it lies in."""
        index = bisect_left(self.starts, position)
        return max(position, self.comments[self.starts[index - 1]]) if index else position

    def next_code(self, position: int) -> tuple[int, bool]:
        """Where the first code at or behind a position begins, and whether blank lines come before it."""
        text = self.file.source.text
        blank = False
        while True:
            match = _SPACE.match(text, position)
            assert match is not None  # it matches nothing too
            blank = blank or _BLANK_LINE.search(match[0]) is not None
            position = match.end()
            if position not in self.comments:
                return position, blank
            position = self.comments[position]


def _coverable(body: Body) -> dict[int, int]:
    """The end of each block, argument, element and item, by its start; no two begin at one place."""
    ends: dict[int, int] = {}
    bodies: list[Body] = [body]
    exprs: list[Expr] = []
    while bodies:
        inner = bodies.pop()
        ends |= {attribute.span.start: attribute.span.end for attribute in inner.attributes}
        ends |= {block.span.start: block.span.end for block in inner.blocks}
        bodies += [block.body for block in inner.blocks]
        exprs += [attribute.expr for attribute in inner.attributes]
    while exprs:
        expr = exprs.pop()
        covered: tuple[Expr | ObjectItem, ...] = ()
        if isinstance(expr, (Tuple, Object)):
            covered = expr.items
        elif isinstance(expr, Call):
            covered = expr.arguments
        ends |= {part.span.start: part.span.end for part in covered}
        exprs += parts(expr)
    return ends


def _scope(comment: Comment, layout: _Layout) -> tuple[Span | None, str, tuple[str, str] | None]:
    """What a comment covers, that in words, and where it covers nothing: why, and what would be right."""
    source = comment.span.source
    text = source.text
    first_line = text.rfind("\n", 0, comment.span.start) + 1
    begins_with_code = layout.next_code(layout.outside(first_line))[0] < comment.span.start
    following, blank = layout.next_code(comment.span.end)
    line_end = text.find("\n", comment.span.end)
    line_end = len(text) if line_end == -1 else line_end + 1
    if begins_with_code:
        end = text.find("\n", comment.span.start)
        return Span(source, first_line, len(text) if end == -1 else end + 1), "on its line", None
    if following < line_end:
        start = text.rfind("\n", 0, following) + 1
        return Span(source, start, line_end), "on its line", None
    place = "in what follows it"
    if following not in layout.coverable():
        if layout.file.diagnostics:
            return None, place, None
        return None, place, ("no block or argument follows it", "put it directly above what it is for")
    if blank:
        return None, place, ("a blank line parts it from what follows", "put it directly above what it is for")
    return Span(source, following, layout.coverable()[following]), place, None


# What comments say


def _read(comment: Comment, layout: _Layout) -> Iterator[Suppression]:
    raw = comment.span.text.rstrip()
    opening = _OPENING.match(raw)
    if opening is None:
        return
    end = len(raw) - 2 if raw.startswith("/*") and raw.endswith("*/") else len(raw)
    content = raw[:end]
    directive = _DIRECTIVE.match(content, opening.end())
    if directive is not None:
        yield _suppression(comment, directive, content[directive.end() :], layout)
        rest = directive.end()
    else:
        rest = opening.end()
        meant = _MEANT.match(content, rest) or _NEARLY.match(content, rest)
        if meant is not None and (meant.re is _MEANT or _is_nearly(meant[1])):
            yield _misspelt(comment, meant, layout)
            return
    if inside := _INSIDE.search(content, rest):
        because = "it stands in the middle of a comment"
        span = _part(comment, inside.start(), content.find("]", inside.end()) + 1 or inside.end())
        hit = _hit(span, _flat(span.text), because, "begin a comment of its own with it")
        yield _void(comment, span, (IDLE, hit), layout)


def _suppression(comment: Comment, directive: re.Match[str], rest: str, layout: _Layout) -> Suppression:
    span = _part(comment, *directive.span())
    title = _flat(span.text)
    faults: list[tuple[str, Hit]] = []
    names = tuple(_names(comment, directive))
    if not names:
        instead = "name rules or families, parted by commas"
        faults.append((UNKNOWN_RULE, _hit(span, title, "its brackets are empty", instead)))

    if directive["head"] == "tap:ignore-file":
        scope: Span | None = Span(comment.span.source, 0, len(comment.span.source.text))
        place, fault = "in this file", None
        if layout.next_code(0)[0] < comment.span.start:
            scope, fault = None, ("it stands below code", "move it to the top of the file, above all code")
    else:
        scope, place, fault = _scope(comment, layout)
    if fault is not None:
        faults.append((IDLE, _hit(span, title, *fault)))

    offset = directive.end()
    untils = list(_UNTIL.finditer(rest))
    until, until_span = None, None
    before, _, reason = _UNTIL.sub(" ", rest).partition("reason:")
    if untils:
        until_span = _part(comment, offset + untils[-1].start(), offset + untils[-1].end())
        until = _date(untils[-1][1]) if len(untils) == 1 else None
        if until is None:
            because = f"{_flat(untils[-1][0])} is no date" if len(untils) == 1 else "it has more than one until="
            faults.append((EXPIRED, _hit(until_span, title, because, _DATED)))
            scope = None
    elif _UNTIL_MEANT.match(before):
        because = f"{_flat(before)} is no date that it ends on"
        faults.append((EXPIRED, _hit(span, title, because, _DATED)))
        scope = None
        before = ""

    if re.search(r"\w", before):
        because = f'is followed by "{_flat(before)}", which is neither until= nor reason:'
        faults.append((WITHOUT_REASON, _hit(span, title, because, _REASONED)))
    elif not re.search(r"\w", reason):
        faults.append((WITHOUT_REASON, _hit(span, title, "gives no reason", _REASONED)))
    return Suppression(
        names=names,
        scope=scope if names else None,
        place=place,
        until=until,
        until_span=until_span,
        reason=" ".join(reason.split()),
        span=span,
        comment=comment.span,
        faults=tuple(faults),
        settled=not layout.file.diagnostics,
    )


def _names(comment: Comment, directive: re.Match[str]) -> Iterator[Name]:
    for part in re.finditer(r"[^,\s](?:[^,]*[^,\s])?", directive["names"]):
        offset = directive.start("names")
        yield Name(part[0], _part(comment, offset + part.start(), offset + part.end()))


def _date(text: str) -> date | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_nearly(head: str) -> bool:
    letters = re.sub("[^a-z]", "", head.lower())
    wanted = ("tapignore", "tapignorefile", "taplintignore")
    from difflib import SequenceMatcher  # costly to import, needed only where a comment looks like one of these

    return any(SequenceMatcher(None, letters, word).ratio() >= 0.85 for word in wanted)


def _misspelt(comment: Comment, meant: re.Match[str], layout: _Layout) -> Suppression:
    span = _part(comment, *meant.span())
    title = _flat(span.text)
    if "[" in title:
        hit = IDLE, _hit(span, title, "it is not written tap:ignore[…] or tap:ignore-file[…]", f"write {_EXAMPLE}")
    else:
        hit = UNKNOWN_RULE, _hit(span, title, "it has no brackets", f"write {_EXAMPLE}")
    return _void(comment, span, hit, layout)


def _void(comment: Comment, span: Span, fault: tuple[str, Hit], layout: _Layout) -> Suppression:
    settled = not layout.file.diagnostics
    return Suppression((), None, "", None, None, "", span, comment.span, (fault,), settled)


def _part(comment: Comment, start: int, end: int) -> Span:
    return Span(comment.span.source, comment.span.start + start, comment.span.start + end)
