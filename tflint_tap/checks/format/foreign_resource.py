"""Resources that aren't of the AWS provider."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack

_NATIVE = "aws_"  # how every type of the AWS provider begins
_TYPED = ("resource", "data", "ephemeral", "action")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource, data source or ephemeral resource that isn't of the AWS provider, at its type."""
    for file in stack.shown:
        for block in file.body.blocks:
            yield from _foreign(block)
            if block.type == "check":  # its own data source
                for nested in block.body.blocks_of("data"):
                    yield from _foreign(nested)


def _foreign(block: Block) -> Iterator[Hit]:
    if block.type not in _TYPED or not block.labels or block.labels[0].value.startswith(_NATIVE):
        return
    type_ = block.labels[0]
    names = [label.value for label in block.labels]
    address = ".".join(names if block.type == "resource" else [block.type, *names])
    yield Hit(type_.span, address, {"type": type_.value})
