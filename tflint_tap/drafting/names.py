"""What the names and the tags of a stack have in common."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws import names as aws_names
from ..aws.schema import resource as schema_of_resource
from ..hcl import parse_expression
from ..records import dataclass
from ..stack import Stack
from ..tagging import own_tags
from ..terraform.evaluation.values import PartialString, Value
from ..text.source import Source
from .draft import Entry

_NAME = "Name"


@dataclass(frozen=True, slots=True)
class Prefix:
    """What every name begins with: a local or variable, its text, and the variables that it is made of."""

    address: str
    text: str
    variables: frozenset[str]


def prefix_of(stack: Stack) -> Prefix | None:
    """The local or variable that the names of all resources begin with, the longest of several; None if none does."""
    texts = [text for text in _names(stack) if text is not None]
    best: tuple[str, str] | None = None
    for kind in ("local", "variable"):
        for declaration in stack.module.of_kind(kind):
            value = stack.evaluator.evaluate(parse_expression(Source(declaration.address, declaration.address)))
            data = value.data
            is_prefix = isinstance(data, str) and len(data) > 1 and texts and all(data in text for text in texts)
            is_better = is_prefix and isinstance(data, str) and (best is None or len(data) > len(best[0]))
            if is_better and isinstance(data, str) and not all(text == data for text in texts):
                best = (data, declaration.address)
    if best is None:
        return None
    reached = stack.reached([parse_expression(Source(best[1], best[1]))])
    return Prefix(best[1], best[0], frozenset(reference.address for reference, _ in reached if reference.root == "var"))


def _names(stack: Stack) -> Iterator[str | None]:
    """The names of things; None where a name isn't known."""
    for instance in stack.resources():
        found = aws_names.naming(instance.declaration.type)
        if found is not None and instance.attribute(found.argument) is not None:
            data = instance.value(found.argument).data
            text = data.prefix if isinstance(data, PartialString) else data
            yield text.lower() if isinstance(text, str) and text else None


def naming_of_stack(prefix: Prefix | None) -> Iterator[Entry]:
    """What every name begins with."""
    if prefix is not None:
        yield Entry("naming", prefix.address, "prefix")


def tags_of(stack: Stack, prefix: Prefix | None) -> Iterator[Entry]:
    """The keys that the tags of all resources have that can have tags. With a prefix for names, Name begins with it."""
    common: list[str] | None = None
    start = prefix.text if prefix is not None else ""
    for instance in stack.resources():
        found = schema_of_resource(instance.declaration.type)
        if found is None or not found.taggable:
            continue
        tags = own_tags(instance)
        keys = [key for key, value in tags.values.items() if value.data not in (None, "")] if tags is not None else []
        if _NAME in keys and tags is not None and not _begins(tags.values[_NAME], start):
            keys.remove(_NAME)
        common = keys if common is None else [key for key in common if key in keys]
    if common:
        yield Entry("tags", common, "required")


def _begins(value: Value, start: str) -> bool:
    text = value.data.prefix if isinstance(value.data, PartialString) else value.data
    return isinstance(text, str) and text.startswith(start)
