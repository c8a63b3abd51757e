"""Policies that are larger than AWS takes them: each by itself, and the inline policies of one identity together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...iam.policies import Policy
from ...iam.sizes import least_size
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related
from .holdings import IDENTITIES

# Resources of their own that hold an inline policy, and whose it is.
_INLINE = {
    "aws_iam_role_policy": "aws_iam_role",
    "aws_iam_user_policy": "aws_iam_user",
    "aws_iam_group_policy": "aws_iam_group",
}


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """A hit at each policy that is too large, or at the identity whose inline policies are too large together."""
    single, together = rule.params["single"], rule.params["together"]
    assert isinstance(single, dict)
    assert isinstance(together, dict)
    inline: dict[Instance, list[tuple[Policy, int]]] = {}
    for policy in stack.policies:
        type_ = policy.owner.declaration.type
        owner = _identity(stack, policy)
        most = _most(policy, single, together)
        if most is None:
            continue
        size = least_size(policy)
        if size > most:
            what = f"{'the trust policy of ' if policy.kind == 'trust' else ''}{policy.address} has"
            yield Hit(policy.span, policy.address, {"what": what, "size": size, "most": most})
        elif owner is not None and type_ != "aws_iam_policy" and policy.kind == "identity":
            inline.setdefault(owner, []).append((policy, size))
    for owner, held in inline.items():
        most = together[owner.declaration.type]
        size = sum(size for _, size in held)
        if size > most and len(held) > 1:
            related = tuple(Related(f"{size} characters are here", policy.span) for policy, size in held)
            values = {"what": f"the inline policies of {owner.address} have", "size": size, "most": most}
            yield Hit(owner.header, owner.address, values, related)


def _most(policy: Policy, single: Mapping[str, int], together: Mapping[str, int]) -> int | None:
    """The most characters that a policy may have by itself."""
    type_ = policy.owner.declaration.type
    if policy.attribute == "assume_role_policy":
        return single[f"{type_}.{policy.attribute}"]
    return single.get(type_) or together.get(_INLINE.get(type_, type_))


def _identity(stack: Stack, policy: Policy) -> Instance | None:
    """The role, user or group of the stack that an inline policy certainly is in."""
    if policy.owner.declaration.type in IDENTITIES:
        return policy.owner
    edges = stack.wiring.outgoing(policy.owner, "attached_to").edges
    return next((edge.target for edge in edges if edge.doubt is None), None)
