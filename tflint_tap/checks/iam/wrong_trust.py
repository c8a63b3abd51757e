"""Roles that are used by a service which their trust policy doesn't admit."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.assumers import assumers
from ...iam.policies import Policy
from ...iam.principals import names_principal
from ...iam.statements import Statement
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Unknown
from ...text.source import Related, Span
from ...wiring.edges import Edge


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """A hit for each role and service, with all that has the service take the role."""
    trusts = {policy.owner: policy for policy in stack.policies if policy.attribute == "assume_role_policy"}
    users: dict[tuple[Instance, tuple[str, ...]], list[Edge]] = {}
    for edge in stack.wiring.edges("runs_as") if trusts else ():
        nested = edge.via is not edge.source
        services = assumers(edge.source.declaration.type, edge.argument, nested=nested)
        if services and edge.target in trusts:
            users.setdefault((edge.target, services), []).append(edge)
    for (role, services), edges in users.items():
        policy = trusts[role]
        verdict = _admits(stack, policy, services)
        if verdict is True:
            continue
        certain = [edge for edge in edges if edge.doubt is None]
        first = (certain or edges)[0]
        doubt = verdict if isinstance(verdict, str) else first.doubt
        related = [
            Related(f"{edge.source.address} runs as {role.address} here", edge.value.span)
            for edge in certain or edges
            if edge.value.span is not None
        ]
        values = {"source": first.source.address, "role": role.address, "service": services[0]}
        yield Hit(_place(policy), role.address, values, tuple(related), doubt=doubt)


def _place(policy: Policy) -> Span:
    """The principals of the first statement that allows, else the policy."""
    allowing = (item for item in policy.statements if item.allows is not False and item.principals is not None)
    first = next(allowing, None)
    return first.principals.written if first is not None and first.principals is not None else policy.span


def _admits(stack: Stack, policy: Policy, services: tuple[str, ...]) -> bool | str:
    """Return True if a trust policy admits one of these services, or the reason why that isn't known."""
    doubt = policy.doubt
    for statement in policy.statements:
        if statement.allows is False:
            continue
        verdict = _names(stack, statement, services)
        if verdict is True and statement.allows and statement.doubt is None:
            return True
        if verdict is not False:
            unsure = statement.doubt or (statement.effect.reason if statement.effect is not None else None)
            doubt = doubt or (verdict.reason if isinstance(verdict, Unknown) else unsure)
    return doubt if doubt is not None else False


def _names(stack: Stack, statement: Statement, services: tuple[str, ...]) -> bool | Unknown:
    """True if a statement names one of these services as principal, also with a region in it, or everyone."""
    if statement.not_principals is not None or statement.principals is None:
        return statement.not_principals is not None
    unsure: bool | Unknown = False
    for service in services:
        name, _, domain = service.partition(".amazonaws.")
        for wanted in (service, f"{name}.*.amazonaws.{domain}"):
            verdict = names_principal(statement.principals, wanted, stack.evaluator)
            if verdict is True:
                return True
            unsure = unsure or verdict
    return unsure
