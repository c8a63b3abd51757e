"""The configurations of a module's providers."""

from __future__ import annotations

from ...hcl.nodes import Template
from ..module import Declaration
from ..module.references import reference_of, steps_of
from .evaluator import Evaluator
from .expansion import Instance


def configurations(evaluator: Evaluator) -> dict[str, Instance]:
    """The configurations of providers by what resources call them: `aws`, `aws.west`; of several alike the first."""
    made: dict[str, Instance] = {}
    for block in evaluator.module.blocks():
        if block.type != "provider" or len(block.labels) != 1:
            continue
        label, alias = block.labels[0].value, block.body.attribute("alias")
        name = evaluator.evaluate(alias.expr).data if alias is not None else None
        called = label if alias is None else f"{label}.{name}"
        address = f"provider.{called}"
        declaration = Declaration(address, "provider", block.header, block)
        made.setdefault(called, Instance(address, None, declaration, block.body, block.header, {}, evaluator))
    return made


def provider_of(instance: Instance) -> str | None:
    """The configuration of a provider that a resource names, as `configurations` calls it; None for the default one."""
    attribute = instance.attribute("provider")
    if attribute is None:
        return None
    if isinstance(attribute.expr, Template):  # "aws.east", as in old files
        return attribute.expr.literal
    found = steps_of(attribute.expr)
    return reference_of(*found).address if found is not None else None
