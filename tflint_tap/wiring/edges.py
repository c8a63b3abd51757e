"""Edges between the resources of a stack, and the ends that lead outside it or nobody knows where."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.edges import Condition, EdgeRow, End
from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value
from ..text.source import Span
from .paths import Place, places_at
from .resolve import Named, Resolver


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` kind `target`, as in `aws_sqs_queue.q redrives_to aws_sqs_queue.dlq`.

    `via` is the resource or nested block that holds the `argument`; `value` is what there names the target (an element
    of a list or of JSON maybe), or what names the source where the holder is the target. `doubt` is why it isn't
    certain that there is such an edge, given that there is its source; None where it is.
    """

    kind: str
    source: Instance
    target: Instance
    via: Instance
    argument: str
    value: Value
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """An edge of which an end isn't a known resource of the stack: the one that is None.

    `value` is what names that end. `outside`: it certainly isn't in the stack; else `doubt` is why it isn't known.
    `unsure` is why it isn't certain that the other end is this one, or that `via` is there; None where it is.
    `may_be` are types of which it may be any instance: so many fit that they aren't listed as edges.
    """

    kind: str
    source: Instance | None
    target: Instance | None
    via: Instance
    argument: str
    value: Value
    doubt: str | None = None
    outside: bool = False
    may_be: tuple[str, ...] = ()
    unsure: str | None = None


def place_of_end(edge: Edge | OpenEnd) -> Span:
    """The place of what names an end: within the argument, where it is written there."""
    written = edge.via.span_of(edge.argument)
    own = edge.value.span
    return own if own is not None and written.contains(own) else written


@dataclass(frozen=True, slots=True)
class _Side:
    """One end of an edge that is being made: what it may be, and the place that says so."""

    named: Named
    place: Place | None = None


def made_by(row: EdgeRow, holder: Instance, resolver: Resolver) -> Iterator[Edge | OpenEnd]:
    """The edges that a row of the table makes of a resource."""
    if not (_may_name(row.source, holder) and _may_name(row.target, holder)):
        return
    sources = list(_sides(row.source, holder, resolver))
    targets = list(_sides(row.target, holder, resolver)) if sources else []
    for source in sources:
        for target in targets:
            if row.condition is None or _holds(row.condition, holder, source, target):
                yield from _between(row.kind, holder, source, target)


def _may_name(end: End, holder: Instance) -> bool:
    """Return True if there is something at the beginning of an end's path: most arguments aren't written."""
    path = end.path
    if path is None:
        return True
    if not path.blocks:
        return holder.body.attribute(path.argument) is not None
    return bool(holder.blocks(path.blocks[0])) or holder.body.attribute(path.blocks[0]) is not None


def _sides(end: End, holder: Instance, resolver: Resolver) -> Iterator[_Side]:
    """The candidates for one end of an edge: the holder itself, or the resources that each value at its path names."""
    if end.path is None:
        yield _Side(Named((holder,)))
        return
    for place in places_at(holder, end.path):
        named = resolver.named(place.value, place.expr, place.holder, end.types, end.how)
        if named:
            yield _Side(named, place)


def _between(kind: str, holder: Instance, source: _Side, target: _Side) -> Iterator[Edge | OpenEnd]:
    """The edges between what the two ends may be."""
    place = target.place or source.place
    assert place is not None
    for one, one_doubt in source.named.instances:
        for other, other_doubt in target.named.instances:
            doubt = one_doubt or other_doubt or _own_doubt(place, holder, one, other)
            yield Edge(kind, one, other, place.holder, place.argument, place.value, doubt)
    for end, known, is_source in ((target, source, True), (source, target, False)):
        where = end.place
        if where is None or not _is_open(end.named):
            continue
        others: list[tuple[Instance | None, str | None]] = list(known.named.instances)
        for instance, doubt in others or ([(None, None)] if is_source else []):
            yield OpenEnd(
                kind,
                instance if is_source else None,
                None if is_source else instance,
                where.holder,
                where.argument,
                where.value,
                end.named.doubt,
                end.named.outside,
                end.named.may_be,
                doubt or _unlike(where.holder.doubt, instance),
            )


def _unlike(doubt: str | None, instance: Instance | None) -> str | None:
    """A doubt, unless it is that of the instance: then there is neither or both."""
    return doubt if instance is None or doubt != instance.doubt else None


def _is_open(named: Named) -> bool:
    return named.outside or named.doubt is not None


def _own_doubt(place: Place, holder: Instance, source: Instance, target: Instance) -> str | None:
    """The doubt of the block that makes an edge, given both ends."""
    via = place.holder
    if via.optional:
        return via.doubt
    shared = (source.doubt,) if holder is target else (source.doubt, target.doubt)  # a target that names its source
    return via.doubt if via.doubt not in shared else None


def _holds(condition: Condition, holder: Instance, source: _Side, target: _Side) -> bool:
    """Return True if the argument of any certain or possible resource is set, or may have its value."""
    side = {"source": source.named, "target": target.named, "holder": Named((holder,))}[condition.of]
    for instance, _ in side.instances:
        value = instance.value(condition.argument)
        if value.data not in (None, "") and (condition.value is None or not value.is_known):
            return True
        if condition.value is not None and value.data == condition.value:
            return True
    return False
