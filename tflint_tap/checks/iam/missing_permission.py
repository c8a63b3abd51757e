"""Actions that a wiring needs and nobody grants."""

from __future__ import annotations

from collections.abc import Iterator

from ...demands.permissions import contract_needs
from ...demands.rules import requirement_of
from ...needs.missing import Missing, missing
from ...needs.need import Need
from ...needs.wording import written
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Unknown
from ...text.source import Related, Span
from ...wiring.qualifiers import qualifier


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that is missing at one place of a role's policies, or for one service that isn't let in."""
    groups: dict[_Key, dict[str | None, list[Missing]]] = {}
    for found, requirement in _missing(stack, rule):
        who = found.need.role or found.need.into
        address = who.address if who is not None else ""
        group = groups.setdefault((address, found.place, found.need.service, found.doubt), {})
        group.setdefault(requirement, []).append(found)
    for key, by_requirement in groups.items():
        yield from _hits(stack, key, by_requirement)


_Key = tuple[str, Span, "str | None", "str | None"]


def _missing(stack: Stack, rule: Rule) -> Iterator[tuple[Missing, str | None]]:
    """What is missing, each with the contract's requirement that asks for it: by the wiring, and by itself."""
    for found in missing(stack):
        who = found.need.role or found.need.into
        row = found.need.row.id
        yield found, requirement_of(stack, rule.id, who.address if who is not None else None, row, exactly=True)
    for found in missing(stack, contract_needs(stack)):
        yield found, found.need.row.id


def _hits(stack: Stack, key: _Key, by_requirement: dict[str | None, list[Missing]]) -> Iterator[Hit]:
    """One hit for each requirement that is broken at a place; what none asks for is told by the first."""
    address, place, service, doubt = key
    others = by_requirement.pop(None, [])
    by_requirement = by_requirement or {None: []}
    for requirement, own in by_requirement.items():
        listed, others = [*own, *others], []
        needs = [found.need for found in listed]
        actions = list(dict.fromkeys(action for found in listed for action in found.actions))
        arns = list(dict.fromkeys(written(arn) for found in listed for arn in found.arns or ()))
        values = {
            "actions": actions,
            "arns": arns,
            "why": needs[0].why,
            "others": len({need.why for need in needs}) - 1,
            "service": service,
            "source": needs[0].acting_for.address if needs[0].acting_for is not None else None,
            "qualifier": _qualifier(stack, needs[0]),
            "bounded": listed[0].is_bounded,
            "denied": listed[0].is_denied,
            "one": needs[0].kind == "any" and len(listed) == 1 and len(actions) > 1,
        }
        related = {need.place: Related(f"{need.why} here", need.place) for need in needs if need.place != place}
        yield Hit(place, address, values, tuple(related.values()), requirement=requirement, doubt=doubt)


def _qualifier(stack: Stack, need: Need) -> str | None:
    """The version or alias that is called, None where the function is called as a whole or it isn't known."""
    if need.called is None:
        return None
    called = qualifier(need.called, stack.wiring.resolver)
    return None if called.data is None or isinstance(called.data, Unknown) else written(called)
