"""Declarations of what is declared already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Module, is_override
from ...terraform.module.graph import provider_address
from ...terraform.module.marks import call_of
from ...text.source import Related, Span
from .undeclared import scoped

# Blocks of which a module, or a block, has one at most; a cloud block stands in a backend's place.
_SINGLE_OF_TERRAFORM = {"required_providers": "required_providers", "backend": "backend", "cloud": "backend"}
_SINGLE_OF_BLOCK = ("lifecycle", "connection")
_WITH_LIFECYCLE = ("resource", "data", "ephemeral")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each declaration of what is declared already, at the later one; the first is related."""
    for name, single, first, again in _clashes(stack.module):
        here, there, where = (again, first, "first") if stack.shows(again) else (first, again, "again")
        values = {"name": name, "single": single}
        yield Hit(here, None if single else name, values, (Related(f"it stands here {where}", there),))


def _clashes(module: Module) -> Iterator[tuple[str, bool, Span, Span]]:
    """The repeated declarations: the name, if it is a block that may exist once only, and the two places."""
    for again, first in module.duplicates:
        if again.attribute is not None and _share_body(module, first.span, again.span):
            continue  # syntax/duplicate-argument has it
        yield again.address, False, first.span, again.span
    for call in dict.fromkeys(file.call for file in module.files):
        files = (file for file in module.files if file.call == call and not is_override(file))
        yield from _among(module, [block for file in files for block in file.body.blocks], call)


def _among(module: Module, blocks: list[Block], call: str) -> Iterator[tuple[str, bool, Span, Span]]:
    """The repeated blocks of a module, of which the module of a `call` has its own."""
    named = chain(
        ((provider_address(block), block.header) for block in blocks if block.type == "provider" and block.labels),
        ((item.address, item.span) for item in module.of_kind("data") if call_of(item.address) == call),
        (pair for block in blocks for pair in scoped(block)),
        _imports(blocks),
    )
    yield from ((name, False, first, again) for name, first, again in _repeated(named))
    settings = (
        (_SINGLE_OF_TERRAFORM[nested.type], nested.header)
        for block in blocks
        if block.type == "terraform"
        for nested in block.body.blocks
        if nested.type in _SINGLE_OF_TERRAFORM
    )
    yield from ((name, True, first, again) for name, first, again in _repeated(settings))
    for block in blocks:
        if block.type in _WITH_LIFECYCLE:
            inner = ((item.type, item.header) for item in block.body.blocks if item.type in _SINGLE_OF_BLOCK)
            yield from ((name, True, first, again) for name, first, again in _repeated(inner))


def _share_body(module: Module, *spans: Span) -> bool:
    return any(all(block.span.contains(span) for span in spans) for block in module.blocks())


def _imports(blocks: Iterable[Block]) -> Iterator[tuple[str, Span]]:
    """The import blocks of one instance each, by what they import."""
    for block in blocks:
        to = block.body.attribute("to")
        if block.type == "import" and to is not None and block.body.attribute("for_each") is None:
            yield f"the import to {to.expr.span.code}", to.expr.span


def _repeated(named: Iterable[tuple[str, Span]]) -> Iterator[tuple[str, Span, Span]]:
    first: dict[str, Span] = {}
    for name, span in named:
        if name in first:
            yield name, first[name], span
        first.setdefault(name, span)
