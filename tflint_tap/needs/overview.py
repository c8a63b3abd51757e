"""Each role of a stack with what it is granted, why that is needed, what is missing and what isn't needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..iam.wildcards import covers_action
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value
from .missing import Missing, missing
from .need import Need
from .needs import needs_of
from .rights import Right, arn_texts, rights_of, serves
from .unneeded import Unneeded, judged_actors, unneeded


@dataclass(frozen=True, slots=True)
class Grant:
    """An action that a statement grants a role.

    `needs` are those that it serves; `is_unneeded` where it is known that it serves none.
    """

    action: Value
    right: Right
    needs: tuple[Need, ...]
    is_unneeded: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """What it is needed for; what it is merely allowed for only where nothing needs it."""
        needed = [need.why for need in self.needs if need.kind != "allowed"]
        return tuple(dict.fromkeys(needed or [need.why for need in self.needs]))


@dataclass(frozen=True, slots=True)
class RoleOverview:
    """A role: who acts as it, what it is granted and denied, and what it lacks. `doubt` is why it may be granted more.

    `is_judged` where the table tells all that its actors need: what isn't needed is known. `others` are the statements
    that allow all but some actions or resources.
    """

    role: Instance
    actors: tuple[Instance, ...]
    is_judged: bool
    grants: tuple[Grant, ...]
    others: tuple[Right, ...]
    denied: tuple[Right, ...]
    lacking: tuple[Missing, ...]
    doubt: str | None


def overviews(stack: Stack) -> Iterator[RoleOverview]:
    """The roles of a stack, in the order of the text."""
    needs: dict[str, list[Need]] = {}
    for need in needs_of(stack):
        if need.role is not None:
            needs.setdefault(need.role.address, []).append(need)
    lacking: dict[str, list[Missing]] = {}
    for found in missing(stack):
        if found.need.role is not None:
            lacking.setdefault(found.need.role.address, []).append(found)
    surplus: dict[str, list[Unneeded]] = {}
    for one in unneeded(stack):
        surplus.setdefault(one.role.address, []).append(one)
    for role in stack.resources("aws_iam_role"):
        rights = rights_of(stack, role)
        yield RoleOverview(
            role,
            tuple(dict.fromkeys(edge.source for edge in stack.wiring.incoming(role, "runs_as").edges)),
            bool(judged_actors(stack, role)),
            tuple(_grants(stack, rights.allowed, needs.get(role.address, []), surplus.get(role.address, []))),
            tuple(right for right in rights.allowed if right.statement.actions is None),
            rights.denied,
            tuple(lacking.get(role.address, ())),
            rights.doubt,
        )


def _grants(stack: Stack, rights: Iterable[Right], needs: list[Need], surplus: Iterable[Unneeded]) -> Iterator[Grant]:
    spare = {id(action) for one in surplus if not one.resources for action in one.actions}
    for right in rights:
        for action in right.statement.actions.items if right.statement.actions is not None else ():
            serving = tuple(need for need in needs if serves_need(stack, right, action, need))
            yield Grant(action, right, serving, id(action) in spare)


def serves_need(stack: Stack, right: Right, action: Value, need: Need) -> bool:
    """Return True if an action of a statement grants something of a need, on a resource that the need is about."""
    if not isinstance(action.data, str) or not any(covers_action(action.data, one) for one in need.actions):
        return False
    if not serves(right.statement, need.row.purpose):
        return False
    if need.arns is None or right.statement.resources is None:
        return True
    texts = arn_texts(stack)
    pairs = ((item, arn) for item in right.statement.resources.items for arn in need.arns)
    return any(texts.covers(item, arn) is not False or texts.covers(arn, item) is not False for item, arn in pairs)
