"""Actions that a role is granted and that nothing in the stack needs."""

from __future__ import annotations

from collections.abc import Iterator

from ...needs.unneeded import unneeded
from ...needs.wording import written
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each statement that grants a role what nothing needs, or grants it on what nothing needs it on."""
    for found in unneeded(stack):
        statement = found.right.statement
        items = found.resources or found.actions
        spans = [item.span for item in items if item.span is not None and stack.holds(item.span)]
        values = {
            "role": found.role.address,
            "actions": [str(item.data) for item in found.actions],
            "arns": [written(item) for item in found.resources],
        }
        place = spans[0] if spans else statement.span
        related = tuple(Related("this is not needed either", span) for span in dict.fromkeys(spans) if span != place)
        yield Hit(place, found.address, values, related, doubt=found.doubt)
