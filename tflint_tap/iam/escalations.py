"""Ways by which an identity can raise its own rights: sets of actions, as a table has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass

_TABLE = Path(__file__).with_name("escalations.tsv")
PASS_ROLE = "iam:PassRole"


@dataclass(frozen=True, slots=True)
class Escalation:
    """A set of actions that is enough.

    `service` is what the role is passed to where one is passed. With `own` the action is enough on the identity's own
    resource of that type (itself, or a policy that it has), else it has to be allowed on all.
    """

    actions: tuple[str, ...]
    service: str | None
    own: str | None
    page: str


@cache
def escalations() -> tuple[Escalation, ...]:
    """All that the table has, single actions first."""
    rows = [line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    made = (
        Escalation(tuple(actions.split(" ")), _given(service), _given(own), page)
        for actions, service, own, page in rows
    )
    return tuple(sorted(made, key=lambda escalation: len(escalation.actions)))


@cache
def escalating_actions() -> Mapping[str, str]:
    """All actions of the table, by their names in lower case."""
    return {action.lower(): action for escalation in escalations() for action in escalation.actions}


def _given(field: str) -> str | None:
    return None if field == "-" else field
