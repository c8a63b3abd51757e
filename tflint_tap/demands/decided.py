"""All demands of a stack's contract, decided."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..records import replace
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from .comments import comment
from .demand import Demand, Judge, judged
from .denials import denial
from .figures import agreement
from .files import artefact, file
from .networks import reach
from .outputs import output
from .parts import presence
from .permissions import limits
from .providers import provider, version
from .reading import terms_of
from .settings import origin, relation, setting
from .standing import Absent, Standing
from .terms import Origin, Part, Setting, Term, Terms
from .universals import ban, naming, tags, universal
from .variables import local, local_setting, local_value, variable, variable_setting
from .wires import wire


def demands_of(stack: Stack) -> tuple[Demand, ...]:
    """The demands of a stack's contract, in the contract's order; none where no contract claims it. Made once."""
    return stack.once(_decided)


def open_demands(stack: Stack, kind: str) -> Iterator[Demand]:
    """The demands that aren't met, or undecided, and that a rule of the family `stack` reports."""
    for demand in demands_of(stack):
        if demand.kind == kind and demand.is_open:
            yield demand


def _decided(stack: Stack) -> tuple[Demand, ...]:
    if stack.contract is None:
        return ()
    return tuple(_every(stack, terms_of(stack.contract)))


def _every(stack: Stack, terms: Terms) -> Iterator[Demand]:
    for term, judge in _judges(terms):
        yield from judged(stack, terms, term, judge)


def _judges(terms: Terms) -> Iterator[tuple[Term, Judge]]:
    """What judges each term, in the contract's order."""
    for variable_ in terms.variables:
        yield variable_.term, partial(variable, wanted=variable_)
        for item in variable_.settings:
            yield item.term, partial(variable_setting, wanted=variable_, item=item)
    for local_ in terms.locals:
        yield replace(local_.term, under=({},)), partial(local, wanted=local_)  # it is there whatever its value
        yield local_.term, partial(local_value, wanted=local_)
        for item in local_.settings:
            yield item.term, partial(local_setting, wanted=local_, item=item)
    for part in terms.parts:
        yield part.term, partial(presence, part=part)
        for item in part.settings:
            yield item.term, partial(_of_part, part=part, item=item)
        for source in part.origins:
            yield source.term, partial(_from, part=part, item=source)
    for rule in terms.universals:
        for item in rule.settings:
            yield item.term, partial(universal, wanted=rule, item=item)
    for banned in terms.bans:
        yield banned.term, partial(ban, wanted=banned)
    if terms.naming is not None:
        yield terms.naming.term, partial(naming, wanted=terms.naming)
    if terms.tags is not None:
        yield terms.tags.term, partial(tags, wanted=terms.tags)
    for edge in terms.wires:
        yield edge.term, partial(wire, wanted=edge)
    for grant in terms.grants:
        yield grant.term, partial(limits, wanted=grant)
    for denied in terms.denials:
        yield denied.term, partial(denial, wanted=denied)
    for reached in terms.reaches:
        yield reached.term, partial(reach, wanted=reached)
    for related in terms.relations:
        yield related.term, partial(relation, item=related)
    for beside in terms.around.artefacts:
        yield beside.term, partial(artefact, wanted=beside)
    for holding in terms.around.files:
        yield holding.term, partial(file, wanted=holding)
    for versioned in terms.around.versions:
        yield versioned.term, partial(version, wanted=versioned)
    for configured in terms.around.providers:
        yield configured.term, partial(provider, wanted=configured)
    for output_ in terms.outputs:
        yield output_.term, partial(output, wanted=output_)
    for comment_ in terms.comments:
        yield comment_.term, partial(comment, wanted=comment_)
    for bound in terms.agreements:
        yield bound.setting.term, partial(agreement, wanted=bound)


def _of_part(standing: Standing, part: Part, item: Setting) -> Iterator[Demand]:
    for instance in _counted(standing, part):
        yield from setting(standing, item, instance, {"self": standing.view(instance)})


def _from(standing: Standing, part: Part, item: Origin) -> Iterator[Demand]:
    for instance in _counted(standing, part):
        yield from origin(standing, item, instance)


def _counted(standing: Standing, part: Part) -> tuple[Instance, ...]:
    """The resources of a part that have to have its settings: all that are counted, else the one."""
    chosen = standing.chosen(part.name)
    if chosen is None:
        raise Absent(part.name)
    return standing.recognised(part.name).certain if part.count is not None else (chosen,)
