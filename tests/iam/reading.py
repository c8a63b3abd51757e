"""Policies of a text, and what they hold in plain data."""

from __future__ import annotations

from typing import Any

from tests.stacks import stack_of
from tflint_tap.iam.policies import Policy
from tflint_tap.iam.statements import Conditions, Document, ElementValues, Principals, Statement
from tflint_tap.terraform.evaluation.values import Value
from tflint_tap.text.source import Span


def policies(text: str) -> tuple[Policy, ...]:
    return stack_of(text).policies


def the_policy(text: str) -> Policy:
    (policy,) = policies(text)
    return policy


def policy_with(statement: str, *, before: str = "") -> Policy:
    """The policy of a role with one statement, as an object of jsonencode."""
    policy = f'resource "aws_iam_role_policy" "p" {{\n  policy = jsonencode({{ Statement = {statement} }})\n}}\n'
    return the_policy(before + policy)


def words(value: Value | None) -> str | None:
    """A value in short: its text, `${reference}`, or `? reason`."""
    if value is None:
        return None
    return (
        str(value.data)
        if value.is_known or value.data.__class__.__name__ in ("PartialString", "Symbol")
        else (f"? {value.reason}")
    )


def listed(terms: ElementValues | None) -> list[str | None] | None:
    """What an element lists; a last `…` with the reason why there may be more."""
    if terms is None:
        return None
    return [*map(words, terms.items), *([f"… {terms.doubt}"] if terms.doubt is not None else [])]


def texts(terms: ElementValues | None) -> list[str]:
    """What is written at the places of the items."""
    assert terms is not None
    return [item.span.text if item.span is not None else "" for item in terms.items]


def place(span: Span) -> tuple[int, int, str]:
    """Line, column and text of a place."""
    return span.line, span.column, span.text


def plain_document(document: Document | Policy) -> dict[str, Any]:
    """A document in the shape that `plain_json` gives the real one."""
    made: dict[str, Any] = {"Version": words(document.version), "Statement": list(map(plain, document.statements))}
    if document.id is not None:
        made["Id"] = words(document.id)
    return made


def plain(statement: Statement) -> dict[str, Any]:
    """A statement as JSON has it, each element as a sorted list."""
    elements = {
        "Effect": words(statement.effect),
        "Sid": words(statement.sid),
        "Action": _sorted(statement.actions),
        "NotAction": _sorted(statement.not_actions),
        "Resource": _sorted(statement.resources),
        "NotResource": _sorted(statement.not_resources),
        "Principal": _principals(statement.principals),
        "NotPrincipal": _principals(statement.not_principals),
        "Condition": _conditions(statement.conditions) or None,
    }
    return {key: value for key, value in elements.items() if value is not None}


def plain_json(document: dict[str, Any]) -> dict[str, Any]:
    """A rendered document, each element as a sorted list."""
    statements = document["Statement"]
    return {
        **document,
        "Statement": [
            {key: _normal(value) for key, value in statement.items()}
            for statement in (statements if isinstance(statements, list) else [statements])
        ],
    }


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(item) if isinstance(item, dict) else _many(item) for key, item in value.items()}
    return _many(value) if isinstance(value, list) else value


def _many(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, list) else [value]


def _sorted(terms: ElementValues | None) -> Any:
    found = listed(terms)
    if found is None:
        return None
    return found[0] if len(found) == 1 else sorted(map(str, found))


def _principals(principals: Principals | None) -> Any:
    if principals is None:
        return None
    found: dict[str, list[str]] = {}
    for entry in principals.entries:
        found.setdefault(str(words(entry.kind)), []).extend(map(str, listed(entry.identifiers) or []))
    return "*" if found == {"*": ["*"]} else {kind: sorted(names) for kind, names in found.items()}


def _conditions(conditions: Conditions) -> Any:
    found: dict[str, dict[str, list[str]]] = {}
    for entry in conditions.entries:
        keys = found.setdefault(str(words(entry.operator)), {})
        keys.setdefault(str(words(entry.key)), []).extend(map(str, listed(entry.values) or []))
    return {operator: {key: sorted(values) for key, values in keys.items()} for operator, keys in found.items()}
