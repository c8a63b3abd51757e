"""The terms of a contract: what it demands, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..hcl.nodes import Expr
from ..records import dataclass, field
from ..text.listing import listed

MOST_NAMES = 6  # in a message; of more the first ones
MUST, SHOULD, MAY = "must", "should", "may"
# the rules that report what the sections naming and tags demand, by the key
OF_NAMES = {
    ("naming", "prefix"): ("naming/missing-prefix",),
    ("tags", "required"): ("tagging/missing-tag", "tagging/untagged"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """What every demand has.

    `says` goes on from `has to`; `under` are values of variables by their names, for each of which it has to hold.
    """

    id: str
    level: str = MUST
    says: str = ""
    remedy: str = ""
    under: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What has to hold; `at` is the argument to point at, None where the condition tells it.

    `pointed` is a value within an argument to point at, where that is known.
    """

    term: Term
    that: Expr
    where: Expr | None = None
    at: str | None = None
    pointed: Expr | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """An argument whose value has to come from `of`: a variable, a local, or an attribute of a part."""

    term: Term
    argument: str
    of: str


@dataclass(frozen=True, slots=True)
class Wired:
    """An edge by which a part is recognised: to one of some parts, or from one of them."""

    edge: str
    others: tuple[str, ...]
    is_outgoing: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many resources a part has; with `per`, for each value of this argument."""

    least: int
    most: int | None
    per: str | None = None

    def __str__(self) -> str:
        if self.per is not None:
            return f"{self.least} for each {self.per}"
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


@dataclass(frozen=True, slots=True)
class Part:
    """A resource that there has to be, by the name that the contract gives it."""

    name: str
    term: Term
    types: tuple[str, ...]
    named: tuple[str, ...] = ()
    ending: str = ""
    where: Expr | None = None
    wired: tuple[Wired, ...] = ()
    count: Count | None = None
    origins: tuple[Origin, ...] = ()
    settings: tuple[Setting, ...] = ()
    is_data: bool = False

    @property
    def may_lack(self) -> bool:
        """Return True if a stack may be without it."""
        return self.term.level == MAY if self.count is None else self.count.least == 0

    @property
    def shown(self) -> str:
        """The part as messages call it."""
        if self.term.says:
            return self.term.says
        kind = " or ".join(self.types)
        return f"{kind} named {' or '.join(self.named)}" if self.named else kind


@dataclass(frozen=True, slots=True)
class VariableTerm:
    """A variable. `defaults` are those that it may have, None where any will do; `may_lack` says if it may have none.

    With `where` its name doesn't matter. `unless` are types of resources that make it needless.
    """

    name: str
    term: Term
    types: tuple[str, ...] = ()
    defaults: tuple[Any, ...] | None = None
    may_lack: bool = True
    is_validated: bool = False
    is_sensitive: bool = False
    where: Expr | None = None
    unless: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalTerm:
    """A local; `equals` is what it has to evaluate to."""

    name: str
    term: Term
    equals: Expr | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge that there has to be from one part to another.

    `every` is the end of which each resource has to have one: "from" or "to". None: each source where the contract
    counts the sources, else it is enough that any of them has one.
    """

    term: Term
    source: str
    edge: str
    target: str
    where: Expr | None = None
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Code of resources, of types or parts, that has to agree with a promise: with these of its `figures`."""

    of: tuple[str, ...]
    setting: Setting
    about: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutputTerm:
    """An output, by what it refers to (`topic.arn`) or by its name."""

    term: Term
    refers_to: tuple[str, ...] = ()
    name: str | None = None
    sensitive: bool | None = None


@dataclass(frozen=True, slots=True)
class CommentTerm:
    """A comment at parts, or anywhere; of each of `mentions` one has to be there."""

    term: Term
    at: tuple[str, ...]
    mentions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Universal:
    """What holds for each resource of some types (`*`: all), or of some parts."""

    term: Term
    of: tuple[str, ...]
    exempt: tuple[str, ...]
    where: Expr | None
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Ban:
    """What may not be there: `kind` is resource, data or block."""

    term: Term
    kind: str
    names: tuple[str, ...]
    exempt: tuple[str, ...] = ()
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What every name begins with, ends with, or looks like."""

    term: Term
    prefix: str | None
    suffix: Expr | None
    pattern: str | None
    exempt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tags:
    """The keys that the tags of every resource have, and the values that some of them may have."""

    term: Term
    required: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    exempt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights of a part's role: `kind` is at_least, at_most or exactly. With `is_any` one of the actions is enough."""

    term: Term
    of: tuple[str, ...]
    kind: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    is_any: bool = False

    @property
    def shown(self) -> str:
        """The rights in words."""
        on = f" on {listed(self.resources, 'and', MOST_NAMES)}" if self.resources else ""
        return f"{listed(self.actions, 'and', MOST_NAMES)}{on}"


@dataclass(frozen=True, slots=True)
class KeyTest:
    """What a condition key has to be for a denial: `kind` is `is` or `not` one of some values, or `below` a number."""

    key: str
    kind: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        word = {"is": "is", "not": "is not", "below": "is below"}[self.kind]
        return f"{self.key} {word} {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Denial:
    """What the policies of parts deny everyone: some actions, all where none is named, `when` these keys are so."""

    term: Term
    of: tuple[str, ...]
    actions: tuple[str, ...]
    when: tuple[KeyTest, ...]

    @property
    def shown(self) -> str:
        """The denial as messages call it."""
        where = f" where {listed(map(str, self.when), 'and')}" if self.when else ""
        return f"{listed(self.actions, 'and', MOST_NAMES) or 'all actions'}{where}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which parts reach another one, at a port of `protocol`; with `only` nobody else does."""

    term: Term
    target: str
    sources: tuple[str, ...]
    port: int | None
    only: bool
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True)
class VersionTerm:
    """The versions that a module may admit, of a provider or (None) of Terraform."""

    term: Term
    provider: str | None
    constraint: str


@dataclass(frozen=True, slots=True)
class ProviderTerm:
    """A configuration of a provider: `aws`, `aws.west`. `region` is a text, or the variable or local it comes from."""

    term: Term
    name: str
    region: str | None
    default_tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArtefactTerm:
    """A file or folder that has to be there, by its path from the stack's folder; `*` stands for any characters."""

    term: Term
    path: str


@dataclass(frozen=True, slots=True)
class FileTerm:
    """A file of the stack and the blocks that stand in it: types of blocks, or patterns of types of resources.

    With `is_only` no others do.
    """

    term: Term
    name: str
    holds: tuple[str, ...]
    is_only: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a contract says of files, and of Terraform's own settings."""

    artefacts: tuple[ArtefactTerm, ...] = ()
    files: tuple[FileTerm, ...] = ()
    versions: tuple[VersionTerm, ...] = ()
    providers: tuple[ProviderTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleOf:
    """A rule of another family whose findings break a requirement; `of` and `needs` say which of them.

    One that `yields` is left out where the contract's own finding tells the cause, else that is left out for it.
    """

    id: str
    rule: str
    of: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a contract demands; of figures, what the code has to agree with.

    `texts` are its requirements in words, by their ids.
    """

    under: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    variables: tuple[VariableTerm, ...] = ()
    locals: tuple[LocalTerm, ...] = ()
    parts: tuple[Part, ...] = ()
    universals: tuple[Universal, ...] = ()
    bans: tuple[Ban, ...] = ()
    wires: tuple[Wire, ...] = ()
    grants: tuple[Grant, ...] = ()
    denials: tuple[Denial, ...] = ()
    reaches: tuple[Reach, ...] = ()
    relations: tuple[Setting, ...] = ()
    outputs: tuple[OutputTerm, ...] = ()
    comments: tuple[CommentTerm, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    around: Surroundings = field(default_factory=Surroundings)
    naming: Naming | None = None
    tags: Tags | None = None
    rules: tuple[RuleOf, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)
