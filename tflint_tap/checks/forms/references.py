"""Lists of references that Terraform reads as they are written: depends_on, ignore_changes, replace_triggered_by."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block, Expr, Index, Literal, Splat, Template, Variable
from ...stack import Stack
from ...terraform.module.marks import as_written
from ...terraform.module.references import steps_of
from ...text.nearest import nearest, question
from ..schema.bodies import declaration_of
from ..shapes import schema_of
from .static import Misform, Traversal, listed, traversal

_DEPENDING = ("resource", "data", "ephemeral", "module", "output", "action")
_WITH_PARTS = ("var", "local", "module")
_BLOCK = "depends_on takes whole resources, data sources and modules"


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with the lists of references in a block."""
    depends_on = block.body.attribute("depends_on")
    if depends_on is not None and block.type in _DEPENDING:
        yield from _depends_on(depends_on, stack)
    if block.type == "resource":
        for lifecycle in block.body.blocks_of("lifecycle"):
            ignored = lifecycle.body.attribute("ignore_changes")
            if ignored is not None:
                yield from _ignored(ignored, block, stack)
            triggers = lifecycle.body.attribute("replace_triggered_by")
            if triggers is not None:
                yield from _triggers(triggers, stack)


def _no_list(attribute: Attribute) -> Misform:
    right = "write a list of references in brackets"
    return Misform(attribute.expr.span, f"{attribute.name} is no list that is written out", right)


def _depends_on(attribute: Attribute, stack: Stack) -> Iterator[Misform]:
    items = listed(attribute.expr)
    if items is None:
        return  # schema/wrong-type has it
    for item in items:
        found = traversal(item, quoted=True)
        if found is None or found.root in ("null", "true", "false"):
            what = f"{_shown(item)} in depends_on is no reference"
            yield Misform(item.span, what, f"write the address of what has to be there first; {_BLOCK}")
            continue
        yield from _whole(item, found, stack)


def _whole(item: Expr, found: Traversal, stack: Stack) -> Iterator[Misform]:
    """A part of something, which nothing can wait for alone."""
    address = _address_of(found)
    if address is None or found.root in _WITH_PARTS or stack.declared(address) is None:
        return
    place = address.count(".")
    if len(found.steps) > place and place not in found.keyed:
        what = f"depends_on names {as_written(str(found))}, which is a part of {as_written(address)}"
        yield Misform(item.span, what, f"write {as_written(address)}")


def _address_of(found: Traversal) -> str | None:
    wanted = 3 if found.root in ("data", "ephemeral") else 2
    names = found.names
    return ".".join(names[:wanted]) if len(names) >= wanted else None


def _ignored(attribute: Attribute, block: Block, stack: Stack) -> Iterator[Misform]:
    if isinstance(attribute.expr, Variable) and attribute.expr.name == "all":
        return
    items = listed(attribute.expr)
    if items is None:
        if isinstance(attribute.expr, Variable):
            what = f"ignore_changes is neither a list nor the word all, but {attribute.expr.name}"
            yield Misform(attribute.expr.span, what, f"write [{attribute.expr.name}]")
        return  # schema/wrong-type has the rest
    for item in items:
        found = traversal(item, quoted=True)
        text = item.literal if isinstance(item, Template) else None
        if text == "*":
            yield Misform(item.span, 'ignore_changes has the wildcard "*"', "write ignore_changes = all")
        elif found is None or isinstance(item, Literal):
            what = f"{_shown(item)} in ignore_changes is no argument's name"
            yield Misform(item.span, what, "write names of the resource's own arguments, without quotes")
        elif text is not None:
            yield from _quoted(item, found.root, block, stack)


def _quoted(item: Expr, name: str, block: Block, stack: Stack) -> Iterator[Misform]:
    """A name in quotes that the resource doesn't have; those without quotes are references/unknown-attribute's."""
    schema = schema_of(stack.module, declaration_of(stack, block))
    if schema is not None and not schema.opaque and name not in (*schema.attributes, *schema.blocks):
        near = nearest(name, schema.attributes)
        what = f"ignore_changes names {name}, which {block.labels[0].value} doesn't have"
        yield Misform(item.span, what, question(near) if near else "remove it")


def _triggers(attribute: Attribute, stack: Stack) -> Iterator[Misform]:
    items = listed(attribute.expr)
    if items is None:
        return  # schema/wrong-type has it
    for item in items:
        problem = _trigger(item, stack)
        if problem is not None:
            yield problem


def _trigger(item: Expr, stack: Stack) -> Misform | None:
    right = "write resources of this module, their instances or attributes"
    found = steps_of(item)
    if found is None or any(isinstance(step, Splat) for step in found[1]):
        return Misform(item.span, f"{_shown(item)} in replace_triggered_by is no reference", right)
    root = found[0].name
    keys = (step.key for step in found[1] if isinstance(step, Index))
    for reference in (reference for key in keys for reference in stack.module.references(key)):
        if reference.root in ("var", "local", "data", "module", "path", "terraform"):
            what = f"the key in {_shown(item)} refers to {as_written(reference.address)}"
            return Misform(reference.span, what, "use count.index, each.key or a key that is written out")
    if root in ("var", "local", "data", "module", "each", "count", "self", "path", "terraform"):
        return Misform(item.span, f"replace_triggered_by names {_shown(item)}, which is no resource", right)
    return None


def _shown(expr: Expr) -> str:
    text = " ".join(expr.span.text.split())
    return text if len(text) <= 60 else "what is written here"
