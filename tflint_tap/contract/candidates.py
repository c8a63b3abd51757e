"""The blocks of a module that a promise's figures may stand at."""

from __future__ import annotations

from collections.abc import Iterator

from ..evaluation.evaluator import Evaluator
from ..evaluation.expansion import Configuration
from ..evaluation.values import MapValue, PartialText, Reference, Value
from ..module import Declaration
from ..module.references import uses
from ..records import dataclass
from ..source import Span
from ..syntax.nodes import Body, Expr, File
from .belonging import Belongings, belongings
from .naming import Named, Naming, named, naming_of, normal
from .promises import Place, Promise, Promises

_MENTIONING = ("alarm_name", "alarm_description", "metric_name", "dimensions")


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A resource instance or a variable. `unsure` is why it isn't certain that it is one that is meant."""

    declaration: Declaration
    configuration: Configuration | None
    address: str
    is_told: bool  # by its name or by what it is about, not by its type alone
    unsure: str | None = None

    @property
    def header(self) -> Span:
        return self.declaration.span

    @property
    def element(self) -> Span | None:
        """Where the element of the for_each is written that makes this instance."""
        each = self.configuration.names.get("each") if self.configuration is not None else None
        return each.data.items["value"].span if each is not None and isinstance(each.data, MapValue) else None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A module as a contract sees it: how its names are read, and whose its comments are."""

    evaluator: Evaluator
    naming: Naming
    belongings: tuple[Belongings, ...]

    def resources(self, type_: str) -> Iterator[Configuration]:
        for declaration in self.evaluator.module.resources(type_):
            yield from self.evaluator.configurations(declaration)


def ground_of(evaluator: Evaluator, promises: Promises) -> Ground:
    """Prepare a module for a contract's questions."""
    files: tuple[File, ...] = evaluator.module.files
    return Ground(evaluator, naming_of(evaluator, promises.names or {}), tuple(belongings(file) for file in files))


def candidates(promise: Promise, ground: Ground) -> tuple[Candidate, ...]:
    """The blocks that a promise's figures may stand at, in the order in which the contract has their places."""
    made: dict[str, Candidate] = {}
    for place in promise.places:
        for candidate in _at(place, ground):
            known = made.get(candidate.address)
            if known is None or (known.unsure is not None and candidate.unsure is None):
                made[candidate.address] = candidate
    return tuple(made.values())


def _at(place: Place, ground: Ground) -> Iterator[Candidate]:
    if not place.type:
        declaration = ground.evaluator.module.declarations.get(f"var.{place.named}")
        if declaration is not None:
            yield Candidate(declaration, None, declaration.address, True)
        return
    found = _named(place.type, place.named, ground)
    targets = _named(*place.refers_to, ground) if place.refers_to is not None else None
    for configuration, unsure in (*((one, None) for one in found.certain), *found.unsure):
        if place.about and not mentions(configuration, place.about):
            continue
        if targets is not None and not _refers(configuration, targets.certain):
            doubtful = [reason for one, reason in targets.unsure if _refers(configuration, (one,))]
            if not doubtful:
                continue
            unsure = doubtful[0]
        told = bool(place.named or place.about or place.refers_to)
        yield Candidate(configuration.declaration, configuration, configuration.address, told, unsure)


def _named(type_: str, name: str, ground: Ground) -> Named:
    resources = tuple(ground.resources(type_))
    return named(resources, name, ground.naming) if name else Named(resources)


def mentions(configuration: Configuration, words: tuple[str, ...]) -> bool:
    """Whether an alarm has one of the words in its label, key, name, description, metrics or dimensions."""
    texts = [configuration.declaration.name, str(configuration.key or "")]
    for argument in _MENTIONING:
        texts += _texts(configuration.value(argument))
    for query in configuration.blocks("metric_query"):
        for metric in query.blocks("metric"):
            texts += _texts(metric.value("metric_name"))
    return any(normal(word) in normal(text) for word in words for text in texts)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value.data, (str, Reference, PartialText)):
        yield str(value.data)
    for element in value.elements():
        yield from _texts(element)


def _refers(configuration: Configuration, targets: tuple[Configuration, ...]) -> bool:
    """Whether an argument leads to one of the resources: by its value, or as it is written, through locals."""
    for attribute in configuration.body.attributes:
        if attribute.name == "depends_on":
            continue
        addresses = set(_addresses(configuration.value(attribute.name)))
        if any(target.address in addresses for target in targets):
            return True
        written = _written(attribute.expr, configuration.evaluator)
        if any(target.key is None and target.declaration.address in written for target in targets):
            return True
    return False


def _addresses(value: Value) -> Iterator[str]:
    """The resources that a value refers to."""
    data = value.data
    if isinstance(data, Reference):
        yield from (data.address, data.block_address)
    elif isinstance(data, PartialText):
        yield from (part.address for part in data.parts if isinstance(part, Reference))
    for element in value.elements():
        yield from _addresses(element)


def _written(expr: Expr, evaluator: Evaluator) -> set[str]:
    """What an expression names, and the locals in it."""
    found: set[str] = set()
    pending = [expr]
    while pending:
        for use in uses(pending.pop()):
            if use.address in found:
                continue
            found.add(use.address)
            declaration = evaluator.module.declarations.get(use.address)
            if declaration is not None and declaration.kind == "local":
                pending.append(declaration.expr)
    return found


def sets(candidate: Candidate, arguments: tuple[str, ...]) -> bool:
    """Whether a block sets one of the arguments, at any depth, to anything but null."""
    configuration = candidate.configuration
    return configuration is not None and _sets(configuration, arguments)


def _sets(configuration: Configuration, arguments: tuple[str, ...]) -> bool:
    body: Body = configuration.body
    for attribute in body.attributes:
        if attribute.name in arguments and configuration.value(attribute.name).data is not None:
            return True
    types = dict.fromkeys(type_ for type_, _ in configuration.block_types())
    return any(_sets(block, arguments) for type_ in types for block in configuration.blocks(type_))
