"""The attributes that a stack's expressions read, by the provider's schema: one walk that several rules share."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Block, Body, Expr, Tuple
from ..records import dataclass
from ..stack import Stack
from ..terraform.module import Declaration, Module
from ..terraform.module.expressions import expressions
from ..terraform.module.references import iterator_name
from .expression_shapes import Names, OldStep, Shapes, WrongStep, member_shape
from .shapes import STRING, Members, Shape, Single, element, shape_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What the expressions of a top-level block read: steps that lead nowhere, and to what is deprecated."""

    address: str | None
    wrong: tuple[WrongStep, ...]
    old: tuple[OldStep, ...]


def readings(stack: Stack) -> tuple[Reading, ...]:
    """What each top-level block in the shown files reads, where the schema has something against it; made once."""
    return stack.once(_readings)


def _readings(stack: Stack) -> tuple[Reading, ...]:
    shapes = Shapes(stack.module)
    declared = {id(item.block): item for item in stack.module.declarations.values() if item.block is not None}
    found: list[Reading] = []
    for file in stack.shown:
        for block in file.body.blocks:
            declaration = declared.get(id(block))
            judged = {id(attribute_.expr) for attribute_, _ in expressions(block)}
            for expr, names in scoped(block.body, names_in(block, shapes, declaration), shapes):
                if id(expr) in judged:
                    shapes.of(expr, names)
            for expr, own in _ignored(block, declaration, stack.module):
                shapes.of_own(expr, own)
            if shapes.problems or shapes.outdated:
                address = declaration.address if declaration is not None else None
                found.append(Reading(address, tuple(shapes.problems), tuple(shapes.outdated)))
                shapes.problems.clear()
                shapes.outdated.clear()
    return tuple(found)


def names_in(block: Block, shapes: Shapes, declaration: Declaration | None) -> dict[str, Shape | None]:
    """The shapes of what exists only within a block: each, count, self. What these have is another rule's."""
    names: dict[str, Shape | None] = {"each": None, "count": None}
    for_each = block.body.attribute("for_each")
    if for_each is not None:
        collection = shapes.apart().of(for_each.expr, {})
        names["each"] = Members({"key": STRING, "value": element(collection) or member_shape(collection)})
    if declaration is not None:
        own = shape_of(shapes.module, declaration)
        if own is not None:
            names["self"] = own.block
    return names


def scoped(body: Body, names: Names, shapes: Shapes) -> Iterator[tuple[Expr, Names]]:
    """Every argument's expression in a body, with the shapes of what exists only there."""
    for attribute_ in body.attributes:
        yield attribute_.expr, names
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            collection = block.body.attribute("for_each")
            shape = None
            if collection is not None:
                yield collection.expr, names
                shape = shapes.apart().of(collection.expr, names)
            member = Members({"key": None, "value": element(shape) or member_shape(shape)}, closed=True)
            for content in block.body.blocks:
                yield from scoped(content.body, {**names, iterator_name(block): member}, shapes)
        else:
            yield from scoped(block.body, names, shapes)


def _ignored(block: Block, declaration: Declaration | None, module: Module) -> Iterator[tuple[Expr, Single]]:
    """The attributes that a resource's ignore_changes names."""
    shape = shape_of(module, declaration) if declaration is not None and declaration.kind == "resource" else None
    if declaration is None or shape is None:
        return
    for lifecycle in block.body.blocks_of("lifecycle"):
        ignored = lifecycle.body.attribute("ignore_changes")
        if ignored is not None and isinstance(ignored.expr, Tuple):
            for item in ignored.expr.items:
                yield item, Single(shape.block, declaration.address)
