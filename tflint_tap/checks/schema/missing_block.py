"""Blocks of which there are too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...aws.schema import BlockSchema
from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related
from .bodies import BodySite, bodies
from .wording import lacking


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that a body certainly lacks, at its header."""
    for site in bodies(stack):
        yield from _missing(site, site.content, site.instances)
        if site.meta is not None:
            yield from _missing(site, site.meta, ())


def _missing(site: BodySite, content: BlockSchema, instances: Sequence[Instance]) -> Iterator[Hit]:
    missing: list[str] = []
    related: list[Related] = []
    for type_, nested in content.blocks.items():
        if nested.min_items == 0:
            continue
        written = site.written.get(type_, [])
        if _too_few(type_, nested.min_items, written, instances):
            few = nested.min_items > 1
            missing.append(f"{type_}, of which at least {nested.min_items} are needed" if few else type_)
            related += [Related(f"this makes {'too few' if few else f'no {type_}'}", block.header) for block in written]
    if missing:
        yield Hit(site.header, site.address, lacking(missing, "block", site.where), tuple(related))


def _too_few(type_: str, least: int, written: Sequence[Block], instances: Sequence[Instance]) -> bool:
    """Return True if there are certainly fewer than `least` of a type, in an instance or as they are written."""
    if len(written) < least and not any(block.type == "dynamic" for block in written):
        return True
    return any(
        instance.doubt is None and len(made := instance.blocks(type_)) < least and not any(b.optional for b in made)
        for instance in instances
    )
