"""The bodies of a stack, each with the schema that holds for it: one walk, which all schema rules share.

A rule goes through `bodies(stack)`, and judges the sites one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...aws.language import DYNAMIC, LABELLED, META, TOP_LEVEL
from ...aws.schema import AttributeSchema, BlockSchema, NestedBlock, as_block, block_of
from ...hcl.nodes import Attribute, Block, Body
from ...records import dataclass, field, replace
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.module import Declaration
from ...text.source import Span
from ..called import call_schema
from ..shapes import schema_of
from .instances import alone, instances_of

_ESCAPED = "_"  # a block of a resource whose arguments count as the resource's own: none is asked for here
_NOTHING = block_of([""])  # the schema of what isn't judged


@dataclass(frozen=True, slots=True)
class BlockSite:
    """A nested block as written.

    `type` is what it makes, and `inner` the block with the body of that: of a dynamic block its label and its
    content, of others its own type and itself. `inner` is None where a dynamic block names or makes nothing. `schema`
    is None where the body takes no such block. `labels` are those that the block has to have, None where that isn't
    known. `instances` are what it makes; with `dynamic`, whether it makes any is decided elsewhere.
    """

    block: Block
    type: str
    inner: Block | None = None
    schema: NestedBlock | None = None
    labels: tuple[str, ...] | None = None
    instances: tuple[Instance, ...] = ()
    dynamic: bool = False

    @property
    def is_dynamic(self) -> bool:
        """Return True if what is written is a dynamic block."""
        return self.inner is not self.block


@dataclass(frozen=True, slots=True)
class BodySite:
    """A body, where it stands, and what the schema says of it.

    `kind` is the top-level block's type, `where` names the body in messages, `type` is the resource type whose
    constraints hold (empty for all else) and `path` the nested blocks down to here, separated by dots. `key` is the
    type as the schema has it, data sources too (empty where the body isn't the provider's). `dynamic`: a dynamic block
    makes it, or doesn't, as is decided elsewhere.

    `content` is the schema, `meta` what Terraform itself adds to it. `instances` are the configurations that this
    body stands for: none where a dynamic block makes none.
    """

    body: Body
    header: Span
    content: BlockSchema
    address: str | None
    kind: str
    where: str
    type: str = ""
    path: str = ""
    dynamic: bool = False
    key: str = ""
    meta: BlockSchema | None = None
    instances: tuple[Instance, ...] = ()
    # what the body holds: its arguments but for those of `meta`, with their schema where there is one; its blocks;
    # and its blocks by the type that they make
    arguments: tuple[tuple[Attribute, AttributeSchema | None], ...] = ()
    blocks: tuple[BlockSite, ...] = ()
    written: Mapping[str, list[Block]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The sites of a stack, and what crashed on the way to them and is still to be told."""

    sites: tuple[BodySite, ...]
    crashes: list[Exception]


def bodies(stack: Stack) -> Iterator[BodySite]:
    """Every body in the shown files that has a schema, outer ones before what they hold.

    A crash at a block takes nothing from the other blocks. It is the crash of all rules: the first that comes to the
    end raises it.
    """
    walk = stack.once(_walk)
    yield from walk.sites
    if walk.crashes:
        raise walk.crashes.pop(0)


def _walk(stack: Stack) -> _Walk:
    sites: list[BodySite] = []
    crashes: list[Exception] = []
    for file in stack.shown:
        for block in file.body.blocks:
            try:
                sites.extend(_top_level(stack, block))
            except Exception as error:
                crashes.append(error)
    return _Walk(tuple(sites), crashes)


def typed_blocks(stack: Stack) -> Iterator[tuple[Block, Declaration]]:
    """The blocks in the shown files whose type is the provider's, those within check blocks too."""
    for file in stack.shown:
        for block in file.body.blocks:
            language = TOP_LEVEL.get(block.type)
            if language is None or len(block.labels) != len(language.labels):
                continue
            if language.content is None:
                yield block, declaration_of(stack, block)
            for nested in _checked_data(block):
                yield nested, declaration_of(stack, nested)


def declaration_of(stack: Stack, block: Block) -> Declaration:
    """The declaration of a block, be it the first of its address or not."""
    prefix = {"resource": (), "variable": ("var",)}.get(block.type, (block.type,))
    address = ".".join((*prefix, *(label.value for label in block.labels)))
    known = stack.declared(address)
    return known if known is not None and known.block is block else Declaration(address, block.type, block.span, block)


def made_type(block: Block) -> str:
    """A block's type, of a dynamic one that of what it makes."""
    return block.labels[0].value if block.type == "dynamic" and block.labels else block.type


# -- top-level blocks ----------------------------------------------------------------------------------------


def _top_level(stack: Stack, block: Block) -> Iterator[BodySite]:
    language = TOP_LEVEL.get(block.type)
    if language is None or len(block.labels) != len(language.labels) or block.type == "locals":
        return
    declaration = declaration_of(stack, block)
    if language.content is None:
        yield from _typed(stack, block, declaration)
        return
    address = declaration.address if block.labels else None
    content = language.content
    instances: tuple[Instance, ...] = (alone(stack, block, declaration),)
    called = stack.module.called.modules.get(declaration.address) if block.type == "module" else None
    if called is not None and called.is_whole:
        content = call_schema(called)
        instances = stack.evaluator.instances(declaration) or instances
    site = BodySite(block.body, block.header, content, address, block.type, declaration.address, instances=instances)
    yield from _walked(stack, site)
    for nested in _checked_data(block):
        yield from _typed(stack, nested, declaration_of(stack, nested))


def _checked_data(block: Block) -> Iterator[Block]:
    """The data sources of a check block."""
    if block.type == "check":
        labels = LABELLED["check", "data"]
        yield from (nested for nested in block.body.blocks_of("data") if len(nested.labels) == len(labels))


def _typed(stack: Stack, block: Block, declaration: Declaration) -> Iterator[BodySite]:
    """The bodies of a resource, data source or ephemeral resource."""
    address, meta = declaration.address, META[block.type]
    content = schema_of(stack.module, declaration)
    if content is None and not declaration.type.startswith("aws_"):
        body = _only_language(block)
        yield from _walked(stack, BodySite(body, block.header, _NOTHING, address, block.type, address, meta=meta))
    elif content is not None:
        type_ = declaration.type if block.type == "resource" else ""
        instances = instances_of(stack, block, declaration)
        site = BodySite(
            block.body, block.header, content, address, block.type, address, type_, key=content.of, meta=meta,
            instances=instances,
        )  # fmt: skip
        yield from _walked(stack, site)


def _only_language(block: Block) -> Body:
    """The parts of a foreign resource that Terraform itself takes: the others aren't judged."""
    meta = META[block.type]
    body = block.body
    attributes = tuple(item for item in body.attributes if item.name in meta.attributes)
    return replace(body, attributes=attributes, blocks=tuple(item for item in body.blocks if item.type in meta.blocks))


# -- nested blocks -------------------------------------------------------------------------------------------


def _walked(stack: Stack, place: BodySite) -> Iterator[BodySite]:
    """A body with what it holds, and the bodies within."""
    if place.content.opaque or (place.meta is not None and place.body.blocks_of(_ESCAPED)):
        return
    blocks = tuple(_blocks(stack, place))
    written: dict[str, list[Block]] = {}
    for block in place.body.blocks:
        written.setdefault(made_type(block), []).append(block)
    yield replace(place, arguments=tuple(_arguments(place)), blocks=blocks, written=written)
    for site in blocks:
        if _has_form(site.block, place):
            yield from _walked(stack, _form(site.block, place))
        if site.inner is not None and site.schema is not None:
            yield from _walked(stack, _within(site, place))


def _arguments(place: BodySite) -> Iterator[tuple[Attribute, AttributeSchema | None]]:
    known = place.content.attributes
    own = place.meta.attributes if place.meta is not None else {}
    for attribute in place.body.attributes:
        if attribute.name not in own:
            yield attribute, known.get(attribute.name)


def _blocks(stack: Stack, place: BodySite) -> Iterator[BlockSite]:
    body, meta = place.body, place.meta
    made = _made(body, place.instances) if body.blocks else {}
    for block in body.blocks:
        if _has_form(block, place):
            contents = block.body.blocks_of("content")
            if not block.labels or not contents:
                yield BlockSite(block, block.type, labels=("type",))
                continue
            inner, type_ = contents[0], block.labels[0].value
            schema = _nested(place.content, type_)
            dynamic = place.dynamic or not _is_fixed(stack, block)
            yield BlockSite(block, type_, inner, schema, ("type",), made.get(id(inner.body), ()), dynamic)
        elif meta is not None and block.type in meta.blocks:
            instances = tuple(_inside(instance, block) for instance in place.instances[:1])
            schema, labels = _nested(meta, block.type), _labels(block, place)
            yield BlockSite(block, block.type, block, schema, labels, instances, place.dynamic)
        else:
            schema, instances = _nested(place.content, block.type), made.get(id(block.body), ())
            takes = _labels(block, place) if schema is not None else None
            yield BlockSite(block, block.type, block, schema, takes, instances, place.dynamic)


def _has_form(block: Block, place: BodySite) -> bool:
    """Return True if a block is Terraform's dynamic block."""
    return block.type == "dynamic" and "dynamic" not in place.content.blocks


def _form(block: Block, place: BodySite) -> BodySite:
    """The body of a dynamic block itself, whatever it makes."""
    where = f"a dynamic block in {place.where}"
    return BodySite(block.body, block.header, DYNAMIC, place.address, place.kind, where, "", place.path, place.dynamic)


def _within(site: BlockSite, place: BodySite) -> BodySite:
    """The body of a nested block."""
    assert site.inner is not None
    assert site.schema is not None
    of_meta = place.meta is not None and not site.is_dynamic and site.type in place.meta.blocks
    return BodySite(
        site.inner.body,
        site.inner.header,
        site.schema.block,
        place.address,
        place.kind,
        f"{site.type} in {place.where}",
        "" if of_meta else place.type,
        f"{place.path}.{site.type}" if place.path else site.type,
        site.dynamic,
        "" if of_meta else place.key,
        instances=site.instances,
    )


def _labels(block: Block, place: BodySite) -> tuple[str, ...]:
    return LABELLED.get((place.kind, block.type), ()) if not place.path else ()


def _nested(content: BlockSchema, type_: str) -> NestedBlock | None:
    """The nested blocks of a name, also where the schema has an attribute that may be written as blocks."""
    if type_ in content.blocks:
        return content.blocks[type_]
    written = as_block(content, type_)
    return None if written is None else NestedBlock("list", 0, None, written)


def _made(body: Body, instances: Sequence[Instance]) -> dict[int, tuple[Instance, ...]]:
    """The instances that each nested body makes in all instances, by the body's identity."""
    types = {made_type(block) for block in body.blocks}
    found: dict[int, list[Instance]] = {}
    for instance in instances:
        for type_ in types:
            for nested in instance.blocks(type_):
                found.setdefault(id(nested.body), []).append(nested)
    return {key: tuple(nested) for key, nested in found.items()}


def _inside(instance: Instance, block: Block) -> Instance:
    return replace(instance, body=block.body, header=block.header, _values={})


def _is_fixed(stack: Stack, dynamic: Block) -> bool:
    """Return True if what a dynamic block makes depends on nothing that is given: terraform validate knows it."""
    written = (item.expr for item in dynamic.body.attributes if item.name == "for_each")
    return all(found is not None and found.kind == "local" for _, found in stack.reached(written))
