"""Rights that several roles have from one policy, and that only some of them need."""

from __future__ import annotations

from collections.abc import Iterator

from ...needs.rights import rights_of
from ...needs.unneeded import Unneeded, judged_actors, unneeded
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Span


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each statement of which a role needs nothing that others have it for."""
    by_statement: dict[Span, list[Unneeded]] = {}
    for one in unneeded(stack):
        by_statement.setdefault(one.right.statement.span, []).append(one)
    holders = _holders(stack) if by_statement else {}
    for span, alike in by_statement.items():
        for one in (one for one in alike if one.doubt is None and not one.resources):
            needing = {
                role.address
                for role in holders.get(span, ())
                if role.address != one.role.address and _needs_all(stack, role, one, alike)
            }
            place = next((item.span for item in one.actions if item.span is not None and stack.holds(item.span)), span)
            if needing:
                actions = [str(item.data) for item in one.actions]
                values = {"role": one.role.address, "actions": actions, "others": sorted(needing)}
                yield Hit(place, one.address, values)


def _holders(stack: Stack) -> dict[Span, list[Instance]]:
    """The roles that certainly have a statement, by where it is written."""
    found: dict[Span, list[Instance]] = {}
    for role in stack.resources("aws_iam_role"):
        for right in rights_of(stack, role).allowed:
            if right.policy is not None and right.doubt is None:
                found.setdefault(right.statement.span, []).append(role)
    return found


def _needs_all(stack: Stack, role: Instance, one: Unneeded, alike: list[Unneeded]) -> bool:
    """Return True if it is certain that a role needs each action that another one has for nothing."""
    if not judged_actors(stack, role):
        return False
    idle = {str(item.data) for other in alike if other.role.address == role.address for item in other.actions}
    return all(str(item.data) not in idle for item in one.actions)
