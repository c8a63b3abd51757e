"""What a stack's wirings need and nobody grants: rights of roles, and services that a resource doesn't let in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..iam.statements import Statement
from ..records import dataclass, replace
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Unknown, Value
from ..terraform.evaluation.verdicts import Verdict
from ..text.source import Span
from ..vocabulary.iam import permission, resource_policies
from .need import Need
from .needs import needs_of
from .rights import Rights, denial_of, granted, rights_of

_EMPTY = 1000


@dataclass(frozen=True, slots=True)
class Missing:
    """Actions that a need lacks, on `arns` (None for any resource). `doubt` is why that isn't certain.

    `is_bounded` where the role's policies grant them, but its permissions boundary doesn't; `is_denied` where a
    statement of its policies takes them away.
    """

    need: Need
    actions: tuple[str, ...]
    arns: tuple[Value, ...] | None
    place: Span
    doubt: str | None = None
    is_bounded: bool = False
    is_denied: bool = False


def missing(stack: Stack, needs: Iterable[Need] | None = None) -> Iterator[Missing]:
    """What is missing of some needs; of the stack's own, in the order of the table, where none are given."""
    for need in needs_of(stack) if needs is None else needs:
        if need.kind == "allowed":
            continue
        if need.role is not None:
            yield from _of_role(stack, need, need.role)
        elif need.into is not None:
            yield from _of_service(stack, need, need.into)


def _of_role(stack: Stack, need: Need, role: Instance) -> Iterator[Missing]:
    rights = rights_of(stack, role)
    lacking: list[str] = []
    open_: list[str] = []
    doubt = need.doubt
    for action in need.actions:
        verdict = _on_all(stack, rights, action, need)
        if need.kind == "any" and verdict is not False:
            if verdict is True:
                return
            open_.append(action)
        elif verdict is not True:
            (open_ if isinstance(verdict, Unknown) else lacking).append(action)
        if isinstance(verdict, Unknown):
            doubt = doubt or verdict.reason
    if need.kind == "any" and open_:  # one of them may be granted
        lacking, open_ = [], list(need.actions)
    bounded = [action for action in lacking if _is_bounded(stack, rights, action, need)]
    if bounded:
        lacking = [action for action in lacking if action not in bounded]
        place = role.span_of("permissions_boundary")
        yield Missing(need, tuple(bounded), need.arns, place, need.doubt, is_bounded=True)
        if need.kind == "any":
            return
    denied: dict[Span, list[str]] = {}
    for action in lacking:
        taken = _denied_at(stack, rights, action, need)
        if taken is not None:
            denied.setdefault(taken, []).append(action)
    for taken, actions in denied.items():
        lacking = [action for action in lacking if action not in actions]
        yield Missing(need, tuple(actions), need.arns, taken, need.doubt, is_denied=True)
    for actions, reason in ((lacking, need.doubt), (open_, doubt)):
        if actions:
            yield Missing(need, tuple(actions), need.arns, _place(rights, actions, role), reason)


def _denied_at(stack: Stack, rights: Rights, action: str, need: Need) -> Span | None:
    """The place that takes an action away that is granted elsewhere; None where nothing does."""
    for arn in need.arns or (None,):
        right = denial_of(stack, rights, action, arn)
        if right is not None and _on_all(stack, replace(rights, denied=()), action, need) is True:
            written = right.statement.actions.written if right.statement.actions is not None else right.statement.span
            return written if right.policy is not None else right.place or rights.role.header
    return None


def _is_bounded(stack: Stack, rights: Rights, action: str, need: Need) -> bool:
    return rights.boundary is not None and _on_all(stack, replace(rights, boundary=None), action, need) is True


def _on_all(stack: Stack, rights: Rights, action: str, need: Need) -> Verdict:
    """The verdict on all resources; of actions of which any will do, on any of them."""
    found = [granted(stack, rights, action, arn, need.row.purpose) for arn in need.arns or (None,)]
    best, worst = (True, False) if need.kind == "any" else (False, True)
    if best in found:
        return best
    return next((verdict for verdict in found if isinstance(verdict, Unknown)), worst)


def _of_service(stack: Stack, need: Need, into: Instance) -> Iterator[Missing]:
    assert need.service is not None
    for action in need.actions:
        verdict = permission(stack, into, need.service, action, need.acting_for, need.called)
        if verdict is not True:
            doubt = verdict.reason if isinstance(verdict, Unknown) else need.doubt
            documents = [policy.span for policy, _ in resource_policies(stack, into) if policy.attribute]
            yield Missing(need, (action,), None, documents[0] if documents else need.place, doubt)


def _place(rights: Rights, actions: Iterable[str], role: Instance) -> Span:
    """The place in a role's policies where actions would be granted: the likeliest statement, else its only policy."""
    services = {action.partition(":")[0] for action in actions}
    written = [right for right in rights.allowed if right.policy is not None]
    best = max((right.statement for right in written), key=lambda one: _kinship(one, services), default=None)
    if best is not None and best.actions is not None and _kinship(best, services):
        return best.actions.written
    policies = {right.policy.span for right in written if right.policy is not None}
    return policies.pop() if len(policies) == 1 else role.header


def _kinship(statement: Statement, services: set[str]) -> int:
    """How many actions of these services a statement grants; one that grants none yet is the likeliest to lack them."""
    if statement.actions is None:
        return 0
    if not statement.actions.items and statement.actions.doubt is None:
        return _EMPTY
    return sum(text.partition(":")[0].lower() in services for text, _ in statement.actions.known())
