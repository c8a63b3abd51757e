"""The blocks of a module that a promise's figures may stand at."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Body, Expr
from ..records import dataclass
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue, PartialString, Symbol, Value
from ..terraform.module import Declaration
from ..text.source import Span
from .comment_index import CommentIndex, comment_indexes
from .naming import NameMatches, NameReading, named, naming_of, normal
from .targets import SlaTarget, SlaTargets, TargetPlace

_MENTIONING = ("alarm_name", "alarm_description", "metric_name", "dimensions")


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A resource instance or a variable. `doubt` is why it isn't certain that it is one that is meant."""

    declaration: Declaration
    instance: Instance | None
    address: str
    is_told: bool  # by its name or by what it is about, not by its type alone
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
    """A module as a contract sees it: how its names are read, and whose its comments are."""

    evaluator: Evaluator
    naming: NameReading
    comment_index: tuple[CommentIndex, ...]

    def resources(self, type_: str) -> Iterator[Instance]:
        for declaration in self.evaluator.module.resources(type_):
            yield from self.evaluator.instances(declaration)


def contract_view(evaluator: Evaluator, sla_targets: SlaTargets) -> ContractView:
    """Prepare a module for a contract's questions."""
    comments = evaluator.module.once(comment_indexes)
    return ContractView(evaluator, naming_of(evaluator, sla_targets.names or {}), tuple(comments.values()))


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
    if not place.type:
        declaration = view.evaluator.module.declarations.get(f"var.{place.named}")
        if declaration is not None:
            yield Candidate(declaration, None, declaration.address, True)
        return
    found = _named(place.type, place.named, view)
    targets = _named(*place.refers_to, view) if place.refers_to is not None else None
    for instance, doubt in (*((one, None) for one in found.certain), *found.possible):
        if place.about and not mentions(instance, place.about):
            continue
        if targets is not None and not _refers(instance, targets.certain):
            doubtful = [reason for one, reason in targets.possible if _refers(instance, (one,))]
            if not doubtful:
                continue
            doubt = doubtful[0]
        told = bool(place.named or place.about or place.refers_to)
        yield Candidate(instance.declaration, instance, instance.address, told, doubt)


def _named(type_: str, name: str, view: ContractView) -> NameMatches:
    resources = tuple(view.resources(type_))
    return named(resources, name, view.naming) if name else NameMatches(resources)


def mentions(instance: Instance, words: tuple[str, ...]) -> bool:
    """Return True if an alarm has one of the words in its label, key, name, description, metrics or dimensions."""
    texts = [instance.declaration.name, str(instance.key or "")]
    for argument in _MENTIONING:
        texts += _texts(instance.value(argument))
    for query in instance.blocks("metric_query"):
        for metric in query.blocks("metric"):
            texts += _texts(metric.value("metric_name"))
    return any(normal(word) in normal(text) for word in words for text in texts)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value.data, (str, Symbol, PartialString)):
        yield str(value.data)
    for element in value.elements():
        yield from _texts(element)


def _refers(instance: Instance, targets: tuple[Instance, ...]) -> bool:
    """Return True if an argument leads to one of the resources: by its value, or as written, through locals."""
    for attribute in instance.body.attributes:
        if attribute.name == "depends_on":
            continue
        addresses = set(_addresses(instance.value(attribute.name)))
        if any(target.address in addresses for target in targets):
            return True
        written = _written(attribute.expr, instance.evaluator)
        if any(target.key is None and target.declaration.address in written for target in targets):
            return True
    return False


def _addresses(value: Value) -> Iterator[str]:
    """The resources that a value refers to."""
    data = value.data
    if isinstance(data, Symbol):
        yield from (data.address, data.block_address)
    elif isinstance(data, PartialString):
        yield from (part.address for part in data.parts if isinstance(part, Symbol))
    for element in value.elements():
        yield from _addresses(element)


def _written(expr: Expr, evaluator: Evaluator) -> set[str]:
    """The addresses that an expression names, and those that the locals in it name."""
    found: set[str] = set()
    pending = [expr]
    while pending:
        for reference in evaluator.module.references(pending.pop()):
            if reference.address in found:
                continue
            found.add(reference.address)
            declaration = evaluator.module.declarations.get(reference.address)
            if declaration is not None and declaration.kind == "local":
                pending.append(declaration.expr)
    return found


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
