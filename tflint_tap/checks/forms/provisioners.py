"""Provisioners and the connections that they use."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import CONNECTION, PROVISIONERS
from ...aws.schema import BlockSchema
from ...hcl.nodes import Block
from ...stack import Stack
from ...terraform.evaluation.values import Unknown, Value
from ...text.nearest import nearest, question
from ..schema.misfits import misfit
from .static import Misform, keyword

_NAMES = {name: Value(Unknown("it is known in an instance only")) for name in ("each", "count", "self")}
_WORDS = {"when": ("create", "destroy"), "on_failure": ("continue", "fail")}


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with the provisioners and connections of a block."""
    if block.type not in ("resource", "removed"):
        return
    for connection in block.body.blocks_of("connection"):
        yield from _connection(connection)
    for provisioner in block.body.blocks_of("provisioner"):
        if len(provisioner.labels) == 1:
            yield from _provisioner(provisioner, block, stack)


def _provisioner(provisioner: Block, block: Block, stack: Stack) -> Iterator[Misform]:
    label = provisioner.labels[0]
    schema = PROVISIONERS.get(label.value)
    if schema is None:
        near = nearest(label.value, PROVISIONERS)
        right = question(near) if near else f"use one of {', '.join(PROVISIONERS)}"
        yield Misform(label.span, f"Terraform has no provisioner {label.value}", right)
        return
    for name, words in _WORDS.items():
        attribute = provisioner.body.attribute(name)
        if attribute is not None and keyword(attribute.expr) not in words:
            what = f"{name} is neither {words[0]} nor {words[1]}"
            yield Misform(attribute.expr.span, what, f"write {words[0]} or {words[1]}")
    when = provisioner.body.attribute("when")
    if block.type == "removed" and (when is None or keyword(when.expr) == "create"):
        what = "a removed block can run provisioners at the end of a resource only"
        yield Misform(provisioner.header, what, "write when = destroy")
    yield from _arguments(provisioner, label.value, schema, stack)
    for nested in provisioner.body.blocks:
        if nested.type == "connection":
            yield from _connection(nested)
        else:
            what = f"a provisioner takes no {nested.type} block"
            yield Misform(nested.type_span, what, "remove it, or move it into the resource")


def _arguments(provisioner: Block, name: str, schema: BlockSchema, stack: Stack) -> Iterator[Misform]:
    own = {"when", "on_failure"}
    for attribute in provisioner.body.attributes:
        known = schema.attributes.get(attribute.name)
        if known is not None:
            value = stack.evaluator.evaluate(attribute.expr, _NAMES)
            wrong = misfit(stack, value, known.type)
            if wrong is not None:
                what = f"{attribute.name}{wrong.path} is {wrong.given}"
                yield Misform(attribute.expr.span, what, f"use {wrong.wanted}")
        elif attribute.name not in own:
            near = nearest(attribute.name, [*schema.attributes, *own])
            what = f"the provisioner {name} takes no argument {attribute.name}"
            yield Misform(attribute.name_span, what, question(near) if near else "remove it")
    written = {attribute.name for attribute in provisioner.body.attributes}
    for missing in (needed for needed, item in schema.attributes.items() if item.required and needed not in written):
        yield Misform(provisioner.header, f"the provisioner {name} lacks the argument {missing}", f"set {missing}")
    if name == "remote-exec" and written.isdisjoint(schema.attributes):
        yield Misform(
            provisioner.header, "the provisioner remote-exec has nothing to run", "set inline, script or scripts"
        )


def _connection(connection: Block) -> Iterator[Misform]:
    for attribute in connection.body.attributes:
        if attribute.name not in CONNECTION.attributes:
            near = nearest(attribute.name, CONNECTION.attributes)
            what = f"a connection takes no argument {attribute.name}"
            yield Misform(attribute.name_span, what, question(near) if near else "remove it")
    if connection.body.attribute("host") is None:
        yield Misform(connection.header, "the connection lacks the argument host", "set host")
