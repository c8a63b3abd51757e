"""The values that a module's expressions come to, each with the argument that it is written in."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute
from ...records import dataclass
from .evaluator import Evaluator
from .expansion import Instance
from .values import Value

_JUDGED_APART = ("count", "for_each", "provider", "depends_on")
_BLOCKS_APART = ("lifecycle", "provisioner", "connection")


@dataclass(frozen=True, slots=True)
class Written:
    """A value and the argument that it is written in; of a resource, in which instance."""

    address: str
    attribute: Attribute
    value: Value
    instance: Instance | None = None


def written_values(evaluator: Evaluator) -> Iterator[Written]:
    """The expressions of locals, outputs, and resources and data sources that certainly exist."""
    for declaration in evaluator.module.declarations.values():
        if declaration.kind == "local" and declaration.attribute is not None:
            yield Written(declaration.address, declaration.attribute, evaluator.evaluate(declaration.expr))
        elif declaration.kind == "output" and declaration.block is not None:
            attribute = declaration.block.body.attribute("value")
            if attribute is not None:
                yield Written(declaration.address, attribute, evaluator.evaluate(attribute.expr))
        elif declaration.kind in ("resource", "data"):
            for instance in evaluator.instances(declaration):
                if instance.doubt is None:
                    yield from _within(instance)


def _within(instance: Instance) -> Iterator[Written]:
    for attribute in instance.body.attributes:
        if attribute.name not in _JUDGED_APART:
            yield Written(instance.address, attribute, instance.value(attribute.name), instance)
    for type_ in dict.fromkeys(type_ for type_, _ in instance.block_types()):
        for nested in instance.blocks(type_) if type_ not in _BLOCKS_APART else ():
            if nested.doubt is None and not nested.optional:
                yield from _within(nested)
