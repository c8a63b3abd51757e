"""The wires between a stack's parts, and the rights of its roles, as entries of a contract."""

from __future__ import annotations

from collections.abc import Iterator

from ..iam.actions import action
from ..needs.rights import rights_of
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.values import Symbol
from ..wiring.switched import turned_off
from .draft import Entry
from .parts import DraftedPart, Parts
from .settings import place_of

_ROLE = "aws_iam_role"


@dataclass(frozen=True, slots=True)
class Wires:
    """The wires of a stack; and the arguments that they tell of, each with the name of the part at the other end."""

    entries: tuple[Entry, ...]
    arguments: frozenset[tuple[str, str]]


def wires_of(stack: Stack, parts: Parts) -> Wires:
    """Every edge of a stack that is certain and acts, between its parts; in the order of those that they come from."""
    found: dict[tuple[str, str, str], dict[str, set[str]]] = {}  # for each argument that makes the edge its places
    order = {part.name: number for number, part in enumerate(parts.all)}
    for kind in stack.wiring.kinds:
        for edge in stack.wiring.edges(kind):
            source, target = parts.of(edge.source), parts.of(edge.target)
            if (
                edge.doubt is not None
                or turned_off(edge) is not None
                or source is None
                or target is None
                or source is target
            ):
                continue
            if not (source.is_data or target.is_data):
                made = found.setdefault((source.name, kind, target.name), {})
                made.setdefault(edge.argument, set()).add(place_of(edge.via, edge.argument))
    listed = sorted(found, key=lambda ends: (order[ends[0]], ends[1], order[ends[2]]))
    arguments = {
        (place, name)
        for (source_name, _, target_name), made in found.items()
        if len(made) == 1  # of several arguments that make an edge each could go without the edge going
        for places in made.values()
        for place in places
        for name in (source_name, target_name)
    }
    return Wires(tuple(map(_entry, listed)), frozenset(arguments))


def _entry(ends: tuple[str, str, str]) -> Entry:
    source, kind, target = ends
    id_ = ".".join(ends)
    return Entry(id_, {"id": id_, "from": source, "edge": kind, "to": target})


def permissions_of(stack: Stack, parts: Parts) -> Iterator[Entry]:
    """For each role all that it may do, and what it may do on each part."""
    for part in parts.all:
        if part.declaration.type == _ROLE and not part.is_data:
            yield from _of_role(stack, parts, part)


def _of_role(stack: Stack, parts: Parts, part: DraftedPart) -> Iterator[Entry]:
    actions: dict[str, None] = {}
    by_arn: dict[str, dict[str, None]] = {}
    left_out: list[str] = []
    role = part.instances[0]
    rights = rights_of(stack, role)
    for right in rights.allowed:
        if right.policy is None or right.statement.actions is None:
            left_out.append(right.managed or "a statement of all actions but some")
            continue
        known = [text for text, _ in right.statement.actions.known() if "*" in text or action(text) is not None]
        actions.update(dict.fromkeys(known))
        for item in right.statement.resources.items if right.statement.resources is not None else ():
            arn = _arn(parts, item.data)
            if arn is not None:
                by_arn.setdefault(arn, {}).update(dict.fromkeys(known))
    if rights.denied:
        left_out.append("what is denied")
    if rights.doubt is not None:
        left_out.append(rights.doubt)
    notes = (f"left out: {'; '.join(dict.fromkeys(left_out))}",) if left_out else ()
    kind = "at_least" if left_out else "exactly"
    if actions:
        id_ = f"{part.name}.rights"
        yield Entry(id_, {"id": id_, "of": part.name, "grants": kind, "actions": list(actions)}, notes=notes)
    for arn, some in by_arn.items():
        id_ = f"{part.name}.on.{arn.rpartition('.')[0]}"
        yield Entry(id_, {"id": id_, "of": part.name, "actions": list(some), "resource": arn})


def _arn(parts: Parts, data: object) -> str | None:
    """The ARN of a part, as the contract names it: `table.arn`."""
    if not isinstance(data, Symbol) or len(data.path) != 1 or not isinstance(data.path[0], str):
        return None
    part = parts.by_address.get(data.address)
    return f"{part.name}.{data.path[0]}" if part is not None and not part.is_data else None
