"""Identities that can raise their own rights, by one action or by several over all their policies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...iam.actions import fits, limitable
from ...iam.arn_forms import covers_a_type
from ...iam.escalations import PASS_ROLE, Escalation, escalating_actions, escalations
from ...iam.resource_texts import resource_text
from ...iam.statements import Condition, Statement
from ...iam.wildcards import (
    covers_action,
    covers_every_resource,
    is_whole_service,
    matches,
)
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Value
from ...text.source import Related
from ...wiring.permissions import stands_for
from ..sites import site_of
from .holdings import Holding, holdings

# Conditions that don't keep anybody from using a right.
_HARMLESS = ("aws:requestedregion", "aws:securetransport", "aws:multifactorauthpresent")
_FULL = re.compile(r"FullAccess(?:V\d+)?$")
_PASSED_TO = "iam:passedtoservice"


@dataclass(frozen=True, slots=True)
class _Right:
    """An action that a statement of an identity allows. It is `told` if another rule reports the statement for it."""

    action: str
    pattern: Value
    statement: Statement
    holding: Holding
    told: bool


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each identity, with all its ways."""
    full = rule.params["administrators"]
    assert isinstance(full, list)
    for identity, held in stack.once(holdings).items():
        rights: dict[str, list[_Right]] = {}
        for right in _rights(held, tuple(full)):
            rights.setdefault(right.action, []).append(right)
        ways = [way for escalation in escalations() if (way := _way(stack, identity, held, escalation, rights))]
        if ways:
            yield _hit(stack, identity, ways)


def _rights(held: list[Holding], full: tuple[str, ...]) -> Iterator[_Right]:
    """What of the table's actions an identity's policies allow, but for what they deny."""
    wanted = escalating_actions()
    denied = [text for holding in held for statement in holding.statements for text in _denied(statement)]
    for holding in held:
        reported = holding.managed in full or _FULL.search(holding.managed or "") is not None
        for statement in holding.statements:
            if not statement.allows or statement.doubt is not None or statement.actions is None:
                continue
            for text, pattern in statement.actions.known():
                for lower, action in _covered(text, wanted):
                    if not any(covers_action(other, lower) for other in denied):
                        yield _Right(action, pattern, statement, holding, reported or is_whole_service(text))


def _covered(pattern: str, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if "*" not in pattern and "?" not in pattern:
        lower = pattern.lower()
        if lower in wanted:
            yield lower, wanted[lower]
    else:
        yield from (item for item in wanted.items() if covers_action(pattern, item[0]))


def _denied(statement: Statement) -> Iterator[str]:
    """The patterns that a statement denies on everything."""
    if statement.allows is not False or statement.doubt is not None or statement.actions is None:
        return
    if statement.conditions.entries or statement.conditions.doubt is not None or statement.resources is None:
        return
    if any(covers_every_resource(item) is True for item in statement.resources.items):
        yield from (text for text, _ in statement.actions.known())


def _way(
    stack: Stack,
    identity: Instance,
    held: list[Holding],
    escalation: Escalation,
    rights: Mapping[str, list[_Right]],
) -> tuple[_Right, ...]:
    """A right for each action of a set, none where the identity lacks one, or where other rules tell of all."""
    found: list[_Right] = []
    for action in escalation.actions:
        if action not in rights:
            return ()
        fitting = [right for right in rights[action] if _is_enough(stack, identity, held, escalation, right)]
        if not fitting:
            return ()
        found.append(min(fitting, key=lambda right: (right.told, right.holding.doubt is not None)))
    return () if all(right.told for right in found) else tuple(found)


def _is_enough(stack: Stack, identity: Instance, held: list[Holding], escalation: Escalation, right: _Right) -> bool:
    """Return True if a right is wide enough for what a set needs of it."""
    statement = right.statement
    if statement.conditions.doubt is not None or statement.resources is None:
        return False
    if not all(_is_harmless(entry, escalation) for entry in statement.conditions.entries):
        return False
    if escalation.service is not None and right.action != PASS_ROLE:
        return True  # it makes what the role is passed to
    return any(
        _is_every(stack, right.action, item) or _is_own(stack, identity, held, escalation, item)
        for item in statement.resources.items
    )


def _is_harmless(entry: Condition, escalation: Escalation) -> bool:
    key, operator = str(entry.key.data).lower(), str(entry.operator.data).lower()
    if key == _PASSED_TO and escalation.service is not None:
        texts = [text for text, _ in entry.values.known()]
        return "not" not in operator and any(matches(text, escalation.service) for text in texts)
    return key in _HARMLESS


def _is_every(stack: Stack, action: str, resource: Value) -> bool:
    """Return True if a resource pattern covers all that an action applies to."""
    if covers_every_resource(resource) is True:
        return True
    text = resource_text(resource, stack.module)
    if text is None or not covers_a_type(text):
        return False
    return not limitable(action) or fits(action, text) is True


def _is_own(stack: Stack, identity: Instance, held: list[Holding], escalation: Escalation, resource: Value) -> bool:
    """Return True if a resource is the identity itself, or a policy that it has, where that is enough."""
    if escalation.own is None:
        return False
    mine = [identity, *(holding.policy for holding in held if holding.policy is not None)]
    return any(
        stands_for(resource, one, stack.wiring.resolver) is True
        for one in mine
        if one.declaration.type == escalation.own
    )


def _hit(stack: Stack, identity: Instance, ways: list[tuple[_Right, ...]]) -> Hit:
    first = ways[0]
    right = next(right for right in first if not right.told)
    actions = right.statement.actions
    assert actions is not None
    site = site_of(stack, right.pattern, actions.written, right.holding.span)
    others = [
        Related(f"{other.action} is allowed here", other.pattern.span)
        for other in first
        if other is not right and other.pattern.span is not None and stack.holds(other.pattern.span)
    ]
    boundary = identity.value("permissions_boundary").data
    doubt = next((item.holding.doubt for item in first if item.holding.doubt is not None), None)
    if doubt is None and boundary not in (None, ""):
        doubt = f"the permissions boundary of {identity.address} may forbid it"
    values = {"identity": identity.address, "ways": [list(dict.fromkeys(item.action for item in way)) for way in ways]}
    related = (*others, *site.related, Related(f"{identity.address} is here", identity.header))
    return Hit(site.span, right.holding.address, values, related, doubt=doubt)
