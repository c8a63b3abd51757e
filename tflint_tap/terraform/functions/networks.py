"""CIDR arithmetic for IPv4 and IPv6."""

from __future__ import annotations

import ipaddress
import re

from ...records import dataclass
from ..evaluation.conversion import EvaluationError
from ..evaluation.values import Data, ListValue, Value
from .parts import number, text, whole

_V4 = re.compile(r"(\d{1,10})\.(\d{1,10})\.(\d{1,10})\.(\d{1,10})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Network:
    """An address as a number with the host's bits off, how many bits it has, and how many are the network's."""

    address: int
    bits: int  # 32 or 128
    length: int

    @property
    def last(self) -> int:
        return self.address | ((1 << (self.bits - self.length)) - 1)


def _parsed(prefix: str) -> _Network:
    """Go's ParseCIDR as Terraform has it: noughts may lead in an IPv4 address, and its host's bits may be set."""
    address, slash, length_text = prefix.partition("/")
    match = _V4.fullmatch(address)
    error = EvaluationError(f"invalid CIDR expression: invalid CIDR address: {prefix}")
    if not slash or not re.fullmatch(r"\d{1,5}", length_text, re.ASCII):
        raise error
    if match is not None:
        octets = [int(octet) for octet in match.groups()]
        value, bits = int.from_bytes(bytes(min(octet, 255) for octet in octets), "big"), 32
        if max(octets) > 255:
            raise error
    else:
        try:
            value, bits = int(ipaddress.IPv6Address(address)), 128
        except ValueError:
            raise error from None
        if "%" in address:
            raise error
    length = int(length_text)
    if length > bits:
        raise error
    host_bits = bits - length
    return _Network(value >> host_bits << host_bits, bits, length)


def _address(value: int, bits: int) -> str:
    if bits == 32:
        return str(ipaddress.IPv4Address(value))
    address = ipaddress.IPv6Address(value)
    return f"::ffff:{address.ipv4_mapped}" if address.ipv4_mapped is not None else str(address)


def _network(network: _Network) -> str:
    return f"{_address(network.address, network.bits)}/{network.length}"


def _whole(value: Value) -> int:
    known = number(value)
    if not isinstance(known, int):
        raise EvaluationError("value must be a whole number")
    return known


def cidrhost(prefix: Value, hostnum: Value) -> Data:
    """A negative number counts from the end of the network."""
    network, host = _parsed(text(prefix)), _whole(hostnum)
    size = 1 << (network.bits - network.length)
    if not -size <= host < size:
        raise EvaluationError(f"prefix of {network.length} does not accommodate a host numbered {host}")
    return _address(network.address + (host if host >= 0 else size + host), network.bits)


def cidrnetmask(prefix: Value) -> Data:
    network = _parsed(text(prefix))
    if network.bits != 32:
        raise EvaluationError(f"IPv6 addresses cannot have a netmask: {text(prefix)}")
    return _address(((1 << network.length) - 1) << (32 - network.length), 32)


def cidrsubnet(prefix: Value, newbits: Value, netnum: Value) -> Data:
    network, extension, subnet = _parsed(text(prefix)), whole(newbits, "newbits"), _whole(netnum)
    length = network.length + extension
    if length > network.bits:
        raise EvaluationError(f"insufficient address space to extend prefix of {network.length} by {extension}")
    if length < 0 or (extension >= 0 and subnet >= 1 << extension):
        raise EvaluationError(f"prefix extension of {extension} does not accommodate a subnet numbered {subnet}")
    # A negative number is put in bit by bit, as Terraform does, of however little use the result is.
    address = abs(network.address | (subnet << (network.bits - length)))
    return _network(_Network(address & ((1 << network.bits) - 1), network.bits, length))


def cidrsubnets(prefix: Value, *newbits: Value) -> Data:
    """Subnets one behind the other, each at the next address that its size allows."""
    network = _parsed(text(prefix))
    made: list[_Network] = []
    for value in newbits:
        extension = whole(value, "newbits")
        length = network.length + extension
        if extension < 1:
            raise EvaluationError("must extend prefix by at least one bit")
        if extension > 32:
            raise EvaluationError("may not extend prefix by more than 32 bits")
        if length > network.bits:
            kind = "IPv4" if network.bits == 32 else "IPv6"
            raise EvaluationError(f"would extend prefix to {length} bits, which is too long for an {kind} address")
        size = 1 << (network.bits - length)
        address = (made[-1].last // size + 1) * size if made else network.address
        if address > network.last:
            raise EvaluationError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits after "
                f"{_network(made[-1])}"
            )
        made.append(_Network(address, network.bits, length))
    return ListValue(tuple(Value(_network(subnet)) for subnet in made), "list")
