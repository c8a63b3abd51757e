"""The configurations of a module's providers."""

from __future__ import annotations

from ..module import Declaration
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
