"""Rules and what they find."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from .records import dataclass, field
from .text.source import Related, Span

if TYPE_CHECKING:
    from .stack import Stack


class Severity(enum.IntEnum):
    """How bad a finding is, in rising order; `str(severity)` is the word that reports and options use."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Hit:
    """The result of a check: a place and the values that the card's message and remedy name.

    With a `doubt` (the reason why nothing certain can be said) it becomes a doubt instead of a finding.
    """

    span: Span
    address: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    severity: Severity | None = None  # where it differs from the card's
    requirement: str | None = None
    doubt: str | None = None
    cause: Hit | None = None  # the hit to report in its place where several blocks share its cause
    message: str | None = None  # where it is worded already: by a condition, which knows what its names mean
    remedy: str | None = None
    about: str = ""  # what tells it from others of its rule at one place, alike for all blocks that share it
    way: tuple[Related, ...] = ()  # the steps of the edge that it is about, from its source to its target


Check = Callable[["Stack", "Rule"], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, its place and its remedy. With a `doubt`, the reason why it isn't certain, it is a doubt.

    `calls` are the headers of the calls whose module it is in, the nearest first: none in a root module.
    `about` tells it from others of its rule at one place, which are about something else.
    `inputs` are the sets of inputs under which it holds; none where it holds under all that the run judged.
    `way` are the steps of the edge that it is about, from its source to its target.
    """

    rule: str
    severity: Severity
    message: str
    span: Span
    remedy: str
    address: str | None = None
    requirement: str | None = None
    related: tuple[Related, ...] = ()
    doubt: str | None = None
    calls: tuple[Span, ...] = ()
    inputs: tuple[str, ...] = ()
    about: str = ""
    way: tuple[Related, ...] = ()

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The sort key in a report: by path, place, rule."""
        return (self.span.source.path, self.span.start, self.span.end, self.rule, self.message)


class Case(NamedTuple):
    """A further case of a rule: its name says what it is about, marks in its HCL say what is reported."""

    name: str
    hcl: str


class Texts(NamedTuple):
    """The texts of a card for readers: of no use to a run that judges."""

    why: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    references: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    cases: tuple[tuple[str, str], ...] = ()
    specification: str | None = None  # the contract that the examples are held to
    precision: str = "high"  # how often a finding is right: very-high, high, medium or low


@dataclass(frozen=True, slots=True)
class Rule:
    """A card of the rulebook, `id` from its path: `iam/wildcard-action`.

    `needs` are the kinds of declarations without which there is nothing to judge, with their types where it matters:
    `variable`, `resource.aws_sqs_queue`. One of them is enough; None: the rule has to see every stack. `texts` are
    read when they are asked for.
    """

    id: str
    title: str
    severity: Severity
    message: str
    remedy: str
    check: Check
    texts: Callable[[], Texts]
    security_severity: float | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    absence: bool = False  # judges what is missing from the module: held back where a file is broken
    contract_only: bool = False  # applies only to a file that a contract claims
    named_only: bool = False  # of these: only where the contract names the rule
    asked_only: bool = False  # applies only where settings give its params
    supersedes: tuple[str, ...] = ()  # rules whose findings are left out where both have the same cause
    needs: frozenset[str] | None = None

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]

    @property
    def why(self) -> str:
        return self.texts().why

    @property
    def bad(self) -> tuple[str, ...]:
        return self.texts().bad

    @property
    def good(self) -> tuple[str, ...]:
        return self.texts().good

    @property
    def references(self) -> tuple[str, ...]:
        return self.texts().references

    @property
    def frameworks(self) -> tuple[str, ...]:
        return self.texts().frameworks

    @property
    def precision(self) -> str:
        return self.texts().precision

    @property
    def specification(self) -> str | None:
        return self.texts().specification

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(Case(*case) for case in self.texts().cases)
