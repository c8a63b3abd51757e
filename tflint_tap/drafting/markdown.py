"""A text in Markdown → its lines: what kind each is, what it stands under, and what it marks as code.

A paragraph that is wrapped is one line, by the number of its first. Takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from ..records import dataclass, replace

Kind: TypeAlias = Literal["heading", "item", "row", "prose"]

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
_FENCE = re.compile(r"\s*(?:[-*+]\s+)?(`{3,}|~{3,})\s*([\w+-]*)")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,}|={3,})\s*")
_UNDERLINE = re.compile(r"\s{0,3}(?:={2,}|-{2,})\s*")
_CELL = re.compile(r"(?<!\\)\|")
_BORDER = frozenset("|:- ")
_QUOTE = re.compile(r"\s*>\s?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Code: in backticks, in bold where it is no sentence, and words with underscores anywhere.
_CODE = re.compile(
    r"(`{1,3})(.{1,200}?)\1|\*\*([^*\n]{1,80})\*\*"
    r"|(?<![\w.$\"{])((?:var\.|local\.)?[a-z][a-z0-9]{0,40}(?:_[a-z0-9]{1,40}){1,12})\b"
)
_MARKS = re.compile(r"[`*]+")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,300}\)")
_LONGEST = 4000  # characters of a line or paragraph; a longer one is read in pieces
_MOST_NESTED = 12  # items within items


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A heading, an item, a row of a table, or a paragraph, as it is `written`.

    `parent` is what it stands under: the item around it, the paragraph that introduces its list, or the heading.
    `columns` are the names of a row's columns, in lower case.
    """

    number: int
    kind: Kind
    depth: int
    written: str
    parent: Line | None
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return unmarked(self.written)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a row."""
        return tuple(cell.strip() for cell in _CELL.split(self.written))

    def around(self) -> Iterator[Line]:
        """What it stands under, the nearest first."""
        line = self.parent
        while line is not None:
            yield line
            line = line.parent

    @property
    def headings(self) -> str:
        """All headings that it stands under, in lower case."""
        return " ".join(line.text.lower() for line in (self, *self.around()) if line.kind == "heading")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code: the number of its first line, its language, its text, and what it stands under."""

    number: int
    language: str
    text: str
    parent: Line | None


@dataclass(frozen=True, slots=True)
class Markdown:
    lines: tuple[Line, ...]
    fences: tuple[Fence, ...]


def markdown(text: str) -> Markdown:
    """Read a text."""
    reader = _Reader()
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r").expandtabs(4)
        for start in range(0, max(1, len(line)), _LONGEST):
            reader.read(number, line[start : start + _LONGEST])
    reader.end()
    return Markdown(tuple(reader.lines), tuple(reader.fences))


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.fences: list[Fence] = []
        self.headings: list[Line] = []
        self.items: list[Line] = []  # the open ones, from the outermost
        self.intro: Line | None = None  # the paragraph before a list
        self.columns: tuple[str, ...] | None = None  # of the table that is open
        self.pending: tuple[int, Kind, int, list[str]] | None = None
        self.fence: tuple[int, str, str, list[str]] | None = None

    def read(self, number: int, line: str) -> None:
        if self.fence is not None:
            start, mark, language, texts = self.fence
            if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
                self.fences.append(Fence(start, language, "\n".join(texts), self._parent_of_block()))
                self.fence = None
            else:
                texts.append(line)
            return
        opening = _FENCE.match(line)
        if opening is not None and "`" not in line[opening.end() :]:
            self.flush()
            self.fence = (number + 1, opening[1], opening[2].lower(), [])
            return
        line = _QUOTE.sub("", line, count=1) if line.lstrip().startswith(">") else line
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        is_row = line.count("|") >= 2 or (self.columns is not None and "|" in line)
        if self.pending is not None and self.pending[1] == "prose" and _UNDERLINE.fullmatch(line):
            (start, _, _, texts), self.pending = self.pending, None
            self._heading(start, 1 if "=" in line else 2, " ".join(texts))
        elif not line.strip() or _RULE.fullmatch(line):
            self.flush()
            self.columns = None
        elif heading is not None:
            self.flush()
            self._heading(number, len(heading[1]), heading[2].strip().rstrip("#").rstrip())
        elif item is not None:
            self.flush()
            self.pending = (number, "item", len(item[1]), [item[2]])
        elif is_row:
            self.flush()
            self._row(number, line)
        elif self.pending is not None and sum(map(len, self.pending[3])) < _LONGEST:
            self.pending[3].append(line.strip())
        else:
            self.flush()
            self.pending = (number, "prose", len(line) - len(line.lstrip()), [line.strip()])

    def end(self) -> None:
        self.flush()
        if self.fence is not None:  # nobody closed it
            start, _, language, texts = self.fence
            self.fences.append(Fence(start, language, "\n".join(texts), self._parent_of_block()))

    def flush(self) -> None:
        """Close what is open: an item or a paragraph."""
        if self.pending is None:
            return
        number, kind, depth, texts = self.pending
        self.pending = None
        if kind == "item":
            while self.items and (self.items[-1].depth >= depth or len(self.items) >= _MOST_NESTED):
                self.items.pop()
            parent = self.items[-1] if self.items else self.intro or self._heading_above()
            made = _line(number, "item", depth, " ".join(texts), parent)
            self.items.append(made)
        else:
            inside = [one for one in self.items if one.depth < depth]
            made = _line(number, "prose", depth, " ".join(texts), inside[-1] if inside else self._heading_above())
            if not inside:
                self.items = []
                self.intro = made
        self.lines.append(made)

    def _heading_above(self) -> Line | None:
        return self.headings[-1] if self.headings else None

    def _parent_of_block(self) -> Line | None:
        return self.items[-1] if self.items else self.intro or self._heading_above()

    def _heading(self, number: int, depth: int, text: str) -> None:
        while self.headings and self.headings[-1].depth >= depth:
            self.headings.pop()
        made = _line(number, "heading", depth, text, self._heading_above())
        self.headings.append(made)
        self.items, self.intro, self.columns = [], None, None
        self.lines.append(made)

    def _row(self, number: int, line: str) -> None:
        if not set(line) - _BORDER:
            return
        row = _line(
            number, "row", 0, line.strip().removeprefix("|").removesuffix("|"), self.intro or self._heading_above()
        )
        if self.columns is None:
            self.columns = tuple(unmarked(cell).lower() for cell in row.cells)
        else:
            self.lines.append(replace(row, columns=self.columns))


def _line(number: int, kind: Kind, depth: int, text: str, parent: Line | None) -> Line:
    return Line(number, kind, depth, _LINK.sub(r"\1", text), parent)


def unmarked(text: str) -> str:
    """A text without the marks of code and bold."""
    return " ".join(_MARKS.sub("", text).split())


@dataclass(frozen=True, slots=True)
class Code:
    """What a text marks as code, and where it begins and ends there, marks included."""

    text: str
    start: int
    end: int


def codes_in(text: str) -> tuple[Code, ...]:
    """What a text marks as code, in its order."""
    made: list[Code] = []
    for match in _CODE.finditer(text):
        inner = next(group for group in match.groups()[1:] if group).strip()
        if match[3] is not None and codes_in(inner):  # bold around code
            offset = match.start(3)
            made += (Code(code.text, code.start + offset, code.end + offset) for code in codes_in(match[3]))
        else:
            made.append(Code(inner.rstrip(":").strip("*_ `"), match.start(), match.end()))
    return tuple(code for code in made if code.text)
