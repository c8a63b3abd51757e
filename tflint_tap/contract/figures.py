"""Figures: quantities of time, rates and shares, with what they bound, and when one states another."""

from __future__ import annotations

import enum
from fractions import Fraction

from ..records import dataclass
from . import lexicon


class Bound(enum.Enum):
    """The bound of a number in a text. EXACTLY is a number without a word about it: `a 60-second target`."""

    AT_MOST = "<"
    AT_LEAST = ">"
    ABOUT = "~"
    EXACTLY = ""
    EVERY = "every "
    BETWEEN = "between "


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity of a text, at its offsets from `start` to `end`.

    `unit` is "s" for a time, in seconds, "/s", "/min", "/h" or "/day" for a rate, "%" for a share. `low` is the lower
    end of a range, `number` its upper one. `qualifiers` are percentiles ("p95"), "burst" and "sustained".
    """

    bound: Bound
    number: Fraction
    unit: str
    qualifiers: frozenset[str] = frozenset()
    low: Fraction | None = None
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        """The figure in a form that is the same however it was written: `<0.4 s p95`."""
        low = "" if self.low is None else f"{_plain(self.low)} and "
        marks = "".join(f" {qualifier}" for qualifier in sorted(self.qualifiers))
        return f"{self.bound.value}{low}{_plain(self.number)} {self.unit}{marks}"

    @property
    def is_time(self) -> bool:
        return self.unit == "s"

    @property
    def kind(self) -> str:
        """What is measured: figures of different kinds can't be compared."""
        return "rate" if self.unit in _SECONDS_OF else self.unit

    @property
    def amount(self) -> Fraction:
        """The quantity, for comparison: rates per second, 72,000/min is 1,200/s."""
        return self.number / _SECONDS_OF.get(self.unit, 1)


_SECONDS_OF = {unit: seconds for seconds, unit in lexicon.RATE_UNITS.items()}


def states(stated: Figure, wanted: Figure, *, as_breach: bool = False) -> bool:
    """Return True if one figure states the wanted one, as to quantity, bound and qualifiers.

    A number without a bound, or about a number, says it as well as the bound. A rate that isn't called a burst
    counts as sustained. With `as_breach` the opposite bound says it too, as alarms do: `later than 400 ms P95`.
    """
    if stated.kind != wanted.kind or stated.amount != wanted.amount or stated.bound is Bound.BETWEEN:
        return False
    if "sustained" in wanted.qualifiers and "burst" in stated.qualifiers - wanted.qualifiers:
        return False
    if not wanted.qualifiers - {"sustained"} <= stated.qualifiers:
        return False
    if Bound.EVERY in (stated.bound, wanted.bound):
        return stated.bound is wanted.bound
    if wanted.bound in (Bound.ABOUT, Bound.EXACTLY) or stated.bound in (Bound.ABOUT, Bound.EXACTLY):
        return True
    return stated.bound is wanted.bound or as_breach


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
