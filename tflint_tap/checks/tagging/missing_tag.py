"""Resources whose tags lack required ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Value
from ..causes import by_cause
from ..naming.prefix import applies
from .tags import default_tags, own_tags, shared_source


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource whose tags lack required ones; where several share their tags, one for them."""
    if applies(stack, rule):
        required = rule.params["required"]
        assert isinstance(required, list)
        yield from by_cause(stack, _lacking(stack, [str(name) for name in required]))


def _lacking(stack: Stack, required: list[str]) -> Iterator[tuple[Hit, Hit | None]]:
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
        words = {"missing": _listed(absent), "right": _right(absent, values)}
        tags = {"tags": f"the tags of {instance.address}", **words}
        hit = Hit(own.span, instance.address, tags, own.related, doubt=doubt)
        source = shared_source(stack, own, defaults)
        shared = None
        if source is not None:
            tags = {"tags": f"the tags that several resources have from {source.name}", **words}
            shared = Hit(source.span, source.name, tags, doubt=doubt)
        yield hit, shared


def _set(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The tags that have a value: null is none, and an empty one says nothing."""
    return {
        name: value
        for name, value in values.items()
        if value.data is not None and not (isinstance(value.data, str) and not value.data.strip())
    }


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _right(absent: list[str], values: Mapping[str, Value]) -> str:
    """What to do about absent tags: those that are there in another spelling are to be renamed."""
    spelt = {_form(name): name for name in values}
    renamed = [f"write {name} for {spelt[_form(name)]}" for name in absent if spelt.get(_form(name), name) != name]
    added = [name for name in absent if spelt.get(_form(name), name) == name]
    return _listed(renamed + ([f"add {_listed(added)}"] if added else []))


def _form(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
