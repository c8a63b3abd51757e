"""Conditions of statements: what their keys are, which actions carry them, and which limit a statement to resources."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from ..aws import actions as table
from ..aws.actions import ConditionKey
from ..aws.condition_keys import global_key, global_keys
from ..records import dataclass
from ..terraform.evaluation.values import PartialString
from ..text.nearest import nearest
from .actions import action, expand
from .statements import Statement
from .wildcards import is_every_resource, matches

_LIMITING = Path(__file__).with_name("limiting_conditions.tsv")
_LIMITING_OPERATORS = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
# Of the keys that are called global, those that only requests carry which make or change tags.
_OF_TAGGING = ("aws:requesttag/", "aws:tagkeys")


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of a condition key: `type` is None where it isn't; `near` is the known key most like it."""

    is_known: bool
    type: str | None = None
    near: str | None = None


@lru_cache(maxsize=1024)
def key_facts(name: str) -> KeyFacts:
    """What is known of a condition key, in any case.

    Keys of identity providers (`token.actions.githubusercontent.com:sub`) are whatever these call their claims.
    """
    found = global_key(name)
    if found is not None:
        return KeyFacts(True, found.type)
    prefix = name.partition(":")[0].lower()
    service = table.service(prefix)
    for source in (service, table.service("sts")):
        key = _among(source.condition_keys(), name) if source is not None else None
        if key is not None:
            return KeyFacts(True, key.type)
    if "." in prefix or "/" in prefix:
        return KeyFacts(True)
    known = [key.name for key in service.condition_keys()] if service is not None else []
    return KeyFacts(False, near=nearest(name, (*known, *global_keys())))


def _among(keys: tuple[ConditionKey, ...], name: str) -> ConditionKey | None:
    lower = name.lower()
    return next((key for key in keys if matches(key.name.lower(), lower)), None)


@lru_cache(maxsize=4096)
def carries(pattern: str, key: str) -> bool | None:
    """Return True if requests for an action, or for one that a pattern covers, carry a condition key.

    None where the catalogue has no such action.
    """
    if global_key(key) is not None and not key.lower().startswith(_OF_TAGGING):
        return True
    names = expand(pattern)
    for found in map(action, names):
        if found is None:
            continue
        if _among(found.condition_keys(), key) or any(_among(type_.keys, key) for type_ in found.types()):
            return True
    return False if names else None


def limits_resources(statement: Statement) -> bool | str:
    """Return True if a condition limits the statement to some resources, or the reason why that isn't known."""
    doubt = statement.conditions.doubt
    for condition in statement.conditions.entries:
        operator, key = condition.operator.data, condition.key.data
        if not isinstance(operator, str) or not (isinstance(key, str) or _begins_as_limiting(key)):
            doubt = doubt or condition.operator.reason or condition.key.reason
            continue
        kind = operator.lower().removeprefix("foranyvalue:")
        texts = [text for text, _ in condition.values.known()]
        if kind == "null" and texts == ["false"] and _is_limiting_key(key):  # there has to be the tag
            return True
        if kind in _LIMITING_OPERATORS and not any(map(is_every_resource, texts)) and _is_limiting_key(key):
            return True
    return doubt or False


@cache
def _limiting_keys() -> tuple[str, ...]:
    """Patterns, in lower case, of condition keys that limit a statement to resources as the Resource element does."""
    lines = _LIMITING.read_text(encoding="utf-8").splitlines()
    return tuple(line.split("\t")[0].lower() for line in lines if not line.startswith("#"))


def _is_limiting_key(key: object) -> bool:
    text = str(key).lower()
    return any(matches(pattern, text) for pattern in _limiting_keys())


def _begins_as_limiting(key: object) -> bool:
    """`aws:ResourceTag/${var.tag}` limits, whatever the tag is."""
    return isinstance(key, PartialString) and _is_limiting_key(key.prefix + "x")
