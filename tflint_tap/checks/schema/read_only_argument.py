"""Arguments that only the provider sets."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.provider import differs
from ...hcl.nodes import Literal
from ...rule import Hit, Rule
from ...stack import Stack
from .bodies import bodies


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each, at its name; null counts as not set."""
    for site in bodies(stack):
        for attribute, known in site.arguments:
            if known is not None and not known.settable:
                if isinstance(attribute.expr, Literal) and attribute.expr.value is None:
                    continue
                doubt = differs(stack.module, site.key, site.path, attribute.name)
                values = {"argument": attribute.name, "where": site.where}
                yield Hit(attribute.name_span, site.address, values, doubt=doubt)
