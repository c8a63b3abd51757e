"""Figures that a contract promises, in a stack: where they are stated, and whether the code can keep them."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract.naming import NameMatches
from ..contract.promises import Promise, promises_in
from ..contract.targets import promises_of
from ..records import replace
from ..stack import Stack
from ..text.source import Related
from .demand import Demand, Outcome, absent
from .reading import terms_of
from .settings import setting
from .standing import Standing, standing_of
from .terms import MAY, Agreement
from .universals import resources_of

CONTRADICTED = "contradicted"
_MOST_STATED = 2  # places that a finding shows


def figures_of(stack: Stack) -> tuple[Promise, ...]:
    """The promises of a stack's contract, judged; none where no contract claims it. Made once."""
    return stack.once(_judged)


def _judged(stack: Stack) -> tuple[Promise, ...]:
    if stack.contract is None:
        return ()
    terms = terms_of(stack.contract)
    standing = standing_of(stack, terms, {})

    def parts(name: str) -> NameMatches:
        found = standing.recognised(name)
        return NameMatches(found.certain, found.possible)

    def lacks(name: str) -> bool:
        part = terms.part(name)
        if part is None:
            is_demanded = any(f"var.{wanted.name}" == name for wanted in terms.variables)
            return is_demanded and stack.declared(name) is None
        found = standing.recognised(name)
        if found.certain or found.possible:
            return False
        # where there is none of a type at all, the part of this type that has to be there tells it
        demanded = [other for other in terms.parts if other.term.level != MAY and set(other.types) & set(part.types)]
        return part in demanded or (bool(demanded) and next(standing.instances(part), None) is None)

    return promises_in(promises_of(stack.contract), stack.evaluator, parts, lacks)


def agreement(standing: Standing, wanted: Agreement) -> Iterator[Demand]:
    """Code that a figure binds, with the places where the figure is stated."""
    for name in wanted.of:
        if standing.terms.part(name) is not None and not standing.recognised(name).certain:
            yield absent(standing, wanted.setting.term, name)
    for instance in resources_of(standing, wanted.of):
        for demand in setting(standing, wanted.setting, instance, {"self": standing.view(instance)}):
            if demand.outcome is Outcome.MET:
                yield replace(demand, kind=CONTRADICTED)
                continue
            values = {**demand.values, "about": wanted.about, "figures": " and ".join(wanted.figures)}
            related = (*demand.related, *_stated(standing.stack, wanted))
            yield replace(demand, kind=CONTRADICTED, values=values, related=related)


def _stated(stack: Stack, wanted: Agreement) -> Iterator[Related]:
    """The places that state the figure, those in the block itself first."""
    found = [
        sentence
        for promise in figures_of(stack)
        if promise.sla_target.id == wanted.setting.term.id
        for sentence, _, each in promise.stated
        if any(one.text in text for one in each for text in wanted.figures)
    ]
    places = {sentence.span: sentence.quoted for sentence in found}
    for span, quoted in list(places.items())[:_MOST_STATED]:
        yield Related(f"{quoted} is stated here", span)
