"""Resources without tags."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...tagging import default_tags, own_tags, shared_source


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource without tags; where several have theirs from one empty map, one for them."""
    yield from _untagged(stack, is_required=stack.is_contract_file or bool(rule.params["required"]))


def _untagged(stack: Stack, *, is_required: bool) -> Iterator[Hit]:
    severity = Severity.ERROR if is_required else None
    words = {
        "has_common_tags": stack.declared("local.common_tags") is not None,
        "in_contract": stack.is_contract_file,
        "source": None,
    }
    for instance in stack.resources():
        own = own_tags(instance)
        if own is None or own.values:
            continue
        defaults = default_tags(stack, instance)
        if defaults is not None and defaults.values:
            continue
        doubt = own.doubt or (defaults.doubt if defaults is not None else None)
        source = shared_source(stack, own, None)
        shared = None
        if source is not None:
            shared = Hit(source.span, source.name, {**words, "source": source.name}, (), severity, doubt=doubt)
        yield Hit(own.span, instance.address, words, own.related, severity, doubt=doubt, cause=shared)
