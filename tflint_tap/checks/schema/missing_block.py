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
from .wording import by_doubt, lacking


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that a body certainly lacks, at its header."""
    for site in bodies(stack):
        yield from _missing(stack, site, site.content, site.instances)
        if site.meta is not None:
            yield from _missing(stack, site, site.meta, ())


def _missing(stack: Stack, site: BodySite, content: BlockSchema, instances: Sequence[Instance]) -> Iterator[Hit]:
    missing: dict[str, str] = {}
    related: dict[str, list[Related]] = {}
    for type_, nested in content.blocks.items():
        if nested.min_items == 0:
            continue
        written = site.written.get(type_, [])
        if _too_few(type_, nested.min_items, written, instances):
            few = nested.min_items > 1
            missing[type_] = f"{type_}, of which at least {nested.min_items} are needed" if few else type_
            label = f"this makes {'too few' if few else f'no {type_}'}"
            related[type_] = [Related(label, block.header) for block in written]
    for doubt, types in by_doubt(stack.module, site, missing):
        values = lacking([missing[type_] for type_ in types], "block", site.where)
        places = tuple(place for type_ in types for place in related[type_])
        yield Hit(site.header, site.address, values, places, doubt=doubt)


def _too_few(type_: str, least: int, written: Sequence[Block], instances: Sequence[Instance]) -> bool:
    """Return True if there are certainly fewer than `least` of a type, in an instance or as they are written."""
    if len(written) < least and not any(block.type == "dynamic" for block in written):
        return True
    return any(
        instance.doubt is None and len(made := instance.blocks(type_)) < least and not any(b.optional for b in made)
        for instance in instances
    )
