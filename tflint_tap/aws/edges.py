"""The arguments that wire resources to each other, and the kind of edge that they make.

The facts are in edges.tsv, a line an edge: kind, the type that holds the argument, and for both ends where it is named
and what names it. The header of the table says what each kind means, as `source kind target`.

An end is `self`, the holder, or a path to an argument: nested blocks by dots (`dead_letter_config.target_arn`), then in
braces the way into the argument's value, which may be JSON: `redrive_policy{deadLetterTargetArn}`, `variables{*}` for
every element, `definition{**.Resource}` at any depth; `alarm_rule{()}` are the texts in parentheses. Lists are gone
through by themselves.

What names it is a word for the form of a text (arn, url, name, id, any, or with a `*` what surrounds a name) and the
types that it may name, none meaning any; `@data` stands for a group of types that the header lists. The last column
is an argument of source, target or holder that has to be set for the edge to be there (`target.schedule_expression`),
or to have a value (`holder.type=ingress`), else `-`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, cast

from ..records import dataclass

_PATH = Path(__file__).with_name("edges.tsv")
_HEADER = re.compile(r"^# ([^:\n]+): (.*)$", re.MULTILINE)
SELF = "self"
IN_PARENTHESES = "()"


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
class Condition:
    """The condition of an edge: an argument of the source, target or holder is set, or has a value."""

    of: Literal["source", "target", "holder"]
    argument: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """A line of the table."""

    kind: str
    holder: str
    source: End
    target: End
    condition: Condition | None = None


@cache
def edge_rows(kind: str) -> tuple[EdgeRow, ...]:
    """The lines of the table with a kind; none for a kind that there isn't."""
    return tuple(map(_row, _lines(kind)))


def rows_held_by(types: Container[str], kind: str) -> Iterator[EdgeRow]:
    """The lines of a kind whose holder is of one of these types; no other is read."""
    for line in _lines(kind):
        if line.split("\t", 2)[1] in types:
            yield _row(line)


@cache
def _lines(kind: str) -> list[str]:
    text, lead = _text(), f"\n{kind}\t"
    start, last = text.find(lead), text.rfind(lead)  # the lines are sorted
    return [] if start < 0 else text[start + 1 : text.index("\n", last + 1)].split("\n")


@cache
def edge_kinds() -> Mapping[str, str]:
    """The kinds of edges with what they mean, as the table's header says."""
    return _entries("kind ")


@cache
def _text() -> str:
    return _PATH.read_text(encoding="utf-8")


@cache
def _entries(prefix: str) -> Mapping[str, str]:
    """The header's entries under keys of this prefix."""
    text = _text()
    header = text[: re.search(r"^[^#]", text, re.MULTILINE).start()]  # type: ignore[union-attr]
    return {key.removeprefix(prefix): meaning for key, meaning in _HEADER.findall(header) if key.startswith(prefix)}


@cache
def _row(line: str) -> EdgeRow:
    groups = _entries("group ")
    kind, holder, source, source_names, target, target_names, condition = line.split("\t")
    ends = (_end(source, source_names, groups), _end(target, target_names, groups))
    return EdgeRow(kind, holder, *ends, _condition(condition))


def _end(path: str, names: str, groups: Mapping[str, str]) -> End:
    if path == SELF:
        return End(None)
    how, *words = names.split(" ")
    types = [type_ for word in words for type_ in (groups[word[1:]].split(" ") if word.startswith("@") else (word,))]
    return End(ArgumentPath.of(path), how, tuple(types))


def _condition(text: str) -> Condition | None:
    of, _, rest = text.partition(".")
    argument, _, value = rest.partition("=")
    return Condition(cast("Literal['source', 'target', 'holder']", of), argument, value or None) if argument else None
