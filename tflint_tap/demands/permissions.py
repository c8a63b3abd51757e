"""Rights that a contract gives to the roles of its parts: at least these, at most these, or exactly these."""

from __future__ import annotations

from collections.abc import Iterator

from ..iam.wildcards import covers_action
from ..needs.need import Need
from ..needs.rights import rights_of
from ..needs.table import plain_row
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Symbol, Value
from ..text.source import Span
from .demand import Demand, absent, broken, first_line, met
from .parts import place_of_part
from .reading import terms_of
from .settings import WRONG
from .standing import Standing, standing_of
from .terms import Grant

_AT_MOST = ("at_most", "exactly")
_ROLE = "aws_iam_role"


def contract_needs(stack: Stack) -> Iterator[Need]:
    """The rights that the roles of a contract's parts have to have, as needs of which the row has the requirement's id.

    `iam/missing-permission` reports what nobody grants, as it does for what wiring needs.
    """
    if stack.contract is None:
        return
    terms = terms_of(stack.contract)
    standing = standing_of(stack, terms, {})
    for grant in terms.grants:
        if grant.kind == "at_most" or grant.term.level == "may":
            continue
        arns = _arns(standing, grant)
        if grant.resource is not None and not arns:
            continue  # the absent part is told by itself
        kind = "any" if grant.is_any else "needed"
        row = plain_row(grant.term.id)
        for actor, role, doubt in _roles(standing, grant):
            why = grant.term.says or f"{actor.address} has these rights by the contract"
            place = place_of_part(standing, grant.of[0]) or first_line(stack)
            yield Need(row, kind, grant.actions, arns or None, why, place, actor, role, doubt=doubt)


def _arns(standing: Standing, grant: Grant) -> tuple[Value, ...]:
    name, _, attribute = (grant.resource or "").rpartition(".")
    found = standing.recognised(name).certain if name else ()
    return tuple(Value(Symbol(instance.address, (attribute,)), instance.header) for instance in found)


def _roles(standing: Standing, grant: Grant) -> Iterator[tuple[Instance, Instance, str | None]]:
    """The roles of a grant's parts, each with who acts as it: the part itself, or the role that it is."""
    for name in grant.of:
        for actor in standing.recognised(name).certain:
            yield from ((actor, role, doubt) for role, doubt in _roles_of(standing, actor))


def _roles_of(standing: Standing, actor: Instance) -> Iterator[tuple[Instance, str | None]]:
    if actor.declaration.type == _ROLE:
        yield actor, None
        return
    for edge in standing.stack.wiring.outgoing(actor, "runs_as").edges:
        yield edge.target, edge.doubt


def limits(standing: Standing, wanted: Grant) -> Iterator[Demand]:
    """That the roles of parts have no rights beside those that a contract gives them."""
    if wanted.kind not in _AT_MOST:
        return
    for name in wanted.of:
        if not standing.recognised(name).certain:
            yield absent(standing, wanted.term, name)
        for actor in standing.recognised(name).certain:
            if next(_roles_of(standing, actor), None) is None:
                yield broken(
                    wanted.term,
                    WRONG,
                    actor.header,
                    actor.address,
                    what=f"{actor.address} has to have no other rights than {', '.join(wanted.actions)}",
                    remedy="let it act as a role of the stack",
                    doubt="its role is not in the stack",
                )
    for _, role, doubt in _roles(standing, wanted):
        is_within = True
        for place, holder, text in _beyond(standing, wanted, role):
            is_within = False
            yield broken(
                wanted.term,
                WRONG,
                place,
                holder,
                what=f"{role.address} has to have no other rights than {', '.join(wanted.actions)}",
                lacks=f"it is granted {text}",
                remedy=f"take {text} away",
                doubt=doubt,
            )
        if is_within:
            yield met(wanted.term, WRONG, role.header, role.address)


def _beyond(standing: Standing, wanted: Grant, role: Instance) -> Iterator[tuple[Span, str, str]]:
    """The actions that a role is granted and the contract doesn't give it: place, address of the policy, action."""
    for right in rights_of(standing.stack, role).allowed:
        if right.policy is None or right.statement.actions is None:
            continue
        for text, item in right.statement.actions.known():
            if any(covers_action(action, text) for action in wanted.actions):
                continue
            span = item.span if item.span is not None and standing.stack.holds(item.span) else right.statement.span
            yield span, right.policy.address, text
