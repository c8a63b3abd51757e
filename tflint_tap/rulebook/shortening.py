"""An example cut down to the lines that matter: those that are marked, or that differ from another example."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .examples import is_mark, unmarked

GAP = "…"


def shortened(example: str, most: int, other: str = "") -> tuple[str, ...]:
    """The lines of an example, `most` of them at most; `…` stands where some are left out.

    What stays are the marked lines with their marks, or else the lines that the `other` example doesn't have, the
    first line of the block that each is in, and what stands next to them.
    """
    lines = tuple(example.rstrip("\n").split("\n"))
    if len(lines) <= most:
        return lines
    focus = [number for number, line in enumerate(lines) if is_mark(line)] or _new(lines, other) or [0]
    kept: set[int] = set()
    for wanted in _by_importance(lines, focus):
        if sum(1 for _ in _with_gaps(lines, kept | wanted)) <= most:
            kept |= wanted
    return tuple(_with_gaps(lines, kept))


def _new(lines: Sequence[str], other: str) -> list[int]:
    """The lines with code that another example doesn't have."""
    known = {line.strip() for line in unmarked(other)[0].split("\n")}
    return [number for number, line in enumerate(lines) if line.strip() and line.strip() not in known]


def _by_importance(lines: Sequence[str], focus: Sequence[int]) -> Iterator[set[int]]:
    """Groups of lines, those that matter most first."""
    for number in focus:
        yield {number, _code_above(lines, number), _block_start(lines, number)}
    for distance in range(1, len(lines)):
        for number in focus:
            yield from ({near} for near in (number - distance, number + distance) if 0 <= near < len(lines))


def _code_above(lines: Sequence[str], number: int) -> int:
    """The line of code that a mark is about; of a line of code itself."""
    while number > 0 and is_mark(lines[number]):
        number -= 1
    return number


def _block_start(lines: Sequence[str], number: int) -> int:
    """The first line of the block at the top level that a line is in; of what is in none, the line itself."""
    for above in range(number, -1, -1):
        if lines[above][:1] not in ("", " ", "\t", "}", "#"):
            return above
    return number


def _with_gaps(lines: Sequence[str], kept: Collection[int]) -> Iterator[str]:
    before = -1
    for number in sorted(kept):
        if number - before > 1:
            indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
            yield indent + GAP
        yield lines[number]
        before = number
    if before < len(lines) - 1:
        yield GAP
