"""The coverage of action and resource patterns.

`*` stands for any characters, `?` for one; actions are compared without regard to case.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..terraform.evaluation.values import ErrorValue, PartialString, Symbol, Unknown, Value

_WHOLE_SERVICE = re.compile(r"[*?]*\*[*?]*|[^:]*:[*?]*\*[*?]*")
_STARS = re.compile(r"[*?]*\*[*?]*")
# ARNs that have nothing in common but what all ARNs have: a pattern that covers them all covers everything.
_UNLIKE_EACH_OTHER = (
    "arn:aws:s3:::zq",
    "arn:aws:iam::111122223333:role/7",
    "arn:aws:dynamodb:eu-west-3:444455556666:table/x",
)
# What stands in the place of a part that isn't known: nothing, a plain word, wildcards.
_IN_RESOURCES = ("", "zq", "*")
_IN_ACTIONS = (*_IN_RESOURCES, "zq:", "zq:*")


def matches(pattern: str, text: str) -> bool:
    """Return True if a pattern covers a text, as in the Resource element: case matters."""
    lead, star, rest = pattern.partition("*")
    if "?" in pattern or "*" in rest:
        return _compiled(pattern).fullmatch(text) is not None
    if not star:
        return pattern == text
    return len(text) >= len(lead) + len(rest) and text.startswith(lead) and text.endswith(rest)


def covers_action(pattern: str, action: str) -> bool:
    """Return True if an action pattern covers an action."""
    return matches(pattern.lower(), action.lower())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(re.sub(r"\*+", "*", pattern))
    return re.compile(escaped.replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def is_whole_service(text: str) -> bool:
    """Return True if an action pattern covers all actions of one or all services: `*`, `s3:*`, `s3:**`, `*:*`."""
    return _WHOLE_SERVICE.fullmatch(text) is not None


def is_every_resource(text: str) -> bool:
    """Return True if a resource pattern covers every service's resources: `*`, `arn:aws:*:*:*:*`, `arn:aws:*`."""
    if _STARS.fullmatch(text) or all(matches(text, arn) for arn in _UNLIKE_EACH_OTHER):
        return True
    fields = text.split(":", 5)
    return len(fields) == 6 and fields[0] == "arn" and all(_STARS.fullmatch(fields[n]) for n in (2, 5))


def covers_whole_service(action: Value) -> bool | str:
    """Return True if an action pattern covers a whole service, or the reason why that isn't known."""
    data = action.data
    if isinstance(data, PartialString) and isinstance(data.parts[-1], str) and data.suffix.startswith(":"):
        return is_whole_service("zq" + data.suffix)  # whichever service it is
    return _settled(action, is_whole_service, _IN_ACTIONS)


def covers_every_resource(resource: Value) -> bool | str:
    """Return True if a resource pattern covers everything, or the reason why that isn't known."""
    return _settled(resource, is_every_resource, _IN_RESOURCES)


def _settled(value: Value, holds: Callable[[str], bool], stand_ins: tuple[str, ...]) -> bool | str:
    data = value.data
    if isinstance(data, str):
        return holds(data)
    if isinstance(data, PartialString):
        verdicts = {holds("".join(_filled(part, word) for part in data.parts)) for word in stand_ins}
        return verdicts.pop() if len(verdicts) == 1 else _doubt(value)
    if isinstance(data, Symbol) and _is_name(data):
        return False
    if isinstance(data, ErrorValue):  # Terraform refuses it: nothing is granted
        return False
    return _doubt(value) if not value.is_known else False


def _doubt(value: Value) -> str:
    return value.reason or "it isn't known"


def _filled(part: str | Symbol | Unknown, word: str) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Symbol):
        if part.path and part.path[-1] in ("partition", "dns_suffix"):
            return "aws"
        if _is_name(part):
            return "zq"
    return word


def _is_name(symbol: Symbol) -> bool:
    """Return True if a reference is to something's name or ARN, which is never a pattern.

    That is so for what AWS makes up when it creates a resource. What a module or a look-up gives may be anything,
    and is trusted only where it calls itself an ARN or an id.
    """
    root = symbol.address.partition(".")[0]
    if root not in ("module", "data", "var", "local"):
        return True
    last = next((step for step in reversed(symbol.path) if isinstance(step, str)), "")
    return any(word in ("arn", "arns", "id", "region", "name") for word in last.split("_"))
