"""What a branch has changed, from git's diff, and which findings lie there.

A line counts as changed if the diff adds it; where the diff only takes lines away, the place between its neighbours
does. A block that was only moved, to another place or file of the repository, isn't changed: the diff takes the same
lines away elsewhere.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from ..hcl.nodes import Block
from ..lint import Report
from ..records import dataclass, field, replace
from ..rule import Finding
from ..suppressions.complaints import UNREADABLE
from ..text.source import Span
from .standing import Places

UNCHANGED = "on lines that have not changed"
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_QUOTED = re.compile(r"\\([0-7]{3}|.)")
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


@dataclass(slots=True)
class FileChanges:
    """The lines of a file (from 1) that were added, and those that lines were taken away behind (from 0), in order."""

    added: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    is_new: bool = False  # all of it

    def touches(self, first: int, last: int) -> bool:
        """Return True if one of these lines was added, or something between two of them was taken away."""
        if self.is_new:
            return True
        index = bisect_left(self.added, first)
        if index < len(self.added) and self.added[index] <= last:
            return True
        index = bisect_left(self.gaps, first)
        return index < len(self.gaps) and self.gaps[index] < last


@dataclass(slots=True)
class Changes:
    """What has changed since a revision: files by their real paths, and the lines that were taken away."""

    files: dict[str, FileChanges] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    _starts: dict[str, list[int]] = field(default_factory=dict)

    def file(self, path: str) -> FileChanges:
        return self.files.setdefault(path, FileChanges())

    def was_moved(self, lines: list[str]) -> bool:
        """Return True if lines one below the other were taken away elsewhere, blanks at their ends apart."""
        if not self._starts:
            for index, line in enumerate(self.removed):
                self._starts.setdefault(line, []).append(index)
        starts = self._starts.get(lines[0], ()) if lines else ()
        return any(self.removed[start : start + len(lines)] == lines for start in starts)


def changes_of(diff: str, untracked: Iterable[str], folder: str) -> Changes:
    """What git's diff with no lines of context says, and files that git doesn't know; paths are from `folder`."""
    changes = Changes()
    for path in untracked:
        changes.file(os.path.realpath(os.path.join(folder, path))).is_new = True
    current: FileChanges | None = None
    line = left = taken = 0
    for text in diff.split("\n"):
        if left and text.startswith("+"):
            assert current is not None
            current.added.append(line)
            line, left = line + 1, left - 1
        elif taken and text.startswith("-"):
            changes.removed.append(text[1:].strip())
            taken -= 1
        elif text.startswith("+++ "):
            name = _path(text[4:])
            current = None if name is None else changes.file(os.path.realpath(os.path.join(folder, name)))
        elif (hunk := _HUNK.match(text)) is not None:
            taken, line, left = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            changes.removed.append("")  # nothing that was taken away goes on behind a hunk
            if current is not None and not left:
                current.gaps.append(line)
    return changes


def _path(text: str) -> str | None:
    """The path of a header's line, without the `b/` before it; None for a file that is gone."""
    name = text.rstrip("\t")
    if name == "/dev/null":
        return None
    if name.startswith('"'):
        name = _unquoted(name.strip('"'))
    return name.removeprefix("b/")


def _unquoted(text: str) -> str:
    """A path as git quotes it where it holds odd characters: bytes in octal."""
    parts: list[bytes] = []
    position = 0
    for match in _QUOTED.finditer(text):
        parts.append(text[position : match.start()].encode("utf-8", "surrogateescape"))
        code = match[1]
        parts.append(bytes([int(code, 8) if len(code) == 3 else _ESCAPES.get(code, ord(code))]))
        position = match.end()
    parts.append(text[position:].encode("utf-8", "surrogateescape"))
    return b"".join(parts).decode("utf-8", "surrogateescape")


def changed(report: Report, changes: Changes) -> Report:
    """A report without the findings and doubts that no change touches: neither their place nor a related one.

    Where a finding stands at a block's header, since something is missing, all of the block is its place. That a file
    can't be read is reported in any case.
    """
    touched = _Touched(changes, Places(report))
    findings = tuple(one for one in report.findings if one.rule == UNREADABLE or touched.holds(one))
    doubts = tuple(doubt for doubt in report.doubts if touched.holds(doubt))
    left = len(report.findings) + len(report.doubts) - len(findings) - len(doubts)
    return replace(report, findings=findings, doubts=doubts, left_out={**report.left_out, UNCHANGED: left})


@dataclass(frozen=True, slots=True, eq=False)
class _Touched:
    changes: Changes
    places: Places
    _paths: dict[str, str] = field(default_factory=dict)
    _moved: dict[int, bool] = field(default_factory=dict)

    def holds(self, finding: Finding) -> bool:
        return any(self._touches(span) for span in self._spans(finding))

    def _spans(self, finding: Finding) -> Iterator[Span]:
        yield self.places.whole(finding.span)
        yield from (related.span for related in finding.related)
        yield from finding.calls

    def _touches(self, span: Span) -> bool:
        path = span.source.path
        if path not in self._paths:
            self._paths[path] = os.path.realpath(path)
        file = self.changes.files.get(self._paths[path])
        if file is None or not file.touches(span.line, span.end_line):
            return False
        block = self.places.block(span)
        return block is None or not self._was_moved(block)

    def _was_moved(self, block: Block) -> bool:
        if id(block) not in self._moved:
            lines = [line.strip() for line in block.span.text.split("\n")]
            self._moved[id(block)] = self.changes.was_moved(lines)
        return self._moved[id(block)]
