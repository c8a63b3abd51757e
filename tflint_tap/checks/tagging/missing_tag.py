"""Resources whose tags lack required ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ...contract.names_and_tags import name_prefixes, required_tags
from ...rule import Hit, Rule
from ...stack import Stack
from ...tagging import default_tags, own_tags, shared_source
from ...terraform.evaluation.values import Value

_NAME = "Name"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource whose tags lack required ones; where several share their tags, one for them."""
    required = list(cast("Sequence[str]", rule.params["required"]))
    if stack.contract is not None:
        named = _NAME if name_prefixes(stack.contract) else None  # tagging/missing-name says so
        required = [key for key in dict.fromkeys((*required_tags(stack.contract), *required)) if key != named]
    if required:
        yield from _lacking(stack, required)


def _lacking(stack: Stack, required: list[str]) -> Iterator[Hit]:
    for instance in stack.resources():
        own = own_tags(instance)
        if own is None:
            continue
        defaults = default_tags(stack, instance)
        if own.is_none and (defaults is None or defaults.is_none):
            continue  # tagging/untagged says so
        values = {**(defaults.values if defaults is not None else {}), **_set(own.values)}
        absent = [name for name in required if name not in _set(values)]
        if not absent:
            continue
        doubt = own.doubt or (defaults.doubt if defaults is not None else None)
        blank = [name for name in absent if name in own.values and defaults is None]
        if doubt is not None and blank:  # whatever else there may be, these are certain
            absent, doubt = blank, None
        source = shared_source(stack, own, defaults)
        spelt = {_form(name): name for name in values}
        renamed = [{"right": name, "wrong": spelt[_form(name)]} for name in absent if _form(name) in spelt]
        renamed = [pair for pair in renamed if pair["right"] != pair["wrong"]]
        added = [name for name in absent if name not in [pair["right"] for pair in renamed]]
        words = {"missing": absent, "renamed": renamed, "added": added}
        shared = None
        if source is not None:
            shared = Hit(source.span, source.name, {**words, "source": source.name}, doubt=doubt)
        yield Hit(own.span, instance.address, {**words, "source": None}, own.related, doubt=doubt, cause=shared)


def _set(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The tags that have a value: null is none, and an empty one says nothing."""
    return {
        name: value
        for name, value in values.items()
        if value.data is not None and not (isinstance(value.data, str) and not value.data.strip())
    }


def _form(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
