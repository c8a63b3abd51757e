"""How the schema rules name things in their messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...aws.provider import differs
from ...terraform.module import Module
from ...text.listing import listed
from .bodies import BodySite


def lacking(names: Sequence[str], what: str, where: str) -> dict[str, object]:
    """The values of a hit for what a body lacks: `arguments a and b`."""
    plural = "s" if len(names) > 1 else ""
    return {"where": where, "needed": f"{what}{plural} {listed(names, 'and')}"}


def by_doubt(module: Module, site: BodySite, names: Iterable[str]) -> Iterator[tuple[str | None, list[str]]]:
    """The names that a body lacks, by the reason why they may not be required: first those for which there is none."""
    found: dict[str | None, list[str]] = {None: []}
    for name in names:
        found.setdefault(differs(module, site.key, site.path, name, absence=True), []).append(name)
    yield from (item for item in found.items() if item[1])
