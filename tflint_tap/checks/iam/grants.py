"""What policies grant, gathered by place: one hit for all that is granted at one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...iam.statements import Statement
from ...records import dataclass
from ...rule import Hit
from ...text.source import Related, Span

_MOST_NAMES = 5  # of actions in a message


@dataclass(frozen=True, slots=True)
class Grant:
    """Something at a place that belongs into one hit with what else is found there."""

    span: Span
    address: str
    words: str
    related: tuple[Related, ...] = ()
    doubt: str | None = None
    rest: str = ""


@dataclass(slots=True)
class GrantGroup:
    """What is found at one place: the words of all, the first one's address, the others' as related places."""

    first: Grant
    words: list[str]
    rest: str

    def hit(self, **values: str) -> Hit:
        first = self.first
        return Hit(first.span, first.address, {"self": first.address, **values}, first.related, doubt=first.doubt)


def gathered(found: Iterable[Grant]) -> Iterator[GrantGroup]:
    """One group for each place, certain ones apart from doubts."""
    groups: dict[tuple[Span, bool], GrantGroup] = {}
    for item in found:
        group = groups.setdefault((item.span, item.doubt is None), GrantGroup(item, [], item.rest))
        if item.words not in group.words:
            group.words.append(item.words)
    yield from groups.values()


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and 4 more`."""
    if len(words) > _MOST_NAMES:
        words = [*words[: _MOST_NAMES - 1], f"{len(words) - _MOST_NAMES + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def doubt_of(statement: Statement) -> str | None:
    """Why it isn't certain that a statement allows anything."""
    if statement.doubt is not None:
        return statement.doubt
    return statement.effect.reason if statement.allows is None and statement.effect is not None else None
