"""Plain data that takes long to make, kept in the user's cache folder and not in site-packages.

The package's folder may not be writable, and what lies in the cache is believed only where nobody else can have put
it there. A cache that can't be read or written costs time, nothing else. What an installed wheel makes of its own data
lies beside its modules.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
OWN_RULES, PREPARED = _PACKAGE / "rules", _PACKAGE / "prepared"  # only in an installed wheel
_FORM = 1  # of what is kept: to be raised when something else is made for the same key
_KEPT_FOR = 60 * 24 * 3600  # seconds


def prepared(name: str) -> Any:
    """The package's own data as the wheel's build has prepared it (tools/prepare.py); None in a checkout."""
    try:
        return marshal.loads((PREPARED / f"{name}.marshal").read_bytes())
    except FileNotFoundError:
        return None


def remembered(name: str, origin: str | Path, key: Any, make: Callable[[], Any]) -> Any:
    """The result of `make`, from the cache if it was made for an equal key. Both are data that marshal can write.

    For each `origin`, the path that it is made from, one is kept: two installations don't take turns.
    """
    place = zlib.crc32(os.fsencode(os.path.abspath(origin)))
    name = f"{name}-{place:08x}-{sys.version_info[0]}{sys.version_info[1]}.cache"
    key = (_FORM, key)
    for folder in _folders():
        kept = _read(folder / name)
        if kept is not None and kept[0] == key:
            return kept[1]
    made = make()
    try:
        content = marshal.dumps((key, made))
    except ValueError:  # there is something in it that isn't plain: then it is made each time
        return made
    content = zlib.crc32(content).to_bytes(4, "big") + content  # marshal trusts what it reads
    any(_write(folder / name, content) for folder in _folders())
    return made


def _folders() -> Iterator[Path]:
    """The folders for data, best first; the last is private to the user below the folder for temporary files."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if base and os.path.isabs(base):
        yield Path(base, "tap-lint")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    yield Path(os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp", f"tap-lint-{user}")


def _trusted(folder: Path) -> bool:
    """Return True if nobody else can have put the files there."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


def _read(path: Path) -> tuple[Any, Any] | None:
    if not _trusted(path.parent):
        return None
    try:
        content = memoryview(path.read_bytes())
        if zlib.crc32(content[4:]) != int.from_bytes(content[:4], "big"):
            return None
        key, made = marshal.loads(content[4:])
    except (OSError, ValueError, EOFError, TypeError):
        return None  # absent or damaged: made anew
    return key, made


def _write(path: Path, content: bytes) -> bool:
    """Return True if the file was written; whole or not at all, also with several processes at it."""
    import tempfile

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _trusted(path.parent):
            return False
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
        _clear(path.parent)
    except OSError:
        return False
    return True


def _clear(folder: Path) -> None:
    """Drop what was made long ago, most probably of an installation that is gone; else it is made once more."""
    for path in folder.glob("*.cache"):
        if path.stat().st_mtime < time.time() - _KEPT_FOR:
            path.unlink(missing_ok=True)
