"""Points in time: RFC 3339, in the restricted form that Terraform reads."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from ...records import dataclass
from ..evaluation.conversion import EvaluationError, TooLarge
from ..evaluation.values import Data, Unknown, Value
from .environment import Environment
from .parts import text

_RFC3339 = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Time:
    moment: datetime  # to the second, with its offset
    fraction: Fraction  # of a second


def _parsed(value: str) -> _Time:
    match = _RFC3339.fullmatch(value)
    if match is None:
        raise EvaluationError("not a valid RFC3339 timestamp")
    *numbers, fraction, zone = match.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    offset = 0 if zone == "Z" else (int(zone[1:3]) * 60 + int(zone[4:])) * (-1 if zone[0] == "-" else 1)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone(timedelta(minutes=offset)))
    except ValueError as error:
        raise EvaluationError(f"not a valid RFC3339 timestamp: {error}") from None
    return _Time(moment, Fraction(int(fraction), 10 ** len(fraction)) if fraction else Fraction(0))


def timestamp() -> Data:
    return Unknown("timestamp() is known only when Terraform applies")


def plantimestamp(environment: Environment) -> Data:
    return environment.time if environment.time is not None else Unknown("plantimestamp() is known only at plan time")


def timeadd(value: Value, duration: Value) -> Data:
    try:
        time = _parsed(text(value))
    except EvaluationError as error:
        raise EvaluationError(f"invalid timestamp: {error.reason}") from None
    total = time.fraction + Fraction(_nanoseconds(text(duration)), 10**9)
    try:
        moment = time.moment + timedelta(seconds=total.numerator // total.denominator)
    except OverflowError:
        raise TooLarge("the time is beyond the year 9999") from None
    return moment.replace(tzinfo=None).isoformat() + _offset(moment, ":", "Z")


def _nanoseconds(duration: str) -> int:
    """Go's ParseDuration: `-1h30m5.5s`, of at most 64 bits."""
    rest = duration.lstrip("+-") if duration[1:2] not in ("+", "-") else duration
    if rest == "0":
        return 0
    total = Fraction(0)
    position = 0
    while position < len(rest):
        match = _DURATION.match(rest, position)
        if match is None or match.end() - position > 100:
            raise EvaluationError(f'time: invalid duration "{duration}"')
        total += Fraction(f"0{match.group(1)}".rstrip(".")) * _NANOSECONDS[match.group(2)]
        position = match.end()
    if not rest or total >= 2**63:
        raise EvaluationError(f'time: invalid duration "{duration}"')
    whole = total.numerator // total.denominator
    return -whole if duration.startswith("-") else whole


def timecmp(left: Value, right: Value) -> Data:
    one, other = _parsed(text(left)), _parsed(text(right))
    pair = (one.moment, one.fraction), (other.moment, other.fraction)
    return (pair[0] > pair[1]) - (pair[0] < pair[1])


def formatdate(template: Value, value: Value) -> Data:
    moment = _parsed(text(value)).moment
    made = []
    source = text(template)
    position = 0
    while position < len(source):
        letter = source[position]
        if letter == "'":
            literal, position = _literal(source, position)
            made.append(literal)
        elif letter.isascii() and letter.isalpha():
            end = position
            while end < len(source) and source[end] == letter:
                end += 1
            made.append(_verb(letter, end - position, moment))
            position = end
        else:
            made.append(letter)
            position += 1
    return "".join(made)


def _literal(source: str, start: int) -> tuple[str, int]:
    """Text between single quotes, in which two of them stand for one; and where it ends."""
    made = []
    position = start + 1
    while True:
        end = source.find("'", position)
        if end < 0:
            raise EvaluationError("unterminated literal '")
        made.append(source[position:end])
        if not source.startswith("''", end):
            return "".join(made), end + 1
        made.append("'")
        position = end + 2


def _verb(letter: str, count: int, moment: datetime) -> str:
    month, day = _MONTHS[moment.month - 1], _DAYS[moment.weekday()]
    half = "am" if moment.hour < 12 else "pm"
    forms: dict[str, dict[int, str]] = {
        "Y": {2: f"{moment.year % 100:02d}", 4: f"{moment.year:04d}"},
        "M": {1: str(moment.month), 2: f"{moment.month:02d}", 3: month[:3], 4: month},
        "D": {1: str(moment.day), 2: f"{moment.day:02d}"},
        "E": {3: day[:3], 4: day},
        "h": {1: str(moment.hour), 2: f"{moment.hour:02d}"},
        "H": {1: str((moment.hour - 1) % 12 + 1), 2: f"{(moment.hour - 1) % 12 + 1:02d}"},
        "m": {1: str(moment.minute), 2: f"{moment.minute:02d}"},
        "s": {1: str(moment.second), 2: f"{moment.second:02d}"},
        "A": {2: half.upper()},
        "a": {2: half},
        "Z": {
            1: _offset(moment, ":", "Z"),
            3: _offset(moment, "", "UTC"),
            4: _offset(moment, "", "+0000"),
            5: _offset(moment, ":", "+00:00"),
        },
    }
    form = forms.get(letter, {}).get(count)
    if form is None:
        raise EvaluationError(f'invalid date format verb "{letter * count}"')
    return form


def _offset(moment: datetime, separator: str, utc: str) -> str:
    offset = moment.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return utc
    size = abs(minutes)
    return f"{'-' if minutes < 0 else '+'}{size // 60:02d}{separator}{size % 60:02d}"
