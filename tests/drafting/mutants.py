"""Stacks that lack one thing: a block, a setting, a key of a map, an end of a wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tflint_tap.hcl.nodes import Attribute, Block, Object
from tflint_tap.stack import Stack
from tflint_tap.text.source import Span

_DROPPED = ("resource", "data", "variable", "output")
_HELD = ("resource", "data")
# What Terraform itself reads says how a resource is made, not what it is.
_META = frozenset(("depends_on", "lifecycle", "provider", "timeouts", "connection", "provisioner", "for_each"))


@dataclass(frozen=True)
class Mutant:
    """A stack's text without one thing: which, of what kind (`resource`, `variable`, `setting`, `wire`, …)."""

    kind: str
    name: str
    text: str


def mutants_of(stack: Stack) -> Iterator[Mutant]:
    """All that one file of a stack can lack, one at a time, in the order of the text."""
    (file,) = stack.module.files
    wired = frozenset(_wired(stack))
    for block in file.body.blocks:
        if block.type in _DROPPED:
            yield _without(block.span, block.type, _name(block))
        if block.type in _HELD:
            yield from _settings(block, _name(block), wired)


def _wired(stack: Stack) -> Iterator[int]:
    """The starts of the arguments that make an edge."""
    for kind in stack.wiring.kinds:
        for edge in stack.wiring.edges(kind):
            attribute = edge.via.body.attribute(edge.argument)
            if attribute is not None:
                yield attribute.span.start


def _name(block: Block) -> str:
    return ".".join(label.value for label in block.labels)


def _settings(block: Block, name: str, wired: frozenset[int]) -> Iterator[Mutant]:
    for attribute in block.body.attributes:
        if attribute.name not in _META:
            path = f"{name}.{attribute.name}"
            yield _without(attribute.span, "wire" if attribute.span.start in wired else "setting", path)
            yield from _items(attribute, path)
    for inner in block.body.blocks:
        path = f"{name}.{inner.type if inner.type != 'dynamic' else inner.labels[0].value}"
        if inner.type not in _META:
            yield _without(inner.span, "block", path)
            for content in inner.body.blocks_of("content") if inner.type == "dynamic" else (inner,):
                yield from _settings(content, path, wired)


def _items(attribute: Attribute, path: str) -> Iterator[Mutant]:
    """The keys of a map that is written as one."""
    if isinstance(attribute.expr, Object):
        for item in attribute.expr.items:
            yield _without(item.span, "key", f"{path}.{item.key.span.text}")


def _without(span: Span, kind: str, name: str) -> Mutant:
    text = span.source.text
    return Mutant(kind, f"{name}, line {span.line}", text[: span.start] + text[span.end :])
