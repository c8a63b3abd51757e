"""The VPC endpoints by which calls of AWS's APIs leave a VPC that has no way to the internet.

The facts are in endpoints.tsv, a line a service. Its columns:

- the service, as actions begin
- the endpoints that lead to it, as their service names end: one of them is enough
- actions that Lambda calls for a function, from outside its VPC: it reads streams and queues, and writes logs and
  traces; `*` for all, `-` for none
- actions by which Lambda delivers what a function gives or fails on, separated by commas, and the type that it
  delivers to
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..records import dataclass

_PATH = Path(__file__).with_name("endpoints.tsv")


@dataclass(frozen=True, slots=True)
class Reached:
    """A line of the table; `delivers_to` is the type of the resources that Lambda delivers to by `delivering`."""

    service: str
    endpoints: tuple[str, ...]
    of_lambda: frozenset[str]
    delivering: frozenset[str]
    delivers_to: str | None

    def is_of_lambda(self, action: str) -> bool:
        """Return True if Lambda itself calls an action for a function."""
        return "*" in self.of_lambda or action.lower() in self.of_lambda


@cache
def reached_services() -> dict[str, Reached]:
    """The lines of the table by their services."""
    lines = (line for line in _PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {line.partition("\t")[0]: _reached(*line.split("\t")) for line in lines}


def _reached(service: str, endpoints: str, of_lambda: str, delivery: str) -> Reached:
    actions, _, type_ = delivery.partition(" ")
    return Reached(
        service,
        tuple(endpoints.split(" ")),
        frozenset(of_lambda.lower().split(" ")) - {"-"},
        frozenset(actions.lower().split(",")) - {"-"},
        type_ or None,
    )
