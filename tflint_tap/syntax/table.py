"""python-hcl2's grammar as a parse table, made by lark once and kept in the user's cache.

Analysing the grammar takes lark over a second, and importing lark alone a twentieth of one; the table is plain
lists and strings that marshal reads in about a millisecond. It lies outside site-packages, where the package's
folder may not be writable.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
import zlib
from pathlib import Path
from typing import Any, NamedTuple

_FORMAT = "1"  # raised when the form of the table changes


class Production(NamedTuple):
    """A rule of the grammar: what it makes of the `size` symbols on the stack."""

    origin: str
    size: int
    name: str  # the lowering's function, by the rule's name or alias
    unwrap: bool  # a single child stands for the whole
    inline: tuple[int, ...]  # children that are lists to be spliced in
    is_list: bool  # the result is itself such a list


class ParseTable(NamedTuple):
    """`actions[state][symbol]`: twice the state to shift (or go to), or twice the production and one to reduce."""

    actions: list[dict[str, int]]
    productions: list[Production]
    start: int
    end: int


def load() -> ParseTable:
    """The table, from the cache where it is there and sound."""
    grammar = _grammar_file()
    text = grammar.read_bytes()
    versions = f"{_FORMAT} {sys.version_info[:2]} {marshal.version}"
    name = f"grammar-{len(text)}-{zlib.crc32(versions.encode() + text):08x}.table"
    for folder in _cache_folders():
        table = _read(folder / name)
        if table is not None:
            return table
    plain = _analyse(text.decode())
    for folder in _cache_folders():
        if _write(folder / name, marshal.dumps(plain)):
            break
    return _table(plain)


def _grammar_file() -> Path:
    """Where python-hcl2 keeps its grammar; the package itself isn't imported."""
    spec = importlib.util.find_spec("hcl2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package python-hcl2 isn't installed", name="hcl2")
    return Path(spec.origin).with_name("hcl2.lark")


def _cache_folders() -> list[Path]:
    """Where the table may lie, best first; the last is private to the user below the folder for temporary files."""
    folders = []
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if base and os.path.isabs(base):
        folders.append(Path(base, "tap-lint"))
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folders.append(Path(os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp", f"tap-lint-{user}"))
    return folders


def _trusted(folder: Path) -> bool:
    """Whether nobody else can have put the files there."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


def _read(path: Path) -> ParseTable | None:
    if not _trusted(path.parent):
        return None
    try:
        return _table(marshal.loads(path.read_bytes()))
    except (OSError, ValueError, EOFError, TypeError):
        return None  # absent or damaged: made anew


def _table(plain: Any) -> ParseTable:
    actions, productions, start, end = plain
    return ParseTable(actions, [Production(*production) for production in productions], start, end)


def _write(path: Path, content: bytes) -> bool:
    """Whether it could be written; whole or not at all, also with several processes at it."""
    import tempfile

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _trusted(path.parent):
            return False
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        return False
    return True


def _analyse(grammar: str) -> Any:
    """The table as plain lists, from lark's LALR analysis."""
    from lark import Lark
    from lark.grammar import NonTerminal, Rule

    parse_table = Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False).parser.parser._parse_table
    numbers = {state: number for number, state in enumerate(parse_table.states)}
    productions: list[tuple[Any, ...]] = []
    known: dict[Rule, int] = {}
    actions: list[dict[str, int]] = []
    for steps in parse_table.states.values():
        row = {}
        for symbol, (action, argument) in steps.items():
            if isinstance(argument, Rule):
                if argument not in known:
                    known[argument] = len(productions)
                    inline = tuple(
                        index
                        for index, part in enumerate(argument.expansion)
                        if isinstance(part, NonTerminal) and part.name.startswith("_")
                    )
                    origin = str(argument.origin.name)
                    unwrap = bool(argument.options.expand1) and not argument.alias
                    name = str(argument.alias or origin)
                    productions.append((origin, len(argument.expansion), name, unwrap, inline, origin.startswith("_")))
                row[str(symbol)] = 2 * known[argument] + 1
            else:
                assert action is not None
                row[str(symbol)] = 2 * numbers[argument]
        actions.append(row)
    (start,) = parse_table.start_states.values()
    (end,) = parse_table.end_states.values()
    return actions, productions, numbers[start], numbers[end]
