"""The AWS provider's schema: arguments, attributes and nested blocks of every resource and data source type.

The facts are those of `terraform providers schema -json` for the version that the header of schema.txt names.
A line of schema.txt is a type (`aws_sqs_queue`, `data.aws_region`, `ephemeral.aws_ssm_parameter`) and fields:
the type's own content, then its nested blocks' contents. A field is groups, separated by semicolons, of a
specification and the names that it is true of:

- `!s name` attributes: `!` required, `?` optional, `~` optional and computed, `=` computed;
  then `^` write-only, `*` sensitive; then the type: s(tring), n(umber), b(ool), a(ny), `[s]` list, `<s>` set,
  `{s}` map, `(name:s,size:n)` object
- `list1-5 rule@3` nested blocks: how they nest (list, set, map, single), how many there may be
  (`0-1` at most one, `1-` at least one, nothing: any number), names with the number of the field of their content
- `#name message` that attribute or block is deprecated, `# message` the block or type itself
- `*` instead of all that: the content isn't known, anything may stand there
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from ..records import dataclass, field, replace
from .table import Table, open_table

_PATH = Path(__file__).with_name("schema.txt")
_PRIMITIVES: Mapping[str, Kind] = {"s": "string", "n": "number", "b": "bool", "a": "any"}
_COLLECTIONS: Mapping[str, Kind] = {"[": "list", "<": "set", "{": "map"}

Kind = Literal["string", "number", "bool", "any", "list", "set", "map", "object"]
Nesting = Literal["list", "set", "map", "single"]


@dataclass(frozen=True, slots=True)
class Type:
    """A type constraint; `str(type)` is as Terraform writes it: `list(object({ arn = string }))`."""

    kind: Kind
    element: Type | None = None  # of a list, set or map
    attributes: Mapping[str, Type] = field(default_factory=dict)  # of an object

    def __str__(self) -> str:
        if self.element is not None:
            return f"{self.kind}({self.element})"
        if self.kind == "object":
            return "object({ " + ", ".join(f"{name} = {type_}" for name, type_ in self.attributes.items()) + " })"
        return self.kind


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """An attribute. It can be set if `required` or `optional`; it has a value of its own if `computed`."""

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: str | None = None  # what to use instead, as far as the provider says

    @property
    def settable(self) -> bool:
        return self.required or self.optional

    @property
    def as_blocks(self) -> bool:
        """Written as nested blocks too, as Terraform allows where a settable list or set holds objects.

        Source: https://developer.hashicorp.com/terraform/language/attr-as-blocks
        """
        element = self.type.element
        return self.settable and self.type.kind in ("list", "set") and element is not None and element.kind == "object"


@dataclass(frozen=True, slots=True, eq=False)
class NestedBlock:
    """Blocks of one name. `max_items` is None where any number may stand there."""

    nesting: Nesting
    min_items: int
    max_items: int | None
    block: BlockSchema
    deprecated: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BlockSchema:
    """The schema of a block. A block can contain itself, as statements of WAF rules do."""

    _text: str  # of the table
    _line: list[BlockSchema]  # all contents of the line, for nested blocks to refer to
    _read: list[_Content] = field(default_factory=list)  # the text's meaning, once it was asked for
    of: str = ""  # the type whose own content it is, as the table has it: `data.aws_region`

    @property
    def attributes(self) -> Mapping[str, AttributeSchema]:
        return self._content.attributes

    @property
    def blocks(self) -> Mapping[str, NestedBlock]:
        return self._content.blocks

    @property
    def deprecated(self) -> str | None:
        """The replacement of the type, as far as the provider names one; None if the type isn't deprecated."""
        return self._content.deprecated

    @property
    def opaque(self) -> bool:
        """The content isn't known: anything may stand there."""
        return self._text == "*"

    @property
    def taggable(self) -> bool:
        """Has a `tags` argument for its own tags: a map that `tags_all` repeats with the provider's defaults."""
        tags = self.attributes.get("tags")
        return tags is not None and tags.settable and tags.type == _TAGS and "tags_all" in self.attributes

    @property
    def tagged_by_blocks(self) -> bool:
        """Has its tags in nested blocks `tag`, one for each, with key and value: an auto scaling group."""
        tag = self.blocks.get("tag")
        return tag is not None and tag.max_items is None and {"key", "value"} <= tag.block.attributes.keys()

    @property
    def _content(self) -> _Content:
        if not self._read:
            self._read.append(_content(self._text, self._line))
        return self._read[0]

    def __repr__(self) -> str:
        return f"<BlockSchema of {len(self.attributes)} attributes, {len(self.blocks)} blocks>"


@dataclass(frozen=True, slots=True, eq=False)
class _Content:
    attributes: Mapping[str, AttributeSchema]
    blocks: Mapping[str, NestedBlock]
    deprecated: str | None


@cache
def resource(type_: str) -> BlockSchema | None:
    """The schema of a resource type, without what Terraform itself adds (count, lifecycle, …). None: no such type."""
    return _block(type_) if type_.startswith("aws_") else None


@cache
def data_source(type_: str) -> BlockSchema | None:
    """The schema of a data source type, None where there is no such type."""
    return _block("data." + type_)


@cache
def ephemeral_resource(type_: str) -> BlockSchema | None:
    """The schema of an ephemeral resource type, None where there is no such type."""
    return _block("ephemeral." + type_)


def key_of(kind: str, type_: str) -> str:
    """The key of the type of a `resource`, `data` or `ephemeral` block: `aws_sqs_queue`, `data.aws_region`."""
    return type_ if kind == "resource" else f"{kind}.{type_}"


def by_key(key: str) -> BlockSchema | None:
    """The schema of a type by its key; None where there is no such type."""
    kind, _, type_ = key.rpartition(".")
    look_up = {"": resource, "data": data_source, "ephemeral": ephemeral_resource}.get(kind)
    return look_up(type_) if look_up is not None else None


@cache
def resource_types() -> tuple[str, ...]:
    """The names of all resource types, sorted: what the nearest to a mistaken name is sought in."""
    return tuple(key for key in _table().keys() if key.startswith("aws_"))  # noqa: SIM118 (not a mapping)


@cache
def data_source_types() -> tuple[str, ...]:
    """The names of all data source types, sorted."""
    return tuple(key[5:] for key in _table().keys() if key.startswith("data."))  # noqa: SIM118 (not a mapping)


@cache
def ephemeral_resource_types() -> tuple[str, ...]:
    """The names of all ephemeral resource types, sorted."""
    return tuple(key[10:] for key in _table().keys() if key.startswith("ephemeral."))  # noqa: SIM118 (not a mapping)


def header() -> Mapping[str, str]:
    """The header of the table: source, provider, date, package sha256, overlay sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)


def _block(key: str) -> BlockSchema | None:
    fields = _table().fields(key)
    return block_of(fields, key) if fields is not None else None


def block_of(fields: list[str], of: str = "") -> BlockSchema:
    """A block from the fields of a line: its own content, then its nested blocks' contents."""
    line: list[BlockSchema] = []
    line.extend(BlockSchema(text, line, of="" if line else of) for text in fields)
    return line[0]


def _content(text: str, line: list[BlockSchema]) -> _Content:
    attributes: dict[str, AttributeSchema] = {}
    blocks: dict[str, NestedBlock] = {}
    deprecated = None
    for group in text.split(";") if text and text != "*" else ():
        specification, _, rest = group.partition(" ")
        mark = specification[0]
        if mark in "!?~=":
            attributes.update(dict.fromkeys(rest.split(" "), attribute_of(specification)))
        elif mark != "#":
            nesting, minimum, maximum = limits_of(specification)
            for item in rest.split(" "):
                name, _, number = item.partition("@")
                blocks[name] = NestedBlock(nesting, minimum, maximum, line[int(number)])
        elif specification == "#":
            deprecated = rest
        elif (name := specification[1:]) in blocks:
            blocks[name] = replace(blocks[name], deprecated=rest)
        else:
            attributes[name] = replace(attributes[name], deprecated=rest)
    return _Content(attributes, blocks, deprecated)


@cache
def as_block(content: BlockSchema, name: str) -> BlockSchema | None:
    """What a block holds that stands for an object, where an attribute is written as blocks: all is optional.

    None where no attribute of that name may be written so.
    """
    attribute = content.attributes.get(name)
    if attribute is None or not attribute.as_blocks or attribute.type.element is None:
        return None
    inner = {name: AttributeSchema(type_, optional=True) for name, type_ in attribute.type.element.attributes.items()}
    return block_with(inner, {})


def block_with(
    attributes: Mapping[str, AttributeSchema],
    blocks: Mapping[str, NestedBlock],
    deprecated: str | None = None,
    of: str = "",
) -> BlockSchema:
    """A block of these attributes and nested blocks."""
    return BlockSchema("", [], [_Content(attributes, blocks, deprecated)], of)


@cache
def limits_of(specification: str) -> tuple[Nesting, int, int | None]:
    """How blocks nest, how many there have to be and may be (None: without limit), as in `list0-1`."""
    nesting = specification.rstrip("-0123456789")
    minimum, _, maximum = specification.removeprefix(nesting).partition("-")
    return cast(Nesting, nesting), int(minimum or 0), int(maximum) if maximum else None


@cache
def attribute_of(specification: str) -> AttributeSchema:
    """An attribute in the table's notation, `?s`."""
    flag, rest = specification[0], specification[1:].lstrip("^*")
    return AttributeSchema(
        type=parse_type(rest),
        required=flag == "!",
        optional=flag in "?~",
        computed=flag in "~=",
        sensitive="*" in specification,
        write_only="^" in specification,
    )


@cache
def parse_type(text: str) -> Type:
    """A type in the table's notation. ValueError for anything else."""
    type_, end = _type_at(text, 0)
    if end != len(text):
        raise ValueError(f"not a type: {text}")
    return type_


def _type_at(text: str, start: int) -> tuple[Type, int]:
    """The type that begins there, and where it ends."""
    mark = text[start : start + 1]
    if mark in _PRIMITIVES:
        return _primitive(_PRIMITIVES[mark]), start + 1
    if mark in _COLLECTIONS:
        element, end = _type_at(text, start + 1)
        return Type(_COLLECTIONS[mark], element), end + 1
    if mark != "(":
        raise ValueError(f"not a type: {text[start:]}")
    attributes: dict[str, Type] = {}
    position = start + 1
    while text[position] != ")":
        colon = text.index(":", position)
        name = text[position:colon].lstrip(",")
        attributes[name], position = _type_at(text, colon + 1)
    return Type("object", None, MappingProxyType(attributes)), position + 1


@cache
def _primitive(kind: Kind) -> Type:
    return Type(kind)


_TAGS = Type("map", Type("string"))
