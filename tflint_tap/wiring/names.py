"""The names of a type's instances, to be found by a text or by what is known of one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..records import dataclass, field
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from .parts import NameKey, Parts, key_of, parts_in, text_of

MOST_POSSIBLE = 100  # instances that a text may name; of what fits more, nothing is said of each


@dataclass(slots=True)
class Ends:
    """Texts by what is certain of one of their ends."""

    keys: list[str]

    def fitting(self, end: str) -> Iterator[str]:
        """The keys that begin with a text, and those that it begins with."""
        keys = self.keys
        for length in range(len(end)):
            at = bisect_left(keys, end[:length])
            if at < len(keys) and keys[at] == end[:length]:
                yield keys[at]
        for key in keys[bisect_left(keys, end) :]:
            if not key.startswith(end):
                return
            yield key


@dataclass(slots=True)
class Found:
    """The instances of a name, and those that may have it. `too_many`: so many may that they aren't listed."""

    certain: tuple[Instance, ...] = ()
    possible: tuple[Instance, ...] = ()
    too_many: bool = False


@dataclass(eq=False)
class NameIndex:
    """The instances of one type by their names.

    Found by equality at once; where a part isn't known on either side, among those whose certain beginning and end
    fit. `comparisons` counts the pairs of texts that were looked at.
    """

    instances: tuple[Instance, ...]
    argument: str
    comparisons: int = 0
    _exact: dict[NameKey, list[Instance]] = field(default_factory=dict)
    _by_ends: dict[str, dict[str, list[tuple[Instance, Value]]]] = field(default_factory=dict)
    _suffixes: Ends | None = None
    _prefixes: dict[str, Ends] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for instance in self.instances:
            name = instance.value(self.argument)
            data = name.data
            if not isinstance(data, (str, PartialString, Symbol, Unknown)) or data == "":
                continue
            parts = parts_in(data)
            self._exact.setdefault(key_of(parts), []).append(instance)
            prefix, suffix = _ends_of(parts)
            self._by_ends.setdefault(suffix[::-1], {}).setdefault(prefix, []).append((instance, name))

    def find(self, parts: Parts) -> Found:
        """The instances of a name."""
        exact = self._exact.get(key_of(parts))
        if exact:
            return Found(tuple(exact)) if len(exact) <= MOST_POSSIBLE else Found(too_many=True)
        wanted = Value(text_of(parts))
        fitting = list(islice(self._fitting(parts), MOST_POSSIBLE + 1))
        self.comparisons += len(fitting)
        if len(fitting) > MOST_POSSIBLE:
            return Found(too_many=True)
        return Found(possible=tuple(instance for instance, name in fitting if equal(name, wanted) is not False))

    def exactly(self, parts: Parts) -> tuple[Instance, ...]:
        """The instances that certainly have a name; none of so many that it tells nothing."""
        exact = self._exact.get(key_of(parts), ())
        return tuple(exact) if len(exact) <= MOST_POSSIBLE else ()

    def _fitting(self, parts: Parts) -> Iterator[tuple[Instance, Value]]:
        """The instances whose certain beginning and end fit the text's."""
        if self._suffixes is None:
            self._suffixes = Ends(sorted(self._by_ends))
        prefix, suffix = _ends_of(parts)
        for end in self._suffixes.fitting(suffix[::-1]):
            group = self._by_ends[end]
            if end not in self._prefixes:
                self._prefixes[end] = Ends(sorted(group))
            for beginning in self._prefixes[end].fitting(prefix):
                yield from group[beginning]


def _ends_of(parts: Parts) -> tuple[str, str]:
    """The certain beginning and end of a text."""
    first, last = parts[0], parts[-1]
    return (first if isinstance(first, str) else "", last if isinstance(last, str) else "")


def grouped(instances: Iterable[Instance]) -> dict[str, Sequence[Instance]]:
    """Instances by their types."""
    found: dict[str, list[Instance]] = {}
    for instance in instances:
        found.setdefault(instance.declaration.type, []).append(instance)
    return dict(found)
