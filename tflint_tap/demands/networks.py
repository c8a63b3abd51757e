"""Who reaches a part by its security groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..records import dataclass, replace
from ..terraform.evaluation.expansion import Instance
from ..text.source import Related
from ..wiring.edges import Edge, OpenEnd, place_of_end
from ..wiring.ingress import ADDRESSES, GROUPS, covers, names, rules_of
from .demand import Demand, absent, broken, met
from .standing import Standing, Verdict
from .terms import Reach
from .universals import FORBIDDEN
from .wires import MISSING


@dataclass(frozen=True, slots=True, eq=False)
class _Guarded:
    """A resource of a part and its security groups; `doubt` is why there may be more of them."""

    instance: Instance
    groups: tuple[Instance, ...]
    doubt: str | None = None


def reach(standing: Standing, wanted: Reach) -> Iterator[Demand]:
    """That the security groups of each resource of a part let others in, and with `only` nobody else.

    Of others that are counted each has to be let in, else one of them.
    """
    own = _guarded(standing, wanted.target)
    if not own:
        yield absent(standing, wanted.term, wanted.target)
        return
    for target in own:
        if not target.groups:
            yield _unguarded(wanted, target)
    own = [target for target in own if target.groups]
    is_whole = bool(own)
    admitted: set[str] = set()
    for name in wanted.sources:
        others = _guarded(standing, name)
        if not others or not all(other.groups for other in others):
            is_whole = False
            yield _unguarded(wanted, others[0]) if others else absent(standing, wanted.term, name)
            continue
        admitted.update(group.address for other in others for group in other.groups)
        for target in own:
            for some in [[other] for other in others] if _is_counted(standing, name) else [others]:
                yield _let_in(standing, wanted, target, some)
    if wanted.only and is_whole:  # who is admitted beside an absent part follows from that
        yield from _others(standing, wanted, own, admitted)


def _is_counted(standing: Standing, name: str) -> bool:
    part = standing.terms.part(name)
    return part is not None and part.count is not None


def _let_in(standing: Standing, wanted: Reach, target: _Guarded, others: list[_Guarded]) -> Demand:
    """That a resource lets one of others in."""
    group, other = target.groups[0], others[0].groups[0]
    verdict, edge = _admits(standing, target, others, wanted)
    if edge is not None:
        return met(wanted.term, MISSING, place_of_end(edge), edge.via.address)
    at = f" at port {wanted.port}" if wanted.port is not None else ""
    at += "/udp" if wanted.port is not None and wanted.protocol == "udp" else ""
    what = f"{group.address} lets {other.address} in{at}"
    return broken(
        wanted.term,
        MISSING,
        group.header,
        group.address,
        what=wanted.term.says or what,
        remedy=f"let {other.address} in{at}",
        doubt=verdict if isinstance(verdict, str) else None,
        topic=what,
    )


def _unguarded(wanted: Reach, found: _Guarded) -> Demand:
    """What is said of a resource whose security groups aren't in the stack."""
    instance = found.instance
    what = wanted.term.says or f"security group of {instance.address}"
    doubt = f"the security groups of {instance.address} are not in the stack"
    remedy = f"give {instance.address} a security group of the stack"
    return broken(wanted.term, MISSING, instance.header, instance.address, what=what, remedy=remedy, doubt=doubt)


def _guarded(standing: Standing, name: str) -> list[_Guarded]:
    """The resources of a part, each with its security groups: itself, or those that guard it."""
    return [_guarded_by(standing, instance) for instance in standing.recognised(name).certain]


def _guarded_by(standing: Standing, instance: Instance) -> _Guarded:
    if instance.declaration.type in GROUPS:
        return _Guarded(instance, (instance,))
    found = standing.stack.wiring.outgoing(instance, "placed_in")
    groups: dict[str, Instance] = {}
    doubt: str | None = None
    for edge in found.edges:
        if edge.target.declaration.type in GROUPS:
            doubt = doubt or edge.doubt
            if edge.doubt is None:
                groups[edge.target.address] = edge.target
    if any("security_group" in end.argument for end in found.ends):
        doubt = doubt or f"not all security groups of {instance.address} are in the stack"
    return _Guarded(instance, tuple(groups.values()), doubt)


def _admits(standing: Standing, target: _Guarded, others: list[_Guarded], wanted: Reach) -> tuple[Verdict, Edge | None]:
    """True and the edge by which a security group of a resource lets one of others in."""
    doubt = next((one.doubt for one in (target, *others) if one.doubt is not None), None)
    wanted_groups = {group.address for other in others for group in other.groups}
    for group in target.groups:
        found = standing.stack.wiring.outgoing(group, "admits")
        for edge in found.edges:
            covered = _covers(edge.via, wanted) if edge.target.address in wanted_groups else False
            if covered is True and edge.doubt is None:
                return True, edge
            if covered is not False:
                doubt = doubt or edge.doubt or (covered if isinstance(covered, str) else None)
        ends = [end.doubt for end in found.ends if end.doubt is not None and _covers(end.via, wanted) is not False]
        doubt = doubt or next(iter(ends), None) or found.unnamed
    return (doubt if doubt is not None else False), None


def _covers(rule: Instance, wanted: Reach) -> Verdict:
    """True if a rule is about the port and its protocol, where the contract names them."""
    return True if wanted.port is None else covers(rule, wanted.port, wanted.protocol)


def _others(standing: Standing, wanted: Reach, own: list[_Guarded], admitted: set[str]) -> Iterator[Demand]:
    """What else a part's security groups let in: other groups, prefix lists, addresses, and what isn't known."""
    groups = {group.address: group for target in own for group in target.groups}
    found = [
        demand for group in groups.values() for demand in _let_in_beside(standing, wanted, group, groups, admitted)
    ]
    yield from found
    unsure = next((target for target in own if target.doubt is not None), None)
    if unsure is not None:
        yield _forbidden(wanted, unsure.instance, unsure.instance, None, "others", unsure.doubt)
    elif not found:
        first = next(iter(groups.values()))
        yield met(wanted.term, FORBIDDEN, first.header, first.address)


def _let_in_beside(
    standing: Standing, wanted: Reach, group: Instance, own: Iterable[str], admitted: set[str]
) -> Iterator[Demand]:
    """What a security group lets in that isn't admitted."""
    found = standing.stack.wiring.outgoing(group, "admits")
    for edge in found.edges:
        covered = _covers(edge.via, wanted)
        if edge.target.address not in admitted and edge.target.address not in own and covered is not False:
            doubt = edge.doubt or (covered if isinstance(covered, str) else None)
            yield _forbidden(wanted, group, edge.via, edge, edge.target.address, doubt)
    for end in found.ends:
        covered = _covers(end.via, wanted)
        if covered is not False:
            doubt = end.doubt or end.unsure or (covered if isinstance(covered, str) else None)
            yield _forbidden(wanted, group, end.via, end, _named(end), doubt)
    if found.unnamed is not None:
        yield _forbidden(wanted, group, group, None, "others", found.unnamed)
    for rule, unsure in rules_of(standing.stack.wiring, group):
        covered = _covers(rule, wanted)
        for argument in names(rule, ADDRESSES) if covered is not False else ():
            doubt = unsure or (covered if isinstance(covered, str) else None)
            place = rule.span_of(argument)
            yield replace(_forbidden(wanted, group, rule, None, "addresses", doubt), place=place)


def _named(end: OpenEnd) -> str:
    """What an end is called that leads outside the stack, or nobody knows where."""
    if isinstance(end.value.data, str):
        return end.value.data
    return "what isn't in the stack" if end.outside else "what is named here"


def _forbidden(
    wanted: Reach, group: Instance, holder: Instance, end: Edge | OpenEnd | None, who: str, doubt: str | None
) -> Demand:
    place = place_of_end(end) if end is not None else holder.header
    related = (Related(f"{group.address} is here", group.header),) if holder is not group else ()
    return broken(
        wanted.term,
        FORBIDDEN,
        place,
        holder.address,
        what=f"{group.address} may not let in {who}",
        remedy="name the security groups that may" if who == "addresses" else "leave it out",
        doubt=doubt,
        related=related,
    )
