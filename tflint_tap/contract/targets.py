"""The figures that a contract promises: what they are, what they are about and where they have to stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from ..records import dataclass
from . import Contract
from .figure_reading import figures_in
from .figures import Figure, states
from .sections import Part, sections_of


@dataclass(frozen=True, slots=True)
class TargetPlace:
    """Blocks in whose comments a figure counts: those of a part, or all of a type of resource, or a variable."""

    part: str = ""
    type: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure as the contract writes it, and as it is read."""

    text: str
    figure: Figure


Alternatives: TypeAlias = tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """Figures that have to be stated: of each of `states` one alternative.

    `about` says in words what they are about, `words` are beginnings of words by which a text is recognised as
    being about the same. `comment` is a line that states all of them. With `in_description` only an alarm's
    description counts. `settings` are arguments that say as much where they are set, `within` is the id of
    a promise whose breach covers this one's.
    """

    id: str
    about: str
    states: tuple[Alternatives, ...]
    comment: str
    words: tuple[str, ...]
    places: tuple[TargetPlace, ...]
    in_description: bool = False
    settings: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True)
class SlaTargets:
    """All that a contract says of figures; `descriptions` are the arguments that count as a comment, by type."""

    sla_targets: tuple[SlaTarget, ...] = ()
    descriptions: Mapping[str, str] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which any of the promises is recognised."""
        return tuple(dict.fromkeys(word for sla_target in self.sla_targets for word in sla_target.words))


@lru_cache(maxsize=8)  # reading takes 4 ms, and a run may judge many files by one contract
def promises_of(contract: Contract) -> SlaTargets:
    """Read the figures of a contract. ContractError with the line of what is wrong."""
    sections = sections_of(contract)
    listed = sections["figures"].items() if "figures" in sections else ()
    sla_targets = tuple(_promise(part) for part in listed)
    known = {sla_target.id for sla_target in sla_targets}
    for part, sla_target in zip(listed, sla_targets, strict=True):
        if sla_target.within is not None and sla_target.within not in known:
            raise part.wrong(f"there is no figure {sla_target.within} that could cover {sla_target.id}")
    return SlaTargets(sla_targets, _texts(sections.get("descriptions")))


def _texts(part: Part | None) -> dict[str, str]:
    return {} if part is None else {key: value.text() for key, value in part.entries().items()}


def _promise(part: Part) -> SlaTarget:
    fields = part.fields(
        ("id", "about", "states", "comment", "words", "belongs_to"), ("only", "unless_set", "covered_by", "code")
    )
    only = fields["only"].text() if "only" in fields else None
    if only not in (None, "description"):
        raise fields["only"].wrong("only is description")
    sla_target = SlaTarget(
        id=fields["id"].text(),
        about=fields["about"].text(),
        states=tuple(_alternatives(item) for item in fields["states"].items()),
        comment=fields["comment"].text(),
        words=tuple(word.lower() for word in fields["words"].texts()),
        places=tuple(_place(item) for item in fields["belongs_to"].items()),
        in_description=only is not None,
        settings=fields["unless_set"].texts() if "unless_set" in fields else (),
        within=fields["covered_by"].text() if "covered_by" in fields else None,
    )
    offered = figures_in(sla_target.comment)
    for alternatives in sla_target.states:
        if not any(states(figure, wanted.figure) for figure in offered for wanted in alternatives):
            raise fields["comment"].wrong(f"the comment doesn't state {alternatives[0].text}")
    return sla_target


def _alternatives(part: Part) -> Alternatives:
    return tuple(_wanted(item) for item in (part.items() if part.is_list else (part,)))


def _wanted(part: Part) -> Wanted:
    text = part.text()
    found = figures_in(text)
    if len(found) != 1:
        raise part.wrong(f"{text} is {'no figure' if not found else 'more than one figure'}")
    return Wanted(text, found[0])


def _place(part: Part) -> TargetPlace:
    """`aws_sns_topic` is a type, `var.x` a variable, anything else a part of the contract."""
    text = part.text()
    if text.startswith("var."):
        return TargetPlace(variable=text.removeprefix("var."))
    return TargetPlace(type=text) if text.startswith("aws_") else TargetPlace(part=text)
