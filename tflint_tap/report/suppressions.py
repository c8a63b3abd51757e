"""The suppressions of files for people and programs: what each says, covers and silences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ..records import dataclass
from ..rule import Finding
from ..suppressions.comments import Suppression
from ..text.listing import listed
from ..text.source import Span
from . import relative_path
from .excerpts import harmless
from .json_ import dump

FORMATS = ("text", "json")
OWN = "tap-lint"


@dataclass(frozen=True, slots=True)
class Listed:
    """A suppression with the findings and doubts that it silences."""

    suppression: Suppression
    silenced: tuple[Finding, ...]


def listing(suppressions: Iterable[Suppression], silenced: Mapping[Span, Sequence[Finding]]) -> tuple[Listed, ...]:
    """The suppressions, each with what is silenced by it; `silenced` are findings by the span of a suppression."""
    return tuple(Listed(one, tuple(silenced.get(one.span, ()))) for one in suppressions)


def suppressions(entries: Sequence[Listed], format_: str, root: str, today: date) -> str:
    """The report on suppressions, ending in a newline; `today` tells which have expired."""
    if format_ == "json":
        return dump({"version": 1, "suppressions": [_data(entry, root, today) for entry in entries]})
    return "\n".join(map(harmless, _text(entries, root, today))) + "\n"


def _text(entries: Sequence[Listed], root: str, today: date) -> Iterator[str]:
    for entry in entries:
        one = entry.suppression
        yield f"{_place(one.span, root)}: {one.title}"
        if one.names:
            yield f"    rules: {', '.join(_rules(one))}, {one.place}"
        yield f"    reason: {one.reason or 'none is given'}"
        if one.until is not None:
            yield f"    until: {one.until}{', which is past' if _is_expired(one, today) else ''}"
        for trouble in _troubles(one):
            yield f"    problem: {trouble}"
        for finding in entry.silenced:
            yield f"    silences {finding.rule} at {_place(finding.span, root)}: {finding.doubt or finding.message}"
        if not entry.silenced:
            yield "    silences nothing"
        yield ""
    yield _summary(entries)


def _summary(entries: Sequence[Listed]) -> str:
    if not entries:
        return "no suppressions"
    counts: dict[str, int] = {}
    for entry in entries:
        tool = entry.suppression.tool or OWN
        counts[tool] = counts.get(tool, 0) + 1
    parts = listed([f"{number} of {tool}" for tool, number in sorted(counts.items())], "and", len(counts))
    found = len({(finding.rule, finding.span, finding.message) for entry in entries for finding in entry.silenced})
    idle = sum(not entry.silenced for entry in entries)
    return (
        f"{_counted(len(entries), 'suppression')} ({parts}): {_counted(found, 'finding')} silenced, {idle} without any"
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _rules(one: Suppression) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.text for name in one.names))


def _troubles(one: Suppression) -> Iterator[str]:
    """Why a suppression, or a part of it, can't silence anything."""
    for _, hit in one.faults:
        yield f"{hit.values['because']}"
    if one.unread:
        ids = ", ".join(name.text for name in one.unread)
        yield one.unread_because or f"no rule asks for what {ids} does"
    elif one.tool and one.scope is None:
        yield f"nothing stands where {one.tool} looks for it"


def _is_expired(one: Suppression, today: date) -> bool:
    return one.until is not None and one.until < today


def _place(span: Span, root: str) -> str:
    return f"{relative_path(span.source.path, root)}:{span.line}:{span.column}"


def _data(entry: Listed, root: str, today: date) -> dict[str, object]:
    one = entry.suppression
    return {
        "tool": one.tool or OWN,
        "text": one.span.text,
        **_at(one.span, root),
        "rules": list(_rules(one)),
        "unread": [name.text for name in one.unread],
        "covers": None if one.scope is None else {"line": one.scope.line, "end_line": _last_line(one.scope)},
        "reason": one.reason or None,
        "until": None if one.until is None else one.until.isoformat(),
        "expired": _is_expired(one, today),
        "problems": list(_troubles(one)),
        "silences": [
            {"rule": finding.rule, "doubt": finding.doubt is not None, "message": finding.message}
            | _at(finding.span, root)
            for finding in entry.silenced
        ],
    }


def _at(span: Span, root: str) -> dict[str, object]:
    return {"path": relative_path(span.source.path, root), "line": span.line, "column": span.column}


def _last_line(span: Span) -> int:
    return span.source.position(max(span.start, span.end - 1))[0]
