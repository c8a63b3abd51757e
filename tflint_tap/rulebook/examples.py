"""Examples of cards: what the carets in them say.

In a bad example, a comment line of carets under a line marks where a finding has to be, how wide, and words of its
message.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CARETS = re.compile(r"^[ \t]*(?:#|//)( *)(\^+)[ ]?(.*)$")


class Expected(NamedTuple):
    """A finding as carets mark it: the line above, from 1; columns from 1; words of the message."""

    line: int
    column: int
    end_column: int
    words: str


def expectations(example: str) -> list[Expected]:
    """What the caret comments of an example say; several in a row mark the same line of code.

    A mark at the line's beginning with carets right behind it stands for the first column.
    """
    found: list[Expected] = []
    code_line = 0
    for number, line in enumerate(example.split("\n"), 1):
        match = _CARETS.match(line)
        if match is None:
            code_line = number
        else:
            start = 0 if line.startswith("#^") else match.start(2)
            found.append(Expected(code_line, start + 1, match.end(2) + 1, match[3].strip()))
    return found
