"""What a body holds against what the schema says of it: names, what is needed, how many there may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...aws.language import DYNAMIC, LABELLED
from ...aws.schema import BlockSchema, NestedBlock, as_block
from ...hcl.nodes import Attribute, Block, Body, Literal
from ...records import dataclass, replace
from ...rule import Hit
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.provenance import attribute_origins
from ...text.nearest import nearest
from ...text.source import Related, Span
from . import values as schema_values
from .conflicts import conflicting
from .values import Found, listed

# Arguments of Terraform's own, by the block they stand in, that take a list as it is written.
_LISTS = {"": ("depends_on",), "lifecycle": ("ignore_changes", "replace_triggered_by")}


@dataclass(frozen=True, slots=True)
class BodySite:
    """Where a body stands.

    `kind` is the top-level block's type, `where` names the body in messages, `type` is the resource type whose
    constraints hold (empty for all else) and `path` the nested blocks down to here, separated by dots. `dynamic`:
    a dynamic block makes it, or doesn't, as is decided elsewhere.
    """

    stack: Stack
    address: str | None
    kind: str
    where: str
    type: str = ""
    path: str = ""
    dynamic: bool = False

    def within(self, block: str) -> BodySite:
        return replace(self, where=f"{block} in {self.where}", path=f"{self.path}.{block}" if self.path else block)


def walked(
    body: Body,
    header: Span,
    content: BlockSchema,
    place: BodySite,
    instances: Sequence[Instance],
    meta: BlockSchema | None = None,
) -> Iterator[Found]:
    """Everything that is wrong with a body and what it contains.

    `instances` are the configurations that this body stands for: none where a dynamic block makes none. `meta` is
    what Terraform itself adds.
    """
    if content.opaque:
        return
    yield from _arguments(body, content, place, instances, meta)
    yield from _missing(body, header, content, place, instances)
    made = {} if not instances else _made(body, instances)
    old: list[tuple[Block, str]] = []
    for block in body.blocks:
        inner, type_, extra = block, block.type, place
        if type_ == "dynamic" and "dynamic" not in content.blocks:
            yield from _dynamic_form(block, place, instances)
            contents = block.body.blocks_of("content")
            if not block.labels or not contents:
                continue
            inner, type_ = contents[0], block.labels[0].value
        of_meta = meta is not None and type_ in meta.blocks and inner is block
        nested = nested_block(meta if of_meta and meta is not None else content, type_)
        if nested is None:
            yield _unknown_block(block, type_, content, place, meta, header)
            continue
        extra = place.within(type_)
        if inner is not block and not _is_fixed(place.stack, block):
            extra = replace(extra, dynamic=True)
        if of_meta:
            extra = replace(extra, type="")
        if inner is block:
            labels = LABELLED.get((place.kind, type_), ()) if not place.path else ()
            hit = _labels(block, labels, place)
            if hit is not None:
                yield Found("unknown-block", hit)
        within = instances if of_meta else made.get(id(inner.body), ())
        if of_meta:
            within = tuple(_inside(instance, block) for instance in instances[:1])
        instead = nested.deprecated if nested.deprecated is not None else nested.block.deprecated
        if instead is not None and not extra.dynamic and (inner is block or _is_made(within)):
            old.append((block, instead))
        yield from walked(inner.body, inner.header, nested.block, extra, within)
    yield from _deprecated(old, header, place)
    yield from _counts(body, header, content, place, instances)
    if meta is not None:
        yield from _counts(body, header, meta, place, ())
    if place.type:
        yield from conflicting(place.type, place.path, place.where, instances)


def nested_block(content: BlockSchema, type_: str) -> NestedBlock | None:
    """The nested blocks of a name, also where the schema has an attribute that may be written as blocks."""
    if type_ in content.blocks:
        return content.blocks[type_]
    attribute = content.attributes.get(type_)
    if attribute is None or not attribute.as_blocks or attribute.type.element is None:
        return None
    return NestedBlock("list", 0, None, as_block(attribute.type.element))


def _made(body: Body, instances: Sequence[Instance]) -> dict[int, tuple[Instance, ...]]:
    """What each nested body makes in all instances, by the body's identity."""
    types = {_made_type(block) for block in body.blocks}
    found: dict[int, list[Instance]] = {}
    for instance in instances:
        for type_ in types:
            for nested in instance.blocks(type_):
                found.setdefault(id(nested.body), []).append(nested)
    return {key: tuple(nested) for key, nested in found.items()}


def _inside(instance: Instance, block: Block) -> Instance:
    return replace(instance, body=block.body, header=block.header, _values={})


# -- arguments -----------------------------------------------------------------------------------------------


def _arguments(
    body: Body, content: BlockSchema, place: BodySite, instances: Sequence[Instance], meta: BlockSchema | None
) -> Iterator[Found]:
    for attribute in body.attributes:
        known = content.attributes.get(attribute.name)
        if meta is not None and attribute.name in meta.attributes:
            if attribute.name in ("count", "for_each"):
                yield from schema_values.repeated(attribute, place.stack, place.where)
            elif attribute.name == "depends_on":
                yield from schema_values.listing(attribute, place.where)
            continue
        if known is None:
            yield _unknown_argument(attribute, content, place, meta)
        elif not known.settable:
            if not isinstance(attribute.expr, Literal) or attribute.expr.value is not None:
                values = {"argument": attribute.name, "where": place.where}
                yield Found("read-only-argument", Hit(attribute.name_span, place.address, values))
        else:
            told = place.dynamic or content.deprecated is not None  # of the whole type
            if known.deprecated is not None and not told and not _is_null(attribute, instances):
                instead = deprecated(attribute.name, place.where, known.deprecated)
                yield Found("deprecated", Hit(attribute.name_span, place.address, instead))
            if attribute.name in _LISTS.get(place.path, ()) and known.type.kind == "any":
                yield from schema_values.listing(attribute, place.where)
            yield from schema_values.judged(
                attribute, known, place.stack, place.type, place.path, place.where, instances
            )


def _is_fixed(stack: Stack, dynamic: Block) -> bool:
    """Whether what a dynamic block makes depends on nothing that is given, and so is known to terraform validate."""
    written = (item.expr for item in dynamic.body.attributes if item.name == "for_each")
    return all(found is not None and found.kind == "local" for _, found in stack.reached(written))


def _is_made(instances: Sequence[Instance]) -> bool:
    """Whether there is such a block for sure."""
    return any(not instance.optional for instance in instances)


def _is_null(attribute: Attribute, instances: Sequence[Instance]) -> bool:
    return bool(instances) and all(instance.value(attribute.name).data is None for instance in instances)


def _unknown_argument(attribute: Attribute, content: BlockSchema, place: BodySite, meta: BlockSchema | None) -> Found:
    names = [*content.attributes, *(meta.attributes if meta is not None else ())]
    settable = [name for name in names if name not in content.attributes or content.attributes[name].settable]
    if attribute.name in content.blocks or (meta is not None and attribute.name in meta.blocks):
        right = f"{attribute.name} is a block: {attribute.name} {{ … }}"
    else:
        near = nearest(attribute.name, settable) or nearest(attribute.name, content.blocks)
        right = f"{near} was meant" if near else "leave it out, or name an argument that there is"
    values = {"argument": attribute.name, "where": place.where, "right": right}
    return Found("unknown-argument", Hit(attribute.name_span, place.address, values))


def _missing(
    body: Body, header: Span, content: BlockSchema, place: BodySite, instances: Sequence[Instance]
) -> Iterator[Found]:
    """The required arguments that aren't there, together; each that is null, at its value."""
    written = {attribute.name for attribute in body.attributes} | {type_ for type_, _ in _types(body)}
    required = [name for name, attribute in content.attributes.items() if attribute.required]
    missing = [name for name in required if name not in written]
    if missing:
        yield Found("missing-argument", Hit(header, place.address, _lacking(missing, "argument", place)))
    for name in required:
        attribute = body.attribute(name)
        if (place.kind, name) == ("output", "value"):
            continue  # null is a value like others
        if attribute is not None and not schema_values.never_null(attribute.expr):
            for instance in instances:
                value = instance.value(name)
                if value.data is None and not instance.optional:
                    values = {"where": place.where, "needed": f"argument {name}, which is null"}
                    related = attribute_origins(instance, attribute)
                    yield Found("missing-argument", Hit(attribute.expr.span, place.address, values, related))
                    break


def _lacking(names: Sequence[str], what: str, place: BodySite) -> dict[str, object]:
    plural = "s" if len(names) > 1 else ""
    return {"where": place.where, "needed": f"{what}{plural} {listed(names, 'and')}"}


def deprecated(what: str, where: str, instead: str, *, several: bool = False) -> dict[str, object]:
    """The values of a hit for something that isn't to be used any more."""
    return {"what": what, "where": where, "instead": instead, "are": "are" if several else "is"}


# -- blocks --------------------------------------------------------------------------------------------------


def _types(body: Body) -> Iterator[tuple[str, Block]]:
    """The types of the blocks as written, dynamic ones by what they make."""
    for block in body.blocks:
        yield _made_type(block), block


def _made_type(block: Block) -> str:
    """A block's type, of a dynamic one that of what it makes."""
    return block.labels[0].value if block.type == "dynamic" and block.labels else block.type


def _made_span(block: Block) -> Span:
    """Where that is written."""
    return block.labels[0].span if block.type == "dynamic" and block.labels else block.type_span


def _unknown_block(
    block: Block, type_: str, content: BlockSchema, place: BodySite, meta: BlockSchema | None, header: Span
) -> Found:
    span = block.labels[0].span if block.type == "dynamic" and type_ != "dynamic" else block.type_span
    names = [*content.blocks, *(meta.blocks if meta is not None else ())]
    attribute = content.attributes.get(type_)
    related: tuple[Related, ...] = ()
    if attribute is not None and attribute.settable:
        if attribute.required:  # it isn't reported as missing: that is the same mistake
            related = (Related(f"the argument {type_} is required here", header),)
        right = f"{type_} is an argument: {type_} = …"
    elif attribute is not None:
        right = f"only the provider sets {type_}: leave it out"
    else:
        blocks = [*names, *(name for name, item in content.attributes.items() if item.as_blocks)]
        near = nearest(type_, blocks) or nearest(type_, content.attributes)
        right = f"{near} was meant" if near else "leave it out, or name a block that there is"
    values = {"what": f"{place.where} takes no block {type_}", "right": right}
    return Found("unknown-block", Hit(span, place.address, values, related))


def _deprecated(old: Sequence[tuple[Block, str]], header: Span, place: BodySite) -> Iterator[Found]:
    """Deprecated blocks: those of a resource itself together, at its header, as Terraform reports them."""
    if place.path:
        for block, instead in old:
            values = deprecated(_made_type(block), place.where, instead)
            yield Found("deprecated", Hit(_made_span(block), place.address, values))
    elif old:
        words = {_made_type(block): instead for block, instead in old}
        names, remedies = listed(tuple(words), "and"), "; ".join(dict.fromkeys(words.values()))
        values = deprecated(names, place.where, remedies, several=len(words) > 1)
        related = tuple(Related(f"{_made_type(block)} stands here", _made_span(block)) for block, _ in old)
        yield Found("deprecated", Hit(header, place.address, values, related))


def _labels(block: Block, labels: tuple[str, ...], place: BodySite) -> Hit | None:
    count = len(block.labels)
    if count == len(labels):
        return None
    takes = f"{len(labels)} label{'s' if len(labels) > 1 else ''}" if labels else "no label"
    span = block.header if count < len(labels) else block.labels[len(labels)].span
    what = f"a block {block.type} in {place.where} takes {takes}"
    return Hit(span, place.address, {"what": what, "right": f"give it {takes}"})


def _dynamic_form(block: Block, place: BodySite, instances: Sequence[Instance]) -> Iterator[Found]:
    """What is wrong with a dynamic block itself, whatever it makes."""
    hit = _labels(block, ("type",), place)
    if hit is not None:
        yield Found("unknown-block", hit)
    inner = replace(place, where=f"a dynamic block in {place.where}", type="")
    yield from walked(block.body, block.header, DYNAMIC, inner, ())


def _counts(
    body: Body, header: Span, content: BlockSchema, place: BodySite, instances: Sequence[Instance]
) -> Iterator[Found]:
    """Blocks of which there are too few or too many, as far as that is certain."""
    missing: list[str] = []
    related: list[Related] = []
    for type_, nested in content.blocks.items():
        written = [block for found, block in _types(body) if found == type_]
        most = 1 if nested.nesting == "single" else nested.max_items
        if _too_few(type_, nested.min_items, written, instances):
            few = nested.min_items > 1
            missing.append(f"{type_}, of which at least {nested.min_items} are needed" if few else type_)
            related += [Related(f"this makes {'too few' if few else f'no {type_}'}", block.header) for block in written]
        if most is not None and written:
            yield from _too_many(type_, written, most, place, instances)
    if missing:
        yield Found("missing-block", Hit(header, place.address, _lacking(missing, "block", place), tuple(related)))


def _too_few(type_: str, least: int, written: Sequence[Block], instances: Sequence[Instance]) -> bool:
    """Whether there are certainly fewer blocks of a type than needed, in an instance or as they are written."""
    if len(written) < least and not any(block.type == "dynamic" for block in written):
        return True
    return least > 0 and any(
        instance.doubt is None and len(made := instance.blocks(type_)) < least and not any(b.optional for b in made)
        for instance in instances
    )


def _too_many(
    type_: str, written: Sequence[Block], most: int, place: BodySite, instances: Sequence[Instance]
) -> Iterator[Found]:
    contents = [inner for block in written if block.type == "dynamic" for inner in block.body.blocks_of("content")]
    for instance in instances:
        made = [block for block in instance.blocks(type_) if not block.optional]
        if len(made) > most:
            spans = {block.header: None for block in made}
            limit = f"at most {most}" if most > 1 else "at most one"
            values = {"where": place.where, "block": type_, "limit": limit, "count": str(len(made))}
            first = Related("the first stands here", made[0].header)
            at = next((inner.header for inner in contents if inner.body is made[most].body), made[most].header)
            yield Found("too-many-blocks", Hit(at, place.address, values, () if len(spans) == 1 else (first,)))
            return
    if not instances:
        literal = [block for block in written if block.type != "dynamic"]
        if len(literal) > most:
            limit = f"at most {most}" if most > 1 else "at most one"
            values = {"where": place.where, "block": type_, "limit": limit, "count": str(len(literal))}
            first = Related("the first stands here", literal[0].header)
            yield Found("too-many-blocks", Hit(literal[most].header, place.address, values, (first,)))
