"""Who may call by a statement: everyone, or those alone that meet its conditions.

The conditions that confine callers are a table. One that is met where its key is absent (`…IfExists`, `ForAllValues:`)
or that leaves only some out (`StringNotEquals`) confines nobody:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import PartialString, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict
from ..terraform.module import Module
from .covering import actions_cover, resources_cover
from .statements import Condition, ElementValues, Statement
from .variables import holds_no_wildcard
from .wildcards import is_every_resource, matches

Of: TypeAlias = Literal["caller", "source"]

_TABLE = Path(__file__).with_name("caller_conditions.tsv")
_OPERATORS = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress", "bool")
_NEGATIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}
_SERVICES = ("aws:principalisawsservice", "aws:viaawsservice")  # what a Deny for all others may leave alone
_EVERY_ADDRESS = ("0.0.0.0/0", "::/0")
_NAMES = ("arn", "arns", "account", "accounts")  # of variables that hold no wildcard


@cache
def _keys() -> Mapping[str, str]:
    rows = [line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {key.lower(): of for key, of, _ in rows}


def everyone(statement: Statement, evaluator: Evaluator) -> tuple[tuple[Value, ...], str | None]:
    """The principals of a statement that are everyone, and why there may be further ones."""
    held = statement.principals
    if held is None:
        return (), None
    found: list[Value] = []
    doubt = held.doubt
    for entry in held.entries:
        if entry.kind.data in ("Service", "CanonicalUser"):
            continue
        for item in (*entry.identifiers.items, *_rest(entry.identifiers)):
            if item.data == "*":
                found.append(item)
            elif isinstance(item.data, Unknown) or _is_all_unknown(item):
                unsure = None if holds_no_wildcard(evaluator, item, _NAMES) else item.reason
                doubt = doubt or unsure
    return tuple(found), doubt


def _is_all_unknown(value: Value) -> bool:
    return isinstance(value.data, PartialString) and all(isinstance(part, Unknown) for part in value.data.parts)


def _rest(values: ElementValues) -> tuple[Value, ...]:
    if values.doubt is None:
        return ()
    return (Value(values.rest or Unknown(values.doubt), values.written),)


def confined(statement: Statement, of: Of = "caller") -> Verdict:
    """True if a condition of a statement confines who calls, or for what a service does."""
    unsure = None if statement.conditions.doubt is None else Unknown(statement.conditions.doubt)
    for entry in statement.conditions.entries:
        verdict = _confines(entry, of)
        if verdict is True:
            return True
        if isinstance(verdict, Unknown):
            unsure = unsure or verdict
    return unsure or False


def denied_to_others(statement: Statement, others: Iterable[Statement], module: Module) -> bool:
    """Return True if another statement of the policy denies what this one allows to all but fixed callers."""
    return any(
        other.allows is False and other.doubt is None and _excludes(other, statement, module) for other in others
    )


def _excludes(deny: Statement, allow: Statement, module: Module) -> bool:
    if deny.effect is None or deny.effect.data != "Deny" or deny.conditions.doubt is not None:
        return False
    entries = deny.conditions.entries
    if deny.not_principals is not None:
        confining = not entries
    else:
        confining = any(_leaves_out(entry) for entry in entries) and all(
            _leaves_out(entry) or str(entry.key.data).lower() in _SERVICES for entry in entries
        )
    if not confining or deny.actions is None or allow.actions is None or allow.actions.doubt is not None:
        return False
    if deny.principals is not None and not any(
        item.data == "*" for entry in deny.principals.entries for item in entry.identifiers.items
    ):
        return False
    if deny.not_resources is not None or not _denies_resources(deny, allow, module):
        return False
    return actions_cover(deny.actions, allow.actions)


def _denies_resources(deny: Statement, allow: Statement, module: Module) -> bool:
    """Return True if a denial is about all resources that are allowed; `*` in a resource's policy is the resource."""
    for statement in (deny, allow):
        if statement.resources is not None and any(map(_is_everything, statement.resources.items)):
            return True
    if allow.resources is not None and allow.resources.doubt is not None:
        return False
    return resources_cover(deny.resources, allow.resources, module)


def _is_everything(resource: Value) -> bool:
    return isinstance(resource.data, str) and is_every_resource(resource.data)


def _leaves_out(entry: Condition) -> bool:
    """Return True if a condition of a Deny holds for all but those with a fixed value."""
    operator = str(entry.operator.data).lower().rpartition(":")[2].removesuffix("ifexists")
    positive = _NEGATIVE.get(operator)
    if positive is None:
        return False
    return _confines(Condition(Value(positive), entry.key, entry.values), "caller") is True


def _confines(entry: Condition, of: Of) -> Verdict:
    operator, key = entry.operator.data, entry.key.data
    if isinstance(key, PartialString):
        # the claim of an identity provider, or a part of a tag's or context's name
        key = key.prefix + "x" if key.prefix else "?"
    if not isinstance(operator, str) or not isinstance(key, str):
        return Unknown(entry.operator.reason or entry.key.reason or "a condition isn't known")
    if operator.lower().removeprefix("foranyvalue:") not in _OPERATORS or not is_confining(key, of):
        return False
    fixed = [_is_fixed(item) for item in entry.values.items]
    if False in fixed:
        return False
    return next((verdict for verdict in fixed if isinstance(verdict, Unknown)), True)


def is_confining(key: str, of: Of) -> bool:
    """Return True if the table says that conditions on a key confine callers, or what services act for."""
    return any(matches(pattern, key.lower()) and kind in (of, "both") for pattern, kind in _keys().items())


def _is_fixed(value: Value) -> Verdict:
    """True if a condition's value is met by fixed callers alone; what isn't known is taken to be such a one."""
    data = value.data
    if not isinstance(data, str):
        return data is not False
    if data in _EVERY_ADDRESS or is_every_resource(data) or data.lower() == "false":
        return False
    fields = data.split(":", 5)
    return not (len(fields) == 6 and fields[4] in ("*", "") and not fields[5].strip("*"))
