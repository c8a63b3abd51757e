"""What a branch has changed, from git's diff, and which findings lie there.

A line counts as changed if the diff adds it; where the diff only takes lines away, the place between its neighbours
does. A block that was only moved, to another place or file of its module, isn't changed: the diff takes the same lines
away elsewhere.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from ..hcl.nodes import Block
from ..lint import Report
from ..records import dataclass, field, replace
from ..rule import Finding
from ..suppressions.complaints import UNREADABLE
from ..text.source import Span
from .standing import Places

UNCHANGED = "on lines that have not changed"
_HEADER = re.compile(r"""\s*(?:resource|data|module|check|moved|removed|provider|terraform)\b[^=]*\{""")
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
    """What has changed since a revision: files by their real paths, and by folder the lines that were taken away.

    `headers` are, by folder, the headers of blocks that were taken away, less those that were added.
    """

    files: dict[str, FileChanges] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, Counter[str]] = field(default_factory=dict)
    _starts: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def file(self, path: str) -> FileChanges:
        return self.files.setdefault(path, FileChanges())

    def add(self, folder: str, line: str) -> None:
        """Note a line that was added to a file of a folder."""
        if _HEADER.match(line):
            self.headers.setdefault(folder, Counter())[_plain(line)] -= 1

    def remove(self, folder: str, line: str) -> None:
        """Note a line that was taken from a file of a folder; "" is what nothing goes on behind."""
        self.removed.setdefault(folder, []).append(line.strip())
        if _HEADER.match(line):
            self.headers.setdefault(folder, Counter())[_plain(line)] += 1

    def loses_blocks(self, folder: str) -> bool:
        """Return True if a block was taken out of a folder and not put in elsewhere in it."""
        return any(count > 0 for count in self.headers.get(folder, Counter()).values())

    def was_moved(self, folder: str, lines: list[str]) -> bool:
        """Return True if lines one below the other were taken away elsewhere in a folder: once for each such place."""
        removed = self.removed.get(folder)
        if not removed or not lines:
            return False
        starts = self._starts.get(folder)
        if starts is None:
            starts = self._starts[folder] = {}
            for index, line in enumerate(removed):
                starts.setdefault(line, []).append(index)
        for start in starts.get(lines[0], ()):
            if removed[start : start + len(lines)] == lines:
                starts[lines[0]].remove(start)
                return True
        return False


def changes_of(diff: str, unknown: Iterable[str], folder: str, changes: Changes | None = None) -> Changes:
    """What git's diff says, with files that git doesn't know, which are new; paths in the diff are from `folder`."""
    changes = Changes() if changes is None else changes
    for path in unknown:
        changes.file(path).is_new = True
    current: FileChanges | None = None
    old = new = ""  # the folders of the file, before and now
    line = left = taken = 0
    for text in diff.split("\n"):
        if left and text.startswith("+"):
            assert current is not None
            current.added.append(line)
            changes.add(new, text[1:])
            line, left = line + 1, left - 1
        elif taken and text.startswith("-"):
            changes.remove(old, text[1:])
            taken -= 1
        elif left and taken and text.startswith(" "):
            line, left, taken = line + 1, left - 1, taken - 1
        elif text.startswith("--- "):
            old = _folder(text[4:], folder)
        elif text.startswith("+++ "):
            name = _path(text[4:])
            current = None if name is None else changes.file(os.path.realpath(os.path.join(folder, name)))
            new = _folder(text[4:], folder)
        elif (hunk := _HUNK.match(text)) is not None:
            taken, line, left = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            changes.remove(old, "")  # nothing that was taken away goes on behind a hunk
            if current is not None and not left:
                current.gaps.append(line)
    return changes


def _plain(line: str) -> str:
    return " ".join(line.split())


def _folder(text: str, folder: str) -> str:
    name = _path(text)
    return "" if name is None else os.path.dirname(os.path.realpath(os.path.join(folder, name)))


def _path(text: str) -> str | None:
    """The path of a header's line, without the `a/` or `b/` before it; None where there is no such file."""
    name = text.rstrip("\t")
    if name == "/dev/null":
        return None
    if name.startswith('"'):
        name = _unquoted(name.strip('"'))
    return name[2:]


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

    Where a finding stands at a block's header, since something is missing, all of the block is its place; and where the
    module has lost a block, it may be what is missing now. That a file can't be read is reported in any case.
    """
    for source in report.sources:
        path = os.path.realpath(source.path)
        if path in changes.files and changes.files[path].is_new:
            for line in source.text.split("\n"):
                changes.add(os.path.dirname(path), line)
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
        if self.changes.loses_blocks(self.places.folder(finding)) and self.places.standing(finding.span).is_header:
            return True
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
            folder = os.path.dirname(self._paths[block.span.source.path])
            self._moved[id(block)] = self.changes.was_moved(folder, lines)
        return self._moved[id(block)]
