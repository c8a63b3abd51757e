"""The scope of a suppression: the block, argument or element below it, its line, or the file; in JSON its block."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ..aws.syntax import is_json
from ..hcl.children import parts
from ..hcl.nodes import Block, Body, Call, Comment, Expr, File, Object, ObjectItem, Tuple
from ..records import dataclass
from ..text.source import Span

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SPACE = re.compile(r"[\s\ufeff]*")


@dataclass(frozen=True, slots=True)
class Layout:
    """A file, its comments' starts and the end of each, and the end of all that a comment can cover by its start."""

    file: File
    starts: Sequence[int]
    comments: Mapping[int, int]
    coverable: Callable[[], Mapping[int, int]]  # made only where a comment asks for it

    def outside(self, position: int) -> int:
        """The position, or the end of the comment that it lies in."""
        index = bisect_left(self.starts, position)
        return max(position, self.comments[self.starts[index - 1]]) if index else position

    def next_code(self, position: int) -> tuple[int, bool]:
        """The start of the first code at or behind a position, and if blank lines come before it."""
        text = self.file.source.text
        blank = False
        while True:
            match = _SPACE.match(text, position)
            assert match is not None  # it matches nothing too
            blank = blank or _BLANK_LINE.search(match[0]) is not None
            position = match.end()
            if position not in self.comments:
                return position, blank
            position = self.comments[position]


def layout_of(file: File, comments: Sequence[Comment]) -> Layout:
    """The layout of a file with these comments, which are in the order of the text."""
    ends = {comment.span.start: comment.span.end for comment in comments}
    return Layout(file, tuple(ends), ends, cache(lambda: _coverable(file.body)))


def _coverable(body: Body) -> dict[int, int]:
    """The end of each block, argument, element and item, by its start; no two begin at one place."""
    ends: dict[int, int] = {}
    bodies: list[Body] = [body]
    exprs: list[Expr] = []
    while bodies:
        inner = bodies.pop()
        ends |= {attribute.span.start: attribute.span.end for attribute in inner.attributes}
        ends |= {block.span.start: block.span.end for block in inner.blocks}
        bodies += [block.body for block in inner.blocks]
        exprs += [attribute.expr for attribute in inner.attributes]
    while exprs:
        expr = exprs.pop()
        covered: tuple[Expr | ObjectItem, ...] = ()
        if isinstance(expr, (Tuple, Object)):
            covered = expr.items
        elif isinstance(expr, Call):
            covered = expr.arguments
        ends |= {part.span.start: part.span.end for part in covered}
        exprs += parts(expr)
    return ends


def is_below_code(comment: Comment, layout: Layout) -> bool:
    """Return True if a comment isn't at the top of the file, or is in a block of a JSON file."""
    if is_json(layout.file.source):
        return innermost(layout.file.body, comment.span) is not None
    return layout.next_code(0)[0] < comment.span.start


def innermost(body: Body, span: Span) -> Block | None:
    """The innermost block that a span lies in."""
    found = None
    while True:
        index = bisect_right(body.blocks, span.start, key=lambda block: block.span.start) - 1
        if index < 0 or not body.blocks[index].span.contains(span):
            return found
        found = body.blocks[index]
        body = found.body


def scope_of(comment: Comment, layout: Layout) -> tuple[Span | None, str, tuple[str, str] | None]:
    """The span that a comment covers, and its name in words; if there is none, the reason and the remedy."""
    source = comment.span.source
    if is_json(source):
        block = innermost(layout.file.body, comment.span)
        if block is not None:
            return block.span, "in its block", None
        return None, "in its block", ("it is in no block", "put it into a block, or write tap:ignore-file")
    text = source.text
    first_line = text.rfind("\n", 0, comment.span.start) + 1
    begins_with_code = layout.next_code(layout.outside(first_line))[0] < comment.span.start
    following, blank = layout.next_code(comment.span.end)
    line_end = text.find("\n", comment.span.end)
    line_end = len(text) if line_end == -1 else line_end + 1
    if begins_with_code:
        end = text.find("\n", comment.span.start)
        return Span(source, first_line, len(text) if end == -1 else end + 1), "on its line", None
    if following < line_end:
        start = text.rfind("\n", 0, following) + 1
        return Span(source, start, line_end), "on its line", None
    place = "in the code below it"
    if following not in layout.coverable():
        if layout.file.diagnostics:
            return None, place, None
        return None, place, ("no block or argument follows it", "put it directly above the block or argument")
    if blank:
        return (
            None,
            place,
            ("a blank line separates it from the code below", "put it directly above the block or argument"),
        )
    return Span(source, following, layout.coverable()[following]), place, None
