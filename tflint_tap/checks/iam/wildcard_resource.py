"""Statements that allow on every resource what can be limited to some."""

from __future__ import annotations

from collections.abc import Iterator

from ...iam.actions import expand, is_pattern, limitable, open_wirings
from ...iam.conditions import limits_resources
from ...iam.policies import Policy
from ...iam.statements import ElementValues, Statement
from ...iam.variables import holds_no_wildcard
from ...iam.wildcards import covers_action, covers_every_resource
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import ErrorValue, Value
from ..sites import site_of
from .grants import Grant, doubt_of, gathered
from .roles import wirings_of


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Statements of identity policies that allow on every resource what can be limited to some."""
    found: list[Grant] = []
    for policy in stack.policies:
        if policy.kind != "identity":
            continue
        if policy.doubt is not None:
            found.append(Grant(policy.span, policy.address, "actions that aren't told", doubt=policy.doubt))
        for statement in policy.statements:
            found += _open_resources(stack, policy, statement)
    for group in gathered(found):
        yield group.hit(actions=group.granted, unlimited=group.unlimited)


@dataclass(slots=True)
class _Sorted:
    """A statement's actions by whether they can be limited to resources."""

    limited: list[str] = field(default_factory=list)
    unlimited: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def _open_resources(stack: Stack, policy: Policy, statement: Statement) -> Iterator[Grant]:
    resources = statement.resources
    if statement.allows is False or resources is None or statement.actions is None:
        return
    verdicts = [(resource, _covers_all(stack, resource)) for resource in resources.items]
    rest = resources.doubt
    if resources.rest is not None and holds_no_wildcard(stack.evaluator, Value(resources.rest)):
        rest = None
    if rest is None and all(verdict is False for _, verdict in verdicts):
        return
    actions = _sorted(statement.actions, wirings_of(stack, policy))
    limits = limits_resources(statement)
    if limits is True or not (actions.limited or actions.doubts):
        return
    uncertain = doubt_of(statement) or (limits if isinstance(limits, str) else None)
    if not actions.limited:
        uncertain = actions.doubts[0]
    words = actions.limited or ["actions"]
    for resource, verdict in verdicts:
        if verdict is not False:
            doubt = verdict if isinstance(verdict, str) else uncertain
            site = site_of(stack, resource, resources.written, policy.span)
            for word in words:
                yield Grant(site.span, policy.address, word, site.related, doubt, tuple(actions.unlimited))
    if rest is not None:
        site = site_of(stack, Value(None), resources.written, policy.span)
        for word in words:
            yield Grant(site.span, policy.address, word, doubt=rest, unlimited=tuple(actions.unlimited))


def _covers_all(stack: Stack, resource: Value) -> bool | str:
    """Return True if a resource pattern covers everything, or the reason why that isn't known."""
    verdict = covers_every_resource(resource)
    return False if isinstance(verdict, str) and holds_no_wildcard(stack.evaluator, resource) else verdict


def _sorted(actions: ElementValues, wirings: frozenset[str]) -> _Sorted:
    """The actions by what they reach; those pass that AWS's own policies leave open for one of these wirings."""
    made = _Sorted(doubts=[actions.doubt] if actions.doubt is not None else [])
    for action in actions.items:
        data = action.data
        if isinstance(data, ErrorValue):  # Terraform refuses it: nothing is granted
            continue
        if not isinstance(data, str):
            made.doubts.append(action.reason or "an action is no string")
            continue
        if limitable(data) and not _is_left_open(data, wirings):
            made.limited.append(data)
        elif limitable(data) is False:
            made.unlimited.append(data)
    return made


def _is_left_open(pattern: str, wirings: frozenset[str]) -> bool:
    """Return True if AWS's own policies for one of these wirings leave open what a pattern covers."""
    left = open_wirings()
    if is_pattern(pattern) and not any(covers_action(pattern, name) for name in left):
        return False
    return all(left.get(name, frozenset()) & wirings for name in expand(pattern) if limitable(name))
