"""The blocks of a module that a promise's figures may stand at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..hcl.nodes import Body
from ..records import dataclass
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue
from ..terraform.module import Declaration
from ..text.source import Span
from .comment_index import CommentIndex, comment_indexes
from .naming import NameMatches
from .targets import SlaTarget, TargetPlace

PartsOf: TypeAlias = Callable[[str], NameMatches]  # the resources that are a part of the contract


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A resource instance or a variable. `doubt` is why it isn't certain that it is one that is meant."""

    declaration: Declaration
    instance: Instance | None
    address: str
    is_told: bool  # as a part of the contract, not by its type alone
    doubt: str | None = None

    @property
    def header(self) -> Span:
        return self.declaration.span

    @property
    def element(self) -> Span | None:
        """The span of the for_each element that makes this instance."""
        each = self.instance.names.get("each") if self.instance is not None else None
        return each.data.items["value"].span if each is not None and isinstance(each.data, MapValue) else None


@dataclass(frozen=True, slots=True, eq=False)
class ContractView:
    """A module as a contract sees it: which resources its parts are, and whose its comments are."""

    evaluator: Evaluator
    parts: PartsOf
    comment_index: tuple[CommentIndex, ...]


def contract_view(evaluator: Evaluator, parts: PartsOf) -> ContractView:
    """Prepare a module for a contract's questions."""
    return ContractView(evaluator, parts, tuple(evaluator.module.once(comment_indexes).values()))


def candidates(sla_target: SlaTarget, view: ContractView) -> tuple[Candidate, ...]:
    """The blocks that a promise's figures may stand at, in the order in which the contract has their places."""
    made: dict[str, Candidate] = {}
    for place in sla_target.places:
        for candidate in _at(place, view):
            known = made.get(candidate.address)
            if known is None or (known.doubt is not None and candidate.doubt is None):
                made[candidate.address] = candidate
    return tuple(made.values())


def _at(place: TargetPlace, view: ContractView) -> Iterator[Candidate]:
    if place.variable:
        declaration = view.evaluator.module.declarations.get(f"var.{place.variable}")
        if declaration is not None:
            yield Candidate(declaration, None, declaration.address, True)
    elif place.type:
        for declaration in view.evaluator.module.resources(place.type):
            for instance in view.evaluator.instances(declaration):
                yield Candidate(declaration, instance, instance.address, False)
    else:
        found = view.parts(place.part)
        for instance, doubt in (*((one, None) for one in found.certain), *found.possible):
            yield Candidate(instance.declaration, instance, instance.address, True, doubt)


def sets(candidate: Candidate, arguments: tuple[str, ...]) -> bool:
    """Return True if a block sets one of the arguments, at any depth, to anything but null."""
    instance = candidate.instance
    return instance is not None and _sets(instance, arguments)


def _sets(instance: Instance, arguments: tuple[str, ...]) -> bool:
    body: Body = instance.body
    for attribute in body.attributes:
        if attribute.name in arguments and instance.value(attribute.name).data is not None:
            return True
    types = dict.fromkeys(type_ for type_, _ in instance.block_types())
    return any(_sets(block, arguments) for type_ in types for block in instance.blocks(type_))
