"""Entries of depends_on that a resource waits for anyway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...hcl.nodes import Expr, Parentheses, Tuple
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Declaration
from ...terraform.module.graph import Dependency
from ...terraform.module.references import entry_reference
from ...text.source import STEP, Related
from .waiting import worded


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each entry of a resource's depends_on that it waits for anyway, or that stands there twice.

    Those of data sources and modules are left alone: there, depends_on also puts off reading. A module that is
    named is as well: to refer to an output is to wait for that output only.
    """
    found: dict[str, list[Dependency]] = {}
    for dependency in stack.dependencies:
        if dependency.by not in ("depends_on", "provider", "import"):
            found.setdefault(dependency.source, []).append(dependency)
    for declaration in stack.module.of_kind("resource"):
        entries = list(_entries(declaration))
        if entries:
            yield from _redundant(stack, declaration.address, entries, found)


def _entries(declaration: Declaration) -> Iterator[Expr]:
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("depends_on")
    expr = attribute.expr if attribute is not None else None
    while isinstance(expr, Parentheses):
        expr = expr.expr
    if isinstance(expr, Tuple):
        yield from expr.items


def _redundant(stack: Stack, address: str, entries: list[Expr], found: Mapping[str, list[Dependency]]) -> Iterator[Hit]:
    needed = _needed(address, found)
    first: dict[str, Expr] = {}
    for entry in entries:
        reference = entry_reference(entry)
        declaration = stack.declared(reference.address) if reference is not None else None
        if declaration is None or declaration.kind not in ("resource", "data"):
            continue
        target = declaration.address
        if target in first:
            related = (Related("it stands here first", first[target].span),)
            yield Hit(entry.span, address, {"target": target, "again": True, "by": "", "via": ()}, related)
        elif target in needed:
            way = _way(target, needed, address)
            values = {"target": target, "again": False, "by": way[0].by, "via": [step.target for step in way[:-1]]}
            yield Hit(entry.span, address, values, tuple(Related(worded(step), step.span, STEP) for step in way))
        first.setdefault(target, entry)


def _needed(address: str, found: Mapping[str, list[Dependency]]) -> dict[str, Dependency]:
    """The targets of a resource's own arguments, direct or through locals, each with the last step of the way."""
    reached: dict[str, Dependency] = {}
    pending = [address]
    for source in pending:  # which grows meanwhile
        for dependency in found.get(source, ()):
            if dependency.target not in reached:
                reached[dependency.target] = dependency
                if dependency.target.startswith("local."):
                    pending.append(dependency.target)
    return reached


def _way(target: str, reached: Mapping[str, Dependency], start: str) -> list[Dependency]:
    """The steps from a declaration to what it needs."""
    way = [reached[target]]
    while way[-1].source != start:
        way.append(reached[way[-1].source])
    return way[::-1]
