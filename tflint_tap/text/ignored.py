"""Git's patterns for paths, and the files that git ignores by the .gitignore files of their repository.

Source: https://git-scm.com/docs/gitignore. What is read are the .gitignore files of the folders from the repository's
own down to the file's; a file that git keeps although a pattern names it can't be told without asking git.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from ..records import dataclass, field
from .looking import look

_NAME = ".gitignore"
_PARTS = re.compile(r"\*\*/|/\*\*|\*|\?|\[[^\]]*\]|\\.|.", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "/**": "/.*", "*": "[^/]*", "?": "[^/]"}


def repository_of(folder: Path) -> Path | None:
    """The repository that a folder lies in, None where it lies in none; the path is absolute."""
    return next((place for place in (folder, *folder.parents) if is_repository(place)), None)


def is_repository(folder: Path) -> bool:
    """Return True if a folder is that of a repository."""
    look(folder / ".git" / "HEAD")  # the folder changes with each commit, and its listing with each gc
    return (folder / ".git").exists()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A line of a .gitignore file, for paths from the folder that it lies in."""

    paths: re.Pattern[str]
    keeps: bool  # what other lines ignore
    folders_only: bool


def covers(levels: Iterable[tuple[str, Iterable[Pattern]]], path: str, *, is_folder: bool = False) -> bool:
    """Return True if patterns name a path, or a folder that it lies in.

    Each of the levels has the folder that its patterns are for, the farthest first: the last one that fits counts.
    """
    held = [(base, tuple(patterns)) for base, patterns in levels if is_below(path, base)]
    start = min((len(base.rstrip(os.sep)) + 1 for base, _ in held), default=len(path))
    ends = [number for number in range(start, len(path)) if path[number] == os.sep]
    for end in (*ends, len(path)):
        part, within, verdict = path[:end], is_folder or end < len(path), False
        for base, patterns in held:
            relative = part[len(base.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
            for pattern in patterns if relative else ():
                if (within or not pattern.folders_only) and pattern.paths.fullmatch(relative):
                    verdict = not pattern.keeps
        if verdict:
            return True
    return False


def is_below(path: str, folder: str) -> bool:
    """Return True if a path lies in a folder; both are absolute, and as they really are."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of a repository: if git ignores it, and the patterns that hold in it, each with their folder."""

    ignored: bool = False
    patterns: tuple[tuple[Path, tuple[Pattern, ...]], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Ignored:
    """What git ignores; each .gitignore file is read once."""

    _folders: dict[Path, _Folder | None] = field(default_factory=dict)

    def file(self, path: Path) -> bool:
        """Return True if git ignores a file; False where it lies in no repository."""
        found = Path(os.path.abspath(path))
        return self._ignores(found, self._folder(found.parent), is_folder=False)

    def folder(self, path: Path) -> bool:
        """Return True if git ignores a folder, and so all that is in it."""
        found = self._folder(Path(os.path.abspath(path)))
        return found is not None and found.ignored

    def _folder(self, path: Path) -> _Folder | None:
        """What holds in a folder, None where it lies in no repository."""
        if path not in self._folders:
            above = [path]
            while above[-1] not in self._folders and above[-1] != above[-1].parent:
                above.append(above[-1].parent)
            for folder in reversed(above):  # the outermost first: none calls itself
                if folder not in self._folders:
                    self._folders[folder] = self._made(folder)
        return self._folders[path]

    def _made(self, path: Path) -> _Folder | None:
        if is_repository(path):
            return _Folder(patterns=((path, _patterns(path / _NAME)),))
        outer = self._folders.get(path.parent)
        if outer is None:
            return None
        own = _patterns(path / _NAME)
        ignored = self._ignores(path, outer, is_folder=True)
        return _Folder(ignored, (*outer.patterns, (path, own)) if own else outer.patterns)

    def _ignores(self, path: Path, within: _Folder | None, *, is_folder: bool) -> bool:
        if within is None or within.ignored:
            return within is not None
        verdict = False
        for base, patterns in within.patterns:
            relative = path.relative_to(base).as_posix()
            for pattern in patterns:
                if (is_folder or not pattern.folders_only) and pattern.paths.fullmatch(relative):
                    verdict = not pattern.keeps
        return verdict


def _patterns(file: Path) -> tuple[Pattern, ...]:
    look(file)
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    except OSError:
        return ()
    return tuple(pattern for line in lines if (pattern := pattern_of(line)) is not None)


def pattern_of(line: str) -> Pattern | None:
    """The pattern that a line is; None where it is none: empty, a comment, or a range that is the wrong way round."""
    text = line.rstrip()
    if not text or text.startswith("#"):
        return None
    keeps = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    anchored = "/" in text
    text = text.removeprefix("/")
    try:
        paths = re.compile(f"{'' if anchored else '(?:.*/)?'}{_translated(text)}")
    except re.error:
        return None
    return Pattern(paths, keeps, folders_only)


def _translated(glob: str) -> str:
    """A pattern as a regular expression.

    Of several stars within one name each but the last takes the first place that fits, for good: what follows fits
    behind it if it fits behind a later one, and trying these all takes time without bound.
    """
    made: list[str] = []
    star: int | None = None  # where the last star of this name is in what is made
    for part in _PARTS.findall(glob):
        if part == "*" and star is not None:
            group = f"star{star}"
            made[star:] = [f"(?=(?P<{group}>[^/]*?{''.join(made[star + 1 :])}))(?P={group})"]
        if "/" in part:
            star = None
        elif part == "*":
            star = len(made)
        made.append(_WILD.get(part) or _literal(part))
    return "".join(made)


def _literal(part: str) -> str:
    if part.startswith("[") and len(part) > 1:
        return part.replace("[!", "[^", 1)
    return re.escape(part[-1])
