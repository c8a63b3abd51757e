"""Blocks that a file or a body doesn't take, and blocks with too few or too many labels."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import TOP_LEVEL
from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.nearest import nearest
from ...text.source import Related, Span
from .bodies import BlockSite, BodySite, bodies
from .wording import listed


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each, at its type or at the label that is wrong."""
    for file in stack.shown:
        for block in file.body.blocks:
            yield from _top_level(block)
    for site in bodies(stack):
        for nested in site.blocks:
            if nested.labels is not None and len(nested.block.labels) != len(nested.labels):
                yield _wrongly_labelled(nested.block, nested.labels, site)
            if nested.inner is not None and nested.schema is None:
                yield _unknown(nested, site)


def _top_level(block: Block) -> Iterator[Hit]:
    language = TOP_LEVEL.get(block.type)
    if language is None:
        near = nearest(block.type, TOP_LEVEL)
        right = f"{near} was meant" if near else f"one of {listed(tuple(TOP_LEVEL), 'or')}"
        values = {"what": f"Terraform knows no block {block.type}", "right": right}
        yield Hit(block.type_span, None, values)
    elif len(block.labels) != len(language.labels):
        names = language.labels
        takes = f"{len(names)} label{'s' if len(names) > 1 else ''}, {listed(names, 'and')}" if names else "no labels"
        what = f"a block {block.type} takes {takes}, and this one has {len(block.labels) or 'none'}"
        yield Hit(_label_span(block, names), None, {"what": what, "right": f"give it {takes}"})
    elif block.type == "locals":
        for nested in block.body.blocks:
            what = f"locals holds no blocks, and so no {nested.type}"
            values = {"what": what, "right": f"{nested.type} = {{ … }} if a value is meant"}
            yield Hit(nested.type_span, None, values)


def _wrongly_labelled(block: Block, labels: tuple[str, ...], site: BodySite) -> Hit:
    takes = f"{len(labels)} label{'s' if len(labels) > 1 else ''}" if labels else "no label"
    what = f"a block {block.type} in {site.where} takes {takes}"
    return Hit(_label_span(block, labels), site.address, {"what": what, "right": f"give it {takes}"})


def _label_span(block: Block, labels: tuple[str, ...]) -> Span:
    """The first label too many, the header where there are too few."""
    return block.header if len(block.labels) < len(labels) else block.labels[len(labels)].span


def _unknown(nested: BlockSite, site: BodySite) -> Hit:
    block, type_, content, meta = nested.block, nested.type, site.content, site.meta
    span = block.labels[0].span if nested.is_dynamic else block.type_span
    names = [*content.blocks, *(meta.blocks if meta is not None else ())]
    attribute = content.attributes.get(type_)
    related: tuple[Related, ...] = ()
    if attribute is not None and attribute.settable:
        if attribute.required:  # it isn't reported as missing: that is the same mistake
            related = (Related(f"the argument {type_} is required here", site.header),)
        right = f"{type_} is an argument: {type_} = …"
    elif attribute is not None:
        right = f"only the provider sets {type_}: leave it out"
    else:
        known = [*names, *(name for name, item in content.attributes.items() if item.as_blocks)]
        near = nearest(type_, known) or nearest(type_, content.attributes)
        right = f"{near} was meant" if near else "leave it out, or name a block that there is"
    return Hit(span, site.address, {"what": f"{site.where} takes no block {type_}", "right": right}, related)
