"""Small stacks to ask for their edges."""

from __future__ import annotations

from tests.stacks import stack_of
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.expansion import Instance
from tflint_tap.wiring.graph import Connections
from tflint_tap.wiring.resolve import Named


def resource(stack: Stack, address: str) -> Instance:
    return next(instance for instance in stack.resources() if instance.address == address)


def named(text: str, address: str, argument: str, *types: str, how: str = "any") -> Named:
    """What an argument of a resource names in a stack."""
    stack = stack_of(text)
    return stack.wiring.resolver.argument(resource(stack, address), argument, types, how)


def addresses(named: Named) -> tuple[list[str], list[tuple[str, str]]]:
    """The certain ones and the possible ones with their doubts."""
    possible = [(instance.address, doubt) for instance, doubt in named.possible]
    return [instance.address for instance in named.certain], possible


def edges(text: str, kind: str) -> list[tuple[str, str, str | None]]:
    """Source, target and doubt of the edges of a kind."""
    return [(edge.source.address, edge.target.address, edge.doubt) for edge in stack_of(text).wiring.edges(kind)]


def ends(connections: Connections) -> list[tuple[bool, str | None]]:
    return [(end.outside, end.doubt) for end in connections.ends]
