"""Resources whose tags have no Name with the stack's prefix."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.names_and_tags import required_tags
from ...rule import Hit, Rule
from ...stack import Stack
from ...tagging import Tags, default_tags, items_of, key_of, own_tags, shared_source
from ...terraform.evaluation.conversion import EvaluationError, quoted, to_text
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, Value
from ...text.source import Span
from ..naming.prefix import Prefix, begins, parts_of, prefix_of

_NAME = "Name"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource; where several share tags that have no Name, one for them."""
    prefix = prefix_of(stack)
    if prefix is None or stack.contract is None or _NAME not in required_tags(stack.contract):
        return
    for instance in prefix.stack.resources():
        own, defaults = own_tags(instance), default_tags(prefix.stack, instance)
        if own is None or (own.is_none and (defaults is None or defaults.is_none)):
            continue  # tagging/untagged says so
        yield from _judged(stack, prefix, instance, own, defaults)


def _judged(stack: Stack, prefix: Prefix, instance: Instance, own: Tags, defaults: Tags | None) -> Iterator[Hit]:
    value = own.values.get(_NAME)
    if _is_empty(value):
        doubt = own.doubt
        words = {"prefix": str(prefix), "symbol": prefix.symbol, "name": None, "source": None}
        source = shared_source(stack, own, None)
        shared = None
        if source is not None and value is None:
            shared = Hit(source.span, source.name, {**words, "source": source.name}, doubt=doubt)
        yield Hit(own.span, instance.address, words, own.related, doubt=doubt, cause=shared)
        return
    assert value is not None
    verdict = _begins(prefix, value)
    if verdict is not True:
        span = _place(own)
        words = {"prefix": str(prefix), "symbol": prefix.symbol, "name": _shown(value), "source": None}
        doubt = _reason(stack, instance, prefix, verdict) if isinstance(verdict, str) else None
        yield Hit(span, instance.address, words, doubt=doubt)


def _is_empty(value: Value | None) -> bool:
    return value is None or value.data is None or (isinstance(value.data, str) and not value.data.strip())


def _begins(prefix: Prefix, value: Value) -> bool | str:
    if isinstance(prefix.value.data, ErrorValue):
        return prefix.value.data.reason
    try:
        text = to_text(value)
    except EvaluationError as error:
        return error.reason
    return begins(parts_of(text), parts_of(prefix.value))


def _reason(stack: Stack, instance: Instance, prefix: Prefix, verdict: str) -> str:
    """The reason of a doubt in terms of the stack as it is, where the prefix stands for itself."""
    for plain in stack.evaluator.instances(instance.declaration):
        tags = own_tags(plain) if plain.address == instance.address else None
        value = tags.values.get(_NAME) if tags is not None else None
        if value is not None and value.reason is not None:
            return value.reason
    return prefix.reason or verdict


def _place(own: Tags) -> Span:
    """The Name where the tags write it, else the tags."""
    written = [item.value.span for item in items_of(own.expr) if key_of(item) == _NAME]
    return written[-1] if written else own.span


def _shown(value: Value) -> str:
    return quoted(value.data) if isinstance(value.data, str) else str(value.data)
