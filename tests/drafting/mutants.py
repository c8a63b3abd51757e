"""Stacks that lack one thing: a block, a setting, a key of a map, an end of a wire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tflint_tap.hcl.nodes import Attribute, Block, Body, File, Object, ObjectItem
from tflint_tap.records import replace
from tflint_tap.stack import Stack

_DROPPED = ("resource", "data", "variable", "output")
_HELD = ("resource", "data")
# What Terraform itself reads says how a resource is made, not what it is.
_META = frozenset(("depends_on", "lifecycle", "provider", "timeouts", "connection", "provisioner", "for_each"))


@dataclass(frozen=True)
class Mutant:
    """A stack's file without one thing: which, of what kind (`resource`, `variable`, `setting`, `wire`, …)."""

    kind: str
    name: str
    file: File
    dropped: Block | Attribute | ObjectItem

    def tree(self) -> File:
        """The file as it would be read without the text of what is dropped."""
        span = self.dropped.span
        comments = tuple(comment for comment in self.file.comments if not span.contains(comment.span))
        return replace(self.file, body=_pruned(self.file.body, self.dropped), comments=comments)


def _pruned(body: Body, dropped: Block | Attribute | ObjectItem) -> Body:
    blocks = (
        replace(item, body=_pruned(item.body, dropped)) if item.span.contains(dropped.span) else item
        for item in body.blocks
        if item is not dropped
    )
    attributes = (
        _shortened(item, dropped) if item.span.contains(dropped.span) else item
        for item in body.attributes
        if item is not dropped
    )
    return Body(tuple(attributes), tuple(blocks), body.span)


def _shortened(attribute: Attribute, dropped: Block | Attribute | ObjectItem) -> Attribute:
    """An argument whose map lacks a key."""
    assert isinstance(attribute.expr, Object)
    kept = tuple(item for item in attribute.expr.items if item is not dropped)
    return replace(attribute, expr=replace(attribute.expr, items=kept))


def mutants_of(stack: Stack) -> Iterator[Mutant]:
    """All that one file of a stack can lack, one at a time, in the order of the text."""
    (file,) = stack.module.files
    wired = frozenset(_wired(stack))
    for block in file.body.blocks:
        if block.type in _DROPPED:
            yield Mutant(block.type, _place(block, _name(block)), file, block)
        if block.type in _HELD:
            yield from _settings(file, block, _name(block), wired)


def _wired(stack: Stack) -> Iterator[int]:
    """The starts of the arguments that make an edge."""
    for kind in stack.wiring.kinds:
        for edge in stack.wiring.edges(kind):
            attribute = edge.via.body.attribute(edge.argument)
            if attribute is not None:
                yield attribute.span.start


def _name(block: Block) -> str:
    return ".".join(label.value for label in block.labels)


def _settings(file: File, block: Block, name: str, wired: frozenset[int]) -> Iterator[Mutant]:
    for attribute in block.body.attributes:
        if attribute.name not in _META:
            path = f"{name}.{attribute.name}"
            kind = "wire" if attribute.span.start in wired else "setting"
            yield Mutant(kind, _place(attribute, path), file, attribute)
            yield from _items(file, attribute, path)
    for inner in block.body.blocks:
        path = f"{name}.{inner.type if inner.type != 'dynamic' else inner.labels[0].value}"
        if inner.type not in _META:
            yield Mutant("block", _place(inner, path), file, inner)
            for content in inner.body.blocks_of("content") if inner.type == "dynamic" else (inner,):
                yield from _settings(file, content, path, wired)


def _items(file: File, attribute: Attribute, path: str) -> Iterator[Mutant]:
    """The keys of a map that is written as one."""
    if isinstance(attribute.expr, Object):
        for item in attribute.expr.items:
            yield Mutant("key", _place(item, f"{path}.{item.key.span.text}"), file, item)


def _place(dropped: Block | Attribute | ObjectItem, name: str) -> str:
    return f"{name}, line {dropped.span.line}"
