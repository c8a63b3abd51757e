"""The files that git ignores, by the .gitignore files of the repository that they lie in.

Source: https://git-scm.com/docs/gitignore. What is read are the .gitignore files of the folders from the repository's
own down to the file's; a file that git keeps although a pattern names it can't be told without asking git.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_NAME = ".gitignore"
_PARTS = re.compile(r"\*\*/|/\*\*|\*|\?|\[[^\]]*\]|\\.|.", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "/**": "/.*", "*": "[^/]*", "?": "[^/]"}


def is_ignored(path: Path) -> bool:
    """Return True if git ignores the file; False where it lies in no repository."""
    found = path.absolute()
    root = next((folder for folder in found.parents if (folder / ".git").exists()), None)
    if root is None:
        return False
    folders = [root, *(root / part for part in reversed(found.parent.relative_to(root).parents)), found.parent]
    verdict = False
    for folder in dict.fromkeys(folders):
        relative = found.relative_to(folder).as_posix()
        for pattern, keeps in _patterns(folder / _NAME):
            if pattern.fullmatch(relative):
                verdict = not keeps
    return verdict


def _patterns(file: Path) -> Iterator[tuple[re.Pattern[str], bool]]:
    """The patterns of a .gitignore file, for paths from its folder; and if a pattern keeps what others ignore."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    except OSError:
        return
    for line in lines:
        text = line.rstrip()
        if not text or text.startswith("#"):
            continue
        keeps = text.startswith("!")
        text = text.removeprefix("!").rstrip("/")
        anchored = "/" in text
        text = text.removeprefix("/")
        try:
            pattern = re.compile(f"{'' if anchored else '(?:.*/)?'}{_translated(text)}(?:/.*)?")
        except re.error:
            continue
        yield pattern, keeps


def _translated(glob: str) -> str:
    return "".join(_WILD.get(part) or _literal(part) for part in _PARTS.findall(glob))


def _literal(part: str) -> str:
    if part.startswith("[") and len(part) > 1:
        return part.replace("[!", "[^", 1)
    return re.escape(part[-1])
