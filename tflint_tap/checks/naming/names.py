"""The names that a stack gives to resources.

Which argument is the name of a type, and what its names look like, says the table of names in aws/.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...aws import names
from ...aws.names import Naming
from ...hcl.nodes import Attribute, Expr
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, quoted, to_text
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import PartialString, Value
from ...terraform.module.references import references

LONGEST_SHOWN = 60  # characters of a name in a message


def names_of(stack: Stack, *, short: bool = False) -> Iterator[tuple[Instance, Naming, Attribute, Value]]:
    """Every name that the stack gives: the resource, its type's naming, the argument, and its value as text.

    With `short` the starts of names are among them in which no prefix has room.
    """
    for instance in stack.resources():
        naming = names.naming(instance.declaration.type)
        if naming is None:
            continue
        for argument in (naming.argument, naming.prefix) if short else naming.arguments:
            attribute = instance.attribute(argument)
            if attribute is None:
                continue
            value = instance.value(argument)
            try:
                text = to_text(value) if value.data is not None else value
            except EvaluationError:
                continue  # no text: a matter of its type
            start = text.data.prefix if isinstance(text.data, PartialString) else text.data
            if text.data is not None and not (isinstance(start, str) and _is_given(naming, start)):
                yield instance, naming, attribute, text


def shown(attribute: Attribute, text: Value) -> str:
    """A name for a message: as it comes out; where that isn't known, as it is written."""
    if not isinstance(text.data, str):
        return " ".join(attribute.expr.span.code.split())
    return quoted(text.data if len(text.data) <= LONGEST_SHOWN else f"{text.data[: LONGEST_SHOWN - 1]}…")


def is_bare(expr: Expr) -> bool:
    """Return True if an expression has no references: `"jobs"`, also `"${"jobs"}"` or `lower("jobs")`."""
    return not references(expr)


def _is_given(naming: Naming, text: str) -> bool:
    """Return True if AWS itself gives this name."""
    return any(text == start or (start[-1] in "_/" and text.startswith(start)) for start in naming.given)
