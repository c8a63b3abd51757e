"""Which roles a policy belongs to, and what uses them, as far as the module's own references tell."""

from __future__ import annotations

from collections.abc import Mapping

from ..records import dataclass
from ..terraform.module import Declaration, Module
from ..terraform.module.references import walk
from .policies import Policy

_ATTACHMENTS = ("aws_iam_role_policy_attachment", "aws_iam_policy_attachment")
_GIVES_RIGHTS = (*_ATTACHMENTS, "aws_iam_role_policy", "aws_iam_role_policies_exclusive", "aws_iam_instance_profile",
                 "aws_iam_role_policy_attachments_exclusive")  # fmt: skip

# A function that reads from them makes network interfaces as one in a VPC does.
_KAFKA = ("aws_msk_cluster", "aws_msk_serverless_cluster")


@dataclass(frozen=True, slots=True)
class Roles:
    """A module's roles by their addresses, without instance keys.

    `users` are what names a role, other than what gives it rights; `attached` are the roles that a managed policy,
    by its address, is attached to; `kafka` is whether there is a Kafka cluster.
    """

    module: Module
    users: Mapping[str, tuple[Declaration, ...]]
    attached: Mapping[str, frozenset[str]]
    kafka: bool


def roles_in(module: Module) -> Roles:
    """What the module's references say of its roles."""
    users: dict[str, tuple[Declaration, ...]] = {}
    attached: dict[str, frozenset[str]] = {}
    for declaration in module.declarations.values():
        if declaration.type in _ATTACHMENTS:
            roles = _named(module, declaration, "aws_iam_role", "role", "roles")
            for policy in _named(module, declaration, "aws_iam_policy", "policy_arn"):
                attached[policy] = attached.get(policy, frozenset()) | roles
        elif declaration.type not in _GIVES_RIGHTS and declaration.kind != "output":
            for role in _named(module, declaration, "aws_iam_role") - {declaration.address}:
                users[role] = (*users.get(role, ()), declaration)
    return Roles(module, users, attached, any(item.type in _KAFKA for item in module.resources()))


def roles_of(policy: Policy, roles: Roles) -> frozenset[str]:
    """The roles that have an identity policy; none where they aren't told."""
    owner = policy.owner.declaration
    if owner.type == "aws_iam_role":
        return frozenset((owner.address,))
    if owner.type == "aws_iam_role_policy":
        return _named(roles.module, owner, "aws_iam_role", "role")
    return roles.attached.get(owner.address, frozenset())


def open_wirings(policy: Policy, roles: Roles) -> frozenset[str]:
    """The wirings of a policy's roles for which AWS's own policies leave actions on `*`, by the actions' table.

    Network interfaces (`vpc`) count unless it is certain that the roles are those of functions that need none;
    logs of API Gateway only where a role is given to the account's settings.
    """
    users = [user for role in roles_of(policy, roles) for user in roles.users.get(role, ())]
    wirings = {"api-gateway-logs"} if any(user.type == "aws_api_gateway_account" for user in users) else set[str]()
    plain = [user.type == "aws_lambda_function" and not _has_block(user, "vpc_config") for user in users]
    if roles.kafka or not plain or not all(plain):
        wirings.add("vpc")
    return frozenset(wirings)


def _named(module: Module, declaration: Declaration, type_: str, *arguments: str) -> frozenset[str]:
    """The addresses of resources of a type that a declaration names, in any argument if none are given."""
    if declaration.block is None:
        return frozenset(
            reference.address for reference in module.references(declaration.expr) if reference.root == type_
        )
    return frozenset(
        reference.address
        for attribute, bound in walk(declaration.block.body)
        if not arguments or attribute.name in arguments
        for reference in module.references(attribute.expr, bound)
        if reference.root == type_
    )


def _has_block(declaration: Declaration, name: str) -> bool:
    assert declaration.block is not None
    for block in declaration.block.body.blocks:
        if block.type == name or (block.type == "dynamic" and block.labels and block.labels[0].value == name):
            return True
    return False
