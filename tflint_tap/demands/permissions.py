"""Rights that a contract gives to the roles of its parts: at least these, at most these, or exactly these."""

from __future__ import annotations

from collections.abc import Iterator

from ..iam.statements import Statement
from ..iam.wildcards import covers_action
from ..needs.need import Need
from ..needs.rights import Verdict, arn_texts, items, rights_of
from ..needs.table import plain_row
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..text.source import Span
from .demand import Demand, absent, broken, first_line, met
from .parts import place_of_part
from .reading import split_arn, terms_of
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
        if grant.resources and not arns:
            continue  # the absent part is told by itself
        kind = "any" if grant.is_any else "needed"
        row = plain_row(grant.term.id)
        for actor, role, doubt in _roles(standing, grant):
            why = grant.term.says or f"{actor.address} has these rights by the contract"
            place = place_of_part(standing, grant.of[0]) or first_line(stack)
            yield Need(row, kind, grant.actions, arns or None, why, place, actor, role, doubt=doubt)


def _arns(standing: Standing, grant: Grant) -> tuple[Value, ...]:
    """The ARNs that rights are given on: of a part's resources, with what stands behind it: `bucket.arn/*`."""
    made = []
    for text in grant.resources:
        name, attribute, behind = split_arn(text)
        for instance in standing.recognised(name).certain:
            symbol = Symbol(instance.address, (attribute,))
            made.append(Value(PartialString((symbol, behind)) if behind else symbol, instance.header))
    return tuple(made)


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
                    what=f"{actor.address} has to have no other rights than {wanted.shown}",
                    remedy="let it act as a role of the stack",
                    doubt="its role is not in the stack",
                )
    for _, role, doubt in _roles(standing, wanted):
        is_within = True
        for excess in _beyond(standing, role):
            if excess.grant is not wanted:
                continue
            is_within = False
            yield broken(
                wanted.term,
                WRONG,
                excess.place,
                excess.holder,
                what=f"{role.address} has to have no other rights than {wanted.shown}",
                lacks=f"it is granted {excess.what}",
                remedy=f"take {excess.what} away",
                doubt=doubt or excess.doubt,
            )
        if is_within:
            yield met(wanted.term, WRONG, role.header, role.address)


@dataclass(frozen=True, slots=True, eq=False)
class _Excess:
    """What a role is granted and the contract doesn't give it: where, by which resource, and why that isn't certain.

    `grant` is the one that limits it: that of the action, else the role's first.
    """

    grant: Grant
    place: Span
    holder: str
    what: str
    doubt: str | None = None


def _beyond(standing: Standing, role: Instance) -> Iterator[_Excess]:
    """What a role is granted beyond all that the contract gives it, whatever the terms."""
    given = [grant for grant in standing.terms.grants if any(one is role for _, one, _ in _roles(standing, grant))]
    limiting = [grant for grant in given if grant.kind in _AT_MOST]
    rights = rights_of(standing.stack, role)
    for right in rights.allowed:
        written = right.statement.span
        place, holder = (right.place or role.header), role.address
        if right.policy is not None:
            place, holder = written, right.policy.address
        if right.statement.not_actions is not None:
            yield _Excess(limiting[0], place, holder, "all actions but some", right.doubt)
            continue
        for item in items(right.statement.actions):
            action = item.data if isinstance(item.data, str) else None
            verdict = (
                _is_given(standing, given, right.statement, action)
                if action is not None
                else Unknown(item.reason or "an action isn't known")
            )
            if verdict is True:
                continue
            on = next((grant for grant in limiting if action is not None and _covers(grant, action)), None)
            what = action or "what isn't known"
            if on is not None and on.resources:
                what = f"{what} on other resources than {' and '.join(on.resources)}"
            elif right.managed is not None:
                what = f"{what} by {right.managed}"
            is_here = right.policy is not None and item.span is not None and standing.stack.holds(item.span)
            reason = verdict.reason if isinstance(verdict, Unknown) else right.doubt
            yield _Excess(on or limiting[0], item.span if is_here and item.span else place, holder, what, reason)
    if rights.doubt is not None:
        yield _Excess(limiting[0], role.header, role.address, "more than that", rights.doubt)


def _covers(grant: Grant, action: str) -> bool:
    return any(covers_action(pattern, action) for pattern in grant.actions)


def _is_given(standing: Standing, given: list[Grant], statement: Statement, action: str) -> Verdict:
    """True if the contract gives an action on each of a statement's resources."""
    grants = [grant for grant in given if _covers(grant, action)]
    if not grants or any(not grant.resources for grant in grants):
        return bool(grants)
    if statement.resources is None:
        return False
    texts = arn_texts(standing.stack)
    patterns = [value for grant in grants for value in _arns(standing, grant)]
    doubt: Unknown | None = None
    for item in items(statement.resources):
        verdicts = [texts.covers(pattern, item) for pattern in patterns]
        if True in verdicts:
            continue
        unsure = next((verdict for verdict in verdicts if isinstance(verdict, Unknown)), None)
        if unsure is None:
            return False
        doubt = doubt or unsure
    return doubt if doubt is not None else True
