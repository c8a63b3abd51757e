"""The form of the ARNs that statements name: what is wrong with one, and how much it covers."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..aws import actions as table
from ..aws.actions import ResourceType
from ..records import dataclass
from ..terraform.evaluation.values import PartialString, Value
from .resource_patterns import ANYTHING, Pattern, Token, covers, fields, meet, tabled, written
from .resource_texts import ResourceText

_PARTITION = re.compile(r"aws(-[a-z]+)*")
_ACCOUNT = re.compile(r"\d{12}|[a-z][a-z-]*")  # or a word of AWS's own, as in arn:aws:iam::aws:policy/…
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_COUNT = 6  # parts of an ARN
# In the policy of an API the ARN may begin behind the account:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
_SHORT = "execute-api:/"


def arn_problem(value: Value) -> str | None:
    """What is wrong with the form of an ARN in a statement; None where nothing is, or that can't be known."""
    data = value.data
    if not isinstance(data, (str, PartialString)):
        return None
    parts = (data,) if isinstance(data, str) else data.parts
    text = _VARIABLE.sub("*", "".join(part if isinstance(part, str) else "*" for part in parts))
    return _problem(text)


@lru_cache(maxsize=4096)
def _problem(text: str) -> str | None:
    found = text.split(":", _COUNT - 1)
    if not text or text.startswith(_SHORT) or _is_open(found[0]):
        return None
    if found[0] != "arn":
        return "isn't an ARN"
    if len(found) < _COUNT:
        return None if _is_open(found[-1]) else f"has {len(found)} of an ARN's {_COUNT} parts"
    _, partition, service, region, account, resource = found
    if not _is_open(partition) and not _PARTITION.fullmatch(partition):
        return f"has the partition {partition or 'left out'}, which AWS doesn't have"
    if not service:
        return "names no service"
    if account and not _is_open(account) and not _ACCOUNT.fullmatch(account):
        return f"has the account {account}, which isn't 12 digits"
    if not resource:
        return "names no resource"
    return _misplaced(service, resource, {"region": region, "account": account})


def _is_open(text: str) -> bool:
    return "*" in text or "?" in text


def _misplaced(service: str, resource: str, given: dict[str, str]) -> str | None:
    """The region or account that all ARNs of such a resource have, and this one hasn't, or the other way round."""
    forms = [(type_.name, arn) for type_, arn in _arns(service) if meet(written(resource), arn[5])]
    names = list(dict.fromkeys(name for name, _ in forms))
    for place, (what, text) in enumerate(given.items()):
        has = {bool(arn[3 + place]) for _, arn in forms}
        if len(has) != 1 or _is_open(text) or has == {bool(text)}:
            continue
        kind = f"ARNs of the type {service} {names[0]}" if len(names) == 1 else f"ARNs of {service}"
        return f"has no {what}, and {kind} have one" if not text else f"has the {what} {text}, and {kind} have none"
    return None


@cache
def _arns(service: str) -> tuple[tuple[ResourceType, list[Pattern]], ...]:
    """The ARNs of a service's resources, as parts."""
    known = table.service(service)
    arns = [
        (type_, fields(tabled(arn))) for type_ in (known.types() if known is not None else ()) for arn in type_.arns
    ]
    return tuple((type_, parts) for type_, parts in arns if parts[2] == tuple(service))


@dataclass(frozen=True, slots=True)
class Breadth:
    """What an ARN with wildcards leaves open: resource types (`dynamodb:table`) of which it covers all, the rest of it.

    `region` and `account` tell if it covers any of them where the resources have one.
    """

    types: tuple[str, ...] = ()
    region: bool = False
    account: bool = False

    @property
    def is_wide(self) -> bool:
        """Return True if it leaves anything open."""
        return bool(self.types) or self.region or self.account


def covers_a_type(resource: ResourceText) -> bool:
    """Return True if an ARN covers all resources of some type of its service, in whichever region and account."""
    parts = fields(resource.narrow) if ANYTHING in resource.narrow else []
    if len(parts) < _COUNT or not all(isinstance(token, str) for token in parts[2]):
        return False
    return any(covers(parts[5], arn[5]) for _, arn in _arns("".join(map(str, parts[2]))))


def breadth(resource: ResourceText, types: frozenset[str]) -> Breadth:
    """What an ARN leaves open, of these types; nothing where its service isn't written out."""
    parts = fields(resource.narrow) if ANYTHING in resource.narrow else []
    if len(parts) < _COUNT or not all(isinstance(token, str) for token in parts[2]):
        return Breadth()
    service = "".join(map(str, parts[2]))
    forms = [(type_, arn) for type_, arn in _arns(service) if meet(parts[5], arn[5])]
    everything: tuple[Token, ...] = (ANYTHING,)
    covered = (f"{service}:{type_.name}" for type_, arn in forms if covers(parts[5], arn[5]))
    return Breadth(
        tuple(name for name in dict.fromkeys(covered) if name in types),
        parts[3] == everything and any(arn[3] for _, arn in forms),
        parts[4] == everything and any(arn[4] for _, arn in forms),
    )
