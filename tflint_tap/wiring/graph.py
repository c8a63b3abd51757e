"""Wiring: the edges of a stack by kind and by resource, each kind made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from ..aws.edges import edge_kinds, rows_held_by
from ..iam.policies import Policy
from ..records import dataclass, field, replace
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Unknown
from ..terraform.module.graph import Dependency, loops
from .admissions import ADMITS, admissions
from .companions import CompanionIndex
from .edges import Edge, OpenEnd, made_by
from .resolve import Resolver

_NOT_WHOLE = "a part of the module can't be read"


@dataclass(frozen=True, slots=True)
class Connections:
    """The edges of a kind at a resource, in one direction.

    `ends` are those that lead from it (to it) and of which the other end is outside the stack or isn't known; `doubt`
    is why there may be more edges, None where there can't; `unnamed` is why more blocks may name the resource.
    """

    edges: tuple[Edge, ...] = ()
    ends: tuple[OpenEnd, ...] = ()
    doubt: str | None = None
    unnamed: str | None = None


@dataclass(slots=True)
class _OfKind:
    """All of a kind, and by the addresses of both ends."""

    edges: tuple[Edge, ...] = ()
    ends: tuple[OpenEnd, ...] = ()
    outgoing: dict[str, list[Edge]] = field(default_factory=dict)
    incoming: dict[str, list[Edge]] = field(default_factory=dict)
    ends_of: dict[str, list[OpenEnd]] = field(default_factory=dict)
    ends_to: dict[str, list[OpenEnd]] = field(default_factory=dict)
    anywhere: tuple[OpenEnd, ...] = ()  # that may lead to any of many
    circles: dict[str, tuple[Edge, ...]] | None = None  # by the address that each begins at


@dataclass(eq=False)
class Wiring:
    """The edges of a stack. A kind that the table doesn't have is a KeyError."""

    evaluator: Evaluator
    policies: Callable[[], Iterable[Policy]]  # those of the stack, read when the edges that they make are asked for
    _made: dict[str, _OfKind] = field(default_factory=dict)

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of the values that name resources."""
        return Resolver(self.evaluator)

    @cached_property
    def companions(self) -> CompanionIndex:
        """The index of the resources that hold a part of another resource's settings."""
        return CompanionIndex(self.resolver)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(edge_kinds())

    def edges(self, kind: str) -> tuple[Edge, ...]:
        """The edges of a kind, in the order of the table and the text."""
        return self._of_kind(kind).edges

    def open_ends(self, kind: str) -> tuple[OpenEnd, ...]:
        """The ends of a kind that lead outside, or of which it isn't known where they lead."""
        return self._of_kind(kind).ends

    def outgoing(self, instance: Instance, kind: str) -> Connections:
        """The edges whose source a resource is."""
        made = self._of_kind(kind)
        edges, ends = made.outgoing.get(instance.address, ()), tuple(made.ends_of.get(instance.address, ()))
        return self._connections(tuple(edges), ends, made, instance, "source")

    def incoming(self, instance: Instance, kind: str) -> Connections:
        """The edges whose target a resource is; those from what may not be there are doubtful."""
        made = self._of_kind(kind)
        edges = tuple(_seen_from(instance, edge) for edge in made.incoming.get(instance.address, ()))
        ends = tuple(made.ends_to.get(instance.address, ()))
        return self._connections(edges, ends, made, instance, "target")

    def reaches(self, start: Instance, kind: str, end: Instance) -> bool | Unknown:
        """Return True if a way of one or more edges leads from one resource to another; Unknown if it may."""
        if end.address in self._reached(start, kind, certain=True):
            return True
        doubt = self._reached(start, kind, certain=False).get(end.address)
        if doubt is None and not self.evaluator.module.is_whole:
            doubt = _NOT_WHOLE
        return Unknown(doubt) if doubt is not None else False

    def _reached(self, start: Instance, kind: str, *, certain: bool) -> dict[str, str | None]:
        """The addresses that ways lead to, each with the first doubt on its way; by certain edges alone if so asked."""
        pending: list[tuple[Instance, str | None]] = [(start, None)]
        reached: dict[str, str | None] = {}
        while pending:
            instance, doubt = pending.pop()
            for edge in self.outgoing(instance, kind).edges:
                if edge.target.address in reached or (certain and edge.doubt is not None):
                    continue
                reached[edge.target.address] = doubt or edge.doubt
                pending.append((edge.target, doubt or edge.doubt))
        return reached

    def circle(self, start: Instance, kind: str) -> tuple[Edge, ...]:
        """The edges of the shortest circle that begins at a resource, which is the first of its resources in the text.

        A circle of certain edges is told before one that there may be.
        """
        made = self._of_kind(kind)
        if made.circles is None:
            made.circles = dict(_circles(made.edges))
        return made.circles.get(start.address, ())

    def _connections(
        self, edges: tuple[Edge, ...], ends: tuple[OpenEnd, ...], made: _OfKind, instance: Instance, side: str
    ) -> Connections:
        unnamed = self._unnamed(made, instance, side)
        doubt = unnamed or next((end.doubt for end in ends if end.doubt is not None), None)
        return Connections(edges, ends, doubt, unnamed)

    def _unnamed(self, made: _OfKind, instance: Instance, side: str) -> str | None:
        """The doubt if blocks may name a resource, and it isn't known which one."""
        if not self.evaluator.module.is_whole:
            return _NOT_WHOLE
        open_side = "target" if side == "source" else "source"
        for end in made.anywhere:
            if instance.declaration.type in end.may_be and getattr(end, open_side) is not None:
                return end.doubt
        return None

    def _of_kind(self, kind: str) -> _OfKind:
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def _every(self, kind: str) -> Iterator[Edge | OpenEnd]:
        """The edges of a kind as they are found; one may be found several ways."""
        if kind not in edge_kinds():
            raise KeyError(kind)
        for row in rows_held_by(frozenset(self.resolver.types()), kind):
            for holder in self.resolver.instances(row.holder):
                yield from made_by(row, holder, self.resolver)
        if kind == ADMITS:
            yield from admissions(self.policies(), self.companions)

    def _make(self, kind: str) -> _OfKind:
        edges: dict[tuple[str, str, int, str], Edge] = {}
        ends: list[OpenEnd] = []
        for made in self._every(kind):
            if isinstance(made, OpenEnd):
                ends.append(made)
                continue
            way = (made.source.address, made.target.address, id(made.via), made.argument)
            known = edges.get(way)
            if known is None or (known.doubt is not None and made.doubt is None):
                edges[way] = made
        found = _OfKind(tuple(edges.values()), tuple(ends), anywhere=tuple(end for end in ends if end.may_be))
        for edge in found.edges:
            found.outgoing.setdefault(edge.source.address, []).append(edge)
            found.incoming.setdefault(edge.target.address, []).append(edge)
        for end in ends:
            if end.source is not None:
                found.ends_of.setdefault(end.source.address, []).append(end)
            if end.target is not None:
                found.ends_to.setdefault(end.target.address, []).append(end)
        return found


def _circles(edges: Iterable[Edge]) -> Iterator[tuple[str, tuple[Edge, ...]]]:
    """The circles of edges by the address that each begins at: certain ones, and those there may be of others."""
    ways: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges, key=_place):
        known = ways.get((edge.source.address, edge.target.address))
        if known is None or (known.doubt is not None and edge.doubt is None):
            ways[edge.source.address, edge.target.address] = edge
    steps = [Dependency(*way, edge.via.header, edge.kind, edge.doubt) for way, edge in ways.items()]
    certain = list(loops(step for step in steps if step.doubt is None))
    caught = {step.source for loop in certain for step in (*loop.steps, *loop.others)}
    possible = [loop for loop in loops(steps) if caught.isdisjoint(step.source for step in loop.steps)]
    for loop in (*certain, *possible):
        yield loop.steps[0].source, tuple(ways[step.source, step.target] for step in loop.steps)


def _place(edge: Edge) -> tuple[str, int]:
    return edge.source.header.source.path, edge.source.header.start


def _seen_from(target: Instance, edge: Edge) -> Edge:
    """An edge as its target sees it: what it comes from may not be there."""
    doubt = edge.source.doubt
    return edge if edge.doubt is not None or doubt in (None, target.doubt) else replace(edge, doubt=doubt)
