"""Types, arguments and blocks that aren't to be used any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...hcl.nodes import Attribute, Block
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related, Span
from ..shapes import schema_of
from .bodies import BodySite, bodies, made_type, typed_blocks
from .wording import listed


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each, at its name; the blocks of a resource itself together, at its header."""
    for block, declaration in typed_blocks(stack):
        content = schema_of(declaration) if declaration.type.startswith("aws_") else None
        if content is not None and content.deprecated is not None:
            values = _values(declaration.type, declaration.address, content.deprecated)
            yield Hit(block.labels[0].span, declaration.address, values)
    for site in bodies(stack):
        yield from _arguments(site)
        yield from _blocks(site)


def _arguments(site: BodySite) -> Iterator[Hit]:
    if site.dynamic or site.content.deprecated is not None:  # it is told of the whole type
        return
    for attribute, known in site.arguments:
        if known is None or not known.settable or known.deprecated is None:
            continue
        if not _is_null(attribute, site.instances):
            yield Hit(attribute.name_span, site.address, _values(attribute.name, site.where, known.deprecated))


def _is_null(attribute: Attribute, instances: Sequence[Instance]) -> bool:
    return bool(instances) and all(instance.value(attribute.name).data is None for instance in instances)


def _blocks(site: BodySite) -> Iterator[Hit]:
    """Deprecated blocks: those of a resource itself together, at its header, as Terraform reports them."""
    old = list(_old(site))
    if site.path:
        for block, instead in old:
            yield Hit(_made_span(block), site.address, _values(made_type(block), site.where, instead))
    elif old:
        words = {made_type(block): instead for block, instead in old}
        names, remedies = listed(tuple(words), "and"), "; ".join(dict.fromkeys(words.values()))
        values = _values(names, site.where, remedies, several=len(words) > 1)
        related = tuple(Related(f"{made_type(block)} stands here", _made_span(block)) for block, _ in old)
        yield Hit(site.header, site.address, values, related)


def _old(site: BodySite) -> Iterator[tuple[Block, str]]:
    """The deprecated blocks that are there for sure, with what to use instead."""
    for nested in site.blocks:
        schema = nested.schema
        if schema is None or nested.dynamic:
            continue
        instead = schema.deprecated if schema.deprecated is not None else schema.block.deprecated
        is_made = not nested.is_dynamic or any(not instance.optional for instance in nested.instances)
        if instead is not None and is_made:
            yield nested.block, instead


def _made_span(block: Block) -> Span:
    """The span of the type of the block that a block makes."""
    return block.labels[0].span if block.type == "dynamic" and block.labels else block.type_span


def _values(what: str, where: str, instead: str, *, several: bool = False) -> dict[str, object]:
    return {"what": what, "where": where, "instead": instead, "are": "are" if several else "is"}
