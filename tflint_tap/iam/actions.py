"""The catalogue of actions: what they are, what patterns of them cover, and what resources they apply to.

The facts are AWS's, as aws/actions.txt has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from ..aws import actions as table
from ..aws.actions import Action
from ..terraform.evaluation.values import Unknown
from .resource_patterns import arns_meet, tabled
from .resource_texts import ResourceText
from .wildcards import matches

_WIRINGS = Path(__file__).with_name("open_wirings.tsv")
_UNLIMITED = Path(__file__).with_name("unlimited_actions.tsv")
_EVERYTHING = frozenset("*?:")


@lru_cache(maxsize=4096)
def action(name: str) -> Action | None:
    """An action by its name (`sqs:SendMessage`), in any case; None where the catalogue has none."""
    prefix, _, rest = name.partition(":")
    service = table.service(prefix.lower())
    return service.action(rest) if service is not None else None


@lru_cache(maxsize=1024)
def expand(pattern: str) -> tuple[str, ...]:
    """The names of all actions that a pattern covers, sorted within a service; none where it covers none."""
    if not is_pattern(pattern):
        found = action(pattern)
        return (found.name,) if found is not None else ()
    return tuple(_covered(pattern))


def _covered(pattern: str) -> Iterator[str]:
    prefix, colon, rest = pattern.lower().partition(":")
    if not colon:
        rest = "*" if set(prefix) == {"*"} else ""
    for name in table.services() if is_pattern(prefix) else (prefix,):
        service = table.service(name) if matches(prefix, name) else None
        if service is not None:
            yield from (f"{name}:{one}" for one in sorted(service.actions()) if matches(rest, one.lower()))


@lru_cache(maxsize=1024)
def limitable(pattern: str) -> bool | None:
    """Return True if an action can be limited to resources, or at least half of those that a pattern covers.

    `ec2:Describe*` can't: of its 194 actions 17 can, and nobody means those. None where there is no such action. What
    AWS's data limit only lately, and its own policies leave on `*`, can't.
    """
    if set(pattern) <= _EVERYTHING:  # 22,000 actions, most of which can
        return True if "*" in pattern else None
    names = list(_covered(pattern)) if is_pattern(pattern) else expand(pattern)
    limited = sum(one is not None and one.is_limitable and one.name not in unlimited() for one in map(action, names))
    return 2 * limited >= len(names) if names else None


def is_everything(pattern: str) -> bool:
    """Return True if a pattern covers every action: `*`, `*:*`."""
    return "*" in pattern and set(pattern) <= {"*", ":"}


def is_pattern(text: str) -> bool:
    """Return True if a text has wildcards."""
    return "*" in text or "?" in text


@lru_cache(maxsize=4096)
def fits(name: str, resource: ResourceText) -> bool | Unknown:
    """Return True if an action applies to a resource, or to some of those that a pattern stands for.

    It does if any of its types fits. One that works on `*` only applies to no ARN, and one that the catalogue doesn't
    have is unknown.
    """
    found = action(name)
    if found is None:
        return Unknown(f"{name} isn't in the catalogue of actions of {as_of()}")
    if not resource.is_arn:
        return Unknown("it is no ARN")
    arns = [tabled(arn) for type_ in found.types() for arn in type_.arns]
    if any(arns_meet(resource.narrow, arn) for arn in arns):
        return True
    if resource.reason is None or not any(arns_meet(resource.wide, arn) for arn in arns):
        return False
    return Unknown(resource.reason)


def fits_any(names: Iterable[str], resources: Iterable[ResourceText]) -> bool | Unknown:
    """Return True if any of these actions applies to any of these resources."""
    unsure: bool | Unknown = False
    listed = tuple(resources)
    for name in names:
        for resource in listed:
            verdict = fits(name, resource)
            if verdict is True:
                return True
            unsure = unsure or verdict
    return unsure


def as_of() -> str:
    """The date of the catalogue's facts."""
    return table.header()["as of"]


@cache
def open_wirings() -> Mapping[str, frozenset[str]]:
    """For an action the wirings for which AWS's own policies leave it on `*`, although it can be limited."""
    return {name: frozenset(wirings.split(" ")) for name, wirings in _rows(_WIRINGS)}


@cache
def unlimited() -> frozenset[str]:
    """Actions that may stay on `*`, although the catalogue names a resource type for them."""
    return frozenset(row[0] for row in _rows(_UNLIMITED))


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
