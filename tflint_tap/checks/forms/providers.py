"""Configurations of providers, and which of them resources and module calls name."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import BLOCKS_OF_PROVIDER, RESERVED_BLOCKS_OF_PROVIDER, RESERVED_OF_PROVIDER, TOP_LEVEL
from ...hcl.nodes import Block, Expr, Object, ObjectItem, Template
from ...records import dataclass
from ...stack import Stack
from ...terraform.module.graph import provider_address
from ...terraform.module.marks import is_marked, unmarked
from ...text.nearest import nearest, question
from .static import NAME, NAME_RULE, Misform, Traversal, constant, listed, traversal

_MADE = ("resource", "data", "ephemeral", "action")
_REFERENCE = "write the provider's name, or the name with an alias: aws, aws.west"


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with a provider's configuration, or with the choice of one.

    The choices of a called module are what its caller makes of them.
    """
    if block.type == "provider" and len(block.labels) == 1:
        yield from _configuration(block)
    elif any(is_marked(label.value) for label in block.labels):
        return
    elif block.type in _MADE and len(block.labels) == 2:
        yield from _chosen(block, stack)
    elif block.type == "check":
        for nested in block.body.blocks_of("data"):
            yield from _chosen(nested, stack)
    elif block.type == "module":
        yield from _of_call(block, stack)


def _configuration(block: Block) -> Iterator[Misform]:
    label = block.labels[0]
    name = unmarked(label.value)
    if not NAME.fullmatch(name):
        right = f"{NAME_RULE}; an alias is an argument"
        yield Misform(label.span, f"{label.span.text} can't be a provider's name", right)
    alias = block.body.attribute("alias")
    if alias is not None and not _names_something(alias.expr):
        yield Misform(alias.expr.span, "alias is no name", NAME_RULE)
    for attribute in block.body.attributes:
        if attribute.name in RESERVED_OF_PROVIDER:
            what = f"a provider takes no {attribute.name}: Terraform keeps the name for itself"
            yield Misform(attribute.name_span, what, "remove it")
        elif attribute.name in BLOCKS_OF_PROVIDER.get(name, ()):
            what = f"{attribute.name} is a block of the provider {name}"
            yield Misform(attribute.name_span, what, f"write {attribute.name} {{ … }}")
    for nested in block.body.blocks:
        yield from _nested(nested, name)


def _names_something(expr: Expr) -> bool:
    """Return True of a name; what refers to something is another rule's matter."""
    value = constant(expr)
    if value.reason is not None:
        return True
    return isinstance(value.data, str) and NAME.fullmatch(value.data) is not None


def _nested(nested: Block, provider: str) -> Iterator[Misform]:
    known = BLOCKS_OF_PROVIDER.get(provider)
    type_ = nested.labels[0].value if nested.type == "dynamic" and nested.labels else nested.type
    is_alien = type_ in RESERVED_BLOCKS_OF_PROVIDER or (type_ in TOP_LEVEL and known is None and nested.labels)
    if type_ == "_":
        return
    if is_alien or (known is not None and type_ not in known):
        near = nearest(type_, known or ())
        right = question(near) if near else "move it out of the provider block"
        yield Misform(nested.type_span, f"the provider {provider} takes no {type_} block", right)
    elif known is not None and nested.type != "dynamic" and nested.labels:
        yield Misform(nested.labels[0].span, f"{type_} blocks take no label", "remove it")


@dataclass(frozen=True, slots=True)
class Configured:
    """The configurations of a module: `aws`, `aws.west`; and the names that it requires providers by."""

    names: frozenset[str]
    required: frozenset[str]


def configured(stack: Stack) -> Configured:
    """What providers' blocks and required_providers declare; made once by `stack.once`."""
    names: set[str] = set()
    required: set[str] = set()
    for block in stack.module.blocks():
        if block.type == "provider" and len(block.labels) == 1:
            names.add(provider_address(block).removeprefix("provider."))
        for requirements in block.body.blocks_of("required_providers") if block.type == "terraform" else ():
            for attribute in requirements.body.attributes:
                required.add(attribute.name)
                names.update(_aliases(attribute.expr))
    return Configured(frozenset(names), frozenset(required))


def _aliases(expr: Expr) -> Iterator[str]:
    """The configurations that a module is given by its caller: `configuration_aliases`."""
    for item in expr.items if isinstance(expr, Object) else ():
        if isinstance(item.key, Template) and item.key.literal == "configuration_aliases":
            for alias in listed(item.value) or ():
                found = traversal(alias)
                if found is not None:
                    yield ".".join(found.names)


def _chosen(block: Block, stack: Stack) -> Iterator[Misform]:
    attribute = block.body.attribute("provider")
    if attribute is None:
        return
    found = traversal(attribute.expr, quoted=True)
    if found is None or len(found.steps) > 1 or found.keyed:
        yield Misform(attribute.expr.span, "provider is no reference to a provider's configuration", _REFERENCE)
        return
    known = stack.once(configured)
    type_ = block.labels[0].value
    if found.root != "aws" and type_.startswith("aws_") and found.root not in known.required and _tells(stack):
        what = f"provider names {found.root}, which the module doesn't require"
        yield Misform(attribute.expr.span, what, f"use a configuration of the provider that has {type_}: aws, aws.west")
    else:
        yield from _undeclared(attribute.expr, found, stack)


def _undeclared(expr: Expr, found: Traversal, stack: Stack) -> Iterator[Misform]:
    """A configuration with an alias that nothing declares."""
    known = stack.once(configured)
    name = ".".join(found.names)
    if not found.steps or name in known.names or not _tells(stack):
        return
    near = nearest(name, known.names)
    right = f'declare it: provider "{found.root}" with alias = "{found.steps[0]}"'
    yield Misform(
        expr.span, f"there is no provider configuration {name}", f"{right}{f'; {question(near)}' if near else ''}"
    )


def _tells(stack: Stack) -> bool:
    """Return True if what the module's files don't declare isn't declared at all."""
    has_configuration = any(block.type == "provider" for block in stack.module.blocks())
    return stack.module.is_whole and (has_configuration or not stack.is_contract_file)


def _of_call(block: Block, stack: Stack) -> Iterator[Misform]:
    attribute = block.body.attribute("providers")
    if attribute is None:
        return
    if not isinstance(attribute.expr, Object):
        yield Misform(attribute.expr.span, "providers is no map that is written out", "write { aws = aws.west }")
        return
    for item in attribute.expr.items:
        yield from _passed(item, stack)


def _passed(item: ObjectItem, stack: Stack) -> Iterator[Misform]:
    found = traversal(item.value, quoted=True)
    if found is None or len(found.steps) > 1 or found.keyed:
        what = "what is passed is no reference to a provider's configuration"
        yield Misform(item.value.span, what, _REFERENCE)
    else:
        yield from _undeclared(item.value, found, stack)
