"""The companions of a resource: the resources of a stack that hold a part of its settings."""

from __future__ import annotations

from ..aws.companions import CompanionRow, companions_of, parents_of, shared_argument
from ..aws.edges import ArgumentPath
from ..records import dataclass, field
from ..terraform.evaluation.expansion import Instance
from .paths import places_at
from .resolve import Resolver


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions of a resource: certain ones, possible ones with their doubts, and why there may be more.

    A companion that may not be there itself is a possible one, unless its parent isn't there for the same reason.
    """

    certain: tuple[Instance, ...] = ()
    possible: tuple[tuple[Instance, str], ...] = ()
    doubt: str | None = None


@dataclass(slots=True)
class _OfRow:
    """The parents that a row's companions name, by their addresses, and the doubts about any parent."""

    certain: dict[str, list[Instance]] = field(default_factory=dict)
    possible: dict[str, list[tuple[Instance, str]]] = field(default_factory=dict)
    doubt: str | None = None


@dataclass(eq=False)
class CompanionIndex:
    """The companions of a stack, those of each type sought when they are first asked for."""

    resolver: Resolver
    _made: dict[tuple[str, str, str], _OfRow] = field(default_factory=dict)

    def of(self, instance: Instance, *types: str) -> Companions:
        """The companions of a resource, of these types if any are given."""
        rows = companions_of(instance.declaration.type)
        found = [self._of_row(row) for row in rows if not types or row.type in types]
        certain: dict[Instance, None] = {}
        possible: dict[Instance, str] = {}
        for made in found:
            for companion in made.certain.get(instance.address, ()):
                if companion.doubt in (None, instance.doubt):
                    certain[companion] = None
                else:
                    possible.setdefault(companion, companion.doubt or "")
            for companion, doubt in made.possible.get(instance.address, ()):
                possible.setdefault(companion, doubt)
        return Companions(
            tuple(certain),
            tuple((companion, doubt) for companion, doubt in possible.items() if companion not in certain),
            next((made.doubt for made in found if made.doubt is not None), None),
        )

    def setting(self, instance: Instance, name: str) -> tuple[Instance, str] | str | None:
        """The companion that sets an argument of a resource, with its own argument.

        A text where there may be such a companion: why that isn't known. None where there is none.
        """
        doubt: str | None = None
        for row in companions_of(instance.declaration.type):
            argument = shared_argument(row, name)
            if argument is None:
                continue
            found = self.of(instance, row.type)
            for companion in found.certain:
                if companion.value(argument).data is not None:
                    return companion, argument
            possible = [why for companion, why in found.possible if companion.value(argument).data is not None]
            doubt = doubt or next(iter(possible), found.doubt)
        return doubt

    def parents(self, companion: Instance) -> tuple[tuple[Instance, str | None], ...]:
        """The parents of a companion, each with the doubt about it; none if the resource is no companion."""
        found: list[tuple[Instance, str | None]] = []
        for row in parents_of(companion.declaration.type):
            for place in places_at(companion, ArgumentPath.of(row.argument)):
                found += self.resolver.named(place.value, place.expr, place.holder, (row.parent,), row.how).instances
        return tuple(found)

    def _of_row(self, row: CompanionRow) -> _OfRow:
        key = (row.type, row.argument, row.parent)
        if key not in self._made:
            self._made[key] = self._make(row)
        return self._made[key]

    def _make(self, row: CompanionRow) -> _OfRow:
        made = _OfRow()
        if not self.resolver.evaluator.module.is_whole:
            made.doubt = "a part of the module can't be read"
        path = ArgumentPath.of(row.argument)
        for companion in self.resolver.instances(row.type):
            for place in places_at(companion, path):
                named = self.resolver.named(place.value, place.expr, place.holder, (row.parent,), row.how)
                for parent in named.certain:
                    made.certain.setdefault(parent.address, []).append(companion)
                for parent, doubt in named.possible:
                    made.possible.setdefault(parent.address, []).append((companion, doubt))
                if named.may_be:
                    made.doubt = made.doubt or named.doubt
        return made
