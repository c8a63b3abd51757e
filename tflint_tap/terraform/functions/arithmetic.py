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
_LG1, _LG2, _LG3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
_LG4, _LG5, _LG6 = 2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01
_LG7 = 1.479819860511658591e-01
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10


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
    """In 64-bit floating point, as Terraform computes it."""
    return from_float(_power(_float(base), _float(power)))


def _power(base: float, power: float) -> float:
    """As Go's math.Pow, whose last digits differ from C's: squaring of the mantissa apart from the exponent."""
    if power == 0 or base == 1:
        return 1.0
    if power == 1:
        return base
    if base == 0:
        if power < 0:
            raise TooLarge("nought to a negative power is infinite")
        return 0.0
    if base < 0 and not power.is_integer():
        raise EvaluationError("a fractional power of a negative number is no number")
    if abs(power) == 0.5:
        return math.sqrt(base) if power > 0 else 1 / math.sqrt(base)
    fraction, whole_power = math.modf(abs(power))
    if whole_power >= 2**63:
        raise TooLarge("the power is beyond 64 bits")
    result, result_exponent = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction -= 1
            whole_power += 1
        result = math.exp(fraction * _natural_log(base))
    mantissa, exponent = math.frexp(base)
    remaining = int(whole_power)
    while remaining:
        if abs(exponent) > 1 << 12:
            result_exponent += exponent
            break
        if remaining & 1:
            result *= mantissa
            result_exponent += exponent
        mantissa *= mantissa
        exponent <<= 1
        if mantissa < 0.5:
            mantissa += mantissa
            exponent -= 1
        remaining >>= 1
    if power < 0:
        result, result_exponent = 1 / result, -result_exponent
    try:
        return math.ldexp(result, result_exponent)
    except OverflowError:
        raise TooLarge("the result of pow is beyond 64-bit floating point") from None


def log(value: Value, base: Value) -> Data:
    """In 64-bit floating point, as Terraform computes it."""
    one, other = _float(value), _float(base)
    if one < 0 or other < 0:
        raise EvaluationError("the logarithm of a negative number is no number")
    if one == other == 1 or one == other == 0:
        raise EvaluationError("the result of log is no number")
    if other == 0:
        return 0
    if one == 0 or other == 1:
        raise TooLarge("the result of log is no finite number")
    return from_float(_natural_log(one) / _natural_log(other))


def _natural_log(number: float) -> float:
    """By the polynomial of fdlibm's e_log.c, which Go's math.Log uses, so that the last digits are the same."""
    mantissa, exponent = math.frexp(number)
    if mantissa < math.sqrt(2) / 2:
        mantissa *= 2
        exponent -= 1
    offset = mantissa - 1
    ratio = offset / (2 + offset)
    square = ratio * ratio
    fourth = square * square
    odd = square * (_LG1 + fourth * (_LG3 + fourth * (_LG5 + fourth * _LG7)))
    even = fourth * (_LG2 + fourth * (_LG4 + fourth * _LG6))
    half_square = 0.5 * offset * offset
    correction = ratio * (half_square + (odd + even)) + exponent * _LN2_LOW
    return exponent * _LN2_HIGH - ((half_square - correction) - offset)


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
