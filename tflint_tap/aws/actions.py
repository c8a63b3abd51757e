"""The actions of IAM, what they reach, and the condition keys that they carry, as actions.txt has them.

A line is a service: its name, as actions and ARNs begin; its condition keys; its resource types; its actions. Entries
of these are separated by semicolons, parts of an entry by bars. Keys and types are referred to by their number in the
line.

    key     a letter for its type, then its name, in which `*` is what a policy fills in; the service's own begin
            with a colon
    type    name, condition keys, ARNs without `arn:PARTITION:`: `*` is any text, `{}` one without slash and colon; one
            that begins with a colon is of this service, in any region and account
    action  access levels, types, condition keys, the names of all actions of which that is so, each between blanks

An action without types works on `*` only. One with several applies to a resource of any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..records import dataclass, field
from .table import Table, open_table

_PATH = Path(__file__).with_name("actions.txt")
_LEVELS = {"R": "Read", "W": "Write", "L": "List", "T": "Tagging", "P": "Permissions management"}
LEVELS = tuple(_LEVELS.values())
_KEY_TYPES = {
    "S": "String", "A": "ARN", "B": "Bool", "N": "Numeric", "D": "Date", "I": "IPAddress", "s": "ArrayOfString",
    "a": "ArrayOfARN", "b": "ArrayOfBool",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A condition key: its name, in which `*` is what a policy fills in, and the type of its values."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource: its name, its ARNs with `*` and `{}` as in the table, and its condition keys."""

    name: str
    arns: tuple[str, ...]
    keys: tuple[ConditionKey, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """An action by its whole name (`sqs:SendMessage`), with its access levels; what else it has is read when asked for.

    `levels` are some of LEVELS.
    """

    name: str
    levels: tuple[str, ...]
    service: Service = field(repr=False)
    _types: str
    _keys: str

    @property
    def is_limitable(self) -> bool:
        """Return True if it can be limited to resources; one that can't works on `*` only."""
        return bool(self._types)

    def types(self) -> tuple[ResourceType, ...]:
        """The resource types that it applies to: a resource of any of them will do. None where it works on `*` only."""
        return tuple(self.service.type(number) for number in _numbers(self._types))

    def condition_keys(self) -> tuple[ConditionKey, ...]:
        """Its condition keys. Those of its resource types count, too."""
        return tuple(self.service.key(number) for number in _numbers(self._keys))


@dataclass(frozen=True, slots=True)
class Service:
    """A service by the name that its actions begin with. Its line is read as far as it is asked for."""

    name: str
    _keys: tuple[str, ...] = field(repr=False)
    _types: tuple[str, ...] = field(repr=False)
    _actions: str = field(repr=False)
    _lower: str = field(repr=False)

    def action(self, name: str) -> Action | None:
        """An action by its name without the service's, in any case."""
        at = self._lower.find(f" {name.lower()} ") + 1
        if not at or not name:
            return None
        group = self._actions[self._actions.rfind(";", 0, at) + 1 : at]
        levels, types, keys, _ = group.split("|")
        spelled = self._actions[at : at + len(name)]
        return Action(f"{self.name}:{spelled}", tuple(_LEVELS[letter] for letter in levels), self, types, keys)

    def actions(self) -> Iterator[str]:
        """The names of its actions, without its own."""
        for group in _entries(self._actions):
            yield from group[group.rindex("|") + 2 : -1].split(" ")

    def condition_keys(self) -> tuple[ConditionKey, ...]:
        """All condition keys that its actions and resources carry."""
        return tuple(self.key(number) for number in range(len(self._keys)))

    def types(self) -> tuple[ResourceType, ...]:
        """All its resource types."""
        return tuple(self.type(number) for number in range(len(self._types)))

    def key(self, number: int) -> ConditionKey:
        """A condition key by its number in the line."""
        text = self._keys[number]
        name = text[1:]
        return ConditionKey(self.name + name if name.startswith(":") else name, _KEY_TYPES[text[0]])

    def type(self, number: int) -> ResourceType:
        """A resource type by its number in the line."""
        name, numbers, arns = self._types[number].split("|")
        whole = (f"{self.name}:*:*{arn}" if arn.startswith(":") else arn for arn in arns.split(" "))
        keys = tuple(self.key(number) for number in _numbers(numbers))
        return ResourceType(name, tuple(f"arn:*:{arn}" for arn in whole), keys)


@cache
def service(name: str) -> Service | None:
    """A service by the name that its actions begin with, in lower case; None where the table has none."""
    fields = _table().fields(name) if name else None
    if fields is None:
        return None
    keys, types, actions = fields
    return Service(name, _entries(keys), _entries(types), actions, actions.lower())


@cache
def services() -> tuple[str, ...]:
    """The names of all services, sorted. Reads the whole table."""
    return _table().keys()


def header() -> dict[str, str]:
    """The header of the table: source, date, package sha256."""
    return _table().header()


def _entries(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _numbers(text: str) -> Iterator[int]:
    return map(int, text.split(".")) if text else iter(())


@cache
def _table() -> Table:
    return open_table(_PATH)
