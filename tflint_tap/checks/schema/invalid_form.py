"""Forms of Terraform's own arguments and blocks that Terraform refuses."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import TOP_LEVEL
from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack
from ..forms import (
    addresses,
    conditions,
    constants,
    modules,
    names,
    providers,
    provisioners,
    references,
    repetition,
    settings,
)
from ..forms.static import Misform
from .bodies import declaration_of


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each form, at the part that is wrong."""
    for file in stack.shown:
        for block in file.body.blocks:
            for problem in _in_block(block, stack):
                yield Hit(problem.span, _address(stack, block), {"what": problem.what, "right": problem.right})


def _in_block(block: Block, stack: Stack) -> Iterator[Misform]:
    yield from names.problems(block)
    yield from constants.problems(block)
    yield from repetition.problems(block, stack)
    yield from references.problems(block, stack)
    yield from providers.problems(block, stack)
    yield from provisioners.problems(block, stack)
    yield from conditions.problems(block, stack)
    yield from addresses.problems(block, stack)
    yield from modules.problems(block)
    yield from settings.problems(block)


def _address(stack: Stack, block: Block) -> str | None:
    language = TOP_LEVEL.get(block.type)
    return declaration_of(stack, block).address if language and language.labels and block.labels else None
