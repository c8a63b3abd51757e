"""Names that are written out."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.names import Naming
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import quoted
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Symbol
from .names import is_bare, names_of


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name that is written out; the start of a name that the provider completes is free."""
    for instance, naming, attribute, text in names_of(stack):
        if attribute.name != naming.argument or not is_bare(attribute.expr) or not isinstance(text.data, str):
            continue
        if not _is_within_the_stack(stack, instance, naming):
            yield Hit(attribute.expr.span, instance.address, {"argument": attribute.name, "name": quoted(text.data)})


def _is_within_the_stack(stack: Stack, instance: Instance, naming: Naming) -> bool:
    """Return True if the name is unique within a thing that the stack makes: a security group's in its VPC."""
    for argument in naming.within or ():
        value = instance.value(argument)
        target = stack.target(value)
        if target is not None:
            return target.declaration.kind == "resource"
        if isinstance(value.data, Symbol) and value.data.address.startswith("module."):
            return True
    return False
