"""What a run said, for the next one with the same arguments where nothing that it looked at has changed.

A run notes each file that it opens, each folder that it lists (the audit events of Python tell) and each path that it
only looks at. Its report is kept in the user's cache folder with a digest of every one of them. The next run with the
same arguments, in the same folder, on the same day, compares them and prints the report: it imports neither the rules
nor the parser. Only an installed wheel does so: in a checkout the code changes between runs.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import time
import zlib

from .text import store
from .text.looking import EVENT

TYPE_CHECKING = False  # the module of that name takes as long to import as all that is done here
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_PACKAGE = os.path.dirname(os.path.realpath(__file__))
_RULES = os.path.join(_PACKAGE, "rules")  # only in an installed wheel
_VARIABLES = ("TF_", "TAP_LINT_", "_TAP_LINT_", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONIOENCODING",
              "PYTHONUTF8", "LC_", "LANG", "HOME", "GIT_")  # fmt: skip
_CODE = (".py", ".pyc", ".so", ".pyd", ".marshal", ".cache", ".pth", ".cfg")
_DATA = ("aws", "iam", "hcl", "rules", "needs", "secrets", "contract")  # rooms of the package with data
_DEVICES = ("/dev/", "/proc/", "/sys/")
_UNREADABLE = b"other"  # the state of what is neither a file nor a folder
_MOST_PATHS = 20_000
_LARGEST_REPORT = 10_000_000  # characters
_RACE = 2_000_000_000  # nanoseconds: a file that was written so shortly before a run may have changed while it was read


class _Noted:
    """The paths that this run has looked at, since its start."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.start = 0
        self.is_on = self.is_hooked = False

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in ("open", "os.listdir", "os.scandir", EVENT):
            path = arguments[0]
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str):
                self.paths.add(path)
            elif path is None:
                self.paths.add(".")


_NOTED = _Noted()


def answer() -> tuple[int, str] | None:
    """The exit code and the report of this command, where a run before has given them; else note what it looks at."""
    if os.path.isdir(_RULES) and not os.environ.get("TAP_LINT_NO_CACHE"):
        kept = _kept()
        if kept is not None:
            return kept
        begin()
    return None


def begin() -> None:
    """Note from now on what is looked at."""
    _NOTED.paths.clear()
    _NOTED.start = time.time_ns()
    if not _NOTED.is_hooked:
        sys.addaudithook(_NOTED.note)  # it stays as long as the process does
    _NOTED.is_on = _NOTED.is_hooked = True


def forget() -> None:
    """Keep nothing of this run: it depends on more than files."""
    _NOTED.is_on = False


def keep(code: int, report: str) -> None:
    """Keep what this run says, if it is noted what it depends on and none of that was changing."""
    if not _NOTED.is_on:
        return
    _NOTED.is_on = False
    paths = depends_on()
    if len(paths) > _MOST_PATHS or len(report) > _LARGEST_REPORT or not _are_settled(paths):
        return
    states = [(path, state_of(path)) for path in paths]
    if any(state == _UNREADABLE for _, state in states):
        return
    content = marshal.dumps((_key(), states, code, report))
    any(store.write(folder, _name(), content) for folder in store.folders())


def depends_on() -> list[str]:
    """The paths that the run depends on, but for its own code and data: they are known by its installation."""
    own = (*(os.path.join(_PACKAGE, room) for room in _DATA), *store.folders(), *_DEVICES)
    python = (sys.prefix + os.sep, sys.base_prefix + os.sep, _PACKAGE + os.sep)
    return sorted(
        path
        for path in _NOTED.paths
        if not path.startswith(own) and not (path.endswith(_CODE) and path.startswith(python))
    )


def state_of(path: str) -> bytes:
    """A digest of what is at a path: a file's content, the names in a folder, or nothing; where a link leads, too."""
    try:
        from _blake2 import blake2b  # hashlib loads OpenSSL, which takes as long as all else here
    except ImportError:
        from hashlib import blake2b
    digest = blake2b(digest_size=20)
    try:
        own, kind = os.lstat(path), os.stat(path).st_mode
        if stat.S_ISLNK(own.st_mode):  # where a link leads decides if it is followed
            digest.update(os.path.realpath(path).encode("utf-8", "surrogateescape"))
        if stat.S_ISREG(kind):
            with open(path, "rb") as file:
                digest.update(b"file")
                while part := file.read(1 << 20):
                    digest.update(part)
            return digest.digest()
        if not stat.S_ISDIR(kind):
            return _UNREADABLE  # a pipe or a device: reading it may never end
        names = sorted(f"{entry.name}{'/' if entry.is_dir() else ''}" for entry in os.scandir(path))
    except OSError as error:
        return f"none {error.errno}".encode()
    digest.update("\0".join(["folder", *names]).encode("utf-8", "surrogateescape"))
    return digest.digest()


def _kept() -> tuple[int, str] | None:
    for folder in store.folders():
        content = store.read(folder, _name())
        if content is None:
            continue
        try:
            key, states, code, report = marshal.loads(content)
        except (ValueError, EOFError, TypeError):
            continue
        if key == _key() and all(state_of(path) == state for path, state in states):
            return code, report
    return None


def _name() -> str:
    text = "\0".join([os.getcwd(), *sys.argv[1:]])
    return f"run-{zlib.crc32(text.encode('utf-8', 'surrogateescape')):08x}.cache"


def _key() -> tuple[Any, ...]:
    """What else a report depends on: arguments, folder, environment, terminal, day, and the installation."""
    variables = sorted(item for item in os.environ.items() if item[0].startswith(_VARIABLES))
    terminal: tuple[int, ...] = ()
    if sys.stdout is not None and sys.stdout.isatty():
        try:
            terminal = tuple(os.get_terminal_size(sys.stdout.fileno()))
        except (OSError, ValueError):
            terminal = (0, 0)
    day = time.strftime("%Y-%m-%d")
    return os.getcwd(), sys.argv[1:], variables, terminal, day, sys.version, _installation()


def _installation() -> list[tuple[int, int, int]]:
    """What changes when tap-lint or a library of it is installed anew: its folder, and the one that all lie in."""
    found = []
    for path in (_PACKAGE, __file__, _RULES, os.path.dirname(_PACKAGE)):
        status = os.stat(path)
        found.append((status.st_ino, status.st_mtime_ns, status.st_size))
    return found


def _are_settled(paths: Iterable[str]) -> bool:
    """Return True if nothing has been written since shortly before the run."""
    latest = _NOTED.start - _RACE
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        if max(status.st_mtime_ns, status.st_ctime_ns) > latest:
            return False
    return True
