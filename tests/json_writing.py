"""HCL → the same in Terraform's JSON syntax, for tests that hold the two against each other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tflint_tap.hcl.nodes import (
    Attribute,
    Block,
    Body,
    Expr,
    File,
    ForDirective,
    IfDirective,
    Literal,
    Object,
    Parentheses,
    Template,
    TemplatePart,
    Text,
    Tuple,
    Unary,
)

# What JSON has as text without `${ }`, by the type of block, and what it has as it is.
_EXPRESSIONS = {
    "variable": ("type",),
    "output": ("depends_on",),
    "module": ("depends_on", "providers"),
    "resource": ("depends_on", "provider"),
    "data": ("depends_on", "provider"),
    "lifecycle": ("ignore_changes", "replace_triggered_by"),
    "provisioner": ("when", "on_failure"),
    "dynamic": ("iterator",),
    "moved": ("from", "to"),
    "import": ("to",),
    "removed": ("from",),
    "required_providers": ("configuration_aliases",),
}
_LITERALS = {
    "variable": ("default", "description", "sensitive", "nullable"),
    "output": ("description", "sensitive"),
    "lifecycle": ("create_before_destroy", "prevent_destroy"),
    "provider": ("alias",),
    "terraform": ("required_version",),
}
_ALL_LITERAL = ("required_providers", "backend", "cloud")


class CannotWrite(Exception):
    """JSON has no form for it: the reason."""


def as_json(file: File) -> str:
    """A file's text in the JSON syntax: an array, an object for each block. CannotWrite where that can't be."""
    if file.diagnostics or file.body.attributes:
        raise CannotWrite("the file is broken")
    return json.dumps([_blocks([block]) for block in file.body.blocks], indent=2)


def _blocks(blocks: Iterable[Block]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for block in blocks:
        if block.labels:
            inner = made.setdefault(block.type, [])
            content: Any = _body(block)
            for label in reversed(block.labels):
                content = {label.value: content}
            inner.append(content)
        else:
            made.setdefault(block.type, []).append(_body(block))
    return {name: found[0] if len(found) == 1 else found for name, found in made.items()}


def _body(block: Block) -> dict[str, Any]:
    body: Body = block.body
    made: dict[str, Any] = {}
    for attribute in body.attributes:
        if attribute.name in made or any(nested.type == attribute.name for nested in body.blocks):
            raise CannotWrite(f"{attribute.name} is written twice")
        made[attribute.name] = _value(attribute, block.type)
    return made | _blocks(body.blocks)


def _value(attribute: Attribute, block: str) -> Any:
    name, expr = attribute.name, attribute.expr
    if name in _EXPRESSIONS.get(block, ()):
        return _as_text(expr)
    if block in _ALL_LITERAL or name in _LITERALS.get(block, ()):
        return _as_it_is(expr)
    return _template(expr)


def _as_text(expr: Expr) -> Any:
    if isinstance(expr, Tuple):
        return [_as_text(item) for item in expr.items]
    if isinstance(expr, Object):
        return {item.key.span.text: _as_text(item.value) for item in expr.items}
    if isinstance(expr, Template):
        raise CannotWrite("a reference in quotes")
    return expr.span.text


def _as_it_is(expr: Expr) -> Any:
    if isinstance(expr, Template) and expr.literal is not None:
        return expr.literal
    if isinstance(expr, Literal):
        return _scalar(expr)
    if isinstance(expr, Unary) and isinstance(expr.operand, Literal):
        return -_scalar(expr.operand)
    if isinstance(expr, Tuple):
        return [_as_it_is(item) for item in expr.items]
    if isinstance(expr, Object):
        return {_key(item.key): _as_text(item.value) if _key(item.key) == "configuration_aliases" else
                _as_it_is(item.value) for item in expr.items}  # fmt: skip
    raise CannotWrite(f"{expr.span.text} has to be written out")


def _template(expr: Expr) -> Any:
    if isinstance(expr, Template):
        return "".join(_part(part) for part in expr.parts)
    if isinstance(expr, Literal):
        return _scalar(expr)
    if isinstance(expr, Tuple):
        return [_template(item) for item in expr.items]
    if isinstance(expr, Object):
        made = {_template(item.key): _template(item.value) for item in expr.items if isinstance(item.key, Template)}
        if len(made) == len(expr.items):
            return made
    inner = expr.expr if isinstance(expr, Parentheses) else expr
    return f"${{{inner.span.text}}}"


def _part(part: TemplatePart) -> str:
    if isinstance(part, Text):
        return part.value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(part, (IfDirective, ForDirective)):
        raise CannotWrite("a directive, whose text has HCL's escapes")
    return f"${{{part.expr.span.text}}}"


def _key(key: Expr) -> str:
    if not isinstance(key, Template) or key.literal is None:
        raise CannotWrite("a key that isn't written out")
    return key.literal


def _scalar(literal: Literal) -> Any:
    value = literal.value
    return float(value) if isinstance(value, Fraction) else value
