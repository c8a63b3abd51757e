"""Arguments that Terraform reads before it evaluates anything: flags and descriptions."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Block
from .static import Misform, flags, texts

_FLAGS = {
    "variable": ("sensitive", "nullable", "ephemeral"),
    "output": ("sensitive", "ephemeral"),
}
_OF_LIFECYCLE = ("create_before_destroy", "prevent_destroy")


def problems(block: Block) -> Iterator[Misform]:
    """What is wrong with the constants of a block."""
    yield from flags(block, *_FLAGS.get(block.type, ()))
    if block.type in ("variable", "output"):
        yield from texts(block, "description")
    if block.type == "resource":
        for lifecycle in block.body.blocks_of("lifecycle"):
            yield from flags(lifecycle, *_OF_LIFECYCLE)
