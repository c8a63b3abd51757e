"""The services that take the roles which resources name, as assumers.tsv has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_PATH = Path(__file__).with_name("assumers.tsv")
_ANY = "*"


def assumers(type_: str, argument: str, *, nested: bool) -> tuple[str, ...]:
    """The services of which one takes the role that an argument of a type names; none where that isn't known.

    `nested` is if the argument stands in a nested block.
    """
    rows = _rows()
    return rows.get((type_, f".{argument}" if nested else argument)) or rows.get((type_, _ANY), ())


@cache
def _rows() -> Mapping[tuple[str, str], tuple[str, ...]]:
    lines = (line for line in _PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {
        (type_, argument): tuple(services.split(" "))
        for type_, argument, services, _ in (line.split("\t") for line in lines)
    }
