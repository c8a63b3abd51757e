"""NameMatches X: by a resource's label, by its name argument after evaluation, or by its `for_each` key."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from ..aws import names
from ..records import dataclass
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Data, PartialString, Symbol, Unknown, Value

# data sources that tell where a stack is deployed
_PLACES = ("aws_caller_identity", "aws_region", "aws_partition")
PREFIX = "local.name_prefix"


class Closeness(enum.IntEnum):
    """How well a resource bears a name."""

    EQUAL = 0  # it is the name, maybe behind the stack's prefix
    ENDING = 1  # it ends in the name: example_hotel_pms_queue


@dataclass(frozen=True, slots=True)
class NameReading:
    """How a stack's names are read.

    `prefix` is what its names begin with, None where that isn't known.
    """

    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class NameMatches:
    """The resources that certainly bear a name, and those of which it can't be told, each with the reason."""

    certain: tuple[Instance, ...] = ()
    possible: tuple[tuple[Instance, str], ...] = ()


def naming_of(evaluator: Evaluator) -> NameReading:
    """How names are read in a module: behind what its `local.name_prefix` evaluates to."""
    declaration = evaluator.module.declarations.get(PREFIX)
    value = evaluator.evaluate(declaration.expr) if declaration is not None else Value(None)
    return NameReading(value.data if isinstance(value.data, str) else None)


def named(instances: Iterable[Instance], wanted: str, naming: NameReading, optional: str = "") -> NameMatches:
    """The resources of the wanted name; those whose name only ends so if none has quite that name.

    `optional` is an ending of the wanted name that may be missing: "_role".
    """
    forms = _forms(wanted, optional)
    found: dict[Closeness, list[Instance]] = {}
    possible: list[tuple[Instance, str]] = []
    for instance in instances:
        closeness = closeness_of(instance, wanted, naming, optional)
        if closeness is not None:
            found.setdefault(closeness, []).append(instance)
        elif (reason := _unknown_name(instance, forms)) is not None:
            possible.append((instance, reason))
    certain = found.get(Closeness.EQUAL) or found.get(Closeness.ENDING) or []
    return NameMatches(tuple(certain), tuple(possible))


def closeness_of(instance: Instance, wanted: str, naming: NameReading, optional: str = "") -> Closeness | None:
    """How well a resource bears a name, None where it certainly or probably doesn't."""
    forms = _forms(wanted, optional)
    found = list(names_of(instance, naming))
    if any(name in forms for name in found):
        return Closeness.EQUAL
    if any(name.endswith(f"_{form}") for form in forms for name in found):
        return Closeness.ENDING
    return None


def _forms(wanted: str, optional: str) -> tuple[str, ...]:
    wanted = normal(wanted)
    short = wanted.removesuffix(normal(optional)) if optional else wanted
    return (wanted, short) if short and short != wanted else (wanted,)


def normal(name: str) -> str:
    """A name for comparison: - and _ are the same, case doesn't matter."""
    return name.replace("-", "_").lower()


def names_of(instance: Instance, naming: NameReading) -> Iterator[str]:
    """All that a resource is called, in normal form, without the stack's prefix."""
    yield normal(instance.declaration.name)
    if isinstance(instance.key, str):
        yield normal(instance.key)
    data = without_place(instance.value(_argument(instance)).data)
    if isinstance(data, str):
        name = normal(data)
        prefix = normal(naming.prefix or "").rstrip("_")
        yield name.removeprefix(f"{prefix}_") if prefix else name
    elif isinstance(data, PartialString):
        # what isn't known at its start is taken for the prefix: "${var.project_name}-booking-handler"
        yield normal(data.suffix).lstrip("_")


def without_place(data: Data) -> Data:
    """A name without the account, region or random text at its end: `${prefix}-raw-${account}` is `${prefix}-raw`."""
    if not isinstance(data, PartialString):
        return data
    parts = list(data.parts)
    while parts and isinstance(parts[-1], Symbol) and _is_place(parts[-1]):
        parts.pop()
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip("-_.")
    if len(parts) == len(data.parts) or not parts:
        return data
    if all(isinstance(part, str) for part in parts):
        return "".join(map(str, parts))
    return PartialString(tuple(parts))


def _is_place(symbol: Symbol) -> bool:
    type_ = symbol.address.removeprefix("data.").partition(".")[0]
    return type_ in _PLACES or type_.startswith("random_")


def _unknown_name(instance: Instance, forms: tuple[str, ...]) -> str | None:
    """The reason why a resource may have the name after all, None if it can't, or has only a label."""
    data = without_place(instance.value(_argument(instance)).data)
    if isinstance(data, Unknown):
        return data.reason
    if isinstance(data, PartialString):
        suffix = normal(data.suffix)
        if any(form.endswith(suffix) for form in forms):
            return data.reason
    return None


def _argument(instance: Instance) -> str:
    known = names.naming(instance.declaration.type)
    return known.argument if known is not None else "name"
