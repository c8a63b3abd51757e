"""Names without the suffix that settings ask for."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import ErrorValue, Value
from ...terraform.provenance import attribute_origins
from .names import is_bare, names_of, shown
from .prefix import Part, Prefix, ends, parts_of, reason_of, suffix_of

_FIFO = ".fifo"  # AWS asks names of FIFO queues and topics to end with it


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name without the suffix; for all names that are made from one text, one at the text."""
    suffix = suffix_of(stack, str(rule.params["suffix"]))
    for instance, naming, attribute, text in names_of(suffix.stack):
        if attribute.name != naming.argument:
            continue  # the start of a name, which AWS completes
        expr = attribute.expr
        verdict = _verdict(suffix, text, is_literal=is_bare(expr))
        if verdict is True:
            continue
        values = {"name": shown(attribute, text), "suffix": str(suffix), "symbol": suffix.symbol}
        doubt = reason_of(suffix, instance, attribute.name, verdict) if isinstance(verdict, str) else None
        cause = None
        if text.span is not None and not expr.span.contains(text.span):
            cause = Hit(text.span, None, values, doubt=doubt)
        origins = attribute_origins(instance, attribute)
        yield Hit(expr.span, instance.address, values, origins, doubt=doubt, cause=cause)


def _verdict(suffix: Prefix, text: Value, *, is_literal: bool) -> bool | str:
    """Return True if a name has the suffix, or the reason why that isn't known."""
    if isinstance(text.data, ErrorValue):
        return text.data.reason
    if isinstance(suffix.value.data, ErrorValue):
        return False if is_literal else suffix.value.data.reason
    name: list[Part] = list(parts_of(text))
    if name and isinstance(name[-1], str):
        name[-1] = name[-1].removesuffix(_FIFO)
    return ends(name, parts_of(suffix.value))
