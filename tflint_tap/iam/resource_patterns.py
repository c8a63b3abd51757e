"""Patterns of ARNs: which of them have texts in common, and which covers all that another one does.

A pattern is a tuple of tokens. In the Resource element `*` stands for any characters, `?` for one:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html. In the tables of ARNs `*` is
any text, `{}` one without slash and colon, `{/}` one without colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..records import dataclass


@dataclass(frozen=True, slots=True)
class Some:
    """Characters that aren't known, none of those in `without`: one, or any number of them if `many`.

    `identity` tells which thing this stands for: the same one is the same text.
    """

    without: str = ""
    many: bool = False
    identity: object = None


Token = str | Some  # a str is one character
Pattern = tuple[Token, ...]

ANYTHING = Some(many=True)
_ONE = Some()
_PLACES = re.compile(r"(\{\}|\{/\}|[*])")
SEGMENT = (Some("/:"), Some("/:", many=True))
WORD = (Some(":"), Some(":", many=True))
# Policy variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_VARIABLES = re.compile(r"(\$\{[^}]*\})")
_FIELDS = 5  # colons before an ARN's resource part


@lru_cache(maxsize=4096)
def written(text: str) -> Pattern:
    """The pattern that a text of a Resource element is. A policy variable (`${aws:username}`) stands for a name."""
    return tuple(_written(text))


def _written(text: str) -> Iterator[Token]:
    for piece in _VARIABLES.split(re.sub(r"\*+", "*", text)):
        if piece.startswith("${") and len(piece) == len("${*}"):  # `*`, `?` or `$` as they are
            yield piece[2]
        elif piece.startswith("${"):
            yield Some("/:", many=True, identity=piece)
        else:
            yield from (ANYTHING if char == "*" else _ONE if char == "?" else char for char in piece)


@lru_cache(maxsize=4096)
def tabled(text: str) -> Pattern:
    """The pattern that an ARN of a table is. Its partition, region and account are something where they are `*`."""
    *head, resource = text.split(":", _FIELDS)
    return tuple(_tabled(":".join(head).replace("*", "{/}") + ":" + resource))


def _tabled(text: str) -> Iterator[Token]:
    for piece in _PLACES.split(text):
        if piece == "*":
            yield ANYTHING
        elif piece == "{}":
            yield from SEGMENT
        elif piece == "{/}":
            yield from WORD
        else:
            yield from piece


def fields(pattern: Pattern) -> list[Pattern]:
    """The pattern cut at its first five colons."""
    cut: list[list[Token]] = [[]]
    for token in pattern:
        if token == ":" and len(cut) <= _FIELDS:
            cut.append([])
        else:
            cut[-1].append(token)
    return [tuple(field) for field in cut]


def arns_meet(one: Pattern, other: Pattern) -> bool:
    """Return True if there are ARNs that both patterns stand for."""
    ours, theirs = fields(one), fields(other)
    if len(ours) == len(theirs):  # AWS compares part by part
        return all(meet(*pair) for pair in zip(ours, theirs, strict=True))
    return meet(one, other)


@lru_cache(maxsize=4096)
def meet(one: Pattern, other: Pattern) -> bool:
    """Return True if there are texts that both patterns stand for."""
    pending, seen = [(0, 0)], {(0, 0)}
    while pending:
        left, right = pending.pop()
        if left == len(one) and right == len(other):
            return True
        for step in _steps(one, other, left, right):
            if step not in seen:
                seen.add(step)
                pending.append(step)
    return False


def _steps(one: Pattern, other: Pattern, left: int, right: int) -> Iterator[tuple[int, int]]:
    ours = one[left] if left < len(one) else None
    theirs = other[right] if right < len(other) else None
    our_many, their_many = isinstance(ours, Some) and ours.many, isinstance(theirs, Some) and theirs.many
    if our_many:
        yield left + 1, right
    if their_many:
        yield left, right + 1
    if ours is None or theirs is None or (our_many and their_many) or not _common(ours, theirs):
        return
    yield left + (not our_many), right + (not their_many)


def _common(one: Token, other: Token) -> bool:
    """Return True if a character is among both tokens."""
    if isinstance(one, Some):
        return isinstance(other, Some) or other not in one.without
    return one not in other.without if isinstance(other, Some) else one == other


@lru_cache(maxsize=4096)
def covers(one: Pattern, other: Pattern) -> bool:
    """Return True if the first pattern stands for all texts that the other one does, as far as their forms tell."""
    reached = {0}
    for token in other:
        reached = _closed(one, reached)
        step: set[int] = set()
        for at in reached:
            mine = one[at] if at < len(one) else None
            if mine is None or not _within(token, mine):
                continue
            if isinstance(mine, Some) and mine.many and mine.identity is None:
                step.add(at)
            elif not (isinstance(token, Some) and token.many) or token == mine:
                step.add(at + 1)
        reached = step
    return len(one) in _closed(one, reached)


def _closed(pattern: Pattern, reached: set[int]) -> set[int]:
    """The places that can be reached without a further character."""
    found = set(reached)
    for at in sorted(reached):
        place = at
        while place < len(pattern) and _may_be_empty(pattern[place]):
            place += 1
            found.add(place)
    return found


def _may_be_empty(token: Token) -> bool:
    return isinstance(token, Some) and token.many and token.identity is None


def _within(token: Token, wide: Token) -> bool:
    """Return True if a token stands for nothing that the wide one doesn't stand for."""
    if not isinstance(wide, Some) or wide.identity is not None:
        return token == wide
    if isinstance(token, Some):
        return set(wide.without) <= set(token.without)
    return token not in wide.without
