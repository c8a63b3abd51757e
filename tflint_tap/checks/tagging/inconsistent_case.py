"""Tags that are written in one way here and in another way there."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Expr
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...tagging import items_of, key_of, maps_in, provider_tags
from ...text.source import Related, Span
from ..shapes import schema_of


@dataclass(frozen=True, slots=True)
class _Key:
    """A tag's key where it is written; `address` is the resource or local that it is in."""

    name: str
    span: Span
    address: str


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each key that differs from how most write it, at the key."""
    groups: dict[str, dict[Span, _Key]] = {}
    for key in _keys(stack):
        groups.setdefault(_form(key.name), {}).setdefault(key.span, key)
    for group in groups.values():
        keys = list(group.values())
        counts: dict[str, int] = {}
        for key in keys:
            counts[key.name] = counts.get(key.name, 0) + 1
        usual = max(counts, key=counts.__getitem__)  # of several the first
        there = next(key for key in keys if key.name == usual)
        for key in keys:
            if key.name != usual:
                related = (Related(f"{there.address} writes {usual} here", there.span),)
                values = {"name": key.name, "usual": usual}
                yield Hit(key.span, key.address, values, related)


def _keys(stack: Stack) -> Iterator[_Key]:
    """The keys of tags, where they are written: by resources, by the locals that they have tags from, by providers."""
    seen: set[str] = set()
    for declaration in stack.module.of_kind("resource"):
        found = schema_of(stack.module, declaration)
        attribute = declaration.block.body.attribute("tags") if declaration.block is not None else None
        if found is None or not found.taggable or attribute is None:
            continue
        yield from _written(attribute.expr, declaration.address)
        pending = [attribute.expr]
        for expr in pending:  # which grows meanwhile
            for reference in maps_in(expr):
                local = stack.declared(reference.address)
                if local is not None and local.kind == "local" and not reference.path and local.address not in seen:
                    seen.add(local.address)
                    pending.append(local.expr)
                    yield from _written(local.expr, local.address)
    for tags in provider_tags(stack):
        yield from _written(tags.expr, "default_tags")


def _written(expr: Expr | None, address: str) -> Iterator[_Key]:
    for item in items_of(expr):
        name = key_of(item)
        if name is not None:
            yield _Key(name, item.key.span, address)


def _form(name: str) -> str:
    """What is the same of CostCenter, costcenter and cost_center."""
    return "".join(letter for letter in name.lower() if letter.isalnum()) or name
