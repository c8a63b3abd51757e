"""Source text as terminals show it: a line of it with a span underlined, and nothing that could steer the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from ..text.source import Span
from . import counted

LONGEST_LINE = 120  # characters: a longer line is shown in part, with some of what stands before the span
_LEAD = 30
_STEERING = re.compile(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[\d;]*m")  # links and colours


def harmless(text: str) -> str:
    """Text that can't move the cursor, set colors or turn its direction when a terminal shows it."""
    return text if text.isprintable() else "".join(_cell(character)[0] for character in text)


def excerpt(
    span: Span, mark: str, width: int, paint: Callable[[str], str], longest: int = LONGEST_LINE
) -> Iterator[str]:
    """The span's first line, its part of it underlined, and how many lines more it has.

    `width` is that of the line's number; of a line with more than `longest` columns a part is shown.
    """
    source = span.source
    number, column = source.position(span.start)
    end_number, end_column = source.position(span.end)
    line = source.line(number)
    start = min(column - 1, len(line))
    end = min(end_column - 1, len(line)) if end_number == number else len(line.rstrip())
    more = end_number - number - (1 if end_number > number and end_column == 1 else 0)

    first = max(0, min(start - _LEAD, len(line) - longest))
    last = first + longest
    cells = [_cell(character) for character in line[first:last]]
    before = "…" if first else ""
    fitting, taken = 0, 0  # characters that a terminal gives more than one column make the part shorter
    while fitting < len(cells) and taken + cells[fitting][1] <= longest:
        taken += cells[fitting][1]
        fitting += 1
    after = "…" if last < len(line) or fitting < len(cells) else ""
    cells = cells[:fitting]
    shown = before + "".join(text for text, _ in cells) + after
    indent = " " * (len(before) + sum(columns for _, columns in cells[: start - first]))
    length = sum(columns for _, columns in cells[start - first : max(start, end) - first])
    marks = mark * max(1, length) + (f" and {counted(more, 'more line')}" if more else "")

    margin = " " * width
    yield f"{margin} |"
    yield f"{number:>{width}} | {shown}".rstrip()
    yield f"{margin} | {indent}{paint(marks)}"


def wrapped(text: str, width: int, indent: int) -> str:
    """A text as lines of `width` columns, broken between words; the further ones begin with `indent` blanks.

    A word that is longer has a line of its own. What steers the terminal has no columns.
    """
    lines: list[str] = []
    first, *words = text.lstrip(" ").split(" ")
    line = " " * (len(text) - len(text.lstrip(" "))) + first
    taken = _columns(line)
    for word in words:
        length = _columns(word)
        if taken + 1 + length > width:
            lines.append(line)
            line, taken = f"{' ' * indent}{word}", indent + length
        else:
            line, taken = f"{line} {word}", taken + 1 + length
    return "\n".join([*lines, line])


def _columns(text: str) -> int:
    return sum(_cell(character)[1] for character in _STEERING.sub("", text))


def _cell(character: str) -> tuple[str, int]:
    """The text shown for a character, and the number of columns that a terminal gives it."""
    if character == "\t":
        return "    ", 4
    if not character.isprintable() and character != "\u3000":  # the ideographic space is one that people mean
        escape = character.encode("unicode_escape").decode("ascii")
        return escape, len(escape)
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return character, 0  # drawn over the character before it; the range: the later parts of a Hangul syllable
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
