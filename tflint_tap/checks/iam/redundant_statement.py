"""Statements that another statement of the same policy covers."""

from __future__ import annotations

from collections.abc import Iterator

from ...iam.covering import actions_cover, resources_cover
from ...iam.policies import Policy
from ...iam.statements import Conditions, ElementValues, Principals, Statement
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Value
from ...terraform.module import Module
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """A hit for each statement that another one covers; of two that say the same, for the later one."""
    for policy in stack.policies:
        if len(policy.statements) > 1:
            yield from _covered(policy, stack.module)


def _covered(policy: Policy, module: Module) -> Iterator[Hit]:
    whole = [statement for statement in policy.statements if _is_whole(statement)]
    for place, statement in enumerate(whole):
        for at, other in enumerate(whole):
            if at == place or not _covers(other, statement, module):
                continue
            is_same = _covers(statement, other, module)
            if at < place or not is_same:
                label = (
                    f"the one that {'allows' if other.allows else 'denies'} {'the same' if is_same else 'more'} is here"
                )
                values = {"self": policy.address, "more": not is_same}
                yield Hit(statement.span, policy.address, values, (Related(label, other.span),))
                break


def _is_whole(statement: Statement) -> bool:
    """Return True if all of a statement is known."""
    elements = (statement.actions, statement.resources)
    return (
        statement.doubt is None
        and statement.allows is not None
        and statement.not_actions is None
        and statement.not_resources is None
        and statement.not_principals is None
        and statement.conditions.doubt is None
        and all(element is None or element.doubt is None for element in elements)
        and statement.actions is not None
    )


def _covers(wide: Statement, narrow: Statement, module: Module) -> bool:
    """Return True if one statement says all that another one says."""
    return (
        wide.span != narrow.span
        and wide.allows == narrow.allows
        and _who(wide.principals) == _who(narrow.principals)
        and (not wide.conditions.entries or _when(wide.conditions) == _when(narrow.conditions))
        and actions_cover(wide.actions, narrow.actions)
        and resources_cover(wide.resources, narrow.resources, module)
    )


def _who(principals: Principals | None) -> object:
    if principals is None:
        return None
    return (
        principals.doubt,
        sorted((_key(entry.kind), sorted(_keys(entry.identifiers))) for entry in principals.entries),
    )


def _when(conditions: Conditions) -> object:
    entries = conditions.entries
    return sorted((_key(entry.operator), _key(entry.key).lower(), sorted(_keys(entry.values))) for entry in entries)


def _keys(values: ElementValues) -> Iterator[str]:
    yield from map(_key, values.items)
    if values.doubt is not None:  # it is like nothing else
        yield f"{id(values)}"


def _key(value: Value) -> str:
    """The key that two values share if they are certainly equal."""
    return str(value.data) if value.is_known else f"{value.data!r} {id(value.data)}"
