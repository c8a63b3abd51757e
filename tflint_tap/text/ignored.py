"""The files that git ignores, by the .gitignore files of the repository that they lie in.

Source: https://git-scm.com/docs/gitignore. What is read are the .gitignore files of the folders from the repository's
own down to the file's; a file that git keeps although a pattern names it can't be told without asking git.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ..records import dataclass, field
from .looking import look

_NAME = ".gitignore"
_PARTS = re.compile(r"\*\*/|/\*\*|\*|\?|\[[^\]]*\]|\\.|.", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "/**": "/.*", "*": "[^/]*", "?": "[^/]"}


def repository_of(folder: Path) -> Path | None:
    """The repository that a folder lies in, None where it lies in none; the path is absolute."""
    return next((place for place in (folder, *folder.parents) if _is_repository(place)), None)


def _is_repository(folder: Path) -> bool:
    look(folder / ".git" / "HEAD")  # the folder changes with each commit, and its listing with each gc
    return (folder / ".git").exists()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A line of a .gitignore file, for paths from the folder that it lies in."""

    paths: re.Pattern[str]
    keeps: bool  # what other lines ignore
    folders_only: bool


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of a repository: if git ignores it, and the patterns that hold in it, each with their folder."""

    ignored: bool = False
    patterns: tuple[tuple[Path, tuple[_Pattern, ...]], ...] = ()


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
        if _is_repository(path):
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


def _patterns(file: Path) -> tuple[_Pattern, ...]:
    look(file)
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    except OSError:
        return ()
    return tuple(_read(lines))


def _read(lines: list[str]) -> Iterator[_Pattern]:
    for line in lines:
        text = line.rstrip()
        if not text or text.startswith("#"):
            continue
        keeps = text.startswith("!")
        text = text.removeprefix("!")
        folders_only = text.endswith("/")
        text = text.rstrip("/")
        anchored = "/" in text
        text = text.removeprefix("/")
        try:
            paths = re.compile(f"{'' if anchored else '(?:.*/)?'}{_translated(text)}")
        except re.error:
            continue
        yield _Pattern(paths, keeps, folders_only)


def _translated(glob: str) -> str:
    return "".join(_WILD.get(part) or _literal(part) for part in _PARTS.findall(glob))


def _literal(part: str) -> str:
    if part.startswith("[") and len(part) > 1:
        return part.replace("[!", "[^", 1)
    return re.escape(part[-1])
