"""Arguments that are set twice."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Body
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError
from ...terraform.typing import RepeatedAttribute, parse_type
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Arguments that are set again in the same body; in `locals`, Terraform reports the name as declared twice."""
    for file in stack.texts:
        for again, first in repeated(file.body):
            related = (Related("it is set here first", first.name_span),)
            yield Hit(again.name_span, values={"argument": again.name, "where": "this block"}, related=related)
        for block in file.body.blocks_of("variable"):
            type_ = block.body.attribute("type")
            repeated_ = _repeated_in_type(type_) if type_ is not None else None
            if repeated_ is not None:
                values = {"argument": repeated_.name, "where": "this object type"}
                yield Hit(repeated_.span, values=values)


def _repeated_in_type(type_: Attribute) -> RepeatedAttribute | None:
    """The attribute that an object type names again."""
    try:
        parse_type(type_.expr)
    except RepeatedAttribute as repeated_:
        return repeated_
    except EvaluationError:
        pass
    return None


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
