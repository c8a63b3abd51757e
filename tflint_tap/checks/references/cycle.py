"""References: what they make wait for what: loops, and waiting that is asked for twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...hcl.nodes import Expr, Parentheses, Tuple
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Declaration
from ...terraform.module.graph import Dependency, Loop, loops
from ...terraform.module.references import entry_reference
from ...text.source import Related

LONGEST_PATH = 8  # addresses of a loop that a message names
MOST_OTHERS = 5  # declarations beside a loop that are named as caught with it


def cycle(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each loop, at the reference that closes it; a doubt where it leads through a module's inside."""
    found = stack.dependencies
    certain = list(loops(dependency for dependency in found if dependency.doubt is None))
    caught = {step.source for loop in certain for step in (*loop.steps, *loop.others)}
    yield from (_loop_hit(stack, loop, None) for loop in certain)
    for loop in loops(found):
        doubt = next((step.doubt for step in loop.steps if step.doubt is not None), None)
        if doubt is not None and caught.isdisjoint(step.source for step in loop.steps):
            yield _loop_hit(stack, loop, doubt)


def _loop_hit(stack: Stack, loop: Loop, doubt: str | None) -> Hit:
    # within a module call there is a step from the whole to its outputs, which isn't written anywhere
    steps = [step for step in loop.steps if step.by]
    closing = steps[-1]
    if not stack.shows(closing.span):
        closing = next((step for step in reversed(steps) if stack.shows(step.span)), closing)
    path = [steps[0].addresses[0], *(step.addresses[1] for step in steps)]
    related = [Related(_worded(step), step.span) for step in steps if step is not closing]
    own = len(steps) == 1
    for step in loop.others[:MOST_OTHERS]:
        words = f"{step.addresses[0]} refers to itself here too" if own else f"{_worded(step)}, and is caught with them"
        related.append(Related(words, step.span))
    return Hit(closing.span, path[0], {"path": _shortened(path)}, tuple(related), doubt=doubt)


def _worded(step: Dependency) -> str:
    source, target = step.addresses
    if step.by == "provider":
        return f"{source} is made by {target}"
    if step.by == "import":
        return f"{source} is imported by an id that needs {target}"
    return f"{source} refers to {target} here"


def _shortened(path: Sequence[str]) -> tuple[str, ...]:
    if len(path) <= LONGEST_PATH:
        return tuple(path)
    return (*path[: LONGEST_PATH // 2], "…", *path[-(LONGEST_PATH - LONGEST_PATH // 2 - 1) :])


def redundant_depends_on(stack: Stack, rule: Rule) -> Iterator[Hit]:
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
            way = needed[target]
            values = {"target": target, "again": False, "by": way[0].by, "via": [step.target for step in way[:-1]]}
            yield Hit(entry.span, address, values, tuple(Related(_worded(step), step.span) for step in way))
        first.setdefault(target, entry)


def _needed(address: str, found: Mapping[str, list[Dependency]]) -> dict[str, tuple[Dependency, ...]]:
    """What a resource's own arguments refer to, directly or through locals, each with the way there."""
    ways: dict[str, tuple[Dependency, ...]] = {}
    pending: list[tuple[str, tuple[Dependency, ...]]] = [(address, ())]
    for source, way in pending:
        for dependency in found.get(source, ()):
            if dependency.target not in ways:
                ways[dependency.target] = (*way, dependency)
                if dependency.target.startswith("local."):
                    pending.append((dependency.target, ways[dependency.target]))
    return ways
