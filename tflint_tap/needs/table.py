"""The table of needs: what each wiring needs of a role's rights, or of the policy that lets a service in.

The rows are in aws/needs.yaml. `match` is `resource.TYPE` or `edge.KIND`, as in a card; `from`, `to` and `via` are
the types of resources at the ends of an edge and of the block that makes it, `where` is a further condition. `role`
is the argument that names the role which needs the rights, or a list of such arguments of several types; instead of
it `service` is the service that has to be let `into` a resource, `acting_for` another one. `why` says in words what
the rights are for, `argument` where that is written. With `given` there is a need only where the role has one of
these rights on `target`. `for` is the service by which a key is used: a right that a condition limits to other
services doesn't help.

Each of `grants` lists actions: `needed`, all of them; `any`, at least one of them; `allowed`, those that are fine.
`arns` is the list of ARNs that they are needed on: null for any, an empty list where nothing is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..hcl import parse_expression
from ..hcl.nodes import Expr
from ..hcl.packing import packed, unpacked
from ..records import dataclass
from ..text.cache import prepared, remembered
from ..text.source import Source
from ..text.yaml_text import load
from ..vocabulary.subjects import Match

PATH = Path(__file__).parent.parent / "aws" / "needs.yaml"
KINDS = ("needed", "any", "allowed")
_LISTS = ("from", "to", "via", "source")
_EXPRESSIONS = ("where", "why")
_PACKING = Path(packed.__code__.co_filename)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Actions that are needed, of which one is needed, or that are allowed; `arns` gives the ARNs."""

    kind: str
    actions: tuple[str, ...]
    arns: Expr | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A row of the table. `roles` are paths: `("source", "role")`; `service` is None where a role is meant.

    `why` is None in a row that a contract stands for: it says so itself.
    """

    id: str
    match: Match
    sources: frozenset[str]
    targets: frozenset[str]
    holders: frozenset[str]
    where: Expr | None
    why: Expr | None
    roles: tuple[tuple[str, ...], ...]
    service: str | None
    into: str | None
    acting_for: str | None
    argument: str | None
    given: tuple[str, ...]
    purpose: str | None
    grants: tuple[GrantRow, ...]
    pages: tuple[str, ...]


def plain_row(id_: str) -> NeedRow:
    """A row for needs that aren't the table's, and that say themselves what they are for."""
    nothing: frozenset[str] = frozenset()
    match = Match("resource")
    return NeedRow(id_, match, nothing, nothing, nothing, None, None, (), None, None, None, None, (), None, (), ())


def plain_rows() -> list[dict[str, Any]]:
    """The rows as plain data, expressions packed."""
    return [_plain(row) for row in load(PATH.read_text(encoding="utf-8"))]


@cache
def _contents() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] | None = prepared("needs")
    if made is None:
        states = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in (PATH, _PACKING)]
        made = remembered("needs", PATH, states, plain_rows)
    return made


@cache
def _row(number: int) -> NeedRow:
    return _unpacked(_contents()[number])


def need_rows(types: frozenset[str] | None = None) -> Iterator[NeedRow]:
    """The rows that may say something of a stack with resources of these types; all where none are given."""
    for number, content in enumerate(_contents()):
        if types is None or _may_speak(content, types):
            yield _row(number)


@cache
def used_types() -> frozenset[str]:
    """The types of resources of which the table tells what code that uses them may need."""
    return frozenset(type_ for row in _contents() if row["match"] == "edge.uses" for type_ in row.get("to", ()))


def _may_speak(content: Mapping[str, Any], types: frozenset[str]) -> bool:
    kind, _, name = content["match"].partition(".")
    if kind == "resource":
        return name in types
    return all(types.intersection(content[key]) for key in ("from", "to", "via") if key in content)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    def packed_at(key: str, text: object) -> Any:
        return packed(parse_expression(Source(f"needs.yaml: {row['id']}: {key}", str(text).strip())))

    grants = [
        (kind, tuple(grant[kind]), packed_at("arns", grant["arns"]) if "arns" in grant else None)
        for grant in row["grants"]
        for kind in KINDS
        if kind in grant
    ]
    made = {key: value for key, value in row.items() if key not in (*_EXPRESSIONS, "grants")}
    if isinstance(made.get("role"), str):
        made["role"] = [made["role"]]
    return {**made, **{key: packed_at(key, row[key]) for key in _EXPRESSIONS if key in row}, "grants": grants}


def _unpacked(content: Mapping[str, Any]) -> NeedRow:
    sources, targets, holders, pages = (content.get(key, ()) for key in _LISTS)
    return NeedRow(
        content["id"],
        Match(*content["match"].split(".", 1)),
        frozenset(sources),
        frozenset(targets),
        frozenset(holders),
        unpacked(content["where"]) if "where" in content else None,
        unpacked(content["why"]),
        tuple(tuple(path.split(".")) for path in content.get("role", ())),
        content.get("service"),
        content.get("into"),
        content.get("acting_for"),
        content.get("argument"),
        tuple(content.get("given", ())),
        content.get("for"),
        tuple(GrantRow(kind, tuple(actions), arns and unpacked(arns)) for kind, actions, arns in content["grants"]),
        tuple(pages),
    )
