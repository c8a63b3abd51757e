"""The grants of policies, gathered: one hit for all that is granted at one place, or by one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...iam.statements import Statement
from ...records import dataclass
from ...rule import Hit
from ...text.source import Related, Span


@dataclass(frozen=True, slots=True)
class Grant:
    """Something at a place that belongs into one hit with what else is found there.

    `granted` is an action, or what the card's words need of it; `unlimited` are those beside it that need `*`. Grants
    of one `statement` belong together, wherever they stand in it; `label` is what to say of all but the first place.
    """

    span: Span
    address: str
    granted: object
    related: tuple[Related, ...] = ()
    doubt: str | None = None
    unlimited: tuple[str, ...] = ()
    statement: Span | None = None
    label: str = ""


@dataclass(slots=True)
class GrantGroup:
    """Grants that are told together: all that is granted, the first one's address, the places of the others."""

    first: Grant
    granted: list[object]
    unlimited: tuple[str, ...]
    places: dict[Span, Grant]

    def hit(self, **values: object) -> Hit:
        first = self.first
        others = [Related(item.label, span) for span, item in self.places.items() if span != first.span]
        related = (*others, *dict.fromkeys(place for item in self.places.values() for place in item.related))
        return Hit(first.span, first.address, {"self": first.address, **values}, related, doubt=first.doubt)


def gathered(found: Iterable[Grant]) -> Iterator[GrantGroup]:
    """One group for each place or statement, certain ones apart from doubts."""
    groups: dict[tuple[Span, bool], GrantGroup] = {}
    for item in found:
        certain = item.doubt is None
        keys = [(span, certain) for span in (item.span, item.statement) if span is not None]
        known = next((groups[key] for key in keys if key in groups), None)
        group = known or GrantGroup(item, [], item.unlimited, {})
        for key in keys:
            groups.setdefault(key, group)
        group.places.setdefault(item.span, item)
        if item.granted not in group.granted:
            group.granted.append(item.granted)
    yield from {id(group): group for group in groups.values()}.values()


def doubt_of(statement: Statement) -> str | None:
    """The doubt of a statement that may not allow anything."""
    if statement.doubt is not None:
        return statement.doubt
    return statement.effect.reason if statement.allows is None and statement.effect is not None else None
