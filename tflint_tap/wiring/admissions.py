"""The edges of the kind `admits`: from the ARNs in conditions and principals of resources' policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ..aws.arns import arn_format
from ..iam.policies import Policy
from ..iam.statements import Statement
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Value
from .companions import CompanionIndex
from .edges import Edge, OpenEnd
from .parts import fields, parts_in
from .resolve import Named, Resolver

ADMITS = "admits"
_SOURCE = "aws:sourcearn"


def admissions(policies: Iterable[Policy], companions: CompanionIndex) -> Iterator[Edge | OpenEnd]:
    """The edges that resource policies, key policies and trust policies make: who has them admits whom they name."""
    for policy in policies:
        if policy.kind == "identity" or not policy.attribute:  # a function's permission is in the table of edges
            continue
        via = _holder(policy)
        attribute = via.attribute(policy.attribute.rpartition(".")[2]) if via is not None else None
        if via is None or attribute is None:
            continue
        owners = companions.parents(policy.owner) or ((policy.owner, None),)
        for statement, value in _named_values(policy):
            named = _admitted(value, companions.resolver.named(value, attribute.expr, via), companions.resolver)
            for owner, doubt in owners:
                for target, other in named.instances:
                    if target is not owner:
                        why = doubt or other or statement.doubt or policy.doubt
                        yield Edge(ADMITS, owner, target, via, attribute.name, value, why)
                if named.outside or named.doubt is not None:
                    yield OpenEnd(ADMITS, owner, None, via, attribute.name, value, named.doubt, named.outside)


def _holder(policy: Policy) -> Instance | None:
    """The block that holds a policy."""
    block = policy.attribute.rpartition(".")[0]
    if not block:
        return policy.owner
    return next((nested for nested in policy.owner.blocks(block) if nested.span_of("policy") == policy.span), None)


def _named_values(policy: Policy) -> Iterator[tuple[Statement, Value]]:
    """The ARNs that statements which allow something name: as source of a call, or as principal."""
    for statement in policy.statements:
        if statement.effect is None or statement.effect.data != "Allow":
            continue
        for condition in statement.conditions.entries:
            key = condition.key.data
            if isinstance(key, str) and key.lower() == _SOURCE and "Not" not in str(condition.operator.data):
                yield from ((statement, value) for value in condition.values.items)
        for principal in statement.principals.entries if statement.principals is not None else ():
            if principal.kind.data == "AWS":
                yield from ((statement, value) for value in principal.identifiers.items if value.data != "*")


def _admitted(value: Value, named: Named, resolver: Resolver) -> Named:
    """The resources that a value names; of a pattern the resources that it covers."""
    data = value.data
    if named.certain or not isinstance(data, (str, PartialString)):
        return named
    cut = fields(parts_in(data), ":", 5)
    if len(cut) < 6 or len(cut[2]) != 1 or len(cut[5]) != 1:
        return named
    service, pattern = cut[2][0], cut[5][0]
    if not isinstance(pattern, str) or not ("*" in pattern or "?" in pattern):
        return named
    covered: list[Instance] = []
    for type_ in resolver.types():
        format_ = arn_format(type_)
        if format_ is None or format_.resource is None or format_.service != service:
            continue
        for instance in resolver.instances(type_):
            name = instance.value(format_.resource.argument).data
            if isinstance(name, str) and fnmatchcase(format_.resource.lead + name, pattern):
                covered.append(instance)
    return Named(tuple(covered)) if covered else named
