"""Schedules: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2027-01-31T08:00:00)`.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html describes them for rules of
EventBridge, https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html for EventBridge Scheduler.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias

from .records import dataclass
from .text.nearest import suggestion

_FORM = re.compile(r"(rate|cron|at)\(([^()]*)\)")
_RATE = re.compile(r"([0-9]+) (\S+)")
_AT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?")
_UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
_DAY = 1440  # minutes
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SPECIAL_DAY = re.compile(r"L|L-([0-9]{1,2})|LW|([0-9]{1,2})W")
_SPECIAL_WEEKDAY = re.compile(r"L|(\w+)L|(\w+)#([1-5])")

Values: TypeAlias = frozenset[int | str]


class ScheduleError(Exception):
    """A text that is no schedule. The message says why."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service takes: the forms, and if a unit has to be singular for 1 and plural for more.

    `fields` are the numbers of fields that a cron expression may have, `least` is the shortest time between two runs.
    """

    forms: tuple[str, ...] = ("rate", "cron", "at")
    strict: bool = True
    fields: tuple[int, ...] = (6,)
    least: int = 60


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule. Two rates, or two cron expressions, are equal if they give the same times, however they are written.

    `period` is the shortest time between two runs, in seconds, None where there is only one.
    """

    kind: str
    times: tuple[Values, ...]
    period: int | None

    @property
    def normal(self) -> str:
        """The schedule in the one spelling that all equal ones share."""
        return " ".join([self.kind, *(",".join(sorted(map(str, values), key=_in_order)) for values in self.times)])


def _in_order(text: str) -> tuple[int, str]:
    return (int(text), "") if text.isdigit() else (-1, text)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a cron expression: its name, its least and greatest value, and the names of values."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """A value's number; ScheduleError where it is none of the field's."""
        if not text:
            raise ScheduleError(f"a {self.name} is missing")
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.least
        if not text.isascii() or not text.isdigit():
            near = suggestion(text.upper(), self.names)
            raise ScheduleError(f"{text} is no {self.name}{near}")
        if not self.least <= int(text) <= self.most:
            raise ScheduleError(f"{text} is no {self.name}: they go from {self.least} to {self.most}")
        return int(text)


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 1, 7, _DAYS),
    _Field("year", 1970, 2199),
)
_MINUTE, _HOUR, _MONTH_DAY, _MONTH, _WEEKDAY, _YEAR = range(6)

# The services whose expressions are EventBridge's, as their documentation says, and what they have of their own.
DIALECTS: Mapping[str, Dialect] = {
    "events": Dialect(("rate", "cron")),
    # rate(1 hours) is in use there
    "scheduler": Dialect(strict=False),
    # https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
    "application-autoscaling": Dialect(strict=False),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html
    # In older expressions of maintenance windows a field for seconds comes first.
    "ssm": Dialect(fields=(6, 7)),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
    "backup": Dialect(("cron",)),
    # https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
    "glue": Dialect(("cron",), least=300),
}


def read_schedule(text: str, dialect: Dialect) -> Schedule:
    """The schedule that a text describes. ScheduleError where the service doesn't take it."""
    form = _FORM.fullmatch(text)
    if form is None or form.group(1) not in dialect.forms:
        raise ScheduleError(f"it has to be {_either(dialect.forms)}")
    kind, inner = form.groups()
    if kind == "rate":
        return _rate(inner, dialect)
    return _cron(inner, dialect) if kind == "cron" else _at(inner)


def may_become_one(prefix: str, dialect: Dialect) -> bool:
    """Return True if a text that begins so may be a schedule."""
    return any(f"{form}(".startswith(prefix) or prefix.startswith(f"{form}(") for form in dialect.forms)


def _either(forms: tuple[str, ...]) -> str:
    written = [f"{form}(...)" for form in forms]
    return " or ".join([", ".join(written[:-1]), written[-1]] if len(written) > 1 else written)


def _rate(inner: str, dialect: Dialect) -> Schedule:
    match = _RATE.fullmatch(inner)
    if match is None:
        raise ScheduleError("a rate is a whole number, a blank and a unit, such as 5 minutes")
    count, unit = int(match.group(1)), match.group(2)
    name = unit.removesuffix("s")
    if name not in _UNITS or unit not in (name, f"{name}s"):
        near = suggestion(unit, [form for known in _UNITS for form in (known, f"{known}s")])
        raise ScheduleError(f"{unit} is no unit of a rate: they are minutes, hours and days{near}")
    if count == 0:
        raise ScheduleError("the number of a rate has to be greater than 0")
    if dialect.strict and (count == 1) != (unit == name):
        right = name if count == 1 else f"{name}s"
        raise ScheduleError(f"the unit of a rate is singular for 1 and plural for more: {count} {right}")
    seconds = count * _UNITS[name]
    return Schedule("rate", (frozenset((seconds,)),), seconds)


def _at(inner: str) -> Schedule:
    match = _AT.fullmatch(inner)
    try:
        if match is None:
            raise ValueError
        datetime.fromisoformat(inner if match.group(2) else f"{inner}:00")
    except ValueError:
        raise ScheduleError("at takes a date and time, such as 2027-01-31T08:00:00") from None
    return Schedule("at", (frozenset((inner,)),), None)


def _cron(inner: str, dialect: Dialect) -> Schedule:
    texts = inner.split()
    if len(texts) not in dialect.fields:
        fields = "minutes, hours, day of the month, month, day of the week and year"
        raise ScheduleError(f"a cron expression has six fields ({fields}), and this one has {len(texts)}")
    texts = texts[len(texts) - len(_FIELDS) :]
    if (texts[_MONTH_DAY] == "?") == (texts[_WEEKDAY] == "?"):
        raise ScheduleError("either the day of the month or the day of the week has to be ?, and not both")
    times = tuple(_values(field, text) for field, text in zip(_FIELDS, texts, strict=True))
    period = _shortest_gap(times)
    if period < dialect.least:
        raise ScheduleError(f"there have to be {dialect.least // 60} minutes between two runs")
    return Schedule("cron", times, period)


def _values(field: _Field, text: str) -> Values:
    """The values of a field: all that it lists, or `?`; what depends on the month (L, 15W, FRI#2) as it is written."""
    if text == "?":
        if field not in (_FIELDS[_MONTH_DAY], _FIELDS[_WEEKDAY]):
            raise ScheduleError(f"? stands for a day, and not for the {field.name}")
        return frozenset(("?",))
    if "#" in text and "," in text:
        raise ScheduleError("a day of the week with # stands alone")
    found: set[int | str] = set()
    for part in text.split(","):
        special = _special(field, part)
        if special is not None:
            found.add(special)
        else:
            found |= _range(field, part)
    return frozenset(found)


def _special(field: _Field, part: str) -> str | None:
    """A day that depends on the month, in one spelling; None for any other part."""
    if field is _FIELDS[_MONTH_DAY]:
        match = _SPECIAL_DAY.fullmatch(part)
        if match is None:
            return None
        for number in match.groups():
            if number is not None and part != f"L-{number}":
                field.number(number)
        return part
    if field is _FIELDS[_WEEKDAY]:
        match = _SPECIAL_WEEKDAY.fullmatch(part)
        if match is None or part.upper() in field.names:
            return None
        last, nth, count = match.groups()
        if last is not None:
            return f"{field.number(last)}L"
        return f"{field.number(nth)}#{count}" if nth is not None else part
    return None


def _range(field: _Field, part: str) -> set[int | str]:
    """`*`, `5`, `1-5`, `FRI-MON`, `0/15`, `*/15`."""
    base, slash, step = part.partition("/")
    if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
        raise ScheduleError(f"{part} has no whole number behind its /")
    every = int(step) if slash else 1
    if base in ("*", "") and (slash or base):
        low, high = field.least, field.most
    else:
        first, dash, last = base.partition("-")
        low = field.number(first)
        high = field.number(last) if dash else field.most if slash else low
    if low <= high:
        return set(range(low, high + 1, every))
    span = field.most - field.least + 1
    return {field.least + (value - field.least) % span for value in range(low, high + span + 1, every)}


def _shortest_gap(times: tuple[Values, ...]) -> int:
    """The shortest time between two runs of a day, or of two days, in seconds."""
    minutes, hours = times[_MINUTE], times[_HOUR]
    runs = sorted(int(hour) * 60 + int(minute) for hour in hours for minute in minutes)
    gaps = [after - before for before, after in pairwise(runs)]
    return 60 * min([*gaps, _DAY - runs[-1] + runs[0]])
