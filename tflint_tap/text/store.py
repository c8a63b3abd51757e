"""Files in the user's cache folder. What lies there is believed only where nobody else can have put it there.

A cache that can't be read or written costs time, nothing else. This module is a part of every start: it imports
nothing that takes time.
"""

from __future__ import annotations

import os
import sys
import zlib

TYPE_CHECKING = False  # the module of that name takes longer to import than this one
if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT_FOR = 60 * 24 * 3600  # seconds


def folders() -> Iterator[str]:
    """The folders for data, best first; the last is private to the user below the folder for temporary files."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if base and os.path.isabs(base):
        yield os.path.join(base, "tap-lint")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    yield os.path.join(os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp", f"tap-lint-{user}")


def read(folder: str, name: str) -> bytes | None:
    """The content of a file, None where it is absent, damaged or may be somebody else's."""
    if not _trusted(folder):
        return None
    try:
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
    except OSError:
        return None
    checksum, content = content[:4], content[4:]
    return content if zlib.crc32(content) == int.from_bytes(checksum, "big") else None


def write(folder: str, name: str, content: bytes) -> bool:
    """Return True if the file was written; whole or not at all, also with several processes at it."""
    import tempfile

    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _trusted(folder):
            return False
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.crc32(content).to_bytes(4, "big") + content)
        os.replace(temporary, os.path.join(folder, name))
        _clear(folder)
    except OSError:
        return False
    return True


def _trusted(folder: str) -> bool:
    """Return True if nobody else can have put the files there."""
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


def _clear(folder: str) -> None:
    """Drop what was made long ago, most probably of an installation that is gone; else it is made once more."""
    import time

    for entry in os.scandir(folder):
        if entry.name.endswith(".cache") and entry.stat().st_mtime < time.time() - _KEPT_FOR:
            os.unlink(entry.path)
