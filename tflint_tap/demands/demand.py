"""A demand of a contract, decided for a stack."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping

from ..records import dataclass, field, replace
from ..stack import Stack
from ..terraform.module.marks import as_written
from ..text.source import Related, Span
from .standing import Absent, Standing, standing_of
from .terms import Term, Terms

_KEYS = re.compile(r"(\baws_\w+\.[\w-]+)\[(?:\d+|\"[^\"]*\")\]")  # those of resources' addresses


class Outcome(enum.Enum):
    """What is decided of a demand."""

    MET = "met"
    BROKEN = "broken"
    UNDECIDED = "undecided"
    ABSENT = "absent"  # nothing can be said: what it is about is absent, which is told by itself


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """A demand that is decided. `kind` is the rule of the family `stack` that reports its breach.

    `place` is where it is met, or where to look for what breaks it. `values` are for the rule's words: `what` was
    looked for, what is so instead (`lacks`), and a `remedy`. `doubt` is why it is undecided. `needs` is what is absent:
    a part by its name, `var.x`, `local.x`. `topic` is what it is about, where that isn't its words but for its address.
    """

    term: Term
    kind: str
    outcome: Outcome
    place: Span
    address: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    doubt: str | None = None
    related: tuple[Related, ...] = ()
    needs: str | None = None
    topic: str = ""

    @property
    def is_open(self) -> bool:
        """Return True if a rule of the family `stack` reports it."""
        return self.outcome in (Outcome.BROKEN, Outcome.UNDECIDED)

    @property
    def id(self) -> str:
        return self.term.id

    @property
    def about(self) -> str:
        """What tells it from the requirement's other demands at one place: the same for all resources that share it."""
        words = self.topic or self.values.get("said") or self.values.get("what", "")
        if self.address is not None:
            words = words.replace(self.address, "")
        return _KEYS.sub(r"\1", as_written(words))


def met(term: Term, kind: str, place: Span, address: str | None = None) -> Demand:
    return Demand(term, kind, Outcome.MET, place, address)


def broken(
    term: Term,
    kind: str,
    place: Span,
    address: str | None = None,
    *,
    what: str,
    lacks: str = "",
    remedy: str,
    said: str = "",
    doubt: str | None = None,
    related: tuple[Related, ...] = (),
    topic: str = "",
) -> Demand:
    """A demand that isn't met, or with a `doubt` may not be. `said` is a sentence in place of the rule's own words."""
    outcome = Outcome.BROKEN if doubt is None else Outcome.UNDECIDED
    values = {"what": what, "lacks": lacks, "remedy": term.remedy or remedy, "said": said}
    return Demand(term, kind, outcome, place, address, values, doubt, related, topic=topic)


def absent(standing: Standing, term: Term, name: str) -> Demand:
    """A demand that is about something absent."""
    return Demand(term, "", Outcome.ABSENT, first_line(standing.stack), needs=name)


Judge = Callable[[Standing], Iterator[Demand]]


def judged(stack: Stack, terms: Terms, term: Term, judge: Judge) -> Iterator[Demand]:
    """What a judge says under the values of a term: what is broken under one of them is broken.

    Nothing where the stack has nothing that it is about.
    """
    last: list[Demand] = []
    undecided: list[Demand] = []
    missed: dict[str | None, Demand] = {}
    wrong: list[tuple[Mapping[str, object], list[Demand]]] = []
    judgements = 0
    for given in term.under:
        standing = standing_of(stack, terms, given)
        try:
            for name in given if given not in terms.under.values() else ():  # the demand's own values
                _must_be_there(stack, terms, name)
            found = list(judge(standing))
        except Absent as error:
            missed[error.name] = absent(standing, term, error.name)
            continue
        judgements += 1
        missed.update({demand.needs: demand for demand in found if demand.outcome is Outcome.ABSENT})
        if any(demand.outcome is Outcome.BROKEN for demand in found):
            wrong.append((given, [demand for demand in found if demand.outcome is Outcome.BROKEN]))
        undecided += [demand for demand in found if demand.outcome is Outcome.UNDECIDED]
        last = [demand for demand in found if demand.outcome is Outcome.MET]
    if wrong:
        yield from _broken(terms, term, wrong, judgements)
    else:
        yield from undecided or last
    yield from missed.values()


def _broken(
    terms: Terms, term: Term, wrong: list[tuple[Mapping[str, object], list[Demand]]], judgements: int
) -> Iterator[Demand]:
    """What is broken under the first of some values; it tells them unless it is so under all of the contract's."""
    given, demands = wrong[0]
    is_of_all = term.under == tuple(terms.under.values()) and len(wrong) == judgements
    everywhere = [{(demand.place, demand.kind) for demand in others} for _, others in wrong]
    for demand in demands:
        if is_of_all and all((demand.place, demand.kind) in places for places in everywhere):
            yield demand
        else:
            yield _told(demand, given, terms)


def _must_be_there(stack: Stack, terms: Terms, name: str) -> None:
    """Absent if a variable that the contract demands isn't declared."""
    if stack.declared(f"var.{name}") is None and any(wanted.name == name for wanted in terms.variables):
        raise Absent(f"var.{name}")


def _told(demand: Demand, given: Mapping[str, object], terms: Terms) -> Demand:
    """A demand that tells under which values it is broken: by the name of the contract's evaluation, or themselves."""
    if not given or "lacks" not in demand.values:
        return demand
    named = next((name for name, values in terms.under.items() if values == given), None)
    values = f"under {named}"
    if named is None:
        values = "with " + " and ".join(
            f"other {name}" if isinstance(value, (dict, list)) else f"{name} = {value}" for name, value in given.items()
        )
    told = f"{demand.values['lacks']} ({values})" if demand.values["lacks"] else values
    return replace(demand, values={**demand.values, "lacks": told})


def first_line(stack: Stack) -> Span:
    """The place for what is missing and has no candidate."""
    source = (stack.shown or stack.module.files)[0].source
    end = source.text.find("\n")
    return Span(source, 0, len(source.text) if end == -1 else end)
