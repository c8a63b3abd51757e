"""The file of its package that a function's handler is in: `app.handler` of a Python function is in app.py.

The facts are in handlers.tsv, a line a family of runtimes. Its columns:

- how the names of the runtimes begin
- a pattern of the handler, in which `file` is what names the file
- what separates folders in it, beside `/`
- the files that the runtime looks for, the first in which a handler mostly is first; `{file}` is what the pattern names
- the source

Runtimes whose handlers are in archives of their own (Java) have no line.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ..records import dataclass

_PATH = Path(__file__).with_name("handlers.tsv")


@dataclass(frozen=True, slots=True)
class Family:
    """A line of the table."""

    runtimes: str
    handler: re.Pattern[str]
    separator: str
    files: tuple[str, ...]
    source: str


@cache
def families() -> tuple[Family, ...]:
    """All lines of the table."""
    lines = (line for line in _PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(_family(*line.split("\t")) for line in lines)


def _family(runtimes: str, handler: str, separator: str, files: str, source: str) -> Family:
    return Family(runtimes, re.compile(handler), separator, tuple(files.split(" ")), source)


def handler_files(runtime: str, handler: str) -> tuple[str, ...]:
    """The files that a runtime looks for its handler in; none where that isn't known, or the handler has no file."""
    family = next((one for one in families() if runtime.startswith(one.runtimes)), None)
    match = family.handler.fullmatch(handler) if family is not None else None
    if family is None or match is None:
        return ()
    named = match["file"].replace(family.separator, "/").removeprefix("/var/task/").removeprefix("./")
    return tuple(file.replace("{file}", named) for file in family.files)
