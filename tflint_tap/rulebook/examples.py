"""What the marks in a card's examples say: ^^^^ a finding, ???? a doubt."""

from __future__ import annotations

import re

from ..records import dataclass

_MARK = re.compile(r"^[ \t]*(?:#|//)( *)(\^+|\?+)[ ]?(.*)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A comment line of carets or question marks: it marks a part of the line of code above it.

    `line` and the columns count from 1, `end_column` is behind the last one. `words` stand in a finding's message or
    in a doubt's reason.
    """

    is_doubt: bool
    line: int
    column: int
    end_column: int
    words: str


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
            marks.append(Mark(match[2][0] == "?", code_line, start + 1, match.end(2) + 1, match[3].strip()))
    return tuple(marks)
