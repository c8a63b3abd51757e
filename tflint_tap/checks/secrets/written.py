"""Secrets that are written out where they are used: literals in arguments, locals, objects and templates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...hcl.nodes import Block, Call, Conditional, Expr, Literal, Object, Parentheses, Template, Text, Tuple
from ...records import replace
from ...rule import Hit
from ...secrets.texts import kept_elsewhere, kind_of_name
from ...stack import Stack
from .places import DOCUMENT, META, PARAMETER, UNKNOWN, SecretPlace, in_script, judged, place_at

_READ = ("resource", "data", "ephemeral", "module", "provider", "locals", "terraform")
# Functions that hand on what they are given, as it is or in another form.
_HAND_ON = frozenset(
    ("sensitive", "nonsensitive", "tostring", "trimspace", "chomp", "base64encode", "base64gzip", "jsonencode",
     "yamlencode", "merge", "coalesce", "try", "concat", "flatten", "tolist", "toset", "tomap", "one")
)  # fmt: skip


def written(stack: Stack) -> Iterator[Hit]:
    """The secrets that the shown files write out."""
    for file in stack.shown:
        for block in file.body.blocks:
            if block.type in _READ:
                labels = [label.value for label in block.labels]
                yield from _in_block(block, labels[:1] if block.type == "resource" else [], _address(block, labels))


def _address(block: Block, labels: list[str]) -> str:
    kinds = [] if block.type == "resource" else [block.type]
    return ".".join((*kinds, *labels)) if block.type != "locals" else "local"


def _in_block(block: Block, path: list[str], address: str) -> Iterator[Hit]:
    """The literals in a block's arguments and nested blocks; `path` leads from the resource's type to it."""
    named = _pair({attribute.name: attribute.expr for attribute in block.body.attributes})
    for attribute in block.body.attributes:
        name = attribute.name
        if name in META or (path == [PARAMETER] and name == "value"):  # a parameter's type and name decide
            continue
        place = place_at(path, name, address, attribute.expr)
        if name == "value" and named is not None:
            place = replace(place, name=named, kind=kind_of_name(named))
        yield from literals(attribute.expr, place)
    for nested in block.body.blocks:
        if nested.type in META:
            continue
        if nested.type == "dynamic" and nested.labels:
            for content in nested.body.blocks_of("content"):
                yield from _in_block(content, [*path, nested.labels[0].value] if path else [], address)
        else:
            yield from _in_block(nested, [*path, nested.type] if path else [], address)


def _pair(items: dict[str, Expr]) -> str | None:
    """The name of a pair of `name` (or `key`) and `value`; "" where its type says that the secret is elsewhere."""
    if "value" not in items:
        return None
    type_ = items.get("type")
    if isinstance(type_, Template) and type_.literal in kept_elsewhere():
        return ""
    name = items.get("name") or items.get("key")
    return name.literal if isinstance(name, Template) else None


def literals(expr: Expr, place: SecretPlace) -> Iterator[Hit]:
    """The secrets that an expression writes out, in every branch of it."""
    if isinstance(expr, Template):
        yield from _in_template(expr, place)
    elif isinstance(expr, Literal):
        if isinstance(expr.value, (int, Fraction)) and not isinstance(expr.value, bool):
            yield from judged(expr.span, str(expr.value), place)
    elif isinstance(expr, Parentheses):
        yield from literals(expr.expr, place)
    elif isinstance(expr, Conditional):
        yield from literals(expr.then, place)
        yield from literals(expr.otherwise, place)
    elif isinstance(expr, Tuple):
        for element in expr.items:
            yield from literals(element, place)
    elif isinstance(expr, Object):
        items = {key: item.value for item in expr.items if (key := _key(item.key)) is not None}
        named = _pair(items)
        for key, value in items.items():
            yield from literals(value, place.called(named if key == "value" and named is not None else key))
    elif isinstance(expr, Call) and expr.name.removeprefix("core::") in _HAND_ON:
        for argument in expr.arguments:
            yield from literals(argument, place)
    elif isinstance(expr, Call) and expr.name == "lookup" and len(expr.arguments) == 3:
        yield from literals(expr.arguments[2], place)


def _key(key: Expr) -> str | None:
    while isinstance(key, Parentheses):
        key = key.expr
    return key.literal if isinstance(key, Template) else None


def _in_template(expr: Template, place: SecretPlace) -> Iterator[Hit]:
    text = expr.literal
    if text is not None and not text.lstrip().startswith(DOCUMENT):  # JSON is read, key by key, as a value
        yield from judged(expr.span, text, place)
    whole = "".join(part.value if isinstance(part, Text) else UNKNOWN for part in expr.parts)
    yield from in_script(expr.span, whole, place)
