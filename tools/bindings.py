"""What `@cdktn/provider-aws` says of each type, read from its JavaScript as text; nothing of it is executed.

The bindings keep the provider's schema in three places of a class:

- a comment over each accessor, `// name - computed: …, optional: …, required: …`;
- the accessor itself, whose getter or field tells the type (`getStringAttribute`, `new FooList(this, "foo", true)`,
  the last argument true for a set);
- a table for writing HCL, whose entries tell blocks from attributes (`isBlock`, and the mapper's last argument
  is false for an attribute of objects) and single blocks (`struct`) from lists and sets of at most one.

What they do not say, and tools/schema_overlay.tsv adds: limits on the number of blocks other than one, which
attributes are sensitive, what is deprecated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_ACCESSOR = re.compile(
    r"// (\S+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"((?:.*\n)*?)\s+return (.*);\n"
)
_ENTRY = re.compile(
    r'^ {8,12}"?([\w-]+)"?: \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n', re.MULTILINE
)
_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r' = new ([\w.]+)\(this, "\w+"(?:, (true|false))?\)')
_ELEMENT = re.compile(r"return new (?:\w+\.)?(\w+)\(this\.terraformResource")
_TYPE_NAME = re.compile(r'static tfResourceType = "(\w+)"')
_PROVIDER_VERSION = re.compile(r"providerVersion: '([\d.]+)'")

_GETTERS = {"String": "s", "Number": "n", "Boolean": "b", "StringMap": "{s}", "NumberMap": "{n}", "BooleanMap": "{b}"}
_GETTERS |= {"List": "[s]", "NumberList": "[n]"}
_MAPS = {"cdktn.StringMap": "{s}", "cdktn.NumberMap": "{n}", "cdktn.BooleanMap": "{b}"}
_PREFIXES = {"TerraformResource": "", "TerraformDataSource": "data.", "TerraformEphemeralResource": "ephemeral."}


class BindingsError(Exception):
    """The text isn't what this module knows how to read; the message names the class and what stands there."""


@dataclass(slots=True)
class Node:
    """A block's content. `attributes`: name → flag, marks and type; `blocks`: name → Nested."""

    attributes: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, Nested] = field(default_factory=dict)
    deprecated: dict[str, str] = field(default_factory=dict)  # by name; "" is the block itself
    opaque: bool = False


@dataclass(slots=True)
class Nested:
    """A nested block: how it nests, how often it may stand there (None: without limit), its content."""

    mode: str
    minimum: int
    maximum: int | None
    node: Node


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the table for writing HCL."""

    value: str
    is_block: bool
    type: str


@dataclass(frozen=True, slots=True)
class _Accessor:
    name: str
    flag: str  # ! required, ? optional, ~ optional and computed, = computed
    getter: str
    of: str | None  # the class of the field behind it
    in_set: bool
    write_only: bool


@dataclass(frozen=True, slots=True)
class _Class:
    kind: str  # the class it extends
    accessors: tuple[_Accessor, ...]
    element: str | None
    entries: dict[str, _Entry]
    type_name: str | None


def schemas(files: Iterable[str]) -> Iterator[tuple[str, Node]]:
    """The types that one folder's JavaScript files declare: `aws_x`, `data.aws_x` or `ephemeral.aws_x`, and content."""
    classes: dict[str, _Class] = {}
    tables: dict[str, dict[str, _Entry]] = {}
    for text in files:
        code = text.split("\n//# sourceMappingURL", 1)[0] + "\n"
        for name, body in _FUNCTION.findall(code):
            tables[name.lower()] = _entries(body)
        for name, kind, body in _CLASS.findall(code):
            classes[name] = _class(kind, body)
    for declared in classes.values():
        if declared.type_name is not None and declared.kind in _PREFIXES:
            yield _PREFIXES[declared.kind] + declared.type_name, _node(classes, tables, declared, declared.entries, {})


def provider_version(text: str) -> str:
    """The provider's version that a file of the bindings names."""
    match = _PROVIDER_VERSION.search(text)
    if match is None:
        raise BindingsError("the bindings name no provider version")
    return match[1]


def _entries(body: str) -> dict[str, _Entry]:
    return {name: _Entry(value, block == "true", type_) for name, value, block, type_ in _ENTRY.findall(body)}


def _class(kind: str, body: str) -> _Class:
    accessors = []
    for name, computed, optional, required, between, getter in _ACCESSOR.findall(body):
        flag = {("false", "false", "true"): "!", ("false", "true", "false"): "?", ("true", "true", "false"): "~"}.get(
            (computed, optional, required), "="
        )
        made = _FIELD.search(between)
        of, in_set = (made[1], made[2] == "true") if made else (None, False)
        accessors.append(_Accessor(name, flag, getter, of, in_set, "@deprecated Write-only" in between))
    element = _ELEMENT.search(body)
    type_name = _TYPE_NAME.search(body)
    writer = body.partition("synthesizeHclAttributes() {")[2]
    return _Class(
        kind, tuple(accessors), element[1] if element else None, _entries(writer), type_name[1] if type_name else None
    )


def _node(
    classes: dict[str, _Class],
    tables: dict[str, dict[str, _Entry]],
    declared: _Class,
    entries: dict[str, _Entry],
    above: dict[str, Node],
) -> Node:
    """A class's content. `above` has the classes being read further out, which a recursive one refers to."""
    node = Node()
    for accessor in declared.accessors:
        entry = entries.get(accessor.name)
        if accessor.of is None or accessor.of in _MAPS:
            type_ = _MAPS[accessor.of] if accessor.of else _plain_type(accessor, entry)
            write_only = accessor.write_only or (entry is not None and "markWriteOnlyAttribute" in entry.value)
            node.attributes[accessor.name] = accessor.flag + ("^" if write_only else "") + type_
            continue
        holder = classes[accessor.of.rpartition(".")[2]]
        many = holder.kind in ("ComplexList", "ComplexMap")
        name = holder.element if many else accessor.of.rpartition(".")[2]
        if name is None:
            raise BindingsError(f"{accessor.of} has no element class")
        mode = "map" if holder.kind == "ComplexMap" else "set" if accessor.in_set else "list" if many else ""
        if name in above:
            inner = above[name]
        else:
            inner = Node()
            table = tables.get(name.removesuffix("OutputReference").lower(), {})
            read = _node(classes, tables, classes[name], table, {**above, name: inner})
            inner.attributes, inner.blocks = read.attributes, read.blocks
        if (
            entry is None
            or not entry.is_block
            or ", false)(" in entry.value
            or mode == "map"
            or (accessor.flag == "~" and entry.type == "struct")
        ):
            # this provider has no blocks that are maps or computed: those are objects, written with an equals sign
            node.attributes[accessor.name] = accessor.flag + _collection(mode, _object_type(inner))
        else:
            single = entry.type == "struct"
            maximum = 1 if not mode and not single else None
            minimum = 1 if accessor.flag == "!" else 0
            node.blocks[accessor.name] = Nested("single" if single else mode or entry.type, minimum, maximum, inner)
    return node


def _plain_type(accessor: _Accessor, entry: _Entry | None) -> str:
    """The type in the table's notation, from the getter, or where that says nothing from the table for HCL."""
    match = re.search(r"this\.get(\w+)Attribute\(", accessor.getter)
    if match is not None and match[1] in _GETTERS:
        type_ = _GETTERS[match[1]]
        return f"<{type_[1]}>" if "Fn.tolist(" in accessor.getter else type_
    if entry is None:
        return "a"
    return _mapped_type(entry.value, entry.type)


def _mapped_type(value: str, outer: str) -> str:
    """The type that mappers such as `listMapperHcl(hashMapperHcl(stringToHclTerraform), false)` stand for."""
    if value.startswith("cdktn.anyToHclTerraform"):
        return "a"
    if value.startswith("cdktn.listMapperHcl("):
        return _collection("set" if outer == "set" else "list", _mapped_type(value[20:], "list"))
    if value.startswith("cdktn.hashMapperHcl("):
        return _collection("map", _mapped_type(value[20:], "list"))
    if value.startswith("cdktn.stringToHclTerraform"):
        return "s"
    raise BindingsError(f"unknown mapper: {value}")


def _collection(mode: str, element: str) -> str:
    return {"list": f"[{element}]", "set": f"<{element}>", "map": f"{{{element}}}", "": element}[mode]


def _object_type(node: Node) -> str:
    if node.blocks:
        raise BindingsError(f"blocks within an attribute: {', '.join(node.blocks)}")
    return "(" + ",".join(f"{name}:{spec.lstrip('!?~=^')}" for name, spec in sorted(node.attributes.items())) + ")"
