"""Expressions that Terraform reads as they are written, without evaluating them: references, keywords, constants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from ...hcl import ParseError, parse_expression
from ...hcl.nodes import Attribute, Block, Expr, GetAttr, Index, Literal, Template, Tuple, Variable
from ...records import dataclass
from ...terraform.evaluation.conversion import EvaluationError, to_bool, to_text
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.values import Value
from ...terraform.module import Module
from ...terraform.module.references import literal_key, steps_of, survey
from ...text.source import Source, Span

NAME = re.compile(r"[^\W\d][\w-]*")
NAME_RULE = "a name begins with a letter or underscore, and has letters, digits, underscores and dashes only"
Steps: TypeAlias = tuple["str | int", ...]  # behind a root: names of attributes, and keys of indexes


@dataclass(frozen=True, slots=True)
class Misform:
    """A form that Terraform refuses: where, what is so, what would be right."""

    span: Span
    what: str
    right: str


@dataclass(frozen=True, slots=True)
class Traversal:
    """A reference as it is written: its root, and the steps from there with their kinds.

    `keyed` are the places of those steps that stand in brackets.
    """

    root: str
    steps: Steps
    keyed: frozenset[int]

    @property
    def names(self) -> tuple[str, ...]:
        """The root and the attributes behind it, up to the first index."""
        found = [self.root]
        for place, step in enumerate(self.steps):
            if place in self.keyed or not isinstance(step, str):
                break
            found.append(step)
        return tuple(found)

    def __str__(self) -> str:
        steps = (f"[{step!r}]" if place in self.keyed else f".{step}" for place, step in enumerate(self.steps))
        return self.root + "".join(steps)


def traversal(expr: Expr, *, quoted: bool = False) -> Traversal | None:
    """The reference that an expression is, None if it is none. `quoted`: one in quotes, as of old, is one too."""
    if quoted and isinstance(expr, Template):
        return _within_quotes(expr)
    if isinstance(expr, Literal) and not isinstance(expr.value, (int, float)) and expr.value is None:
        return Traversal("null", (), frozenset())
    found = steps_of(expr)
    if found is None:
        return None
    root, written = found
    steps: list[str | int] = []
    keyed: set[int] = set()
    for step in written:
        if isinstance(step, GetAttr):
            steps.append(step.name)
        elif isinstance(step, Index) and (key := literal_key(step.key)) is not None:
            keyed.add(len(steps))
            steps.append(key)
        else:
            return None
    return Traversal(root.name, tuple(steps), frozenset(keyed))


def _within_quotes(expr: Template) -> Traversal | None:
    text = expr.literal
    if text is None:
        return None
    try:
        inner = parse_expression(Source("reference", text))
    except ParseError:
        return None
    return traversal(inner)


def listed(expr: Expr) -> tuple[Expr, ...] | None:
    """The elements of a list that is written out, None of anything else."""
    return expr.items if isinstance(expr, Tuple) else None


def keyword(expr: Expr) -> str | None:
    """A bare word, or one in quotes as of old; None of anything else."""
    if isinstance(expr, Variable):
        return expr.name
    return expr.literal if isinstance(expr, Template) else None


def constant(expr: Expr) -> Value:
    """The value of an expression that may refer to nothing."""
    return Evaluator(Module((), {})).evaluate(expr)


def flags(block: Block, *names: str) -> Iterator[Misform]:
    """The arguments that have to be true or false, written out, and aren't."""
    for name in names:
        attribute = block.body.attribute(name)
        if attribute is not None and not _is_flag(attribute.expr):
            yield Misform(attribute.expr.span, f"{name} is neither true nor false, written out", "write true or false")


def _is_flag(expr: Expr) -> bool:
    """Return True of what is a bool; references are another rule's matter."""
    value = constant(expr)
    if value.data is None or survey(expr)[1]:
        return False
    try:
        to_bool(value)
    except EvaluationError:
        return False
    return True


def texts(block: Block, *names: str) -> Iterator[Misform]:
    """The arguments that have to be text, written out, and can't be."""
    for name in names:
        attribute = block.body.attribute(name)
        if attribute is not None and not _is_text(attribute):
            yield Misform(attribute.expr.span, f"{name} is no text that is written out", "write a text in quotes")


def _is_text(attribute: Attribute) -> bool:
    if survey(attribute.expr)[1]:
        return False
    try:
        return to_text(constant(attribute.expr)).data is not None
    except EvaluationError:
        return False
