"""Files that a run writes: whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from .main import give_up


def write(path: str, text: str) -> None:
    """Write a file; give up where that fails, and leave what was there.

    The text goes into a new file beside it, which then takes its place, with the mode that it had. A link stays a link.
    What is no file, such as /dev/stderr or a pipe, is written to as it is.
    """
    try:
        _write(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        give_up(f"{path}: {(error.strerror or str(error)).lower()}")


def refuse_unwritable(path: str) -> None:
    """Give up where a file can't be written since there is no folder for it, or it is a folder itself."""
    if os.path.isdir(path):
        give_up(f"{path}: is a folder, not a file")
    if not os.path.exists(path) and not os.path.isdir(os.path.dirname(os.path.realpath(path))):
        give_up(f"{path}: there is no folder {os.path.dirname(path)}")


def _write(path: str, content: bytes) -> None:
    found: os.stat_result | None = None
    with suppress(FileNotFoundError):
        found = os.stat(path)
    # what a shell has opened already, under names such as /dev/stdout, isn't to be replaced either
    if found is not None and (not stat.S_ISREG(found.st_mode) or path.startswith(("/dev/", "/proc/"))):
        with open(path, "wb") as stream:
            stream.write(content)
        return
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name[:100]}.{os.urandom(6).hex()}")
    try:
        # exclusive: whoever may write to the folder can't make it write through a link
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if found is not None:
            os.chmod(temporary, stat.S_IMODE(found.st_mode))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
