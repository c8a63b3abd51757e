"""Source texts and spans into them; lines and columns are computed where they are printed."""

from __future__ import annotations

import re
from bisect import bisect_right

from ..records import dataclass, field

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class SourceError(Exception):
    """A text that can't be read: missing, too large, not a file. The message is one clear line."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One text and the path under which it is reported. Two sources are equal only if they are the same object.

    `invalid` are the offsets of bytes that aren't UTF-8, each with the byte; U+FFFD stands there in the text.
    """

    path: str
    text: str = field(repr=False)
    invalid: tuple[tuple[int, int], ...] = ()
    _line_starts: list[int] = field(default_factory=list, repr=False)

    def line_starts(self) -> list[int]:
        """Offset of each line's first character; a line ends after its line feed, as Terraform counts."""
        if not self._line_starts:
            starts = [0]
            find = self.text.find
            position = find("\n")
            while position != -1:
                starts.append(position + 1)
                position = find("\n", position + 1)
            self._line_starts.extend(starts)
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, columns in characters; a byte-order mark has no width."""
        starts = self.line_starts()
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        if line == 1 and offset and self.text.startswith("\ufeff"):
            column -= 1
        return line, column

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line end."""
        starts = self.line_starts()
        end = starts[number] if number < len(starts) else len(self.text)
        text = self.text[starts[number - 1] : end].rstrip("\r\n")
        return text.removeprefix("\ufeff") if number == 1 else text


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from start to end (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def code(self) -> str:
        """The text as the native syntax has it: without the escapes of a JSON string, where it lies in one."""
        text = self.text
        return _ESCAPE.sub(_unescaped, text) if "\\" in text and self.source.path.endswith(".json") else text

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end)[1]

    def contains(self, other: Span) -> bool:
        return self.source is other.source and self.start <= other.start and other.end <= self.end

    def to(self, other: Span) -> Span:
        """From this span's start to the other's end."""
        return Span(self.source, self.start, other.end)


def _unescaped(match: re.Match[str]) -> str:
    code, character = match.groups()
    return chr(int(code, 16)) if code is not None else _ESCAPED.get(character, character)


ORIGIN, USE, STEP = "origin", "use", "step"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that tells a part of the story, with its label.

    `role` is ORIGIN where the value at the finding's place comes from there, USE where it goes there, STEP where a way
    that begins at the finding's place leads there from the step before; "" for any other place.
    """

    message: str
    span: Span
    role: str = field(default="", compare=False)
