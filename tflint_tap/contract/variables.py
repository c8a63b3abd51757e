"""The variables that a contract demands."""

from __future__ import annotations

from . import Contract
from .sections import sections_of


def variables_of(contract: Contract) -> tuple[str, ...]:
    """The names of the variables that a contract's file declares, used or not."""
    section = sections_of(contract).get("variables")
    return section.texts() if section is not None else ()
