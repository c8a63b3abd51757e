"""Edges that there have to be between the parts of a contract."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.expansion import Instance
from ..text.source import Related, Span
from ..wiring.edges import Edge, place_of_end
from ..wiring.graph import Connections
from ..wiring.switched import turned_off
from .demand import Demand, broken, first_line, met
from .edge_words import stated
from .settings import condition_text, cut
from .standing import Absent, Standing
from .terms import Wire

MISSING = "missing-wiring"


def wire(standing: Standing, wanted: Wire) -> Iterator[Demand]:
    """One edge. Absent where one of its ends is."""
    sources, targets = _end(standing, wanted.source), _end(standing, wanted.target)
    for some, ends in _groups(standing, wanted, sources, targets):
        verdict, edge = standing.edge(wanted.edge, some, ends, wanted.where)
        doubt = verdict if isinstance(verdict, str) else None
        if edge is None:
            yield _missing(standing, wanted, _first(standing, wanted.source, some), ends, doubt)
        elif verdict is True:
            yield met(wanted.term, MISSING, place_of_end(edge), edge.via.address)
        else:
            yield _idle(wanted, edge, doubt)


def _end(standing: Standing, name: str) -> tuple[Instance, ...]:
    """The resources at an end. Absent where a part is."""
    found = standing.named(name)
    if not found and standing.terms.part(name) is not None:
        raise Absent(name)
    return found


_Ends = tuple[Instance, ...]


def _groups(standing: Standing, wanted: Wire, sources: _Ends, targets: _Ends) -> Iterator[tuple[_Ends, _Ends]]:
    """The sources and targets between which there has to be an edge: each end of which every one has to have it."""
    part = standing.terms.part(wanted.source)
    if wanted.every == "to":
        yield from ((sources, (target,)) for target in targets)
    elif wanted.every == "from" or (part is not None and part.count is not None):
        yield from (((source,), targets) for source in sources)
    else:
        yield sources, targets


def _first(standing: Standing, name: str, group: tuple[Instance, ...]) -> Instance | None:
    part = standing.terms.part(name)
    chosen = standing.chosen(name) if part is not None and part.count is None else None
    return chosen if chosen in group else group[0] if group else None


def _missing(
    standing: Standing, wanted: Wire, source: Instance | None, targets: tuple[Instance, ...], doubt: str | None
) -> Demand:
    target = targets[0] if targets else None
    place, lacks = _nearest(standing, wanted, source, target)
    related: tuple[Related, ...] = ()
    if target is not None and target.header != place:
        related = (Related(f"{target.address} is here", target.header),)
    one, other = (
        end.address if end is not None else name for end, name in ((source, wanted.source), (target, wanted.target))
    )
    return broken(
        wanted.term,
        MISSING,
        place,
        source.address if source is not None else target.address if target is not None else None,
        what=wanted.term.says or f"{one} {stated(wanted.edge)} {other}",
        lacks=lacks,
        remedy=f"wire {one} to {other}",
        doubt=doubt,
        related=related,
    )


def _idle(wanted: Wire, edge: Edge, doubt: str | None) -> Demand:
    """What is said of an edge that is there and is turned off."""
    off = turned_off(edge)
    assert off is not None, "the edge doesn't act"
    wired = place_of_end(edge)
    related = (Related(f"{edge.source.address} and {edge.target.address} are wired here", wired),)
    what = wanted.term.says or f"{edge.source.address} {stated(wanted.edge)} {edge.target.address}"
    return broken(
        wanted.term,
        MISSING,
        off.place,
        off.by.address,
        what=what,
        said=f"{what}: {off.by.address} {'is' if doubt is None else 'may be'} turned off",
        remedy=f"turn {off.by.address} on",
        doubt=doubt,
        related=related,
    )


def _nearest(standing: Standing, wanted: Wire, source: Instance | None, target: Instance | None) -> tuple[Span, str]:
    """The place that makes an edge of the kind from the source, or to the target, to something else."""
    if source is None:
        return (target.header if target is not None else first_line(standing.stack)), ""
    outgoing = standing.stack.wiring.outgoing(source, wanted.edge)
    claimed = {
        instance.address
        for term in standing.terms.wires
        if term.edge == wanted.edge and term.source == wanted.source and (term is not wanted or wanted.every == "to")
        for instance in standing.named(term.target)
        if instance is not target
    }
    for edge in outgoing.edges:
        span = place_of_end(edge)
        if edge.target.address in claimed:
            continue
        if target is not None and edge.target.address == target.address:
            where = cut(condition_text(wanted.where)) if wanted.where is not None else ""
            return span, f"what is wired here lacks this: {where}" if where else ""
        return span, f"{edge.target.address} is named here instead"
    incoming = standing.stack.wiring.incoming(target, wanted.edge) if target is not None else Connections()
    for end in (*outgoing.ends, *(end for end in incoming.ends if end.source is None)):
        return place_of_end(end), "what is named here isn't it" if end.outside else "it isn't known what is named here"
    return source.header, ""
