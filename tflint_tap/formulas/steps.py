"""Closures that a formula is made of, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeAlias

from ..hcl import nodes
from ..hcl.packing import NUMBERS
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.evaluator import MOST_ELEMENTS
from ..terraform.evaluation.values import Data, ErrorValue, ListValue, MapValue, Unknown, Value, contents
from ..text.source import Span
from .scope import Scope

Step: TypeAlias = Callable[[Scope], Value]
# A bool where an expression is known to be one and isn't sensitive, else its value.
Test: TypeAlias = "Callable[[Scope], bool | Value]"
Content: TypeAlias = tuple[Any, ...]  # a packed node
Bound: TypeAlias = Mapping[str, int]  # the variables of the loops around, with the numbers they have in a Scope

LITERAL, TEMPLATE, TEXT, INTERPOLATION = (
    NUMBERS[kind] for kind in (nodes.Literal, nodes.Template, nodes.Text, nodes.Interpolation)
)
VARIABLE, GET_ATTR, INDEX, SPLAT, ITEM = (
    NUMBERS[kind] for kind in (nodes.Variable, nodes.GetAttr, nodes.Index, nodes.Splat, nodes.Item)
)
CALL, TUPLE, OBJECT, FOR = (NUMBERS[kind] for kind in (nodes.Call, nodes.Tuple, nodes.Object, nodes.For))
CONDITIONAL, BINARY, UNARY, PARENTHESES = (
    NUMBERS[kind] for kind in (nodes.Conditional, nodes.Binary, nodes.Unary, nodes.Parentheses)
)

ITEM_NAME = "[*]"  # the element that a splat is at, among the bound names
slots = count()  # numbers of loop variables: each loop has its own, since formulas are evaluated within others


class NotBound(Exception):
    """A name that a scope doesn't have."""


def settled(value: Value) -> bool | Value:
    """A value as a Test gives it."""
    data = value.data
    return data if (data is True or data is False) and not value.sensitive else value


def failed(error: EvaluationError | TooLarge, span: Span) -> Value:
    """The value of an expression that Terraform would refuse, or that would be too large."""
    return Value(ErrorValue(error.reason) if isinstance(error, EvaluationError) else Unknown(error.reason), span)


def too_large() -> TooLarge:
    return TooLarge(f"the value would have more than {MOST_ELEMENTS:,} elements")


def made(data: Data, span: Span, sensitive: bool = False) -> Value:
    """A value of collected data. TooLarge where nobody should go through it."""
    if isinstance(data, (ListValue, MapValue)) and contents(data)[0] > MOST_ELEMENTS:
        raise too_large()
    return Value(data, span, sensitive)
