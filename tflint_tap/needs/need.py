"""A need: who has to be allowed what, on which resources, and why."""

from __future__ import annotations

from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value
from ..text.source import Span
from .table import NeedRow


@dataclass(frozen=True, slots=True)
class Need:
    """Actions that a wiring needs, or allows, on resources.

    `kind` is `needed`, `any` (one of the actions is needed) or `allowed`; `arns` is None for any resource. `role`
    is the role whose rights they are; where it is None, `service` is the service that `into` has to let in, for
    `acting_for` if that is given. `actor` is who acts in the wiring: a function, a state machine. `why` says what
    for, and `place` is where that is written; `called` is what there names `into`. `doubt` is why it isn't certain
    that there is such a need.
    """

    row: NeedRow
    kind: str
    actions: tuple[str, ...]
    arns: tuple[Value, ...] | None
    why: str
    place: Span
    actor: Instance
    role: Instance | None = None
    into: Instance | None = None
    acting_for: Instance | None = None
    doubt: str | None = None
    called: Value | None = None

    @property
    def service(self) -> str | None:
        return self.row.service
