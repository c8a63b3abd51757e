"""The parts of a contract that a stack has or lacks: one finding for what is absent, at what comes closest."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract.naming import names_of, normal
from ..hcl.nodes import Attribute
from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ErrorValue, PartialString, Unknown
from ..terraform.module import Declaration
from ..terraform.module.expressions import expressions
from ..terraform.module.marks import unmarked
from ..text.listing import with_article
from ..text.source import Span
from .demand import Demand, broken, first_line, met
from .edge_words import denied
from .settings import WRONG, condition_text, cut
from .standing import Absent, Standing
from .terms import Count, Part

MISSING = "missing-resource"


def presence(standing: Standing, part: Part) -> Iterator[Demand]:
    """That there is a part, or as many of it as there have to be."""
    found = standing.recognised(part.name)
    if part.may_lack and (part.count is None or part.count.most is None):
        return
    if found.blocked_by is not None:
        raise Absent(found.blocked_by)
    if part.count is not None:
        yield from _counted(standing, part, part.count)
        return
    chosen = standing.chosen(part.name)
    if chosen is not None:
        if chosen.doubt is None:
            yield met(part.term, MISSING, chosen.header, chosen.address)
            return
        yield _missing(standing, part, chosen.doubt)
        return
    yield _missing(standing, part, found.possible[0][1] if found.possible else None)


def _missing(standing: Standing, part: Part, doubt: str | None) -> Demand:
    unmade = _unmade(standing, part) if doubt is None else None
    if unmade is not None:
        return _left_out(part, *unmade)
    near = nearest_of(standing, part)
    place, lacks = (near.instance.header, near.lacks) if near is not None else (first_line(standing.stack), "")
    address = near.instance.address if near is not None else None
    remedy = f"declare {with_article(part.shown)}"
    doubt = doubt or standing.declared_elsewhere()
    return broken(part.term, MISSING, place, address, what=part.shown, lacks=lacks, remedy=remedy, doubt=doubt)


def _unmade(standing: Standing, part: Part) -> tuple[Declaration, Attribute] | None:
    """A block that would be a part, and of which there is none, with the argument that says so: `count = 0`."""
    kind = "data" if part.is_data else "resource"
    for declaration in standing.stack.module.of_kind(kind, *part.types):
        block = declaration.block
        if block is None or standing.stack.evaluator.instances(declaration) or not _seems(standing, part, declaration):
            continue
        written = block.body.attribute("count") or block.body.attribute("for_each")
        if written is not None:
            return declaration, written
    return None


def _seems(standing: Standing, part: Part, declaration: Declaration) -> bool:
    """Return True if a block that makes nothing would be a part, by its label or by what it refers to."""
    if part.named:
        return normal(unmarked(declaration.name)) in [normal(name) for name in part.named]
    if not part.wired:
        return next(standing.instances(part), None) is None
    block = declaration.block
    assert block is not None
    written = [attribute.expr for attribute, _ in expressions(block)]
    read = {reference.address for reference, _ in standing.stack.reached(written)}
    for wired in part.wired:
        others = [found.declaration.address for name in wired.others for found in standing.recognised(name).certain]
        if wired.is_outgoing and not read.intersection(others):
            return False
    return True


def _left_out(part: Part, declaration: Declaration, written: Attribute) -> Demand:
    none = "its count is 0" if written.name == "count" else "its for_each is empty"
    return broken(
        part.term,
        MISSING,
        written.expr.span,
        declaration.address,
        what=part.shown,
        lacks=f"{declaration.address} would be, but {none}",
        remedy=f"let there be {declaration.address}",
    )


def _counted(standing: Standing, part: Part, count: Count) -> Iterator[Demand]:
    """As many of a part as there have to be; with `per`, for each value of an argument."""
    found = standing.recognised(part.name)
    groups: dict[str, list[Instance]] = {}
    unsure = [reason for _, reason in found.possible]
    unsure += [instance.doubt for instance in found.certain if instance.doubt is not None]
    elsewhere = standing.declared_elsewhere()
    for instance in found.certain:
        key, doubt = _group(instance, count.per)
        if doubt is None:
            groups.setdefault(key, []).append(instance)
        else:
            unsure.append(doubt)
    if not groups and count.least:
        groups = {"": []}
    for key, listed in groups.items():
        number = len(listed)
        of = f" with {count.per} {key}" if key else ""
        doubt = unsure[0] if unsure else None
        if number < count.least or (count.per is None and unsure):
            if not listed:
                yield _missing(standing, part, doubt)
            elif number < count.least or count.most is not None:
                yield _wrong_number(part, count, listed, of, doubt or (elsewhere if number < count.least else None))
        elif count.most is not None and number > count.most:
            yield _wrong_number(part, count, listed, of, None)
        elif listed and count.per is not None and unsure:
            yield _wrong_number(part, count, listed, of, doubt)
        elif listed:
            yield met(part.term, MISSING, listed[0].header, listed[0].address)


def _group(instance: Instance, per: str | None) -> tuple[str, str | None]:
    """What tells the group that a resource is counted in; and the reason where that isn't known."""
    if per is None:
        return "", None
    value = instance.value(per)
    if value.data is None:
        return "", f"{instance.address} doesn't set {per}"
    parts = value.data.parts if isinstance(value.data, PartialString) else (value.data,)
    doubt = next((part.reason for part in parts if isinstance(part, Unknown)), None)
    shown = "".join(str(part) for part in parts)
    return shown, doubt or (value.reason if isinstance(value.data, ErrorValue) else None)


def _wrong_number(part: Part, count: Count, listed: list[Instance], of: str, doubt: str | None) -> Demand:
    last, number = listed[-1], len(listed)
    said = f"of {part.shown}{of} there {'is' if number == 1 else 'are'} {number}; the contract asks for {count}"
    kind = MISSING if number < count.least else WRONG
    remedy = f"declare {count}"
    return broken(
        part.term,
        kind,
        last.header,
        last.address,
        what=part.shown,
        said=said,
        remedy=remedy,
        doubt=doubt,
        topic=part.shown,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """What comes closest to a part, and words that say what it lacks."""

    instance: Instance
    lacks: str


def nearest_of(standing: Standing, part: Part) -> Near | None:
    """The resource of a part's type that comes closest: of those first that are no other part."""
    every = list(standing.instances(part))
    if not every:
        return None
    claimed = {
        instance.address
        for other in standing.terms.parts
        if other.name != part.name and (other.named or other.where is not None or other.wired)
        for instance in standing.recognised(other.name).certain
    }
    free = [instance for instance in every if instance.address not in claimed]
    best = max(free or every, key=lambda instance: _likeness(standing, part, instance))
    return Near(best, _lacks(standing, part, best))


def _likeness(standing: Standing, part: Part, instance: Instance) -> tuple[bool, float]:
    if not part.named:
        return standing.fits(part, instance) is True, 0.0
    from difflib import SequenceMatcher  # costly to import, needed only where something is missing

    wanted = [normal(name) for name in part.named]
    names = list(names_of(instance, standing.reading))
    likeness = max((SequenceMatcher(None, one, other).ratio() for one in wanted for other in names), default=0.0)
    return any(name in names for name in wanted), likeness


def _lacks(standing: Standing, part: Part, near: Instance) -> str:
    """The words for what the nearest candidate lacks."""
    head = f"{near.address} comes closest"
    if part.named:
        names = list(dict.fromkeys(names_of(near, standing.reading)))
        wanted = {normal(name) for name in part.named}
        if not any(name.endswith(one) for name in names for one in wanted):
            return f"{head}, but is called {' and '.join(names[:2])}"
    for wired in part.wired:
        others = [found for name in wired.others for found in standing.recognised(name).certain]
        ends = ([near], others) if wired.is_outgoing else (others, [near])
        if others and standing.edge(wired.edge, *ends)[1] is None:
            if wired.is_outgoing:
                return f"{head}, but {denied(wired.edge)} {others[0].address}"
            return f"{head}, but {others[0].address} {denied(wired.edge)} it"
    if part.where is not None:
        return f"{head}, but lacks this: {cut(condition_text(part.where))}"
    return head


def place_of_part(standing: Standing, name: str) -> Span | None:
    """The header of the resource that is a part."""
    found = standing.recognised(name)
    chosen = standing.chosen(name) or (found.certain[0] if found.certain else None)
    return chosen.header if chosen is not None else None
