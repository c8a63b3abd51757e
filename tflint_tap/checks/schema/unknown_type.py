"""Types that the provider doesn't have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...aws import schema
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.nearest import MOST_SUGGESTED, nearest, question
from ..shapes import schema_of
from ..versions import explained
from .bodies import typed_blocks

_LOOKUPS: Mapping[str, tuple[str, Callable[[], tuple[str, ...]]]] = {
    "resource": ("resource type", schema.resource_types),
    "data": ("data source", schema.data_source_types),
    "ephemeral": ("ephemeral resource type", schema.ephemeral_resource_types),
}


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each block of an unknown type, at the type."""
    unknown: set[str] = set()
    for block, declaration in typed_blocks(stack):
        type_ = declaration.type
        if type_.startswith("aws_") and schema_of(stack.module, declaration) is None:
            unknown.add(type_)
            found = explained(stack.module, schema.key_of(block.type, type_))
            values = {"kind": _LOOKUPS[block.type][0], "type": type_, "since": found.suffix}
            near = None
            if found.right is None and len(unknown) <= MOST_SUGGESTED:
                near = nearest(type_, _LOOKUPS[block.type][1]())
            other = question(near) if near else _elsewhere(block.type, type_) or "use a type that the provider has"
            values["right"] = found.right or other
            yield Hit(block.labels[0].span, declaration.address, values, doubt=found.doubt)


def _elsewhere(kind: str, type_: str) -> str:
    """`aws_vpc is a data source`: the other kind that has the type; empty where none has."""
    others = {"resource": schema.resource, "data": schema.data_source}
    found = (f"{type_} is a {_LOOKUPS[other][0]}" for other in others if other != kind and others[other](type_))
    return "; ".join(found)
