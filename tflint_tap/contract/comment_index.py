"""The comments of a block: those above it, inside it and behind one of its lines.

A comment above a run of blocks introduces all of them, up to the next comment with a blank line before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping

from ..hcl.nodes import Block, Comment, File
from ..records import dataclass
from ..terraform.module import Declaration, Module
from ..text.source import Source, Span

# Blocks of one kind make a run; resources, and what is written along with them, are one kind.
_AMONG_RESOURCES = frozenset(("resource", "data", "locals", "ephemeral", "moved", "import", "removed", "check"))
_PART = ";"  # stands between the points of a list, and between paragraphs
_DIRECTIVE = re.compile(r"\s*tap:ignore")
# An argument or the edge of a block as Terraform code has it: `timeout = 60`, `resource "x" "y" {`, `}`.
_CODE = re.compile(
    r"""[a-z_][\w-]*\s*=\s*(?:"[^"]*"|-?\d+(?:\.\d+)?|true|false|null|[\[{].*|[a-z_]\w*(?:\.[\w*]|\[|\().*)[ ]?,?
      | (?:resource|data|variable|output|module|locals|provider|terraform)\b[^={]*\{.*
      | [}\])]+,?
      | "[^"]*",
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DECORATION = re.compile(r"[\s#*/=-]*")
# How a text names a block: its address, its label in backticks, or a word of several parts: pms_sync_worker.
_NAMES = re.compile(r"\b\w+\.[\w-]+|`[\w-]+`|[^\W_]\w*[_-][\w-]+")
MOST_ABOVE = 20  # runs of comments above one block, so that a file without blank lines is read in linear time


@dataclass(frozen=True, slots=True)
class CommentText:
    """The text of a run of comments, its lines joined, without marks, suppressions and commented-out code.

    Between the points of a list there is a semicolon.

    `places` are pairs of an offset in `text` and the offset in the source of what stands there, in rising order.
    """

    text: str
    span: Span
    places: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> Span:
        """The span of a part of the text in the source."""
        return Span(self.span.source, self._offset(start), self._offset(end - 1) + 1)

    def _offset(self, position: int) -> int:
        index = bisect_right(self.places, position, key=lambda place: place[0]) - 1
        offset, written = self.places[index]
        return written + position - offset


@dataclass(frozen=True, slots=True, eq=False)
class CommentIndex:
    """The comments of a file by the top-level blocks that they belong to."""

    file: File
    all: tuple[CommentText, ...]
    _own: dict[int, tuple[CommentText, ...]]
    _shared: dict[int, tuple[CommentText, ...]]

    def own(self, block: Block) -> tuple[CommentText, ...]:
        """The comments of a top-level block alone: between it and the block before it, inside it, behind it."""
        return self._own.get(block.span.start, ())

    def shared(self, block: Block) -> tuple[CommentText, ...]:
        """The comments above the run that a top-level block is in, without those above itself."""
        return self._shared.get(block.span.start, ())

    def of(self, block: Block) -> tuple[CommentText, ...]:
        """The comments of a top-level block of this file, in the order of the text."""
        return (*self.shared(block), *self.own(block))

    def at(self, span: Span) -> tuple[CommentText, ...]:
        """The comments of a part of a block, such as an element of a map: directly above it, in it, behind it."""
        text = span.source.text
        line_start = text.rfind("\n", 0, span.start) + 1
        line_end = text.find("\n", span.end)
        first = bisect_left(self.all, span.start, key=lambda comment_text: comment_text.span.start)
        last = bisect_left(
            self.all, len(text) if line_end == -1 else line_end, key=lambda comment_text: comment_text.span.start
        )
        if first and _stands_above(self.all[first - 1].span, line_start):
            first -= 1
        return self.all[first:last]


def names_in(text: str) -> frozenset[str]:
    """What may name a block in a text, with - as _ and in lower case; for comparison with `calls`."""
    found = {match.lower().replace("-", "_") for match in _NAMES.findall(text)}
    return frozenset(found | {part for name in found for part in name.split(".")})


def calls(declaration: Declaration, key: object = None) -> tuple[str, ...]:
    """The forms in which a text names a block, or the instance of a for_each key: those of `names_in`."""
    names = [name.lower().replace("-", "_") for name in (declaration.name, key) if isinstance(name, str)]
    several = [name for name in names if "_" in name]
    return (declaration.address.lower().replace("-", "_"), *(f"`{name}`" for name in names), *several)


def comment_indexes(module: Module) -> Mapping[Source, CommentIndex]:
    """The comments of each of a module's files; for `Module.once`."""
    return {file.source: comment_index(file) for file in module.files}


def comment_names(module: Module) -> Mapping[Span, frozenset[str]]:
    """What each comment of a module names; for `Module.once`."""
    return {one.span: names_in(one.text) for index in module.once(comment_indexes).values() for one in index.all}


def comment_index(file: File) -> CommentIndex:
    """Read a file's comments. Takes time in proportion to the file."""
    runs = [_prose(run) for run in _runs(file.comments)]
    owned: dict[int, tuple[CommentText, ...]] = {}
    shared: dict[int, tuple[CommentText, ...]] = {}
    above: list[CommentText] = []
    kind = ""
    position = 0
    text = file.source.text
    for block in file.body.blocks:
        first = position
        while position < len(runs) and runs[position].span.start < block.span.start:
            position += 1
        gap = runs[first:position]
        own_run = next((index for index, run in enumerate(gap) if _blank_before(text, run.span.start)), None)
        if own_run is not None:
            above, gap = [], gap[own_run:]
        elif not gap and _kind(block) != kind:
            above = []
        shared[block.span.start] = tuple(above)
        above = [*above, *gap][-MOST_ABOVE:]
        kind = _kind(block)
        line_end = text.find("\n", block.span.end)
        first = position
        while position < len(runs) and runs[position].span.start < (len(text) if line_end == -1 else line_end):
            position += 1
        owned[block.span.start] = (*gap, *runs[first:position])
    return CommentIndex(file, tuple(runs), owned, shared)


def _stands_above(span: Span, line_start: int) -> bool:
    """Return True if a comment has lines of its own, the last of them directly above a line."""
    text = span.source.text
    between = text[span.end : max(span.end, line_start)]
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start].strip("\ufeff")
    return between.count("\n") == 1 and not between.strip() and not before.strip()


def _kind(block: Block) -> str:
    return "resource" if block.type in _AMONG_RESOURCES else block.type


def _blank_before(text: str, start: int) -> bool:
    """Return True if the line of a comment has a blank line before it, or nothing at all."""
    line_start = text.rfind("\n", 0, start) + 1
    return line_start == 0 or not text[text.rfind("\n", 0, line_start - 1) + 1 : line_start].strip()


def _runs(comments: Iterable[Comment]) -> Iterator[list[Comment]]:
    """Comments that follow each other line by line are one text; behind code only where they stay in their column."""
    run: list[Comment] = []
    for comment in comments:
        if run and not _continues(run, comment):
            yield run
            run = []
        run.append(comment)
    if run:
        yield run


def _continues(run: list[Comment], comment: Comment) -> bool:
    text = comment.span.source.text
    between = text[run[-1].span.end : comment.span.start]
    if between.strip() or between.count("\n") > 1:
        return False
    first = run[0].span
    line_start = text.rfind("\n", 0, first.start) + 1
    is_behind_code = bool(text[line_start : first.start].strip("\ufeff \t"))
    return not is_behind_code or first.column == comment.span.column


def _prose(run: list[Comment]) -> CommentText:
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    length = 0
    for comment in run:
        for line, offset, begins in _lines(comment):
            if pieces:
                pieces.append(_PART if begins else "\n")
                length += 1
            places.append((length, offset))
            pieces.append(line)
            length += len(line)
    text = "".join(pieces)
    source = run[0].span.source
    span = Span(source, run[0].span.start, run[-1].span.end)
    return CommentText(text, span, tuple(places) or ((0, span.start),))


def _lines(comment: Comment) -> Iterator[tuple[str, int, bool]]:
    """The lines of a comment that are prose: text, offset in the source, and whether a point or paragraph begins."""
    raw = comment.span.text
    offset = comment.span.start + (1 if raw.startswith("#") else 2 if raw.startswith(("//", "/*")) else 0)
    for line in comment.text.split("\n"):
        content = line.strip()
        if not _DIRECTIVE.match(content) and not _CODE.fullmatch(content):
            decoration = _DECORATION.match(line)
            lead = decoration.end() if decoration is not None else 0
            begins = not content or (line[:lead].strip() != "" and not raw.startswith("/*"))
            yield line[lead:].rstrip(), offset + lead, begins
        offset += len(line) + 1
