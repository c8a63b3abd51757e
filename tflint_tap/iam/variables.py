"""Variables without a value that certainly hold no wildcard: by their validation, their name or their use."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import ListValue, PartialString, Unknown, Value
from ..terraform.module import Declaration, Module
from ..terraform.module.expressions import expressions
from ..terraform.module.references import steps_of

_WILDCARD = Value("*")
# What a variable's validation is tried on: a wildcard, alone or in a list.
_TRIED = (_WILDCARD, Value(ListValue((_WILDCARD,), "list")))
_ARNS = ("arn", "arns")


def holds_no_wildcard(evaluator: Evaluator, value: Value, words: tuple[str, ...] = _ARNS) -> bool:
    """Return True if all that isn't known of a value comes from variables of which none can be a wildcard.

    That is so where the variable's validation refuses `*`, and where its name (one of these words in it) or an
    argument that it is given to says that it is an ARN: who writes a wildcard there means another variable.
    """
    unknowns = list(_unknowns(value))
    return bool(unknowns) and all(_is_narrow(evaluator, unknown, words) for unknown in unknowns)


def _unknowns(value: Value) -> Iterator[Unknown]:
    parts = value.data.parts if isinstance(value.data, PartialString) else (value.data,)
    yield from (part for part in parts if isinstance(part, Unknown))


def _is_narrow(evaluator: Evaluator, unknown: Unknown, words: tuple[str, ...]) -> bool:
    root, names = unknown, list[str]()
    while root.part is not None:
        root, step = root.part
        names += [step] if isinstance(step, str) else []
    declaration = evaluator.module.declarations.get(root.variable)
    if declaration is None or declaration.block is None:
        return False
    if any(word in words for name in (*names, declaration.name) for word in name.lower().split("_")):
        return True
    return declaration.address in evaluator.module.once(_given_as_arns) or (
        not names and _is_refused(evaluator, declaration)
    )


def _given_as_arns(module: Module) -> frozenset[str]:
    """The addresses of variables that an argument is which is called an ARN."""
    found: set[str] = set()
    for block in module.blocks():
        for attribute, _ in expressions(block):
            if attribute.name.rpartition("_")[2] in _ARNS and steps_of(attribute.expr) is not None:
                found |= {item.address for item in module.references(attribute.expr) if item.root == "var"}
    return frozenset(found)


def _is_refused(evaluator: Evaluator, declaration: Declaration) -> bool:
    """Return True if the variable's validation certainly refuses a wildcard."""
    assert declaration.block is not None
    conditions = [
        attribute.expr
        for validation in declaration.block.body.blocks_of("validation")
        if (attribute := validation.body.attribute("condition")) is not None
    ]
    for tried in _TRIED if conditions else ():
        supposed = evaluator.supposing({declaration.address: tried})
        verdicts = [supposed.evaluate(condition).data for condition in conditions]
        if False in verdicts:
            return True
    return False
