"""What earlier releases of the AWS provider accept otherwise than the one that schema.txt has.

A line of schema_history.txt is a type (as in schema.txt) and fields, each of which is true of a stretch of releases:

- `4.8-5.100 +` or `-5.30 -`: the type is, or isn't, there
- `-5.100 ?b . vpc`: the type has attributes of these names, in the notation of schema.txt; `.` or the path of the
  nested block that holds them comes before the names
- `-5.54 list0-1 . s3_settings`: it has nested blocks; what stands in them has fields of its own
- `5.31- - options export`: it has neither

A stretch has the first and the last release (`4.8-5.100`), or is open at an end (`-5.100`, `5.31-`). What no field
tells of a release is as schema.txt has it, and what schema.txt doesn't have isn't there. A field tells nothing of
releases that lack the block or type that it is about. The header lists the releases, a minor version each; the last is
schema.txt's.

Sets of releases are bits of an integer, the oldest release the lowest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from ..records import dataclass, replace
from . import schema
from .schema import AttributeSchema, BlockSchema, NestedBlock, Type
from .table import Table, open_table

_PATH = Path(__file__).with_name("schema_history.txt")
ABSENT, _PRESENT = "-", "+"
_MARKS = "!?~="

Minor: TypeAlias = tuple[int, int]
Releases: TypeAlias = int  # a set of them, as bits


@dataclass(frozen=True, slots=True)
class History:
    """What differed in a type: when it is there, and its names by the path of the block that holds them."""

    there: Releases
    names: Mapping[str, Mapping[str, tuple[tuple[Releases, str], ...]]]
    paths: frozenset[str]  # of blocks in which, or in whose inner blocks, something differed

    def stands(self, path: str, name: str, *, is_now: bool) -> Releases:
        """The releases that have a name where they have the block at `path`; `is_now`: schema.txt has it."""
        told = self.names.get(path, {}).get(name, ())
        others = every_release() & ~_union(releases for releases, _ in told)
        had = _union(releases for releases, state in told if state != ABSENT)
        return had | (others if is_now else 0)


@cache
def minors() -> tuple[Minor, ...]:
    """The releases that the table knows, the oldest first."""
    return tuple(_minor(text) for text in _table().header()["releases"].split())


def every_release() -> Releases:
    return (1 << len(minors())) - 1


@cache
def history(key: str) -> History:
    """What differed in a type, `aws_sqs_queue`, `data.aws_region`; one of which nothing is told was always so."""
    fields = _table().fields(key) or []
    names: dict[str, dict[str, list[tuple[Releases, str]]]] = {}
    there = 0 if any(field.endswith(f" {_PRESENT}") for field in fields) else every_release()
    for field in fields:
        stretch, state, *rest = field.split(" ")
        releases = _stretch(stretch)
        if not rest:
            there = there | releases if state == _PRESENT else there & ~releases
            continue
        path = rest[0] if rest[0] != "." else ""
        for name in rest[1:]:
            names.setdefault(path, {}).setdefault(name, []).append((releases, state))
    kept = {path: {name: tuple(told) for name, told in listed.items()} for path, listed in names.items()}
    return History(there, kept, frozenset(outer for path in names for outer in _outer(path)))


def when(key: str, path: str, name: str) -> Releases:
    """The releases that have a name in a type; without a name, those that have the type. `path` is as for a field."""
    told, content = history(key), schema.by_key(key)
    if not name:
        return told.there if content is not None or told.names else 0
    made, outer = told.there, ""
    for step in (*(path.split(".") if path else ()), name):
        is_now = content is not None and (step in content.attributes or step in content.blocks)
        made &= told.stands(outer, step, is_now=is_now)
        nested = content.blocks.get(step) if content is not None else None
        content, outer = nested.block if nested is not None else None, _within(outer, step)
    return made


def types_of(kind: str) -> tuple[str, ...]:
    """The types of which something is told, by kind: `aws_`, `data.`, `ephemeral.` is how their keys begin."""
    return tuple(key for key in _table().keys() if key.startswith(kind))  # noqa: SIM118 (not a mapping)


def header() -> Mapping[str, str]:
    """The header of the table: source, releases, date, sha256 of the list of packages."""
    return _table().header()


@cache
def schema_in(key: str, admitted: Releases) -> BlockSchema | None:
    """What a type takes in some of these releases; None where none has the type. Required is what all require."""
    found = history(key)
    releases = found.there & admitted
    if not releases:
        return None
    return _merged(schema.by_key(key), "", releases, found, key)


def _merged(content: BlockSchema | None, path: str, admitted: Releases, told: History, of: str = "") -> BlockSchema:
    """A block's content in these releases; `content` is what schema.txt has of it, if anything."""
    if content is not None and (content.opaque or path not in told.paths):
        return content
    attributes = dict(content.attributes) if content is not None else {}
    blocks = dict(content.blocks) if content is not None else {}
    listed = told.names.get(path, {})
    inner = {name for name in blocks if _within(path, name) in told.paths}
    for name in dict.fromkeys((*listed, *inner)):
        attribute, block = attributes.pop(name, None), blocks.pop(name, None)
        states = [(releases & admitted, state) for releases, state in listed.get(name, ()) if releases & admitted]
        others = admitted & ~_union(releases for releases, _ in states)
        is_always = not any(state == ABSENT for _, state in states)
        is_always = is_always and (not others or attribute is not None or block is not None)
        given = [schema.attribute_of(state) for _, state in states if state[0] in _MARKS]
        if others and attribute is not None:
            given.append(attribute)
        if given:
            merged = _attribute(given)
            required = merged.required and is_always and all(item.required for item in given)
            attributes[name] = _required(merged, required)
        nested = [(releases, state) for releases, state in states if state[0] not in _MARKS and state != ABSENT]
        made = _union(releases for releases, _ in nested) | (others if block is not None else 0)
        if made:
            outer = block.block if block is not None else None
            limits = [schema.limits_of(state) for _, state in nested]
            if others and block is not None:
                limits.append((block.nesting, block.min_items, block.max_items))
            whole = _merged(outer, _within(path, name), made, told)
            least = min(item[1] for item in limits) if is_always and not given else 0
            most = None if any(item[2] is None for item in limits) else max(item[2] or 0 for item in limits)
            deprecated = block.deprecated if block is not None else None
            blocks[name] = NestedBlock(limits[-1][0], least, most, whole, deprecated)
            if (
                len({item[0] == "single" for item in limits}) > 1
            ):  # an index is needed in some releases, and wrong in others
                attributes.setdefault(name, AttributeSchema(Type("any"), optional=True))
    return schema.block_with(attributes, blocks, content.deprecated if content is not None else None, of)


def _attribute(given: list[AttributeSchema]) -> AttributeSchema:
    """An attribute that is each of these in some release; the last one has what is said of it now."""
    last = given[-1]
    type_ = last.type if all(item.type == last.type for item in given) else Type("any")
    settable, computed = any(item.settable for item in given), any(item.computed for item in given)
    return replace(last, type=type_, optional=settable, required=settable and not computed, computed=computed)


def _required(attribute: AttributeSchema, required: bool) -> AttributeSchema:
    return replace(attribute, required=required, optional=attribute.settable and not required)


def _within(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _outer(path: str) -> Iterable[str]:
    """A path and those of the blocks around it, the type's own content included."""
    steps = path.split(".") if path else []
    return (".".join(steps[:count]) for count in range(len(steps) + 1))


def _union(sets: Iterable[Releases]) -> Releases:
    made = 0
    for releases in sets:
        made |= releases
    return made


@cache
def _stretch(text: str) -> Releases:
    first, _, last = text.partition("-")
    known = minors()
    start = known.index(_minor(first)) if first else 0
    end = known.index(_minor(last)) if last else len(known) - 1
    return (1 << (end + 1)) - (1 << start)


def _minor(text: str) -> Minor:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


@cache
def _table() -> Table:
    return open_table(_PATH)
