"""Functions on the providers of a module: which ones its blocks need, and which ones it requires.

A module is a folder: what its files require holds for these alone, not for its caller or what it calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ..hcl.nodes import Block, Template
from ..stack import Stack
from ..terraform.evaluation.values import ListValue, MapValue, Value
from ..terraform.module.references import steps_of
from ..text.source import Span

_MADE = ("resource", "data", "ephemeral", "action")  # blocks that a provider makes, found by their type's first word
_REQUIREMENTS = "required_providers"


def providers_needed(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`providers_needed()`: the providers that blocks of the module, and of those it calls, need.

    Each as {name, type, required}, where its module needs it first. `required` is true if that module's
    required_providers has the name, null where it has no such block.
    """
    required = _required(stack)
    found: dict[tuple[PurePath, str], Value] = {}
    for block in _made(stack):
        name, place = _provider(block)
        folder = _folder(block)
        if (folder, name) not in found:
            known = required.get(folder)
            parts = {
                "name": Value(name, place),
                "type": Value(block.labels[0].value, place),
                "required": Value(None if known is None else name in known, place),
            }
            found[folder, name] = Value(MapValue(parts), place)
    return Value(ListValue(tuple(found.values()), "list"), span)


def _folder(block: Block) -> PurePath:
    return PurePath(block.span.source.path).parent


def _made(stack: Stack) -> Iterator[Block]:
    """The blocks that providers make, those of checks included."""
    for block in stack.module.blocks():
        for made in (block,) if block.type != "check" else block.body.blocks_of("data"):
            if made.type in _MADE and len(made.labels) == 2 and stack.shows(made.header):
                yield made


def _provider(block: Block) -> tuple[str, Span]:
    """The name that the module calls a block's provider, and where that is written."""
    attribute = block.body.attribute("provider")
    expr = attribute.expr if attribute is not None else None
    if isinstance(expr, Template) and expr.literal:  # as of old
        return expr.literal.partition(".")[0], expr.span
    found = steps_of(expr) if expr is not None else None
    if expr is not None and found is not None:
        return found[0].name, expr.span
    label = block.labels[0]
    return label.value.partition("_")[0], label.span


def _required(stack: Stack) -> dict[PurePath, set[str]]:
    """The names in the required_providers of each folder that has such a block."""
    found: dict[PurePath, set[str]] = {}
    for block in stack.module.blocks():
        for requirements in block.body.blocks_of(_REQUIREMENTS) if block.type == "terraform" else ():
            found.setdefault(_folder(block), set()).update(attribute.name for attribute in requirements.body.attributes)
    return found
