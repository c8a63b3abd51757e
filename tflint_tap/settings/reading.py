"""A file of settings → what it says, each value with its line. What is wrong in it is an error with its line.

A file is as hostile as the repository that it lies in: it has a largest size, it may not be a link that leads out of
the repository, and what its aliases repeat is counted before it is looked at.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..records import dataclass
from ..text.nearest import suggestion
from ..text.yaml_text import Node, YamlError, compose, expanded_size, repeated_key
from . import LARGEST_PROJECT_FILE, OTHER_SPELLING, OWN_FILE, PROJECT_FILE, SettingsError
from .forms import SOME_PATTERNS, Glob, Origin, WrongValue, is_within
from .keys import FILES_KEY, IN_PATHS, KEYS, PATHS

LARGEST_FILE = 200_000  # bytes
_MOST_NODES = 5_000  # of YAML, as aliases repeat them
_TABLE = ("tool", "tap-lint")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An entry of `paths`: the patterns of its files, and what holds for these."""

    files: tuple[Glob, ...]
    values: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What one file says: the values of its keys, as `forms` reads them, and the entries of `paths`."""

    origin: Origin
    values: Mapping[str, Any]
    entries: tuple[Entry, ...] = ()


def read_settings(path: str, root: str, shown: str, base: str) -> Settings:
    """The settings of a file, of which reports say `shown`; its patterns are for what lies in `base`.

    Nothing outside `root` is read. SettingsError with the line of what is wrong.
    """
    origin = Origin(shown, os.path.realpath(os.path.dirname(path)), base, root)
    if os.path.basename(path) == OTHER_SPELLING:
        raise SettingsError(f"{shown}: this file isn't read; rename it to {OWN_FILE}")
    is_project = os.path.basename(path) == PROJECT_FILE
    content = _content(path, origin, LARGEST_PROJECT_FILE if is_project else LARGEST_FILE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{shown}:{line}: not valid UTF-8") from None
    try:
        node = _of_project(text) if path.endswith(".toml") else compose(text)
        if node is None or node[2] == "":  # nothing but comments, or `---`
            return Settings(origin, {})
        if expanded_size(node) > _MOST_NODES:
            raise WrongValue(node[0], f"more than {_MOST_NODES:,} values, as its aliases repeat them")
        again = repeated_key(node)
        if again is not None:
            raise WrongValue(again[0], f"the key {again[1]} stands here a second time")
        return _settings(node, origin)
    except (WrongValue, YamlError) as error:
        raise SettingsError(f"{shown}:{error.line}: {error}") from None
    except RecursionError:
        raise SettingsError(f"{shown}:1: it is nested too deeply") from None


def _content(path: str, origin: Origin, most: int) -> bytes:
    shown = origin.path
    if not is_within(path, origin.root):
        raise SettingsError(f"{shown}: it is a link that leads out of the repository")
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise SettingsError(f"{shown}: not a regular file")
        with open(path, "rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise SettingsError(f"{shown}: {(error.strerror or str(error)).lower()}") from None
    if len(content) > most:
        raise SettingsError(f"{shown}: larger than {most:,} bytes")
    return content


def _settings(node: Node, origin: Origin) -> Settings:
    values: dict[str, Any] = {}
    entries: tuple[Entry, ...] = ()
    for key, value in _pairs(node, "settings are a mapping"):
        name = key[2]
        if name == PATHS:
            entries = tuple(_entries(value, origin))
        elif name not in KEYS:
            raise WrongValue(key[0], f"there is no key {name}{suggestion(name, (*KEYS, PATHS))}")
        else:
            values[name] = _value(name, value, origin)
    return Settings(origin, values, entries)


def _entries(node: Node, origin: Origin) -> Iterator[Entry]:
    if node[1] != "list":
        raise WrongValue(node[0], f"{PATHS} has to be a list of mappings, each with {FILES_KEY}")
    for item in node[2]:
        files: tuple[Glob, ...] | None = None
        values: dict[str, Any] = {}
        for key, value in _pairs(item, f"an entry of {PATHS} is a mapping"):
            name = key[2]
            if name == FILES_KEY:
                files = _named(name, lambda value=value: SOME_PATTERNS.read(value, origin))
            elif name in IN_PATHS:
                values[name] = _value(name, value, origin)
            elif name in KEYS:
                raise WrongValue(key[0], f"{name} can't stand in an entry of {PATHS}: it is for whole folders")
            else:
                hint = suggestion(name, (*IN_PATHS, FILES_KEY))
                raise WrongValue(key[0], f"an entry of {PATHS} has no key {name}{hint}")
        if files is None:
            raise WrongValue(item[0], f"an entry of {PATHS} has no {FILES_KEY}")
        if not values:
            raise WrongValue(item[0], f"an entry of {PATHS} says nothing of its {FILES_KEY}")
        yield Entry(files, values, origin.place(item[0]))


def _pairs(node: Node, says: str) -> Sequence[tuple[Node, Node]]:
    if node[1] != "mapping":
        raise WrongValue(node[0], says)
    for key, _ in node[2]:
        if key[1] != "text":
            raise WrongValue(key[0], "the key is no text")
    pairs: Sequence[tuple[Node, Node]] = node[2]
    return pairs


def _value(name: str, node: Node, origin: Origin) -> Any:
    return _named(name, lambda: KEYS[name].form.read(node, origin))


def _named(name: str, read: Any) -> Any:
    """What `read` gives; what is wrong is told with the key's name."""
    try:
        return read()
    except WrongValue as error:
        raise WrongValue(error.line, f"{name} {error}") from None


# -- pyproject.toml ------------------------------------------------------------------------------------------------


def _of_project(text: str) -> Node | None:
    """The table of settings in a pyproject.toml, None where it has none. YamlError where it isn't TOML."""
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        content: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1  # it tells of the document's end without a line
        raise YamlError(line, f"it isn't TOML: {error}") from None
    except RecursionError:
        raise YamlError(1, "it is nested too deeply") from None
    for name in _TABLE:
        content = content.get(name) if isinstance(content, dict) else None
    return None if content is None else _Lines(text).node(content, _TABLE)


class _Lines:
    """The lines of keys in a TOML text: tomllib gives none."""

    _HEADER = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
    _KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
    _PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str | int, ...], int] = {}
        table: tuple[str | int, ...] = ()
        counts: dict[tuple[str | int, ...], int] = {}
        for number, line in enumerate(text.split("\n"), 1):
            header = self._HEADER.fullmatch(line.rstrip("\r"))
            key = None if header is not None else self._KEY.match(line)
            if header is not None:
                table = self._parts(header[2])
                if header[1]:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                elif table[:-1] in counts:
                    table = (*table[:-1], counts[table[:-1]], table[-1])
                self._note(table, number)
            elif key is not None:
                self._note((*table, *self._parts(key[1])), number)

    def _parts(self, text: str) -> tuple[str | int, ...]:
        return tuple(part.strip("\"'") for part in self._PART.findall(text))

    def _note(self, path: tuple[str | int, ...], number: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], number)

    def node(self, value: Any, path: tuple[str | int, ...], near: int = 1) -> Node:
        """A value as a node: each part has its line, or that of the nearest part around it that is found."""
        line = self._lines.get(path, near)
        if isinstance(value, dict):
            pairs = [(name, self.node(inner, (*path, name), line)) for name, inner in value.items()]
            return line, "mapping", tuple(((node[0], "text", name), node) for name, node in pairs)
        if isinstance(value, list):
            return line, "list", tuple(self.node(inner, (*path, number), line) for number, inner in enumerate(value))
        return line, "text", str(value).lower() if isinstance(value, bool) else str(value)
