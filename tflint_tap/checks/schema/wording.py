"""How the schema rules name things in their messages."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str], word: str) -> str:
    """`a, b and c`."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def lacking(names: Sequence[str], what: str, where: str) -> dict[str, object]:
    """The values of a hit for what a body lacks: `arguments a and b`."""
    plural = "s" if len(names) > 1 else ""
    return {"where": where, "needed": f"{what}{plural} {listed(names, 'and')}"}
