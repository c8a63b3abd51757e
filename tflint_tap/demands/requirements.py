"""All that a contract demands, by the ids of its requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..contract import Contract
from ..contract.targets import SlaTarget, promises_of
from ..records import dataclass
from ..text.listing import listed
from .reading import terms_of
from .terms import MAY, MUST, SHOULD, Terms
from .words import worded_terms

_LEVELS = (MUST, SHOULD, MAY)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement: its text is the contract's own, else its demands in words; its level that of the strictest one."""

    id: str
    text: str
    level: str = MUST


def requirements_of(contract: Contract, titles: Mapping[str, str]) -> tuple[Requirement, ...]:
    """The requirements of a contract, each once: first those that it puts into words, in their order.

    `titles` are those of all rules by their ids: what rules that break a requirement say of it. ContractError where the
    contract's text can't be read.
    """
    terms = terms_of(contract)
    words: dict[str, list[str]] = {}
    levels: dict[str, list[str]] = {}
    for id_, text, level in _demands(terms, promises_of(contract).sla_targets, titles):
        words.setdefault(id_, []).append(text)
        levels.setdefault(id_, []).append(level)
    ids = [*(id_ for id_ in terms.texts if id_ in words), *(id_ for id_ in words if id_ not in terms.texts)]
    return tuple(
        Requirement(
            id_,
            terms.texts.get(id_) or "; ".join(dict.fromkeys(words[id_])),
            min(levels[id_], key=_LEVELS.index),
        )
        for id_ in ids
    )


def requirement_ids(contract: Contract) -> tuple[str, ...]:
    """The id of every requirement, once."""
    return tuple(one.id for one in requirements_of(contract, {}))


def _demands(terms: Terms, figures: tuple[SlaTarget, ...], titles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The id, words and level of each demand."""
    for term, text in worded_terms(terms):
        yield term.id, text, term.level
    for figure in figures:
        states = listed((listed((one.text for one in each), "or") for each in figure.states), "and")
        yield figure.id, f"a comment states {states} for {figure.about}", MUST
    for rule in terms.rules:
        title = titles.get(rule.rule)
        yield rule.id, f"no finding of {rule.rule}{f' ({title})' if title is not None else ''}", MUST
    yield from ((id_, says, MUST) for id_, says in terms.people)
