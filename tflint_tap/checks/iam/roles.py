"""The roles that a policy belongs to, and the resources that run as them: by the edges of the stack's wiring."""

from __future__ import annotations

from collections.abc import Iterator

from ...iam.actions import open_wirings
from ...iam.policies import Policy
from ...records import dataclass
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance

# A function that reads from them makes network interfaces as one in a VPC does.
_KAFKA = ("aws_msk_cluster", "aws_msk_serverless_cluster")

_BY_TYPE = {"aws_api_gateway_account": "api-gateway-logs", "aws_flow_log": "flow-logs"}
_MOST = 3 / 4  # of a published policy's actions: its versions differ


@dataclass(frozen=True, slots=True)
class Users:
    """The resources that use, or may use, a policy's rights; `all_told` if it is certain that nothing else does."""

    instances: tuple[Instance, ...]
    all_told: bool


def roles_of(stack: Stack, policy: Policy) -> tuple[Instance, ...]:
    """The roles of the stack that have an identity policy, also those that may have it."""
    if policy.owner.declaration.type == "aws_iam_role":
        return (policy.owner,)
    attached = stack.wiring.outgoing(policy.owner, "attached_to").edges
    return tuple(edge.target for edge in attached if edge.target.declaration.type == "aws_iam_role")


def users_of(stack: Stack, policy: Policy) -> Users:
    """The resources that run as the roles of a policy, and the instance profiles that hand them on."""
    attached = stack.wiring.outgoing(policy.owner, "attached_to")
    roles = roles_of(stack, policy)
    all_told = bool(roles) and not attached.ends and attached.doubt is None
    found: list[Instance] = []
    for role in roles:
        running = stack.wiring.incoming(role, "runs_as")
        all_told = all_told and running.doubt is None and not any(stack.passed(role))
        found += (edge.source for edge in running.edges)
        found += _profiles(stack, role)
    return Users(tuple(found), all_told)


def wirings_of(stack: Stack, policy: Policy) -> frozenset[str]:
    """The wirings of a policy's roles for which AWS's own policies leave actions on `*`: iam/open_wirings.tsv.

    Network interfaces (`vpc`) count unless it is certain that the roles are those of functions that need none;
    logs of API Gateway and flow logs only where a role is given to them. The controller of load balancers in a cluster
    is told by its policy, which has most of what the published one has.
    """
    users = users_of(stack, policy)
    types = {user.declaration.type for user in users.instances}
    wirings = {wiring for type_, wiring in _BY_TYPE.items() if type_ in types}
    if _is_published(policy, "load-balancer-controller"):
        wirings.add("load-balancer-controller")
    needs_none = users.all_told and types == {"aws_lambda_function"}
    if not needs_none or any(user.blocks("vpc_config") for user in users.instances) or any(stack.resources(*_KAFKA)):
        wirings.add("vpc")
    return frozenset(wirings)


def _is_published(policy: Policy, wiring: str) -> bool:
    """Return True if a policy has most of the actions that the published one for a wiring leaves open."""
    left = {name for name, wirings in open_wirings().items() if wiring in wirings}
    actions = (item for one in policy.statements if one.actions is not None for item in one.actions.known())
    return len(left & {text for text, _ in actions}) >= _MOST * len(left)


def _profiles(stack: Stack, role: Instance) -> Iterator[Instance]:
    for edge in stack.wiring.incoming(role, "attached_to").edges:
        if edge.source.declaration.type == "aws_iam_instance_profile":
            yield edge.source
