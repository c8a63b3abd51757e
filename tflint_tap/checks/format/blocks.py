"""Top-level blocks of a type as hits."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit
from ...stack import Stack


def hits(stack: Stack, type_: str) -> Iterator[Hit]:
    for file in stack.shown:
        for block in file.body.blocks_of(type_):
            address = ".".join([type_, *(label.value for label in block.labels)])
            yield Hit(block.header, address, {"name": block.labels[-1].value if block.labels else "no name"})
