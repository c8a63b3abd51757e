"""The grants of policies, gathered by place: one hit for all that is granted at one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...iam.statements import Statement
from ...records import dataclass
from ...rule import Hit
from ...text.source import Related, Span


@dataclass(frozen=True, slots=True)
class Grant:
    """Something at a place that belongs into one hit with what else is found there.

    `granted` is an action, or what the card's words need of it; `unlimited` are those beside it that need `*`.
    """

    span: Span
    address: str
    granted: object
    related: tuple[Related, ...] = ()
    doubt: str | None = None
    unlimited: tuple[str, ...] = ()


@dataclass(slots=True)
class GrantGroup:
    """The grants at one place: all that is granted there, the first one's address and related places."""

    first: Grant
    granted: list[object]
    unlimited: tuple[str, ...]

    def hit(self, **values: object) -> Hit:
        first = self.first
        return Hit(first.span, first.address, {"self": first.address, **values}, first.related, doubt=first.doubt)


def gathered(found: Iterable[Grant]) -> Iterator[GrantGroup]:
    """One group for each place, certain ones apart from doubts."""
    groups: dict[tuple[Span, bool], GrantGroup] = {}
    for item in found:
        group = groups.setdefault((item.span, item.doubt is None), GrantGroup(item, [], item.unlimited))
        if item.granted not in group.granted:
            group.granted.append(item.granted)
    yield from groups.values()


def doubt_of(statement: Statement) -> str | None:
    """The doubt of a statement that may not allow anything."""
    if statement.doubt is not None:
        return statement.doubt
    return statement.effect.reason if statement.allows is None and statement.effect is not None else None
