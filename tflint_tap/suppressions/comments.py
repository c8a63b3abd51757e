"""Comments that silence findings: `# tap:ignore[iam/wildcard-resource] until=2027-01-31 reason: …`.

On lines of its own, such a comment covers the block, argument or element directly below it; beside code it
covers that line; `tap:ignore-file[…]` above all code covers the file. A family (`iam`) stands for its rules.
In JSON a property `"//": "tap:ignore[…] reason: …"` covers the block that it is in, `tap:ignore-file[…]` in no block
the file.
A comment that is meant as one of these but isn't written as one silences nothing, and is reported instead of being
passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..hcl.nodes import Comment, File
from ..records import dataclass
from ..rule import Hit
from ..text.source import Span
from .complaints import EXPIRED, IDLE, UNKNOWN_RULE, WITHOUT_REASON, complaint, shortened
from .scope import Layout, is_below_code, layout_of, scope_of

_EXAMPLE = "tap:ignore[iam/wildcard-action] reason: …"
_DATED = "write the last day as in until=2027-01-31"
_REASONED = "add a reason after the brackets: reason: …"
_OPENING = re.compile(r"(?:#|//|/\*|)[\s#/*!]*")  # in JSON nothing stands before a comment's text
_DIRECTIVE = re.compile(r"(?P<head>tap:ignore(?:-file)?)\[(?P<names>[^\[\]]*)\]")
# The same words with other separators; with brackets also what is nearly spelt like it.
_MEANT = re.compile(r"tap(?:[ _-]?lint)?(?:\s*[:;._-]\s*)?ignore[\w-]*(?:\s*\[[^\]\n]*\]?)?", re.IGNORECASE)
_NEARLY = re.compile(r"(?!tflint)([a-z][a-z:;._ -]{3,24})\[[^\]\n]*\]?", re.IGNORECASE)
_INSIDE = re.compile(r"(?<![\w`'\"])tap:ignore(?:-file)?\[")
# How the comments begin that are for other tools.
OTHER_TOOLS = ("checkov:", "bridgecrew:", "cortex:", "tfsec:", "trivy:", "tflint-ignore", "kics-scan")
_UNTIL = re.compile(r"(?<!\S)until=([^\s,;]*)[,;]?")
_UNTIL_MEANT = re.compile(r"\W*(?:(?:un)?till?|expires?|expiry)\b|\W*\d{4}-\d", re.IGNORECASE)


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

    One that is for another tool has its name as `tool`: its `names` are the rules that ask for what it leaves out, and
    `unread` the ids for which there are none, or all where `unread_because` says why.
    """

    names: tuple[Name, ...]
    scope: Span | None
    place: str  # what is covered, in words: "in the code below it"
    until: date | None
    until_span: Span | None
    reason: str
    span: Span
    comment: Span
    faults: tuple[tuple[str, Hit], ...]
    settled: bool
    tool: str = ""
    unread: tuple[Name, ...] = ()
    unread_because: str | None = None

    @property
    def title(self) -> str:
        """The comment in short, as messages name it."""
        return shortened(self.span.text)


def find_suppressions(file: File) -> tuple[Suppression, ...]:
    """The suppressions of a file in the order of the text, those too that are wrongly written or for other tools."""
    comments = tuple(sorted(file.comments, key=lambda comment: comment.span.start))
    others = any(mark in comment.text for comment in comments for mark in OTHER_TOOLS)
    if not others and not any("ignore" in one.text.lower() or "tap" in one.text.lower() for one in comments):
        return ()
    layout = layout_of(file, comments)
    found = [suppression for comment in comments for suppression in _read(comment, layout)]
    if others:
        from .foreign import foreign_suppressions  # rarely needed

        found = sorted([*found, *foreign_suppressions(comments, layout)], key=lambda one: one.span.start)
    return tuple(found)


def _read(comment: Comment, layout: Layout) -> Iterator[Suppression]:
    raw = comment.span.text.rstrip()
    opening = _OPENING.match(raw)
    assert opening is not None  # nothing is an opening
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
        because = "it is in the middle of a comment"
        span = _part(comment, inside.start(), content.find("]", inside.end()) + 1 or inside.end())
        hit = complaint(span, shortened(span.text), because, "write it as a separate comment")
        yield _void(comment, span, (IDLE, hit), layout)


def _suppression(comment: Comment, directive: re.Match[str], rest: str, layout: Layout) -> Suppression:
    span = _part(comment, *directive.span())
    title = shortened(span.text)
    faults: list[tuple[str, Hit]] = []
    names = tuple(_names(comment, directive))
    if not names:
        instead = "name rules or families, separated by commas"
        faults.append((UNKNOWN_RULE, complaint(span, title, "its brackets are empty", instead)))

    if directive["head"] == "tap:ignore-file":
        scope: Span | None = Span(comment.span.source, 0, len(comment.span.source.text))
        place, fault = "in this file", None
        if is_below_code(comment, layout):
            scope, fault = None, ("it is below code", "move it to the top of the file, above all code")
    else:
        scope, place, fault = scope_of(comment, layout)
    if fault is not None:
        faults.append((IDLE, complaint(span, title, *fault)))

    offset = directive.end()
    untils = list(_UNTIL.finditer(rest))
    until, until_span = None, None
    before, _, reason = _UNTIL.sub(" ", rest).partition("reason:")
    if untils:
        until_span = _part(comment, offset + untils[-1].start(), offset + untils[-1].end())
        until = _date(untils[-1][1]) if len(untils) == 1 else None
        if until is None:
            because = f"{shortened(untils[-1][0])} is not a date" if len(untils) == 1 else "it has more than one until="
            faults.append((EXPIRED, complaint(until_span, title, because, _DATED)))
            scope = None
    elif _UNTIL_MEANT.match(before):
        because = f"{shortened(before)} is not an end date"
        faults.append((EXPIRED, complaint(span, title, because, _DATED)))
        scope = None
        before = ""

    if re.search(r"\w", before):
        because = f'is followed by "{shortened(before)}", which is neither until= nor reason:'
        faults.append((WITHOUT_REASON, complaint(span, title, because, _REASONED)))
    elif not re.search(r"\w", reason):
        faults.append((WITHOUT_REASON, complaint(span, title, "gives no reason", _REASONED)))
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


def _misspelt(comment: Comment, meant: re.Match[str], layout: Layout) -> Suppression:
    span = _part(comment, *meant.span())
    title = shortened(span.text)
    if "[" in title:
        hit = IDLE, complaint(span, title, "it is not written tap:ignore[…] or tap:ignore-file[…]", f"write {_EXAMPLE}")
    else:
        hit = UNKNOWN_RULE, complaint(span, title, "it has no brackets", f"write {_EXAMPLE}")
    return _void(comment, span, hit, layout)


def _void(comment: Comment, span: Span, fault: tuple[str, Hit], layout: Layout) -> Suppression:
    settled = not layout.file.diagnostics
    return Suppression((), None, "", None, None, "", span, comment.span, (fault,), settled)


def _part(comment: Comment, start: int, end: int) -> Span:
    return Span(comment.span.source, comment.span.start + start, comment.span.start + end)
