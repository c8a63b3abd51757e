"""What is written at a place of a file: the string or number that it lies in, and by which names that is reached."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeVar

from ...hcl.children import parts
from ...hcl.nodes import (
    Attribute,
    Binary,
    Block,
    Body,
    Conditional,
    Expr,
    File,
    Index,
    Interpolation,
    Literal,
    Object,
    Template,
    TemplatePart,
)
from ...records import dataclass

# Blocks that say what is made; a variable's default is the right place for what differs from one account to the next,
# a provider's or backend's settings are for it alone, and import and moved are of one deployment.
_READ = frozenset(("resource", "data", "ephemeral", "module", "locals", "output", "action", "check"))
_CHECKS = frozenset(("precondition", "postcondition", "assert", "validation"))
_COMPARED = frozenset(("==", "!="))
# In a document: the key of a value, or of the list that it stands in.
_S = r"(?:\s|\\[nrt])*"  # blanks, also those of a document in a quoted string
_KEY_BEFORE = re.compile(rf"\"([^\"\\\n]*)\\?\"{_S}[:=]{_S}(?:\[{_S}(?:\\?\"[^\"\n]*\\?\"{_S},{_S})*)?\\?\"?\Z")
_NEAR = 500  # characters of a string around a place that tell what stands there
_UNKNOWN = "\0"  # stands for what is interpolated, once for each character


@dataclass(frozen=True, slots=True)
class Written:
    """A part of a string, or a number.

    `before` and `after` are what stands around it in the string, as written, what is interpolated made unrecognisable.
    `names` lead to it: types of nested blocks, arguments, keys, the innermost last; `is_tested` is true where something
    is only compared with it.
    """

    text: str
    before: str
    after: str
    names: tuple[str, ...]
    address: str
    is_tested: bool

    @property
    def is_whole(self) -> bool:
        """Return True if it is all of the string, or of a string in a document that the string is."""
        return self.is_whole_but(0)

    def is_whole_but(self, length: int) -> bool:
        """Return True if it is all of the string but for some characters at its end."""
        rest = self.after[length:]
        return (not self.before or self.before.endswith('"')) and (not rest or rest.startswith(('"', '\\"')))


def written_at(file: File, start: int, end: int, known: dict[Expr, tuple[Expr, ...]]) -> Written | None:
    """What is written at a place; None in comments, keys, and blocks that don't say what is made.

    `known` keeps the parts of expressions for the next place.
    """
    block = _block_at(file.body, start)
    if block is None or block.type not in _READ:
        return None
    found = _attribute_at(block.body, start)
    if found is None:
        return None
    attribute, blocks = found
    walked = _innermost(attribute.expr, start, end, known)
    if walked is None:
        return None
    expr, keys, is_tested = walked
    names = [*(nested.type for nested in blocks), attribute.name, *keys]
    variable = blocks[-1].body.attribute("variable") if blocks else None
    if variable is not None and isinstance(variable.expr, Template) and variable.expr.literal is not None:
        names.append(variable.expr.literal)  # of a policy document's condition
    before, after = _around(expr, start, end)
    key = _KEY_BEFORE.search(before)
    if key is not None:
        names.append(key[1])
    is_tested = is_tested or any(nested.type in _CHECKS for nested in blocks)
    return Written(file.source.text[start:end], before, after, tuple(names), _address(block), is_tested)


def _address(block: Block) -> str:
    labels = [label.value for label in block.labels]
    return ".".join(labels if block.type == "resource" else [block.type, *labels])


_Node = TypeVar("_Node", Attribute, Block, Expr, TemplatePart)


def _at(nodes: tuple[_Node, ...], position: int) -> _Node | None:
    """Of nodes in the order of the text the one that a place lies in."""
    index = bisect_right(nodes, position, key=lambda node: node.span.start) - 1
    return nodes[index] if index >= 0 and position < nodes[index].span.end else None


def _block_at(body: Body, position: int) -> Block | None:
    return _at(body.blocks, position)


def _attribute_at(body: Body, position: int) -> tuple[Attribute, tuple[Block, ...]] | None:
    """The argument that a place lies in, and the nested blocks that lead to it."""
    blocks: list[Block] = []
    while True:
        attribute = _at(body.attributes, position)
        if attribute is not None:
            return (attribute, tuple(blocks)) if attribute.expr.span.start <= position else None
        nested = _block_at(body, position)
        if nested is None:
            return None
        blocks.append(nested)
        body = nested.body


def _innermost(
    expr: Expr, start: int, end: int, known: dict[Expr, tuple[Expr, ...]]
) -> tuple[Template | Literal, tuple[str, ...], bool] | None:
    """The string or number at a place, the keys that lead to it, and if something is only compared with it."""
    keys: list[str] = []
    is_tested = False
    while True:
        if isinstance(expr, Literal):
            return expr, tuple(keys), is_tested
        if expr not in known:
            known[expr] = parts(expr)
        inner = _at(known[expr], start)
        if inner is None:
            return (expr, tuple(keys), is_tested) if isinstance(expr, Template) else None
        if isinstance(expr, Object):
            item = expr.items[known[expr].index(inner) // 2]
            if inner is item.key:
                return None
            if isinstance(item.key, Template) and item.key.literal is not None:
                keys.append(item.key.literal)
        is_tested = is_tested or (
            (isinstance(expr, Binary) and expr.operator in _COMPARED)
            or (isinstance(expr, Conditional) and inner is expr.condition)
            or (isinstance(expr, Index) and inner is expr.key)
        )
        expr = inner


def _around(expr: Template | Literal, start: int, end: int) -> tuple[str, str]:
    """What stands in a string before and behind a part of it."""
    if isinstance(expr, Literal):
        return "", ""
    text = expr.span.source.text
    # within a string of JSON syntax a quote has a backslash
    quote = 0 if expr.heredoc is not None else 2 if text.startswith("\\", expr.span.start) else 1
    first = max(start - _NEAR, expr.span.start + quote)
    last = min(end + _NEAR, expr.span.end - quote)
    text = text[first:last]
    for part in expr.parts[max(0, bisect_right(expr.parts, first, key=lambda part: part.span.start) - 1) :]:
        if part.span.start >= last:
            break
        if isinstance(part, Interpolation):
            here, there = max(part.span.start - first, 0), max(min(part.span.end, last) - first, 0)
            text = text[:here] + _UNKNOWN * (there - here) + text[there:]
    return text[: start - first], text[end - first :]
