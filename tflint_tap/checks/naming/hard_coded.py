"""Names that are written out."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import quoted
from .names import is_bare, names_of


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name that is written out."""
    for instance, _, attribute, text in names_of(stack):
        if is_bare(attribute.expr) and isinstance(text.data, str):
            yield Hit(attribute.expr.span, instance.address, {"argument": attribute.name, "name": quoted(text.data)})
