"""Terraform's operators on values, unknown parts included."""

from __future__ import annotations

from fractions import Fraction

from ...records import replace
from ...text.source import Span
from ..types import ANY, BOOL, NUMBER, TypeConstraint
from ..typing import common_type, convert
from .conversion import EvaluationError, equal, rounded, to_bool, to_number
from .values import Data, ErrorValue, Unknown, Value, first_reason


def unary(operator: str, operand: Value) -> Data:
    """`-x` or `!x`. EvaluationError where the operand is of the wrong type."""
    _no_null(operand)
    if operator == "!":
        flag = to_bool(operand)
        return not flag.data if flag.is_known else unsettled(flag)
    number = to_number(operand)
    return -_number(number) if number.is_known else unsettled(number)


def binary(operator: str, left: Value, right: Value) -> Data:
    """A binary operator's result. EvaluationError where an operand is of the wrong type."""
    for operand in (left, right):
        if isinstance(operand.data, ErrorValue):
            return operand.data
    if operator in ("==", "!="):
        same = equal(left, right)
        if same is None:
            reason = first_reason(left) or first_reason(right) or "they can't be compared"
            return Unknown(reason)
        return same == (operator == "==")
    _no_null(left)
    _no_null(right)
    if operator in ("&&", "||"):
        return _logical(operator, to_bool(left), to_bool(right))
    one, other = to_number(left), to_number(right)
    if not one.is_known:
        return unsettled(one)
    if not other.is_known:
        return unsettled(other)
    return _arithmetic(operator, _number(one), _number(other))


def result_type(operator: str) -> TypeConstraint:
    """The type of a binary operator's results."""
    return NUMBER if operator in ("+", "-", "*", "/", "%") else BOOL


def flag_of(condition: Value) -> Value:
    """The bool of a condition. EvaluationError where it is null or no bool."""
    if condition.data is None:
        raise EvaluationError("the condition is null")
    return to_bool(condition)


def chosen(flag: Value, branches: tuple[Value, Value], span: Span) -> Value:
    """The value of a conditional with these branches, of the type that they have in common.

    EvaluationError where they have none.
    """
    then, otherwise = branches
    if isinstance(flag.data, ErrorValue):
        return Value(flag.data, span)
    wanted = _type_of_branches(then, otherwise)
    if flag.is_known:
        made = convert(then if flag.data else otherwise, wanted)
    elif then.data == otherwise.data and first_reason(then) is None:
        made = convert(then, wanted)
    else:
        made = Value(unsettled(flag), span, type=None if wanted.kind == "any" else wanted)
    return replace(made, sensitive=True) if flag.sensitive else made


def _type_of_branches(then: Value, otherwise: Value) -> TypeConstraint:
    """The type of a conditional; a null that is written out has that of the other branch."""
    if any(isinstance(branch.data, ErrorValue) for branch in (then, otherwise)):
        return ANY
    written = [branch for branch in (then, otherwise) if branch.data is not None or branch.type is not None]
    return common_type(written)


def unsettled(value: Value) -> Unknown | ErrorValue:
    """The result of an operation on a value that isn't known, other than passing it on: another thing than itself."""
    return value.data if isinstance(value.data, ErrorValue) else Unknown(value.reason or "it isn't known")


def _no_null(value: Value) -> None:
    if value.data is None:
        raise EvaluationError("an operand is null")


def _logical(operator: str, left: Value, right: Value) -> Data:
    """One side can settle it, whatever the other turns out to be."""
    settling = operator == "||"
    if (left.is_known and left.data is settling) or (right.is_known and right.data is settling):
        return settling
    if not left.is_known:
        return unsettled(left)
    return unsettled(right) if not right.is_known else not settling


def _number(value: Value) -> int | Fraction:
    assert isinstance(value.data, (int, Fraction))
    return value.data


def _arithmetic(operator: str, left: int | Fraction, right: int | Fraction) -> Data:
    if operator in ("<", ">", "<=", ">="):
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
    if operator == "/" and right == 0:
        if left == 0:
            raise EvaluationError("zero divided by zero")
        return Unknown("division by zero")
    if operator == "%":
        if right == 0:
            return left
        # the remainder has the dividend's sign
        whole = Fraction(left) / Fraction(right)
        return rounded(Fraction(left) - Fraction(right) * int(whole))
    result = {
        "+": lambda: Fraction(left) + right,
        "-": lambda: Fraction(left) - right,
        "*": lambda: Fraction(left) * right,
        "/": lambda: Fraction(left) / right,
    }[operator]()
    return rounded(result)
