"""Blocks that a file or a body doesn't take, and blocks with the wrong number of labels."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import TOP_LEVEL
from ...aws.provider import differs
from ...hcl.nodes import Block
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Module
from ...text.listing import listed
from ...text.nearest import nearest, question
from ...text.source import Related, Span
from ..versions import explained
from .bodies import BlockSite, BodySite, bodies


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each, at its type or at the label that is wrong."""
    for file in stack.shown:
        for block in file.body.blocks:
            yield from _top_level(block)
    for site in bodies(stack):
        for nested in site.blocks:
            if nested.labels is not None and len(nested.block.labels) != len(nested.labels):
                yield _wrongly_labelled(nested.block, nested.labels, site)
            # what a call of a module holds is schema/invalid-form's
            if nested.inner is not None and nested.schema is None and site.kind != "module":
                yield _unknown(nested, site, stack.module)


def _top_level(block: Block) -> Iterator[Hit]:
    language = TOP_LEVEL.get(block.type)
    if language is None:
        near = nearest(block.type, TOP_LEVEL)
        right = question(near) if near else f"use one of {listed(tuple(TOP_LEVEL), 'or')}"
        values = {"what": f"Terraform has no block type {block.type}", "right": right}
        yield Hit(block.type_span, None, values)
    elif len(block.labels) != len(language.labels):
        names = language.labels
        takes = f"{len(names)} label{'s' if len(names) > 1 else ''}, {listed(names, 'and')}" if names else "no labels"
        what = f"{block.type} blocks take {takes}, but this one has {len(block.labels) or 'none'}"
        yield Hit(_label_span(block, names), None, {"what": what, "right": f"give it {takes}"})
    elif block.type == "locals":
        for nested in block.body.blocks:
            what = f"a locals block takes no blocks, but it has a {nested.type} block"
            values = {"what": what, "right": f"write {nested.type} = {{ … }} to set a value"}
            yield Hit(nested.type_span, None, values)


def _wrongly_labelled(block: Block, labels: tuple[str, ...], site: BodySite) -> Hit:
    takes = f"{len(labels)} label{'s' if len(labels) > 1 else ''}" if labels else "no label"
    what = f"{block.type} blocks in {site.where} take {takes}"
    return Hit(_label_span(block, labels), site.address, {"what": what, "right": f"give it {takes}"})


def _label_span(block: Block, labels: tuple[str, ...]) -> Span:
    """The span of the first label too many; the header's where there are too few."""
    return block.header if len(block.labels) < len(labels) else block.labels[len(labels)].span


def _unknown(nested: BlockSite, site: BodySite, module: Module) -> Hit:
    block, type_, content, meta = nested.block, nested.type, site.content, site.meta
    span = block.labels[0].span if nested.is_dynamic else block.type_span
    names = [*content.blocks, *(meta.blocks if meta is not None else ())]
    attribute = content.attributes.get(type_)
    related: tuple[Related, ...] = ()
    since, doubt = "", differs(module, site.key, site.path, type_) if attribute is not None else None
    if attribute is not None and attribute.settable:
        if attribute.required:  # it isn't reported as missing: that is the same mistake
            related = (Related(f"the argument {type_} is required here", site.header),)
        right = f"{type_} is an argument: write {type_} = …"
    elif attribute is not None:
        right = f"remove it: only the provider sets {type_}"
    else:
        known = [*names, *(name for name, item in content.attributes.items() if item.as_blocks)]
        found = explained(module, site.key, site.path, type_)
        since, doubt = found.suffix, found.doubt
        near = nearest(type_, known) or nearest(type_, content.attributes) if found.right is None else None
        right = found.right or (question(near) if near else "remove it, or use a block that exists")
    values = {"what": f"{site.where} takes no {type_} block{since}", "right": right}
    return Hit(span, site.address, values, related, doubt=doubt)
