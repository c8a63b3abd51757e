"""The policies that the identities of a stack have: their own, those attached to them, and AWS's."""

from __future__ import annotations

from collections.abc import Iterator

from ...iam.managed import managed_document
from ...iam.policies import Policy
from ...iam.statements import Statement
from ...records import dataclass
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Span
from ...vocabulary.policies import managed_path

IDENTITIES = ("aws_iam_role", "aws_iam_user", "aws_iam_group")
_ATTACHED = "attached_to"


@dataclass(frozen=True, slots=True)
class Holding:
    """A policy that an identity has: its statements, and the block that gives it.

    `address` is that of the block, `span` where the policy is written or named. `managed` is the name of a policy of
    AWS, `policy` the stack's own managed policy. `doubt` is why it isn't certain that the identity has it.
    """

    address: str
    span: Span
    statements: tuple[Statement, ...]
    managed: str | None = None
    policy: Instance | None = None
    doubt: str | None = None


def holdings(stack: Stack) -> dict[Instance, list[Holding]]:
    """The policies of each identity of the stack, in the order of the text."""
    found: dict[Instance, list[Holding]] = {}
    if not any(True for _ in stack.resources(*IDENTITIES)):
        return found
    for policy in stack.policies:
        if policy.kind == "identity":
            for identity, doubt in _identities(stack, policy):
                own = policy.owner if policy.owner.declaration.type == "aws_iam_policy" else None
                holding = Holding(policy.address, policy.span, policy.statements, policy=own, doubt=doubt)
                found.setdefault(identity, []).append(holding)
    for end in stack.wiring.open_ends(_ATTACHED):
        if end.source is not None or end.target is None or end.target.declaration.type not in IDENTITIES:
            continue
        name = managed_path(stack, end.value)
        span = end.value.span or end.via.header
        document = managed_document(name, stack.module, span) if isinstance(name, str) else None
        if document is not None and isinstance(name, str):
            holding = Holding(end.via.address, span, document.statements, name.rpartition("/")[2], doubt=end.unsure)
            found.setdefault(end.target, []).append(holding)
    return found


def _identities(stack: Stack, policy: Policy) -> Iterator[tuple[Instance, str | None]]:
    """The identities that a policy belongs to, each with the doubt about it."""
    if policy.owner.declaration.type in IDENTITIES:
        yield policy.owner, None
        return
    seen: set[Instance] = set()
    for edge in stack.wiring.outgoing(policy.owner, _ATTACHED).edges:
        if edge.target.declaration.type in IDENTITIES and edge.target not in seen:
            seen.add(edge.target)
            yield edge.target, edge.doubt
