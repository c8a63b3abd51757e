"""The value of an expression: known, a reference to what only AWS can tell, or unknown for a reason.

Known data is plain: None, bool, str, a number (int, or a Fraction where it isn't whole), ListValue, MapValue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...records import dataclass, field
from ...text.source import Span

if TYPE_CHECKING:
    from ..types import TypeConstraint

REFERS_TO_ITSELF = "refers to itself"  # behind an address, why there is no value
UNFIT = "its call gives no value that fits"  # likewise, of a variable of a called module


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known but why: `var.vpc_id has no default`.

    Equality compares reasons alone, which two different things may share; their `identity` tells them apart.
    `part` is what this is a part of, with the step that leads to it, as in `var.queues["a"]`. One that is `fresh`
    (`uuid()`) is certainly like nothing but itself: no text that is written, no other fresh one. `variable` is the
    address of the variable whose value this is, or of whose elements a `for` makes it.
    """

    reason: str
    part: tuple[Unknown, str | int] | None = field(default=None, compare=False, repr=False)
    fresh: bool = field(default=False, compare=False, repr=False)
    variable: str = field(default="", compare=False, repr=False)

    def step(self, step: str | int) -> Unknown:
        """The value of an attribute or element of an Unknown."""
        return Unknown(self.reason, (self, step))

    @property
    def identity(self) -> tuple[str | int, ...]:
        """The key that two Unknowns share if and only if they are the same thing, as long as both exist."""
        found, steps = self, list[str | int]()
        while found.part is not None:
            found, step = found.part
            steps.append(step)
        return (id(found), *reversed(steps))


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """Terraform would refuse the expression with an error of this kind."""

    reason: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that only AWS can tell: `aws_sqs_queue.q["a"]`, path `("arn",)`.

    Two references to the same attribute are equal.
    """

    address: str  # with the instance key where there is one
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return self.address + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)

    @property
    def block_address(self) -> str:
        """The address without the instance key: what is declared."""
        return self.address.partition("[")[0]

    @property
    def reason(self) -> str:
        return f"{self} is known after apply"


@dataclass(frozen=True, slots=True)
class PartialString:
    """A string of known parts and others: `"${aws_sqs_queue.q.arn}/*"`. At least one part isn't a str."""

    parts: tuple[str | Symbol | Unknown, ...]

    @property
    def prefix(self) -> str:
        """The certain beginning of the text."""
        first = self.parts[0]
        return first if isinstance(first, str) else ""

    @property
    def suffix(self) -> str:
        """The certain end of the text."""
        last = self.parts[-1]
        return last if isinstance(last, str) else ""

    @property
    def reason(self) -> str:
        """The reason why the text isn't wholly known: of its first part without a value, else of its first symbol.

        A reader can give a variable a value; what AWS alone knows stays unknown.
        """
        unsure = [part for part in self.parts if not isinstance(part, str)]
        return next((part for part in unsure if isinstance(part, Unknown)), unsure[0]).reason

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"${{{_name(part)}}}" for part in self.parts)


def _name(part: Symbol | Unknown) -> str:
    return str(part) if isinstance(part, Symbol) else "?"


@dataclass(frozen=True, slots=True)
class ListValue:
    """A tuple, list or set. With a `doubt` there may be further elements, for that reason.

    The first `certain` elements stand where they stand (None: all of them); behind them, elements that are
    not known may come in between. A set's elements are distinct and in Terraform's order.
    """

    items: tuple[Value, ...]
    kind: Literal["tuple", "list", "set"] = "tuple"
    doubt: Unknown | None = None
    certain: int | None = None
    _contents: Contents | None = field(default=None, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MapValue:
    """An object or map, keys in the order of their making. With a `doubt` there may be further keys."""

    items: Mapping[str, Value]
    kind: Literal["object", "map"] = "object"
    doubt: Unknown | None = None
    _contents: Contents | None = field(default=None, init=False, compare=False, repr=False)


# What is within a collection, at any depth: how many values with the collection itself, however shared; the first
# error; and if anything is sensitive.
Contents: TypeAlias = "tuple[int, ErrorValue | None, bool]"


def contents(data: ListValue | MapValue) -> Contents:
    """What is within a collection; found out once."""
    found = data._contents
    if found is None:
        size, is_marked = 1, False
        failure: ErrorValue | None = None
        for item in data.items if isinstance(data, ListValue) else data.items.values():
            inner = item.data
            if isinstance(inner, (ListValue, MapValue)):
                within = contents(inner)
                size += within[0]
                failure = failure or within[1]
                is_marked = is_marked or within[2]
            else:
                size += 1
                if failure is None and isinstance(inner, ErrorValue):
                    failure = inner
            if item.sensitive:
                is_marked = True
        found = (size, failure, is_marked)
        object.__setattr__(data, "_contents", found)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A thing of the stack as the conditions of rules see it: a block, an edge, a statement. No Terraform value is one.

    `member` gives a part by its name (EvaluationError where there is none of that name), `names` the names of all
    parts. `text` is how a template shows the thing: its address. Two views are equal if their `subject` is the same.
    """

    kind: str
    text: str
    subject: object
    member: Callable[[str], Value]
    names: Callable[[], tuple[str, ...]]

    @property
    def object(self) -> MapValue:
        """All parts together, as an object."""
        return MapValue({name: self.member(name) for name in self.names()})


Data: TypeAlias = (
    bool | int | Fraction | str | ListValue | MapValue | Symbol | PartialString | Unknown | ErrorValue | View | None
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a template: what it gave, and where it is written."""

    data: str | Symbol | Unknown | PartialString
    span: Span


@dataclass(frozen=True, slots=True)
class Value:
    """Data, and where it was written: the literal or expression that it stems from, however it came here."""

    data: Data
    span: Span | None = None
    sensitive: bool = False
    decoded: Value | None = None  # what a string made by jsonencode holds, spans and all
    pieces: tuple[Piece, ...] = ()  # of a template: to find a character's place in the text
    # of null, what isn't known, and an empty collection: the type that it was given, which its data don't show
    type: TypeConstraint | None = field(default=None, compare=False, repr=False)

    def at(self, span: Span) -> Value:
        """The same value, written there unless it knows better."""
        if self.span is not None:
            return self
        return Value(self.data, span, self.sensitive, self.decoded, self.pieces, self.type)

    @property
    def reason(self) -> str | None:
        """The reason why this value itself isn't known (its elements may still not be), None if it is known."""
        data = self.data
        return data.reason if isinstance(data, (Unknown, ErrorValue, Symbol, PartialString)) else None

    @property
    def size(self) -> int:
        """How many values it is, with all that is within."""
        return contents(self.data)[0] if isinstance(self.data, (ListValue, MapValue)) else 1

    @property
    def is_known(self) -> bool:
        """Known itself; elements of a collection may still be unknown."""
        return not isinstance(self.data, (Unknown, ErrorValue, Symbol, PartialString))

    def elements(self) -> Iterator[Value]:
        """The elements or values of a collection; nothing for any other data."""
        data = self.data
        if isinstance(data, ListValue):
            yield from data.items
        elif isinstance(data, MapValue):
            yield from data.items.values()


NULL = Value(None)


def first_reason(value: Value) -> str | None:
    """The reason why a value or an element of it isn't known, None if all of it is known."""
    if value.reason is not None:
        return value.reason
    data = value.data
    if isinstance(data, (ListValue, MapValue)):
        if data.doubt is not None:
            return data.doubt.reason
        for element in value.elements():
            reason = first_reason(element)
            if reason is not None:
                return reason
    return None


def first_error(value: Value) -> ErrorValue | None:
    """The error that Terraform would report for a value or anything within it, None where there is none."""
    data = value.data
    if isinstance(data, (ListValue, MapValue)):
        return contents(data)[1]
    return data if isinstance(data, ErrorValue) else None


def is_sensitive(value: Value) -> bool:
    """Marked sensitive, itself or anywhere within."""
    return value.sensitive or (isinstance(value.data, (ListValue, MapValue)) and contents(value.data)[2])
