"""The variables that a contract demands."""

from __future__ import annotations

from . import Contract
from .sections import sections_of


def variables_of(contract: Contract) -> tuple[str, ...]:
    """The names of the variables that a contract's file declares, used or not, but for those that may have any name."""
    section = sections_of(contract).get("variables")
    entries = section.entries().items() if section is not None else ()
    return tuple(name for name, part in entries if "where" not in part.entries())
