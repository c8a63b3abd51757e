"""How the schema rules name things in their messages."""

from __future__ import annotations

from collections.abc import Sequence

from ...text.listing import listed


def lacking(names: Sequence[str], what: str, where: str) -> dict[str, object]:
    """The values of a hit for what a body lacks: `arguments a and b`."""
    plural = "s" if len(names) > 1 else ""
    return {"where": where, "needed": f"{what}{plural} {listed(names, 'and')}"}
