"""Provisioners and the connections that they use."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import CONNECTION, PROVISIONERS
from ...hcl.nodes import Block
from ...text.nearest import nearest, question
from .static import Misform, keyword

_WORDS = {"when": ("create", "destroy"), "on_failure": ("continue", "fail")}


def problems(block: Block) -> Iterator[Misform]:
    """What is wrong with the provisioners and connections of a block."""
    if block.type not in ("resource", "removed"):
        return
    for connection in block.body.blocks_of("connection"):
        yield from _connection(connection)
    for provisioner in block.body.blocks_of("provisioner"):
        if len(provisioner.labels) == 1:
            yield from _provisioner(provisioner, block)


def _provisioner(provisioner: Block, block: Block) -> Iterator[Misform]:
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
    own = {"when", "on_failure"}
    for attribute in provisioner.body.attributes:
        if attribute.name not in schema.attributes and attribute.name not in own:
            near = nearest(attribute.name, [*schema.attributes, *own])
            what = f"the provisioner {label.value} takes no argument {attribute.name}"
            yield Misform(attribute.name_span, what, question(near) if near else "remove it")
    missing = [name for name, item in schema.attributes.items() if item.required]
    for name in missing:
        if provisioner.body.attribute(name) is None:
            what = f"the provisioner {label.value} lacks the argument {name}"
            yield Misform(provisioner.header, what, f"set {name}")
    for nested in provisioner.body.blocks:
        if nested.type == "connection":
            yield from _connection(nested)
        else:
            what = f"a provisioner takes no {nested.type} block"
            yield Misform(nested.type_span, what, "remove it, or move it into the resource")


def _connection(connection: Block) -> Iterator[Misform]:
    for attribute in connection.body.attributes:
        if attribute.name not in CONNECTION.attributes:
            near = nearest(attribute.name, CONNECTION.attributes)
            what = f"a connection takes no argument {attribute.name}"
            yield Misform(attribute.name_span, what, question(near) if near else "remove it")
    if connection.body.attribute("host") is None:
        yield Misform(connection.header, "the connection lacks the argument host", "set host")
