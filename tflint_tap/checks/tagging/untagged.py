"""Resources without tags."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ..causes import by_cause
from .tags import default_tags, own_tags, shared_source


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource without tags; where several have theirs from one empty map, one for them."""
    yield from by_cause(stack, _untagged(stack))


def _untagged(stack: Stack) -> Iterator[tuple[Hit, Hit | None]]:
    severity = Severity.ERROR if stack.is_contract_file else None
    if stack.declared("local.common_tags") is not None:
        right = "tags = merge(local.common_tags, { Name = … })"
    else:
        right = "set tags" if stack.is_contract_file else "set tags, or default_tags on the provider"
    for instance in stack.resources():
        own = own_tags(instance)
        if own is None or own.values:
            continue
        defaults = default_tags(stack, instance)
        if defaults is not None and defaults.values:
            continue
        doubt = own.doubt or (defaults.doubt if defaults is not None else None)
        values = {"what": instance.address, "right": right}
        hit = Hit(own.span, instance.address, values, own.related, severity, doubt=doubt)
        source = shared_source(stack, own, None)
        shared = None
        if source is not None:
            values = {"what": f"the resources that have theirs from {source.name}", "right": f"fill {source.name}"}
            shared = Hit(source.span, source.name, values, (), severity, doubt=doubt)
        yield hit, shared
