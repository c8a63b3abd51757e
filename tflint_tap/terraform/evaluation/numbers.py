"""Terraform's numbers: binary floating point with a mantissa of 512 bits, here as int or Fraction.

Facts from Terraform 1.11 (`terraform console`) and Go's math/big, on whose Float type Terraform's numbers rest.
Infinities and negative zero, which Go knows too, are left out: an infinity is TooLarge, -0 is 0.
"""

from __future__ import annotations

import re
from fractions import Fraction

PRECISION = 512
_LARGEST_EXPONENT = 4_000  # what is beyond would only cost time: no limit of Terraform's
_LARGEST_BINARY_EXPONENT = 100_000
_MOST_DIGITS = 4_000  # Python itself refuses to read or print an int of more than 4,300

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d+))?", re.ASCII)


class TooLarge(Exception):
    """Something that Terraform may be able to compute, and that isn't worth computing here. `reason` says what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def rounded(number: Fraction) -> int | Fraction:
    """The nearest number that 512 bits of mantissa can hold, half to even; an int where it is whole.

    TooLarge beyond 2 to the power of 100,000 and below its inverse.
    """
    numerator, denominator = number.numerator, number.denominator
    if denominator == 1 and numerator.bit_length() <= PRECISION:
        return numerator
    if abs(numerator.bit_length() - denominator.bit_length()) > _LARGEST_BINARY_EXPONENT:
        raise TooLarge(f"the number is beyond 2 to the power of {_LARGEST_BINARY_EXPONENT}")
    # Scale such that the quotient has exactly 512 bits or one more, then round it off.
    shift = PRECISION - (abs(numerator).bit_length() - denominator.bit_length())
    scaled = Fraction(abs(numerator), denominator) * Fraction(2) ** shift
    if scaled >= 1 << PRECISION:
        scaled /= 2
        shift -= 1
    mantissa = round(scaled)  # Python rounds half to even
    result = Fraction(mantissa if numerator > 0 else -mantissa) / (Fraction(2) ** shift)
    return result.numerator if result.denominator == 1 else result


def from_float(number: float) -> int | Fraction:
    """A 64-bit result (of pow, log) by the shortest decimal that stands for it, as Terraform prints it.

    TooLarge for infinities and NaN.
    """
    if number != number or number in (float("inf"), float("-inf")):
        raise TooLarge("the result is not a finite number")
    exact = Fraction(number)
    digits, point = shortest_digits(magnitude(exact), 53)
    made = int(digits or "0") * Fraction(10) ** (point - len(digits))
    return rounded(-made if exact < 0 else made)


def parse_number(text: str) -> int | Fraction | None:
    """The number that a string stands for, None if for none: decimal, optional exponent, as Go's big.ParseFloat.

    TooLarge where the exponent is beyond reason (Terraform goes on to 2 to the power of 2**31) or the text says Inf.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        if text.lstrip("+-") in ("Inf", "inf") and len(text) <= 4:
            raise TooLarge("the number is infinite")
        return None
    sign, whole, decimals, letter, exponent_text = match.groups()
    decimals = decimals or ""
    if not whole and not decimals:
        return None
    if len(whole) + len(decimals) > _MOST_DIGITS:
        raise TooLarge(f"the number has more than {_MOST_DIGITS} digits")
    digits = int(whole + decimals)
    result = Fraction(-digits if sign == "-" else digits)
    exponent = -len(decimals)
    if exponent_text is not None:
        if len(exponent_text) > 10 or abs(int(exponent_text)) > _LARGEST_EXPONENT:
            if digits == 0:
                return 0
            raise TooLarge(f"the number's exponent is beyond {_LARGEST_EXPONENT}")
        if letter in "eE":
            exponent += int(exponent_text)
        else:
            result *= Fraction(2) ** int(exponent_text)
    return rounded(result * Fraction(10) ** exponent)


def number_text(number: int | Fraction) -> str:
    """As Terraform prints a number in a string or as JSON: decimal, without exponent, as short as tells it apart."""
    if number.denominator == 1 and number.numerator.bit_length() <= PRECISION:
        return str(number.numerator)
    digits, point = shortest_digits(magnitude(number))
    if point <= 0:
        text = "0." + "0" * -point + digits
    elif point >= len(digits):
        text = digits + "0" * (point - len(digits))
    else:
        text = digits[:point] + "." + digits[point:]
    return "-" + text if number < 0 else text


def magnitude(number: int | Fraction) -> int | Fraction:
    """Without its sign."""
    return -number if number < 0 else number


def shortest_digits(number: int | Fraction, precision: int = PRECISION) -> tuple[str, int]:
    """The fewest decimal digits that tell a number >= 0 apart from its neighbours in so many bits.

    They stand for 0.DIGITS times ten to the power of the second result; ("", 0) for nought.
    Go's math/big takes half a unit in the last place to both sides, ends included where the mantissa is even.
    """
    if number == 0:
        return "", 0
    value = Fraction(number)
    shift = precision - (value.numerator.bit_length() - value.denominator.bit_length())
    mantissa = value * Fraction(2) ** shift
    if mantissa >= 1 << precision:
        mantissa /= 2
        shift -= 1
    half_step = Fraction(2) ** -(shift + 1)
    lower, upper = value - half_step, value + half_step
    inclusive = mantissa.denominator != 1 or mantissa.numerator % 2 == 0
    point = _point(value)
    scale = Fraction(10) ** point
    while True:
        scale /= 10
        down = value // scale
        exact = down * scale == value
        down_fits = exact or lower < down * scale or (inclusive and lower == down * scale)
        up_fits = (down + 1) * scale < upper or (inclusive and (down + 1) * scale == upper)
        if down_fits or up_fits:
            chosen = down if exact or not up_fits else down + 1 if not down_fits else round(value / scale)
            text = str(chosen)
            count = _point(Fraction(chosen) * scale)
            return text.rstrip("0"), count


def _point(value: Fraction) -> int:
    """How many digits a number > 0 has before the decimal point; 0 or less: noughts behind it."""
    estimate = int((value.numerator.bit_length() - value.denominator.bit_length()) * 0.30103)
    while Fraction(10) ** estimate <= value:
        estimate += 1
    while Fraction(10) ** (estimate - 1) > value:
        estimate -= 1
    return estimate


def rounded_digits(number: int | Fraction, count: int) -> tuple[str, int]:
    """A number >= 0 rounded half to even to so many significant digits: 0.DIGITS times ten to the second result.

    Trailing noughts are kept. Nought is ("0" * count, 1).
    """
    if number == 0:
        return "0" * count, 1
    value = Fraction(number)
    point = _point(value)
    chosen = round(value / Fraction(10) ** (point - count)) if count else 0
    text = str(chosen)
    return (text[:count], point + 1) if len(text) > count else (text, point)


def fixed_digits(number: int | Fraction, decimals: int) -> str:
    """A number >= 0 with so many digits behind the point, rounded half to even."""
    scaled = round(Fraction(number) * Fraction(10) ** decimals)
    text = str(scaled).rjust(decimals + 1, "0")
    return text if decimals == 0 else f"{text[:-decimals]}.{text[-decimals:]}"
