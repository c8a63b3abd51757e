"""Who reaches a part by its security groups."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.conversion import EvaluationError, to_number
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue
from ..wiring.edges import Edge
from .demand import Demand, absent, broken, met
from .standing import Standing, Verdict
from .terms import Reach
from .universals import FORBIDDEN
from .wires import MISSING, place_of_end

_GROUPS = ("aws_security_group", "aws_default_security_group")
_RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
_ADDRESSES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")


def reach(standing: Standing, wanted: Reach) -> Iterator[Demand]:
    """That a part's security groups let the groups of others in, and with `only` nobody else."""
    own = _groups(standing, wanted.target)
    if not own:
        yield _unguarded(standing, wanted, wanted.target)
        return
    admitted: set[str] = set()
    is_whole = True
    target = own[0]
    at = f" at port {wanted.port}" if wanted.port is not None else ""
    for name in wanted.sources:
        others = _groups(standing, name)
        if not others:
            is_whole = False
            yield _unguarded(standing, wanted, name)
            continue
        admitted.update(group.address for group in others)
        verdict, edge = _admits(standing, own, {group.address for group in others}, wanted.port)
        if edge is not None:
            yield met(wanted.term, MISSING, place_of_end(edge), edge.via.address)
            continue
        doubt = verdict if isinstance(verdict, str) else None
        what = wanted.term.says or f"{target.address} lets {others[0].address} in{at}"
        remedy = f"let {others[0].address} in{at}"
        yield broken(wanted.term, MISSING, target.header, target.address, what=what, remedy=remedy, doubt=doubt)
    if wanted.only and is_whole:  # who is admitted beside an absent part follows from that
        yield from _others(standing, wanted, own, admitted)


def _unguarded(standing: Standing, wanted: Reach, name: str) -> Demand:
    """What is said of a part that is absent, or whose security groups aren't in the stack."""
    found = standing.recognised(name).certain
    if not found:
        return absent(standing, wanted.term, name)
    what = wanted.term.says or f"security group of {found[0].address}"
    doubt = f"the security groups of {found[0].address} are not in the stack"
    remedy = f"give {found[0].address} a security group of the stack"
    return broken(wanted.term, MISSING, found[0].header, found[0].address, what=what, remedy=remedy, doubt=doubt)


def _groups(standing: Standing, name: str) -> list[Instance]:
    """The security groups of a part: itself, or those that guard it."""
    found: dict[str, Instance] = {}
    for instance in standing.recognised(name).certain:
        if instance.declaration.type in _GROUPS:
            found[instance.address] = instance
            continue
        for edge in standing.stack.wiring.outgoing(instance, "placed_in").edges:
            if edge.target.declaration.type in _GROUPS and edge.doubt is None:
                found[edge.target.address] = edge.target
    return list(found.values())


def _admits(standing: Standing, own: list[Instance], others: set[str], port: int | None) -> tuple[Verdict, Edge | None]:
    doubt: str | None = None
    for group in own:
        found = standing.stack.wiring.outgoing(group, "admits")
        for edge in found.edges:
            covered = _covers(edge.via, port) if edge.target.address in others else False
            if covered is True and edge.doubt is None:
                return True, edge
            if covered is not False:
                doubt = doubt or edge.doubt or (covered if isinstance(covered, str) else None)
        doubt = doubt or found.doubt
    return (doubt if doubt is not None else False), None


def _covers(rule: Instance, port: int | None) -> Verdict:
    """True if a rule is about a port; all ports where the protocol is -1."""
    if port is None:
        return True
    protocol = rule.value("protocol").data or rule.value("ip_protocol").data
    if str(protocol) in ("-1", "all"):
        return True
    bounds: list[int] = []
    for name in ("from_port", "to_port"):
        value = rule.value(name)
        try:
            number = to_number(value).data if value.data is not None else None
        except EvaluationError as error:
            return error.reason
        if not isinstance(number, int):
            return value.reason or f"{name} isn't set"
        bounds.append(number)
    return bounds[0] <= port <= bounds[1]


def _others(standing: Standing, wanted: Reach, own: list[Instance], admitted: set[str]) -> Iterator[Demand]:
    """What else a part's security groups let in: other groups, and addresses."""
    allowed = admitted | {group.address for group in own}
    is_clear = True
    for group in own:
        for edge in standing.stack.wiring.outgoing(group, "admits").edges:
            if edge.target.address not in allowed and _covers(edge.via, wanted.port) is not False:
                is_clear = False
                what = f"{group.address} may not let {edge.target.address} in"
                place, address = place_of_end(edge), edge.via.address
                remedy = "leave it out"
                yield broken(wanted.term, FORBIDDEN, place, address, what=what, remedy=remedy, doubt=edge.doubt)
        for rule, argument in _with_addresses(standing, group):
            covered = _covers(rule, wanted.port)
            if covered is not False:
                is_clear = False
                yield broken(
                    wanted.term,
                    FORBIDDEN,
                    rule.span_of(argument),
                    rule.address,
                    what=f"{group.address} may not let addresses in",
                    remedy="name the security groups that may",
                    doubt=covered if isinstance(covered, str) else None,
                )
    if is_clear:
        yield met(wanted.term, FORBIDDEN, own[0].header, own[0].address)


def _with_addresses(standing: Standing, group: Instance) -> Iterator[tuple[Instance, str]]:
    """The rules of a group that let addresses in, each with the argument that names them."""
    rules = list(group.blocks("ingress"))
    for rule in standing.stack.resources(*_RULES):
        owner = standing.stack.target(rule.value("security_group_id"))
        if owner is not None and owner.address == group.address and rule.value("type").data in (None, "ingress"):
            rules.append(rule)
    for rule in rules:
        for argument in _ADDRESSES:
            data = rule.value(argument).data
            if data is not None and not (isinstance(data, ListValue) and not data.items and data.doubt is None):
                yield rule, argument
