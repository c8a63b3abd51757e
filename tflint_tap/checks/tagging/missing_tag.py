"""Tags: whether a resource has any, and those that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...aws import schema
from ...hcl.nodes import Call, Conditional, Expr, For, GetAttr, Index, Parentheses, Template, Variable
from ...records import dataclass, replace
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_text
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import MapValue, Value
from ...terraform.module import Declaration
from ...terraform.module.references import Reference, reference_of, steps_of
from ...terraform.provenance import attribute_origins
from ...text.source import Related, Span
from ..causes import by_cause
from ..naming.missing_prefix import applies


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that are written somewhere.

    `values` are those that are certain, `rest` is why there may be more, None where there can't be. `span` is where
    they are written, the block's header where nothing is; `expr` what is written there.
    """

    values: Mapping[str, Value]
    rest: str | None
    span: Span
    expr: Expr | None = None
    related: tuple[Related, ...] = ()

    @property
    def is_none(self) -> bool:
        """Certainly no tag at all."""
        return not self.values and self.rest is None


def _tags_of(value: Value, span: Span, expr: Expr | None = None) -> Tags:
    """The tags that a `tags` argument comes to."""
    data = value.data
    if data is None:
        return Tags({}, None, span, expr)
    if isinstance(data, MapValue):
        return Tags(data.items, data.rest.reason if data.rest is not None else None, span, expr)
    return Tags({}, value.reason or "tags is no map", span, expr)


def _own_tags(instance: Instance) -> Tags | None:
    """A resource's own tags, None where its type has none."""
    found = schema.resource(instance.declaration.type)
    if found is not None and found.tagged_by_blocks:
        return _tags_in_blocks(instance)
    if found is None or not found.taggable:
        return None
    attribute = instance.attribute("tags")
    if attribute is None:
        return Tags({}, None, instance.header)
    tags = _tags_of(instance.value("tags"), attribute.expr.span, attribute.expr)
    if tags.rest is not None and isinstance(attribute.expr, Conditional):
        tags = _of_either(instance, attribute.expr, tags)
    return replace(tags, related=attribute_origins(instance, attribute))


def _of_either(instance: Instance, expr: Conditional, tags: Tags) -> Tags:
    """What the tags are, whichever way a condition goes that isn't known."""
    one, other = (
        _tags_of(instance.evaluator.evaluate(branch, instance.names), branch.span, branch)
        for branch in (expr.then, expr.otherwise)
    )
    both = {name: value for name, value in one.values.items() if name in other.values}
    alike = one.rest is None and other.rest is None and one.values.keys() == other.values.keys()
    return replace(tags, values=both, rest=None if alike else tags.rest)


def _tags_in_blocks(instance: Instance) -> Tags:
    values: dict[str, Value] = {}
    rest: str | None = None
    for block in instance.blocks("tag"):
        try:
            key = to_text(block.value("key"))
        except EvaluationError as error:
            rest = rest or error.reason
            continue
        if isinstance(key.data, str) and block.doubt is None:
            values[key.data] = block.value("value")
        else:
            rest = rest or block.doubt or key.reason
    return Tags(values, rest, instance.header)


# The provider's default tags


def _default_tags(stack: Stack, instance: Instance) -> Tags | None:
    """The default_tags of the provider configuration that makes a resource, None where the module has none."""
    found = schema.resource(instance.declaration.type)
    if found is not None and found.tagged_by_blocks:
        return None  # https://www.hashicorp.com/blog/default-tags-in-the-terraform-aws-provider
    alias = _alias(instance)
    for block in stack.module.blocks():
        if block.type != "provider" or [label.value for label in block.labels] != ["aws"]:
            continue
        written = block.body.attribute("alias")
        name = written.expr.literal if written is not None and isinstance(written.expr, Template) else None
        if name != alias:
            continue
        declaration = Declaration("provider.aws", "provider", block.header, block)
        provider = Instance("provider.aws", None, declaration, block.body, block.header, {}, stack.evaluator)
        for defaults in provider.blocks("default_tags"):
            attribute = defaults.attribute("tags")
            if attribute is not None:
                tags = _tags_of(defaults.value("tags"), attribute.expr.span, attribute.expr)
                return replace(tags, rest=tags.rest or defaults.doubt)
    return None


def _alias(instance: Instance) -> str | None:
    """The alias of the provider configuration that a resource names, None where it takes the default one."""
    attribute = instance.attribute("provider")
    if attribute is None:
        return None
    if isinstance(attribute.expr, Template):  # "aws.east", as in old files
        return (attribute.expr.literal or "").partition(".")[2] or None
    found = steps_of(attribute.expr)
    return reference_of(*found).address.partition(".")[2] or None if found is not None else None


# What several resources have their tags from


@dataclass(frozen=True, slots=True)
class _Source:
    """A local, variable or provider that gives tags to several resources: its name, and where the tags are written."""

    name: str
    span: Span


def _source(stack: Stack, own: Tags, defaults: Tags | None) -> _Source | None:
    """What a resource has its tags from, but for those that it adds itself: the place where more would help.

    Locals go before variables, since that is where what is common to the stack's resources is put together.
    """
    found: list[tuple[str, _Source]] = []
    for reference in _maps(own.expr) if own.expr is not None else ():
        declaration = stack.declared(reference.address)
        if declaration is not None and declaration.kind == "local":
            found.append((declaration.kind, _Source(reference.address, declaration.expr.span)))
        elif declaration is not None and declaration.kind == "variable":
            assert declaration.block is not None
            default = declaration.block.body.attribute("default")
            span = declaration.span if default is None else default.expr.span
            found.append((declaration.kind, _Source(reference.address, span)))
    if found:
        return min(found, key=lambda item: item[0])[1]
    return _Source("default_tags", defaults.span) if defaults is not None else None


def _maps(expr: Expr) -> Iterator[Reference]:
    """The references within an expression that stand for the map that it comes to, or for a part of that."""
    if isinstance(expr, (Variable, GetAttr, Index)):
        found = steps_of(expr)
        if found is not None:
            yield reference_of(*found)
    elif isinstance(expr, Call) and expr.name in _PASSING:
        for argument in expr.arguments:
            yield from _maps(argument)
    elif isinstance(expr, Conditional):
        yield from _maps(expr.then)
        yield from _maps(expr.otherwise)
    elif isinstance(expr, For):
        yield from _maps(expr.collection)
    elif isinstance(expr, Parentheses):
        yield from _maps(expr.expr)


_PASSING = ("merge", "tomap", "coalesce", "try")  # functions that give what they are given


# tagging/untagged


def untagged(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource without tags; where several have theirs from one empty map, one for them."""
    yield from by_cause(stack, _untagged(stack))


def _untagged(stack: Stack) -> Iterator[tuple[Hit, Hit | None]]:
    severity = Severity.ERROR if stack.is_contract_file else None
    if stack.declared("local.common_tags") is not None:
        right = "tags = merge(local.common_tags, { Name = … })"
    else:
        right = "set tags" if stack.is_contract_file else "set tags, or default_tags on the provider"
    for instance in stack.resources():
        own = _own_tags(instance)
        if own is None or own.values:
            continue
        defaults = _default_tags(stack, instance)
        if defaults is not None and defaults.values:
            continue
        doubt = own.rest or (defaults.rest if defaults is not None else None)
        values = {"what": instance.address, "right": right}
        hit = Hit(own.span, instance.address, values, own.related, severity, doubt=doubt)
        source = _source(stack, own, None)
        shared = None
        if source is not None:
            values = {"what": f"the resources that have theirs from {source.name}", "right": f"fill {source.name}"}
            shared = Hit(source.span, source.name, values, (), severity, doubt=doubt)
        yield hit, shared


# tagging/missing-tag


def missing_tag(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource whose tags lack required ones; where several share their tags, one for them."""
    if applies(stack, rule):
        required = rule.params["required"]
        assert isinstance(required, list)
        yield from by_cause(stack, _lacking(stack, [str(name) for name in required]))


def _lacking(stack: Stack, required: list[str]) -> Iterator[tuple[Hit, Hit | None]]:
    for instance in stack.resources():
        own = _own_tags(instance)
        if own is None:
            continue
        defaults = _default_tags(stack, instance)
        if own.is_none and (defaults is None or defaults.is_none):
            continue  # tagging/untagged says so
        values = {**(defaults.values if defaults is not None else {}), **_set(own.values)}
        absent = [name for name in required if name not in _set(values)]
        if not absent:
            continue
        doubt = own.rest or (defaults.rest if defaults is not None else None)
        blank = [name for name in absent if name in own.values and defaults is None]
        if doubt is not None and blank:  # whatever else there may be, these are certain
            absent, doubt = blank, None
        words = {"missing": _listed(absent), "right": _right(absent, values)}
        tags = {"tags": f"the tags of {instance.address}", **words}
        hit = Hit(own.span, instance.address, tags, own.related, doubt=doubt)
        source = _source(stack, own, defaults)
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
