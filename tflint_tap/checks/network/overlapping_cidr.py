"""Subnets of one network whose addresses overlap, or that lie outside the network."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each subnet that overlaps with one before it, or lies outside its VPC."""
    subnets: dict[str, list[tuple[IPv4Network, Instance]]] = {}
    networks: dict[str, Instance] = {}
    for subnet in stack.resources("aws_subnet"):
        network = stack.target(subnet.value("vpc_id"))
        block = _network(subnet)
        if network is None or network.declaration.type != "aws_vpc" or block is None or subnet.doubt is not None:
            continue
        networks[network.address] = network
        subnets.setdefault(network.address, []).append((block, subnet))
    further = {
        owner.address
        for one in stack.resources("aws_vpc_ipv4_cidr_block_association")
        if (owner := stack.target(one.value("vpc_id"))) is not None
    }
    for address, found in subnets.items():
        whole = _network(networks[address])
        for block, subnet in found:
            if whole is not None and address not in further and not block.subnet_of(whole):
                yield _hit(subnet, networks[address], whole, "outside")
        yield from _overlaps(found)


def _overlaps(found: list[tuple[IPv4Network, Instance]]) -> Iterator[Hit]:
    """The subnets in the order of their addresses, each compared with the one that reaches furthest before it."""
    ordered = sorted(found, key=lambda pair: (int(pair[0].network_address), pair[0].prefixlen))
    furthest: tuple[IPv4Network, Instance] | None = None
    for block, subnet in ordered:
        if furthest is not None and block.overlaps(furthest[0]):
            yield _hit(subnet, furthest[1], furthest[0], "overlaps")
        if furthest is None or block.broadcast_address > furthest[0].broadcast_address:
            furthest = (block, subnet)


def _hit(subnet: Instance, other: Instance, block: IPv4Network, how: str) -> Hit:
    values = {"cidr": str(subnet.value("cidr_block").data), "other": other.address, "block": str(block), "how": how}
    related = (Related(f"{other.address} has its addresses here", other.span_of("cidr_block")),)
    return Hit(subnet.span_of("cidr_block"), subnet.address, values, related)


def _network(instance: Instance) -> IPv4Network | None:
    """The addresses of a subnet or VPC; None where they aren't known or make no sense."""
    written = instance.value("cidr_block").data
    try:
        return IPv4Network(written) if isinstance(written, str) else None
    except ValueError:
        return None
