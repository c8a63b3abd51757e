"""What the rules of a security group let in: at which ports, and from which addresses.

Which other groups a group lets in are edges of the kind `admits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..terraform.evaluation.conversion import EvaluationError, to_number
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, Unknown
from .graph import Wiring

GROUPS = ("aws_security_group", "aws_default_security_group")
ADDRESSES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
PREFIX_LISTS = ("prefix_list_ids", "prefix_list_id")
_RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
_ALL = ("-1", "all")
# the numbers by which a rule may name a protocol: https://www.iana.org/assignments/protocol-numbers (2026-11-27)
_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def rules_of(wiring: Wiring, group: Instance) -> Iterator[tuple[Instance, str | None]]:
    """The rules of a group for what comes in, each with the reason why it isn't certain that it is one."""
    for block in group.blocks("ingress"):
        yield block, block.doubt
    found = wiring.companions.of(group, *_RULES)
    for rule, doubt in (*((one, None) for one in found.certain), *found.possible):
        if rule.value("type").data != "egress":
            yield rule, doubt


def names(rule: Instance, arguments: Iterable[str]) -> Iterator[str]:
    """Those of some arguments by which a rule lets anything in."""
    for argument in arguments:
        data = rule.value(argument).data
        if data is not None and not (isinstance(data, ListValue) and not data.items and data.doubt is None):
            yield argument


def covers(rule: Instance, port: int, protocol: str = "tcp") -> bool | str:
    """True if a rule is about a port of a protocol, or about all of them; the reason where that isn't known."""
    written = rule.value("protocol") if rule.value("protocol").data is not None else rule.value("ip_protocol")
    if isinstance(written.data, Unknown):
        return written.data.reason
    own = str(written.data).lower()
    if own in _ALL:
        return True
    if _NUMBERS.get(own, own) != protocol:
        return False
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
