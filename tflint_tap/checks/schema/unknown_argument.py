"""Arguments that a body doesn't take."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.provider import differs
from ...hcl.nodes import Attribute
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Module
from ...text.nearest import nearest, question
from ..versions import explained
from .bodies import BodySite, bodies


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument that the schema doesn't have, at its name."""
    for file in stack.shown:
        for attribute in file.body.attributes:
            values = {"argument": attribute.name, "where": "a file", "since": "", "right": "move it into a block"}
            yield Hit(attribute.name_span, values=values)
    for site in bodies(stack):
        for attribute, known in site.arguments:
            if known is None:
                yield _unknown(attribute, site, stack.module)


def _unknown(attribute: Attribute, site: BodySite, module: Module) -> Hit:
    name = attribute.name
    values = {"argument": name, "where": site.where, "since": ""}
    if name in site.content.blocks or (site.meta is not None and name in site.meta.blocks):
        right = f"{name} is a block: write {name} {{ … }}"
        doubt = differs(module, site.key, site.path, name)
        return Hit(attribute.name_span, site.address, {**values, "right": right}, doubt=doubt)
    found = explained(module, site.key, site.path, name)
    values |= {"since": found.suffix, "right": found.right or _right(attribute, site)}
    return Hit(attribute.name_span, site.address, values, doubt=found.doubt)


def _right(attribute: Attribute, site: BodySite) -> str:
    content, meta = site.content, site.meta
    names = [*content.attributes, *(meta.attributes if meta is not None else ())]
    settable = [name for name in names if name not in content.attributes or content.attributes[name].settable]
    near = nearest(attribute.name, settable) or nearest(attribute.name, content.blocks)
    return question(near) if near else "remove it, or use an argument that exists"
