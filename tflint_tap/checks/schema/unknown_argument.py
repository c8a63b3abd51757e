"""Arguments that a body doesn't take."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.nearest import nearest, question
from .bodies import BodySite, bodies


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument that the schema doesn't have, at its name."""
    for file in stack.shown:
        for attribute in file.body.attributes:
            values = {"argument": attribute.name, "where": "a file", "right": "move it into a block"}
            yield Hit(attribute.name_span, values=values)
    for site in bodies(stack):
        for attribute, known in site.arguments:
            if known is None:
                values = {"argument": attribute.name, "where": site.where, "right": _right(attribute, site)}
                yield Hit(attribute.name_span, site.address, values)


def _right(attribute: Attribute, site: BodySite) -> str:
    content, meta = site.content, site.meta
    if attribute.name in content.blocks or (meta is not None and attribute.name in meta.blocks):
        return f"{attribute.name} is a block: write {attribute.name} {{ … }}"
    names = [*content.attributes, *(meta.attributes if meta is not None else ())]
    settable = [name for name in names if name not in content.attributes or content.attributes[name].settable]
    near = nearest(attribute.name, settable) or nearest(attribute.name, content.blocks)
    return question(near) if near else "remove it, or use an argument that exists"
