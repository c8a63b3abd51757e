"""Variables that hold a secret and aren't marked as sensitive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...rule import Hit, Rule
from ...secrets.texts import is_secret, kind_of_name
from ...stack import Stack
from .declarations import flag, variables

_HANDLE = re.compile(r"\b(?:arns?|names?|ids?|paths?|keys? (?:id|name)|urls?) (?:of|for|to|under|in)\b", re.IGNORECASE)
_PLAIN = ("bool", "number")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables that by their name hold a secret, and aren't marked as sensitive."""
    for declaration, block in variables(stack):
        kind = kind_of_name(declaration.name)
        if kind not in ("password", "holder", "store") or flag(block, "sensitive") or flag(block, "ephemeral"):
            continue
        type_, default = block.body.attribute("type"), block.body.attribute("default")
        if type_ is not None and type_.expr.span.code in _PLAIN:
            continue
        description = block.body.attribute("description")
        if description is not None and _HANDLE.search(description.expr.span.code):
            continue  # where the secret is kept, not the secret
        text = stack.evaluator.evaluate(default.expr).data if default is not None else None
        if isinstance(text, str) and text and not is_secret(text, kind):
            continue
        marked = block.body.attribute("sensitive")
        yield Hit(marked.expr.span if marked is not None else block.header, declaration.address)
