"""Plain data that takes long to make, kept in the user's cache folder and not in site-packages.

The package's folder may not be writable. What an installed wheel makes of its own data lies beside its modules.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import store

_PACKAGE = Path(__file__).resolve().parent.parent
OWN_RULES, PREPARED = _PACKAGE / "rules", _PACKAGE / "prepared"  # only in an installed wheel
_FORM = 1  # of what is kept: to be raised when something else is made for the same key


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
    for folder in store.folders():
        kept = _read(folder, name)
        if kept is not None and kept[0] == key:
            return kept[1]
    made = make()
    try:
        content = marshal.dumps((key, made))
    except ValueError:  # there is something in it that isn't plain: then it is made each time
        return made
    any(store.write(folder, name, content) for folder in store.folders())
    return made


def _read(folder: str, name: str) -> tuple[Any, Any] | None:
    content = store.read(folder, name)
    try:
        key, made = marshal.loads(content) if content is not None else (None, None)
    except (ValueError, EOFError, TypeError):
        return None  # damaged: made anew
    return None if content is None else (key, made)
