"""Blocks of which there are too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...aws.provider import differs
from ...aws.schema import BlockSchema
from ...hcl.nodes import Block
from ...records import replace
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related
from .bodies import BodySite, bodies


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each type of which a body certainly has too many, at the first one too many."""
    for site in bodies(stack):
        if site.written:
            yield from _beyond(stack, site, site.content, site.instances)
            if site.meta is not None:
                yield from _beyond(stack, site, site.meta, ())


def _beyond(stack: Stack, site: BodySite, content: BlockSchema, instances: Sequence[Instance]) -> Iterator[Hit]:
    for type_, written in site.written.items():
        nested = content.blocks.get(type_)
        if nested is not None:
            most = 1 if nested.nesting == "single" else nested.max_items
            if most is not None:
                for hit in _too_many(type_, written, most, site, instances):
                    yield replace(hit, doubt=differs(stack.module, site.key, site.path, type_))


def _too_many(
    type_: str, written: Sequence[Block], most: int, site: BodySite, instances: Sequence[Instance]
) -> Iterator[Hit]:
    contents = [inner for block in written if block.type == "dynamic" for inner in block.body.blocks_of("content")]
    limit = f"at most {most}" if most > 1 else "at most one"
    for instance in instances:
        made = [block for block in instance.blocks(type_) if not block.optional]
        if len(made) > most:
            spans = {block.header: None for block in made}
            values = {"where": site.where, "block": type_, "limit": limit, "count": str(len(made))}
            first = Related("the first stands here", made[0].header)
            at = next((inner.header for inner in contents if inner.body is made[most].body), made[most].header)
            yield Hit(at, site.address, values, () if len(spans) == 1 else (first,))
            return
    if not instances:
        literal = [block for block in written if block.type != "dynamic"]
        if len(literal) > most:
            values = {"where": site.where, "block": type_, "limit": limit, "count": str(len(literal))}
            first = Related("the first stands here", literal[0].header)
            yield Hit(literal[most].header, site.address, values, (first,))
