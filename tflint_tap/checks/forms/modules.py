"""Calls of modules: what they hold, and where the module comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Block
from .static import Misform, constant


def problems(block: Block) -> Iterator[Misform]:
    """What is wrong with a call, apart from what the module takes."""
    if block.type != "module" or len(block.labels) != 1:
        return
    for nested in block.body.blocks:
        if nested.type != "_":
            what = f"a module call takes no {nested.type} block"
            yield Misform(nested.type_span, what, f"move it out of the call, or write {nested.type} = {{ … }}")
    source = block.body.attribute("source")
    if source is None:
        yield Misform(block.header, "the module call lacks source", "set source to the module's folder or address")
        return
    value = constant(source.expr)
    if value.is_known and not isinstance(value.data, str):
        yield Misform(source.expr.span, "source is no text", "write the module's folder or address in quotes")
    version = block.body.attribute("version")
    if version is not None and isinstance(value.data, str) and value.data.startswith(("./", "../")):
        what = "version is for modules of a registry, and source is a folder"
        yield Misform(version.name_span, what, "remove version")
