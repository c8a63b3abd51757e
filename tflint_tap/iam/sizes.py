"""The size of policies in characters, as IAM counts it: white space left out.

What isn't known of a text counts as nothing, so that a size is the least that the policy can have.
"""

from __future__ import annotations

import json

from ..terraform.evaluation.values import PartialString, Symbol, Value
from .policies import Policy
from .statements import ElementValues, Principals, Statement


def least_size(policy: Policy) -> int:
    """The least number of characters that a policy has when it is written."""
    data = policy.document.data
    if isinstance(data, str):
        return _dense(data)
    if isinstance(data, PartialString) and not all(isinstance(part, Symbol) for part in data.parts):
        return sum(_dense(part) for part in data.parts if isinstance(part, str))
    document = {"Version": "2012-10-17", "Statement": [_object(statement) for statement in policy.statements]}
    return _dense(json.dumps(document, separators=(",", ":"))) if policy.statements else 0


def _dense(text: str) -> int:
    return len("".join(text.split()))


def _object(statement: Statement) -> dict[str, object]:
    """A statement as the provider writes it, with what is known of it."""
    elements: dict[str, object] = {"Effect": _text(statement.effect), "Sid": _text(statement.sid)}
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
        ("NotResource", statement.not_resources),
    ):
        elements[name] = _listed(values)
    for name, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        elements[name] = _principals(principals)
    conditions: dict[str, dict[str, object]] = {}
    for entry in statement.conditions.entries:
        conditions.setdefault(_text(entry.operator) or "", {})[_text(entry.key) or ""] = _listed(entry.values)
    elements["Condition"] = conditions
    return {name: value for name, value in elements.items() if value}


def _listed(values: ElementValues | None) -> object:
    """One value as a text, several as a list."""
    texts = [_text(item) or "" for item in values.items] if values is not None else []
    return texts[0] if len(texts) == 1 else texts


def _principals(principals: Principals | None) -> dict[str, object]:
    entries = principals.entries if principals is not None else ()
    return {_text(entry.kind) or "": _listed(entry.identifiers) for entry in entries}


def _text(value: Value | None) -> str | None:
    """What is known of a text."""
    data = value.data if value is not None else None
    if isinstance(data, PartialString):
        return "".join(part for part in data.parts if isinstance(part, str))
    return data if isinstance(data, str) else None
