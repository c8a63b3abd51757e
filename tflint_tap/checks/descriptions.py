"""Descriptions of variables and outputs."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Block, Template
from ..rule import Hit


def without_description(block: Block, address: str) -> Iterator[Hit]:
    """A hit where a block's description is missing or empty."""
    description = block.body.attribute("description")
    if description is None:
        yield Hit(block.header, address)
    elif isinstance(description.expr, Template):
        text = description.expr.literal
        if text is not None and not text.strip():
            yield Hit(description.expr.span, address)
