"""A stack as its contract sees it: which of its resources are the contract's parts, and what holds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract.naming import NameReading, named, naming_of
from ..hcl.nodes import Expr
from ..records import dataclass, field
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..terraform.module import Declaration
from ..terraform.typing import convert, parse_type
from ..vocabulary import evaluator_of
from ..vocabulary.verdicts import verdict
from ..vocabulary.views import instance_view
from ..wiring.edges import Edge
from ..wiring.switched import turned_off
from .telling import names_of, part_of
from .terms import Part, Terms, Wired

Verdict = bool | str  # the text is the reason why neither can be told


class Absent(Exception):
    """What is asked about needs something that the stack lacks, which is told by itself: a part, `var.x`, `local.x`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """The resources that are a part.

    `possible` are those of which it can't be told, with the reason. `blocked_by` is another part, absent, by which this
    one is told.
    """

    certain: tuple[Instance, ...] = ()
    possible: tuple[tuple[Instance, str], ...] = ()
    blocked_by: str | None = None


@dataclass(slots=True, eq=False)
class Standing:
    """A stack under some values of its variables, held to terms."""

    stack: Stack
    terms: Terms
    reading: NameReading
    given: Mapping[str, Any] = field(default_factory=dict)
    _parts: dict[str, Recognised | None] = field(default_factory=dict)
    _chosen: dict[str, Instance | None] = field(default_factory=dict)

    # -- conditions ----------------------------------------------------------------------------------------

    def value(self, expr: Expr, names: Mapping[str, Value]) -> Value:
        """An expression's value; Absent where it needs a part, variable or local that the stack lacks."""
        return evaluator_of(self.stack).evaluate(expr, self._scope(expr, names))

    def holds(self, expr: Expr, names: Mapping[str, Value]) -> Verdict:
        return verdict(self.value(expr, names))

    def view(self, instance: Instance) -> Value:
        return instance_view(self.stack, instance)

    def _scope(self, expr: Expr, names: Mapping[str, Value]) -> dict[str, Value]:
        scope = dict(names)
        for reference in self.stack.module.references(expr):
            root = reference.root
            if root in ("var", "local"):
                self._must_be_there(reference.address)
            elif root not in names:
                part = part_of(self.terms, reference)
                if part is not None:
                    _put(scope, part.name.split("."), self._shown(part))
        return {name: _as_value(item) for name, item in scope.items()}

    def _must_be_there(self, address: str) -> None:
        kind, _, name = address.partition(".")
        demanded = self.terms.variables if kind == "var" else self.terms.locals
        if any(term.name == name for term in demanded) and self.stack.declared(address) is None:
            raise Absent(address)

    def reads(self, expr: Expr) -> Iterator[tuple[Instance, str]]:
        """The resources of parts that an expression reads, each with the path of the argument."""
        for reference in self.stack.module.references(expr):
            part = part_of(self.terms, reference)
            chosen = self.chosen(part.name) if part is not None else None
            if part is not None and chosen is not None:
                yield chosen, ".".join(names_of(reference)[len(part.name.split(".")) :])

    def _shown(self, part: Part) -> Value:
        """A part in an expression: the resource, or a list of them where the contract counts them."""
        found = self.recognised(part.name)
        if part.count is not None:
            if part.count.least and not found.certain and not found.possible:
                raise Absent(part.name)
            sure = [instance for instance in found.certain if instance.doubt is None]
            # one whose number isn't known stands for all of them
            unsure = [instance.doubt for instance in found.certain if instance.doubt is not None]
            doubt = next(iter((*unsure, *(reason for _, reason in found.possible))), None)
            views = tuple(map(self.view, sure if doubt is not None else found.certain))
            rest = Unknown(doubt) if doubt is not None else None
            return Value(ListValue(views, "list", rest, len(views) if rest is not None else None))
        chosen = self.chosen(part.name)
        if chosen is not None:
            return self.view(chosen)
        if found.possible and found.blocked_by is None:
            return Value(Unknown(found.possible[0][1]))
        raise Absent(part.name)

    # -- modules -------------------------------------------------------------------------------------------

    def unfollowed_call(self) -> Declaration | None:
        """A call of a module of which it isn't known what it declares; None where the file has to stand by itself."""
        contract = self.stack.contract
        is_alone = contract is not None and contract.claims.alone
        return None if is_alone else next(self.stack.module.unfollowed_calls(), None)

    def declared_elsewhere(self) -> str | None:
        """The reason why something that isn't here may be there after all: a module may declare it."""
        call = self.unfollowed_call()
        return f"{call.address} may declare it" if call is not None else None

    def _wired_elsewhere(self, sources: Iterable[Instance], targets: Iterable[Instance]) -> str | None:
        """The reason why resources may be wired after all: a module is given both ends."""
        if self.unfollowed_call() is None:
            return None
        given = [{call.address for end in ends for call, _ in self.stack.passed(end)} for ends in (sources, targets)]
        call = min(given[0] & given[1], default=None)
        return f"{call} is given both and may wire them" if call is not None else None

    # -- parts ---------------------------------------------------------------------------------------------

    def instances(self, part: Part) -> Iterator[Instance]:
        """All that has the part's type."""
        return self.of_types(part.types, is_data=part.is_data)

    def of_types(self, types: Iterable[str], *, is_data: bool = False) -> Iterator[Instance]:
        wanted = () if "*" in types else tuple(types)
        return self.stack.data_sources(*wanted) if is_data else self.stack.resources(*wanted)

    def named(self, name: str) -> tuple[Instance, ...]:
        """The resources that are a part, or all of a type."""
        is_part = self.terms.part(name) is not None
        return self.recognised(name).certain if is_part else tuple(self.of_types((name,)))

    def recognised(self, name: str) -> Recognised:
        """The resources that are a part; a part that is told by itself is none."""
        if name not in self._parts:
            self._parts[name] = None
            part = self.terms.part(name)
            assert part is not None, f"{name} is a part: contracts are checked"
            self._parts[name] = self._recognise(part)
        return self._parts[name] or Recognised()

    def _recognise(self, part: Part) -> Recognised:
        certain, possible = self._by_name(part)
        for wired in part.wired:
            if all(self._is_absent(other) for other in wired.others):
                return Recognised(blocked_by=wired.others[0])
        kept: list[Instance] = []
        unsure = list(possible)
        for instance in certain:
            found = self.fits(part, instance)
            if found is True:
                kept.append(instance)
            elif isinstance(found, str):
                unsure.append((instance, found))
        return Recognised(tuple(kept), tuple(unsure))

    def chosen(self, name: str) -> Instance | None:
        """The resource that is a part where the contract asks for one: of several the one that meets most."""
        if name in self._chosen:
            return self._chosen[name]
        found, part = self.recognised(name).certain, self.terms.part(name)
        if self._parts[name] is None or part is None:  # a part that is told by itself is none
            return None
        first = self._chosen[name] = found[0] if found else None
        if len(found) < 2:
            return first
        from .choice import best_of  # it stands on this module

        known, chosen = set(self._parts), set(self._chosen)
        self._chosen[name] = best_of(self, part, found)
        if self._chosen[name] is not first:  # what was found out meanwhile took the first one for the part
            self._parts = {key: self._parts[key] for key in self._parts if key in known}
            self._chosen = {key: self._chosen[key] for key in self._chosen if key in chosen}
        return self._chosen[name]

    def _is_absent(self, name: str) -> bool:
        found = self.recognised(name)
        return not found.certain and not found.possible

    def _by_name(self, part: Part) -> tuple[list[Instance], list[tuple[Instance, str]]]:
        every = tuple(self.instances(part))
        if not part.named:
            return list(every), []
        for name in part.named:
            found = named(every, name, self.reading, part.ending)
            if found.certain:
                return list(found.certain), []
        return [], list(named(every, part.named[0], self.reading, part.ending).possible)

    def fits(self, part: Part, instance: Instance) -> Verdict:
        """True if a resource of the part's type and name is the part by its other signs."""
        try:
            found = True if part.where is None else self.holds(part.where, {"self": self.view(instance)})
            for wired in part.wired if found is not False else ():
                joined = self._is_wired(wired, instance)
                found = joined if joined is False or found is True else found
                if found is False:
                    break
        except Absent:
            return False
        return found

    def _is_wired(self, wired: Wired, instance: Instance) -> Verdict:
        found = [self.recognised(name) for name in wired.others]
        others = [one for recognised in found for one in recognised.certain]
        ends = ([instance], others) if wired.is_outgoing else (others, [instance])
        joined, edge = self.edge(wired.edge, *ends)
        joined = joined if edge is None else True  # one that is turned off tells as well what a resource is
        unsure = [reason for recognised in found for _, reason in recognised.possible]
        return unsure[0] if joined is False and unsure else joined

    # -- edges ---------------------------------------------------------------------------------------------

    def edge(
        self, kind: str, sources: Iterable[Instance], targets: Iterable[Instance], where: Expr | None = None
    ) -> tuple[Verdict, Edge | None]:
        """True and an edge if one of a kind leads from one of some resources to one of others, and acts.

        False and an edge where one is there and is turned off.
        """
        ends, sources = tuple(targets), tuple(sources)
        wanted = {target.address for target in ends}
        doubt: str | None = None
        idle: Edge | None = None
        for source in sources:
            found = self.stack.wiring.outgoing(source, kind)
            for edge in found.edges:
                if edge.target.address not in wanted:
                    continue
                counts = True if where is None else self.holds(where, self._edge_names(edge))
                if counts is True and edge.doubt is None:
                    off = turned_off(edge)
                    if off is None:
                        return True, edge
                    idle = idle or edge
                    doubt = doubt or off.doubt
                    continue
                if counts is not False:
                    doubt = doubt or edge.doubt or (counts if isinstance(counts, str) else None)
            doubt = doubt or found.doubt
        if doubt is None:
            doubt = next((reason for target in ends if (reason := self._unnamed(kind, target)) is not None), None)
            doubt = doubt or self._wired_elsewhere(sources, ends)
        return (doubt if doubt is not None else False), idle

    def _unnamed(self, kind: str, target: Instance) -> str | None:
        """The reason why it isn't known where an edge comes from that leads to a resource."""
        ends = self.stack.wiring.incoming(target, kind).ends
        return next((end.doubt for end in ends if end.source is None and end.doubt is not None), None)

    def _edge_names(self, edge: Edge) -> Mapping[str, Value]:
        ends = {"source": edge.source, "target": edge.target, "via": edge.via}
        return {**{name: self.view(instance) for name, instance in ends.items()}, "value": edge.value}


def _put(scope: dict[str, Any], path: list[str], value: Value) -> None:
    """Put a value into a scope of nested groups."""
    for step in path[:-1]:
        scope = scope.setdefault(step, {})
    scope[path[-1]] = value


def _as_value(item: Any) -> Value:
    if isinstance(item, Value):
        return item
    return Value(MapValue({name: _as_value(inner) for name, inner in item.items()}))


def standing_of(stack: Stack, terms: Terms, given: Mapping[str, Any]) -> Standing:
    """A stack held to terms, its variables having the given values; each made once."""
    made = stack.once(_standings)
    key = repr(sorted(given.items()))
    if key not in made:
        held = _supposing(stack, given) if given else stack
        made[key] = Standing(held, terms, naming_of(held.evaluator), given)
    return made[key]


def _standings(stack: Stack) -> dict[str, Standing]:
    return {}


def _supposing(stack: Stack, given: Mapping[str, Any]) -> Stack:
    values: dict[str, Value] = {}
    for name, value in given.items():
        declaration = stack.declared(f"var.{name}")
        if declaration is None or declaration.block is None:
            continue
        values[declaration.address] = plain(value).at(declaration.span)
        written = declaration.block.body.attribute("type")
        if written is not None:
            try:
                constraint = parse_type(written.expr)
                values[declaration.address] = convert(values[declaration.address], constraint)
            except EvaluationError:
                continue
    evaluator = stack.evaluator.supposing(values)
    return Stack(stack.module, evaluator, stack.contract, stack.shown, stack.today)


def plain(data: Any) -> Value:
    """A value from plain data, as YAML gives it."""
    if isinstance(data, (list, tuple)):
        return Value(ListValue(tuple(map(plain, data))))
    if isinstance(data, Mapping):
        return Value(MapValue({str(key): plain(item) for key, item in data.items()}))
    return Value(data if data is None or isinstance(data, (bool, int, str)) else str(data))
