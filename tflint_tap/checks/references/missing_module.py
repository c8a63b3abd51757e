"""Calls of local modules that aren't there."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each call whose source leads to no module, at the source."""
    called = stack.module.called
    for address, reason in called.missing.items():
        declaration = stack.declared(address)
        source = declaration.block.body.attribute("source") if declaration is not None and declaration.block else None
        if source is not None:
            again = address in called.endless
            right = "take the call out of the circle" if again else "name the folder of a module, as from this one's"
            yield Hit(source.expr.span, address, {"call": address, "reason": reason, "right": right})
