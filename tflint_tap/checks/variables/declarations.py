"""The variables that a module declares, and flags of their blocks."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Block, Literal
from ...stack import Stack
from ...terraform.module import Declaration


def variables(stack: Stack) -> Iterator[tuple[Declaration, Block]]:
    for declaration in stack.module.of_kind("variable"):
        if declaration.block is not None:
            yield declaration, declaration.block


def flag(block: Block, name: str) -> bool | None:
    attribute = block.body.attribute(name)
    expr = attribute.expr if attribute is not None else None
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, bool) else None
