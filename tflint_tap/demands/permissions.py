"""Rights that a contract gives to the roles of its parts: at least these, at most these, or exactly these."""

from __future__ import annotations

from collections.abc import Iterator

from ..iam.statements import Statement
from ..iam.wildcards import covers_action
from ..needs.need import Need
from ..needs.rights import Right, arn_texts, items, rights_of
from ..needs.table import plain_row
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict
from ..text.listing import listed
from ..text.source import Span
from .demand import Demand, absent, broken, first_line, met
from .parts import place_of_part
from .reading import split_arn, terms_of
from .settings import WRONG
from .standing import Absent, Standing, standing_of
from .terms import MAY, MOST_NAMES, Grant

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
        if grant.kind == "at_most" or grant.term.level == MAY:
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
    """That the roles of parts are in the stack, and have no rights beside those that a contract gives them."""
    is_limit = wanted.kind in _AT_MOST
    if wanted.term.level == MAY and not is_limit:
        return
    for name in wanted.of:
        if not standing.recognised(name).certain and is_limit:
            yield absent(standing, wanted.term, name)
        for actor in standing.recognised(name).certain:
            if next(_roles_of(standing, actor), None) is None:
                rights = f"no other rights than {wanted.shown}" if is_limit else f"the right to {wanted.shown}"
                yield broken(
                    wanted.term,
                    WRONG,
                    actor.header,
                    actor.address,
                    what=f"{actor.address} has to have {rights}",
                    remedy="let it act as a role of the stack",
                    doubt="its role is not in the stack",
                )
    if not is_limit:
        return  # iam/missing-permission tells what a role lacks
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
                topic=excess.what,
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
    """What a role is granted beyond all that the contract gives it, a statement at a time, whatever the terms.

    Absent where the contract gives it rights on what isn't there.
    """
    given = [grant for grant in standing.terms.grants if any(one is role for _, one, _ in _roles(standing, grant))]
    for name in (split_arn(text)[0] for grant in given for text in grant.resources):
        if not standing.recognised(name).certain:
            raise Absent(name)
    limiting = [grant for grant in given if grant.kind in _AT_MOST]
    first = limiting[0]
    rights = rights_of(standing.stack, role)
    for right in rights.allowed:
        if right.statement.not_actions is not None:
            yield _Excess(first, *_place(right, role), "all actions but some", right.doubt)
            continue
        groups: dict[tuple[int, str, str | None], list[Value]] = {}
        for item in items(right.statement.actions):
            verdict = _is_given(standing, given, right.statement, item)
            if verdict is True:
                continue
            number = next((number for number, grant in enumerate(limiting) if _covers(grant, item)), None)
            on = limiting[number].resources if number is not None else ()
            behind = f" on other resources than {listed(on, 'and', MOST_NAMES)}" if on else ""
            doubt = verdict.reason if isinstance(verdict, Unknown) else right.doubt
            groups.setdefault((number or 0, behind, doubt), []).append(item)
        for (number, behind, doubt), found in groups.items():
            place, holder = _place(right, role, found[0])
            actions = listed(
                (str(item.data) if item.is_known else "what isn't known" for item in found), "and", MOST_NAMES
            )
            by = f" by {right.managed}" if right.managed is not None else ""
            yield _Excess(limiting[number], place, holder, f"{actions}{by}{behind}", doubt)
    if rights.doubt is not None:
        yield _Excess(first, role.header, role.address, "more than that", rights.doubt)


def _place(right: Right, role: Instance, item: Value | None = None) -> tuple[Span, str]:
    """The place where a right is granted, and the address of what grants it."""
    if right.policy is None:
        return right.place or role.header, role.address
    if item is not None and item.span is not None and right.statement.span.contains(item.span):
        return item.span, right.policy.address
    return right.statement.span, right.policy.address


def _covers(grant: Grant, action: Value) -> bool:
    return isinstance(action.data, str) and any(covers_action(pattern, action.data) for pattern in grant.actions)


def _is_given(standing: Standing, given: list[Grant], statement: Statement, action: Value) -> Verdict:
    """True if the contract gives an action on each of a statement's resources."""
    if not isinstance(action.data, str):
        return Unknown(action.reason or "an action isn't known")
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
