"""What a specification asks for, as it is read: each thing with the number of its line."""

from __future__ import annotations

from ..records import dataclass, field

# Data sources that tell facts, and look up nothing that has to be there.
FACTS = ("aws_caller_identity", "aws_region", "aws_partition", "aws_iam_policy_document", "aws_availability_zones")


@dataclass(frozen=True, slots=True)
class At:
    """Something that a text says, and the number of its line."""

    what: str
    line: int


@dataclass(slots=True)
class SaidVariable:
    line: int
    type: At | None = None
    defaults: list[At] = field(default_factory=list)


@dataclass(slots=True)
class SaidPart:
    """A resource: its type, its name or "", its settings, and where its arguments come from."""

    type: str
    named: str
    line: int
    settings: dict[str, At] = field(default_factory=dict)  # by their conditions
    origins: dict[str, At] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaidOutput:
    line: int
    text: str
    name: str
    of: tuple[str, str] | None  # the part's type and name
    attribute: str = ""  # of that part


@dataclass(frozen=True, slots=True)
class SaidFigures:
    line: int
    text: str
    figures: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(slots=True)
class Said:
    """What a specification asks for, in the order of its text; `person` is what wasn't understood."""

    variables: dict[str, SaidVariable] = field(default_factory=dict)
    locals: dict[str, At] = field(default_factory=dict)
    prefix: At | None = None
    tags: dict[str, int] = field(default_factory=dict)
    parts: dict[tuple[str, str], SaidPart] = field(default_factory=dict)
    universal: dict[str, dict[str, At]] = field(default_factory=dict)  # settings of all resources of a type
    bans: dict[tuple[str, str], int] = field(default_factory=dict)  # kind and name
    outputs: list[SaidOutput] = field(default_factory=list)
    figures: list[SaidFigures] = field(default_factory=list)
    person: list[At] = field(default_factory=list)
