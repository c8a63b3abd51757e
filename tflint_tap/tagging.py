"""The tags of resources: their own, the provider's default tags, and what several have theirs from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .aws.provider import schema_of
from .hcl.nodes import Call, Conditional, Expr, For, GetAttr, Index, Object, ObjectItem, Parentheses, Template, Variable
from .records import dataclass, replace
from .stack import Stack
from .terraform.evaluation.conversion import EvaluationError, to_text
from .terraform.evaluation.expansion import Instance
from .terraform.evaluation.providers import configurations, provider_of
from .terraform.evaluation.values import MapValue, Value
from .terraform.module.marks import unmarked
from .terraform.module.references import Reference, reference_of, steps_of
from .terraform.provenance import attribute_origins
from .text.source import Related, Span

_AWS = "aws"


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that are written somewhere.

    `values` are those that are certain, `doubt` is why there may be more, None where there can't be. `span` is where
    they are written, the block's header where nothing is; `expr` what is written there.
    """

    values: Mapping[str, Value]
    doubt: str | None
    span: Span
    expr: Expr | None = None
    related: tuple[Related, ...] = ()

    @property
    def is_none(self) -> bool:
        """Certainly no tag at all."""
        return not self.values and self.doubt is None


def _tags_of(value: Value, span: Span, expr: Expr | None = None) -> Tags:
    """The tags that a `tags` argument comes to."""
    data = value.data
    if data is None:
        return Tags({}, None, span, expr)
    if isinstance(data, MapValue):
        return Tags(data.items, data.doubt.reason if data.doubt is not None else None, span, expr)
    return Tags({}, value.reason or "tags is no map", span, expr)


def own_tags(instance: Instance) -> Tags | None:
    """A resource's own tags, None where its type has none."""
    found = schema_of(instance.evaluator.module, "resource", instance.declaration.type)
    if found is not None and found.tagged_by_blocks:
        return _tags_in_blocks(instance)
    if found is None or not found.taggable:
        return None
    attribute = instance.attribute("tags")
    if attribute is None:
        return Tags({}, None, instance.header)
    tags = _tags_of(instance.value("tags"), attribute.expr.span, attribute.expr)
    if tags.doubt is not None and isinstance(attribute.expr, Conditional):
        tags = _of_either(instance, attribute.expr, tags)
    return replace(tags, related=attribute_origins(instance, attribute))


def _of_either(instance: Instance, expr: Conditional, tags: Tags) -> Tags:
    """The tags that hold for both outcomes of an unknown condition."""
    one, other = (
        _tags_of(instance.evaluator.evaluate(branch, instance.names), branch.span, branch)
        for branch in (expr.then, expr.otherwise)
    )
    both = {name: value for name, value in one.values.items() if name in other.values}
    alike = one.doubt is None and other.doubt is None and one.values.keys() == other.values.keys()
    return replace(tags, values=both, doubt=None if alike else tags.doubt)


def _tags_in_blocks(instance: Instance) -> Tags:
    values: dict[str, Value] = {}
    doubt: str | None = None
    for block in instance.blocks("tag"):
        try:
            key = to_text(block.value("key"))
        except EvaluationError as error:
            doubt = doubt or error.reason
            continue
        if isinstance(key.data, str) and block.doubt is None:
            values[key.data] = block.value("value")
        else:
            doubt = doubt or block.doubt or key.reason
    return Tags(values, doubt, instance.header)


def default_tags(stack: Stack, instance: Instance) -> Tags | None:
    """The default_tags of the provider configuration that makes a resource, None where the module has none."""
    found = schema_of(instance.evaluator.module, "resource", instance.declaration.type)
    if found is not None and found.tagged_by_blocks:
        return None  # https://www.hashicorp.com/blog/default-tags-in-the-terraform-aws-provider
    return tags_of_provider(stack, provider_of(instance) or _AWS)


def provider_tags(stack: Stack) -> Iterator[Tags]:
    """The default_tags of all provider configurations that have some."""
    yield from stack.once(_default_tags).values()


def tags_of_provider(stack: Stack, name: str) -> Tags | None:
    """The default_tags of a provider configuration, `aws.west`; None where it has none."""
    return stack.once(_default_tags).get(name)


def _default_tags(stack: Stack) -> dict[str, Tags]:
    """The default_tags of each configuration of the AWS provider that has some; made once of a stack."""
    made: dict[str, Tags] = {}
    for name, provider in configurations(stack.evaluator).items():
        if unmarked(name.partition(".")[0]) != _AWS:
            continue
        for defaults in provider.blocks("default_tags"):
            attribute = defaults.attribute("tags")
            if attribute is not None:
                tags = _tags_of(defaults.value("tags"), attribute.expr.span, attribute.expr)
                made.setdefault(name, replace(tags, doubt=tags.doubt or defaults.doubt))
    return made


@dataclass(frozen=True, slots=True)
class TagSource:
    """A local, variable or provider that gives tags to several resources: its name, and where the tags are written."""

    name: str
    span: Span


def shared_source(stack: Stack, own: Tags, defaults: Tags | None) -> TagSource | None:
    """The source of a resource's tags, other than its own additions: the place where more tags would help.

    Locals go before variables, since that is where what is common to the stack's resources is put together.
    """
    found: list[tuple[str, TagSource]] = []
    for reference in maps_in(own.expr) if own.expr is not None else ():
        declaration = stack.declared(reference.address)
        if declaration is not None and declaration.kind == "local":
            found.append((declaration.kind, TagSource(reference.address, declaration.expr.span)))
        elif declaration is not None and declaration.kind == "variable":
            assert declaration.block is not None
            default = declaration.block.body.attribute("default")
            span = declaration.span if default is None else default.expr.span
            found.append((declaration.kind, TagSource(reference.address, span)))
    if found:
        return min(found, key=lambda item: item[0])[1]
    return TagSource("default_tags", defaults.span) if defaults is not None else None


def items_of(expr: Expr | None) -> Iterator[ObjectItem]:
    """The keys and values that an expression of tags writes out itself, in the order in which later ones win."""
    if isinstance(expr, Object):
        yield from expr.items
    elif isinstance(expr, Call) and expr.name in _PASSING:
        for argument in expr.arguments:
            yield from items_of(argument)
    elif isinstance(expr, Conditional):
        yield from items_of(expr.then)
        yield from items_of(expr.otherwise)
    elif isinstance(expr, Parentheses):
        yield from items_of(expr.expr)


def key_of(item: ObjectItem) -> str | None:
    """The key of an item, if it is written out: `Name` or `"Name"`."""
    return item.key.literal if isinstance(item.key, Template) else None


_PASSING = ("merge", "tomap", "coalesce", "try")  # functions that give what they are given


def maps_in(expr: Expr) -> Iterator[Reference]:
    """The references within an expression that stand for the map that it comes to, or for a part of that."""
    if isinstance(expr, (Variable, GetAttr, Index)):
        found = steps_of(expr)
        if found is not None:
            yield reference_of(*found)
    elif isinstance(expr, Call) and expr.name in _PASSING:
        for argument in expr.arguments:
            yield from maps_in(argument)
    elif isinstance(expr, Conditional):
        yield from maps_in(expr.then)
        yield from maps_in(expr.otherwise)
    elif isinstance(expr, For):
        yield from maps_in(expr.collection)
    elif isinstance(expr, Parentheses):
        yield from maps_in(expr.expr)
