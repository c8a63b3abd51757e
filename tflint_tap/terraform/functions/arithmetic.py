"""Functions of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from ..evaluation.conversion import EvaluationError, TooLarge, kind_name, quoted, to_number
from ..evaluation.numbers import from_float, magnitude, rounded
from ..evaluation.values import Data, ListValue, Value
from .parts import number, open_unknown, uncertain_set, unknown, whole

_MOST_DIGITS = 4_000


def abs_(value: Value) -> Data:
    return magnitude(number(value))


def ceil(value: Value) -> Data:
    return math.ceil(number(value))


def floor(value: Value) -> Data:
    return math.floor(number(value))


def signum(value: Value) -> Data:
    known = whole(value, "number")
    return (known > 0) - (known < 0)


def max_(*values: Value) -> Data:
    return _extreme(values, max)


def min_(*values: Value) -> Data:
    return _extreme(values, min)


def _extreme(values: tuple[Value, ...], choose: Callable[[list[int | Fraction]], int | Fraction]) -> Data:
    if not values:
        raise EvaluationError("must pass at least one number")
    doubt = next((value for value in values if not value.is_known), None)
    return open_unknown(doubt.data) if doubt is not None else choose([number(value) for value in values])


def sum_(value: Value) -> Data:
    data = value.data
    if not isinstance(data, ListValue):
        if not any(value.elements()):
            raise EvaluationError("cannot sum noniterable")
        raise EvaluationError(f"argument must be list, set, or tuple. Received {kind_name(data)}")
    if not data.items and data.doubt is None:
        raise EvaluationError("cannot sum an empty list")
    total: int | Fraction = 0
    for item in data.items:
        try:
            known = to_number(item).data
        except EvaluationError:
            known = None
        if known is None:
            raise EvaluationError("argument must be list, set, or tuple of number values")
        if isinstance(known, (int, Fraction)):
            total = rounded(Fraction(total + known))
    if data.doubt is not None or uncertain_set(data) or any(not item.is_known for item in data.items):
        return unknown(value)
    return total


def pow_(base: Value, power: Value) -> Data:
    """In 64-bit floating point, as Terraform computes it; the last digit may differ from Go's."""
    one, other = _float(base), _float(power)
    if one == 0 and other < 0:
        raise TooLarge("zero to a negative power is infinite")
    try:
        return from_float(math.pow(one, other))
    except ValueError:
        raise EvaluationError("a fractional power of a negative number is no number") from None
    except OverflowError:
        raise TooLarge("the result of pow is beyond 64-bit floating point") from None


def log(value: Value, base: Value) -> Data:
    """In 64-bit floating point, as Terraform computes it; the last digit may differ from Go's."""
    one, other = _float(value), _float(base)
    if one < 0 or other < 0:
        raise EvaluationError("the logarithm of a negative number is no number")
    if one == other == 1 or one == other == 0:
        raise EvaluationError("the result of log is no number")
    if other == 0:
        return 0
    if one == 0 or other == 1:
        raise TooLarge("the result of log is no finite number")
    return from_float(math.log(one) / math.log(other))


def _float(value: Value) -> float:
    try:
        return float(number(value))
    except OverflowError:
        raise TooLarge("the number is beyond 64-bit floating point") from None


def parseint(value: Value, base: Value) -> Data:
    """A whole number written in a base from 2 to 62: digits, lower case, then upper case (equal up to base 36)."""
    if not isinstance(value.data, str):
        raise EvaluationError(f"first argument must be a string, not {kind_name(value.data)}")
    radix = whole(base, "base")
    if not 2 <= radix <= 62:
        raise EvaluationError("base must be a whole number between 2 and 62 inclusive")
    digits = value.data[1:] if value.data.startswith(("+", "-")) else value.data
    if len(digits) > _MOST_DIGITS:
        raise TooLarge(f"the number has more than {_MOST_DIGITS} digits")
    total = 0
    for character in digits:
        digit = _digit(character, radix)
        if digit is None:
            total = -1
            break
        total = total * radix + digit
    if total < 0 or not digits:
        raise EvaluationError(f"cannot parse {quoted(value.data)} as a base {radix} integer")
    return rounded(Fraction(-total if value.data.startswith("-") else total))


def _digit(character: str, radix: int) -> int | None:
    if not re.fullmatch("[0-9a-zA-Z]", character):
        return None
    if character.isdigit():
        digit = int(character)
    elif character.islower() or radix <= 36:
        digit = ord(character.lower()) - ord("a") + 10
    else:
        digit = ord(character) - ord("A") + 36
    return digit if digit < radix else None
