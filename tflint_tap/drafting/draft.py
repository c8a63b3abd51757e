"""A draft of a contract: its entries as data, each with what stands above it as a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ..records import dataclass, replace

Content: TypeAlias = "str | int | bool | Noted | Sequence[Content] | Mapping[str, Content] | None"


@dataclass(frozen=True, slots=True)
class Noted:
    """A part of an entry that has a comment behind it."""

    content: str | int | bool
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One demand, or one resource with all that is asked of it.

    `id` is the requirement's, by which findings name it. `key` is its name in a section that is a mapping, "" in one
    that is a list. `notes` are comments above it, `behind` is one behind each of its lines. An entry that has a reason
    why it is `out` is written as a comment.
    """

    id: str
    content: Content
    key: str = ""
    notes: tuple[str, ...] = ()
    out: str | None = None
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the contract, by its name in the format."""

    name: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A contract to be read and edited.

    `head` are the comments at its start, `rest` is what no section could say, a comment at its end.
    """

    name: str
    head: tuple[str, ...]
    sections: tuple[Section, ...]
    rest: tuple[str, ...] = ()

    def entries(self) -> Iterator[Entry]:
        for section in self.sections:
            yield from section.entries

    def without(self, reasons: Mapping[str, str]) -> Draft:
        """The draft with the entries of these ids as comments, each with its reason."""
        sections = [
            replace(section, entries=tuple(_taken_out(entry, reasons) for entry in section.entries))
            for section in self.sections
        ]
        return replace(self, sections=tuple(sections))


def _taken_out(entry: Entry, reasons: Mapping[str, str]) -> Entry:
    return replace(entry, out=reasons[entry.id]) if entry.out is None and entry.id in reasons else entry
