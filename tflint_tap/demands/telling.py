"""Which parts of a contract tell which resources another one may be: by its wires, and by what its `where` reads."""

from __future__ import annotations

from ..hcl.nodes import Expr
from ..terraform.module.references import Reference, survey
from .terms import Part, Terms


def part_of(terms: Terms, reference: Reference) -> Part | None:
    """The part that a reference is to: `services.payment.task.arn` is to services.payment.task."""
    names = names_of(reference)
    for length in range(len(names), 0, -1):
        part = terms.part(".".join(names[:length]))
        if part is not None:
            return part
    return None


def names_of(reference: Reference) -> list[str]:
    """The names in a reference, one behind the other."""
    return [*reference.address.split("."), *(step for step in reference.path if isinstance(step, str))]


def parts_in(terms: Terms, expr: Expr) -> tuple[str, ...]:
    """The names of the parts that an expression reads."""
    found = (part_of(terms, reference) for reference in survey(expr)[0] if reference.root != "self")
    return tuple(dict.fromkeys(part.name for part in found if part is not None))


def told_by(terms: Terms, part: Part) -> tuple[str, ...]:
    """The names of the parts by which a part is told directly."""
    wired = [name for wired in part.wired for name in wired.others]
    return tuple(dict.fromkeys([*wired, *(parts_in(terms, part.where) if part.where is not None else ())]))


def circle_of(terms: Terms, part: Part) -> tuple[str, ...]:
    """The parts through which a part is told by itself, beginning with those by which it is told; none if it isn't."""
    ways: list[tuple[str, ...]] = [(name,) for name in told_by(terms, part)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == part.name:
            return way
        other = terms.part(way[-1])
        if other is not None and way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, name) for name in told_by(terms, other)]
    return ()


def in_words(part: Part, circle: tuple[str, ...]) -> str:
    """A circle in words: `a is told by b, b by a`."""
    first, *others = zip((part.name, *circle), circle, strict=False)
    return ", ".join([f"{first[0]} is told by {first[1]}", *(f"{one} by {other}" for one, other in others)])
