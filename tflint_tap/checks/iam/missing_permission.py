"""Actions that a wiring needs and nobody grants."""

from __future__ import annotations

from collections.abc import Iterator

from ...needs.missing import Missing, missing
from ...needs.wording import written
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related, Span


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that is missing at one place of a role's policies, or for one service that isn't let in."""
    groups: dict[tuple[str, Span, str | None, str | None], list[Missing]] = {}
    for found in missing(stack):
        who = found.need.role or found.need.into
        address = who.address if who is not None else ""
        groups.setdefault((address, found.place, found.need.service, found.doubt), []).append(found)
    for (address, place, service, doubt), listed in groups.items():
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
            "one": needs[0].kind == "any" and len(listed) == 1,
        }
        related = {need.place: Related(f"{need.why} here", need.place) for need in needs if need.place != place}
        yield Hit(place, address, values, tuple(related.values()), doubt=doubt)
