"""The marks in a card's examples: ^^^^ is a finding, ???? a doubt."""

from __future__ import annotations

import re
from datetime import date

from ..records import dataclass
from .keys import SEVERITIES

DAY = date(2026, 11, 28)  # for which examples are judged, so that their marks hold on every other day too

_MARK = re.compile(r"^[ \t]*(?:#|//)( *)(\^+|\?+)[ ]?(.*)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A comment line of carets or question marks: it marks a part of the line of code above it.

    `line` and the columns count from 1, `end_column` is behind the last one. `words` stand in a finding's message or
    in a doubt's reason; where they begin with a severity, the finding has that one.
    """

    is_doubt: bool
    line: int
    column: int
    end_column: int
    words: str
    severity: str | None = None


def is_mark(line: str) -> bool:
    """Return True if a line of an example is a mark rather than code."""
    return _MARK.match(line) is not None


def unmarked(example: str) -> tuple[str, tuple[int, ...]]:
    """An example without its marks, which are no comments of its own, and the number that each line has with them."""
    kept = [(number, line) for number, line in enumerate(example.split("\n"), 1) if not is_mark(line)]
    return "\n".join(line for _, line in kept), tuple(number for number, _ in kept)


def marks_of(example: str) -> tuple[Mark, ...]:
    """The marks of an example in their order; several in a row mark the same line of code.

    Where the comment itself begins in the first column and the marks stand right behind its sign, they begin there too.
    """
    marks: list[Mark] = []
    code_line = 0
    for number, line in enumerate(example.split("\n"), 1):
        match = _MARK.match(line)
        if match is None:
            code_line = number
        else:
            start = 0 if line.startswith(("#^", "#?")) else match.start(2)
            first, _, rest = match[3].strip().partition(" ")
            severity, words = (first, rest.strip()) if first in SEVERITIES else (None, match[3].strip())
            marks.append(Mark(match[2][0] == "?", code_line, start + 1, match.end(2) + 1, words, severity))
    return tuple(marks)
