"""Variables without a type."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError
from ...terraform.typing import parse_type
from .declarations import variables


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables without a type, or with one that Terraform doesn't know."""
    for declaration, block in variables(stack):
        type_ = block.body.attribute("type")
        if type_ is None:
            yield Hit(block.header, declaration.address, {"what": "has no type", "right": "a type, such as string"})
            continue
        try:
            parse_type(type_.expr)
        except EvaluationError as error:
            values = {"what": f"has a type that is none: {error.reason}", "right": "a type that Terraform knows"}
            yield Hit(type_.expr.span, declaration.address, values, severity=rule.severity.ERROR)
