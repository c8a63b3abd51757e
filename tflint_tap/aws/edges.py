"""Which arguments wire resources to each other, and what kind of edge they make.

The facts are in edges.tsv, a line an edge: kind, the type that holds the argument, and for both ends where it is named
and what names it. The header of the table says what each kind means, as `source kind target`.

An end is `self`, the holder, or a path to an argument: nested blocks by dots (`dead_letter_config.target_arn`), then in
braces the way into the argument's value, which may be JSON: `redrive_policy{deadLetterTargetArn}`, `variables{*}` for
every element, `definition{**.Resource}` at any depth. Lists are gone through by themselves.

What names it is a word for the form of a text (arn, url, name, id, any, or with a `*` what surrounds a name) and the
types that it may name, none meaning any. The last column is an argument that has to be set for the edge to be there
(`target.schedule_expression`), else `-`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..records import dataclass

_PATH = Path(__file__).with_name("edges.tsv")
_HEADER = re.compile(r"^# ([^:\n]+): (.*)$", re.MULTILINE)
SELF = "self"


@dataclass(frozen=True, slots=True)
class ArgumentPath:
    """The way to a value: nested blocks, an argument, steps into its value."""

    blocks: tuple[str, ...]
    argument: str
    steps: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> ArgumentPath:
        """From `block.argument{step.step}`."""
        path, _, steps = text.rstrip("}").partition("{")
        *blocks, argument = path.split(".")
        return cls(tuple(blocks), argument, tuple(steps.split(".")) if steps else ())


@dataclass(frozen=True, slots=True)
class End:
    """One end of an edge: the holder itself where `path` is None, else what the values at a path name."""

    path: ArgumentPath | None
    how: str = "any"
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A line of the table. `condition` is the end and the argument that has to be set, None where there is no such."""

    kind: str
    holder: str
    source: End
    target: End
    condition: tuple[str, str] | None = None


@cache
def edge_rows() -> Mapping[str, tuple[EdgeRow, ...]]:
    """The lines of the table by kind."""
    found: dict[str, list[EdgeRow]] = {}
    for line in _PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, holder, source, source_names, target, target_names, condition = line.split("\t")
        end, _, argument = condition.partition(".")
        row = EdgeRow(
            kind, holder, _end(source, source_names), _end(target, target_names), (end, argument) if argument else None
        )
        found.setdefault(kind, []).append(row)
    return {kind: tuple(rows) for kind, rows in found.items()}


@cache
def edge_kinds() -> Mapping[str, str]:
    """The kinds of edges with what they mean, as the table's header says."""
    text = _PATH.read_text(encoding="utf-8")
    entries = (match.groups() for match in _HEADER.finditer(text))
    return {key.removeprefix("kind "): meaning for key, meaning in entries if key.startswith("kind ")}


def _end(path: str, names: str) -> End:
    if path == SELF:
        return End(None)
    how, *types = names.split(" ")
    return End(ArgumentPath.of(path), how, tuple(types))
