"""The values that the AWS provider and API accept for an argument.

The facts are in constraints.txt: a line `type.path` has the constraint of an argument as JSON. They come from
botocore's service models and from tools/constraint_exceptions.tsv; each says where from. Absence says nothing: the
table covers the services of an event-driven stack and their neighbours, and of those only what is certain.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

from ..records import dataclass
from .table import Table, open_table

_PATH = Path(__file__).with_name("constraints.txt")


@dataclass(frozen=True, slots=True)
class Constraint:
    """The constraint of an argument's value, or of each element if the argument is a list or set.

    `enum` has all values as text, those of a number in decimal ("14"). `pattern` is a regular expression that the
    whole text has to match. Lengths are in characters, `minimum` and `maximum` inclusive. `source` says where that
    is written.
    """

    source: str
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    ignore_case: bool = False  # of enum
    json: bool = False  # the lengths are those of the JSON without white space, which is what is sent


@cache
def constraint(type_: str, path: str) -> Constraint | None:
    """The constraint of a resource type's argument; nested blocks by their names: `tracing_config.mode`."""
    text = _section(type_).get(path)
    if text is None:
        return None
    parts = json.loads(text)
    return Constraint(**{**parts, "enum": tuple(parts.get("enum", ()))})


def constrained(type_: str) -> tuple[str, ...]:
    """The paths of a resource type's arguments that have a constraint, sorted."""
    return tuple(_section(type_))


def breach(constraint: Constraint, value: str | int | Fraction) -> str | None:
    """The breach of the constraint by a value, in words to follow the value in a sentence; None if there is none.

    Terraform converts between numbers and text, and so does this: a text is compared as a number where it is one.
    """
    if constraint.minimum is not None or constraint.maximum is not None:
        number = _number(value)
        return _out_of_range(constraint, number) if number is not None else None
    text = value if isinstance(value, str) else _text(value)
    if constraint.enum:
        folded = [allowed.lower() for allowed in constraint.enum] if constraint.ignore_case else constraint.enum
        if (text.lower() if constraint.ignore_case else text) in folded:
            return None
        return f"is not {'one of ' if len(constraint.enum) > 1 else ''}{', '.join(constraint.enum)}"
    sent = _compact(text) if constraint.json else text
    if constraint.max_length is not None and len(sent) > constraint.max_length:
        return f"{_length(sent)}, over the limit of {constraint.max_length}"
    if constraint.min_length is not None and len(sent) < constraint.min_length:
        return f"{_length(sent)}, under the minimum of {constraint.min_length}"
    if constraint.pattern is not None and not _compiled(constraint.pattern).fullmatch(text):
        return f"does not match {constraint.pattern}"
    return None


def keys() -> tuple[str, ...]:
    """All keys of the table: arguments as `type.path`."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, provider, date, package sha256, exceptions sha256."""
    return _table().header()


@cache
def _table() -> Table:
    return open_table(_PATH)


@cache
def _section(type_: str) -> dict[str, str]:
    return _table().section(f"{type_}.")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _compact(text: str) -> str:
    """JSON without white space; as it is where it isn't JSON."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text


def _length(text: str) -> str:
    return f"has {len(text)} character{'' if len(text) == 1 else 's'}"


def _number(value: str | int | Fraction) -> int | Fraction | None:
    if not isinstance(value, str):
        return value
    return Fraction(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def _text(value: int | Fraction) -> str:
    return str(int(value)) if value == int(value) else str(float(value))


def _out_of_range(constraint: Constraint, number: int | Fraction) -> str | None:
    low, high = constraint.minimum, constraint.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        return None
    if low is not None and high is not None:
        return f"is not between {low} and {high}"
    return f"is under {low}" if low is not None else f"is over {high}"
