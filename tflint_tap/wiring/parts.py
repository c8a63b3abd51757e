"""Texts as parts, known and unknown ones: cutting them at separators, finding names in ARNs and URLs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..aws.arns import Pattern
from ..terraform.evaluation.values import Data, PartialString, Symbol, Unknown
from ..terraform.functions.parts import Part, joined

Parts: TypeAlias = tuple[Part, ...]
NameKey: TypeAlias = tuple[object, ...]


def parts_in(data: str | PartialString | Symbol | Unknown) -> Parts:
    """The parts of a text; none of an empty one."""
    if isinstance(data, PartialString):
        return data.parts
    return (data,) if data != "" else ()


def key_of(parts: Parts) -> NameKey:
    """The key that two texts share if and only if they are certainly equal: an unknown is equal only to itself."""
    return tuple(part.identity if isinstance(part, Unknown) else part for part in parts)


def text_of(parts: Iterable[Part]) -> str | PartialString | Symbol | Unknown:
    """The data that parts make."""
    return joined(parts)


def fields(parts: Parts, separator: str, most: int = -1) -> list[Parts]:
    """The parts cut at a separator, at most so many times; what isn't known is taken to have none in it."""
    found: list[list[Part]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            found[-1].append(part)
            continue
        left = -1 if most < 0 else most - (len(found) - 1)
        first, *others = part.split(separator, left) if left else [part]
        if first:
            found[-1].append(first)
        found += [[other] if other else [] for other in others]
    return [tuple(field) for field in found]


def without_lead(parts: Parts, lead: str) -> Parts | None:
    """The text behind a known beginning; None if the text doesn't certainly begin so."""
    if not lead:
        return parts
    if not parts or not isinstance(parts[0], str) or not parts[0].startswith(lead):
        return None
    rest = parts[0][len(lead) :]
    return (rest, *parts[1:]) if rest else parts[1:]


def without_end(parts: Parts, end: str) -> Parts | None:
    """The text before a known end; None if the text doesn't certainly end so."""
    if not end:
        return parts
    if not parts or not isinstance(parts[-1], str) or not parts[-1].endswith(end):
        return None
    rest = parts[-1][: -len(end)]
    return (*parts[:-1], rest) if rest else parts[:-1]


def name_in(parts: Parts, pattern: Pattern) -> list[Parts]:
    """The names that a text may hold by a pattern, the likeliest first; none where it doesn't fit."""
    rest = without_lead(parts, pattern.lead)
    if rest is None:
        return []
    if pattern.slash:
        bare = without_lead(rest, "/")
        return [] if not bare else [rest, bare]
    if pattern.path:
        rest = fields(rest, "/")[-1]
    if not pattern.end:
        return [rest] if rest else []
    if pattern.end == "-":  # six characters that AWS adds; the text may leave them out
        cut = _cut_last(rest)
        return [name for name in (cut, rest) if name]
    first = fields(rest, pattern.end, 1)[0]
    return [first] if first else []


def _cut_last(parts: Parts) -> Parts | None:
    """The text before the last hyphen."""
    pieces = fields(parts, "-")
    if len(pieces) < 2:
        return None
    made: list[Part] = []
    for number, piece in enumerate(pieces[:-1]):
        if number:
            made.append("-")
        made += piece
    return parts_in(joined(made))


def in_text(parts: Parts, mark: str) -> bool:
    """Return True if a known part holds these characters."""
    return any(isinstance(part, str) and mark in part for part in parts)


def whole_symbols(parts: Sequence[Part], borders: str) -> Iterable[Symbol]:
    """The references that fill the space between two borders of a text, as an id or ARN within an ARN or path does."""
    for number, part in enumerate(parts):
        if not isinstance(part, Symbol):
            continue
        before = parts[number - 1] if number else ""
        after = parts[number + 1] if number + 1 < len(parts) else ""
        if isinstance(before, str) and isinstance(after, str):
            begins = not before or before[-1] in borders
            if begins and (not after or after[0] in borders):
                yield part


def is_text(data: Data) -> bool:
    return isinstance(data, (str, PartialString))
