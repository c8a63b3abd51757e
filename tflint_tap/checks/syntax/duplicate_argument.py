"""Arguments that are set twice."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Body
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Arguments that are set again in the same body; in `locals`, Terraform reports the name as declared twice."""
    for file in stack.texts:
        for again, first in repeated(file.body):
            related = (Related("it is set here first", first.name_span),)
            yield Hit(again.name_span, values={"argument": again.name}, related=related)


def repeated(body: Body) -> Iterator[tuple[Attribute, Attribute]]:
    """Each argument that a body or one of its blocks sets again, with the first of its name."""
    pending = [body]
    while pending:
        inner = pending.pop()
        first: dict[str, Attribute] = {}
        for attribute in inner.attributes:
            if first.setdefault(attribute.name, attribute) is not attribute:
                yield attribute, first[attribute.name]
        pending.extend(block.body for block in inner.blocks)
