"""The forms of values in settings: each reads a value, as YAML or TOML has it, and has a JSON Schema for editors."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..records import dataclass
from ..text.ignored import Pattern, is_below, pattern_of
from ..text.listing import listed
from ..text.nearest import suggestion
from ..text.yaml_text import Node

GRADES = ("error", "warning", "note", "off")
_MOST_WILD = 4  # `**` in a pattern: each multiplies what has to be tried
_NAME = r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$"


class WrongValue(Exception):
    """A value that isn't what its key holds. `line` is from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Item(NamedTuple):
    """A text of the settings with the place that it is written at: `path:line`, or the option's name."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings are from.

    `path` is that of the file as it is shown; `folder` is the one that the paths in it start from, `base` the one that
    its patterns are for (another one where the file is named on the command line), and `root` the one that holds all
    that it may lead to: all three as they really are.
    """

    path: str
    folder: str
    base: str
    root: str

    def item(self, node: Node) -> Item:
        """The text of a node with its place."""
        return Item(node[2], self.place(node[0]))

    def place(self, line: int) -> str:
        return f"{self.path}:{line}"


class Form(NamedTuple):
    """What a key holds: `read` gives a node's value, or raises WrongValue; `schema` is its JSON Schema."""

    read: Callable[[Node, Origin], Any]
    schema: Mapping[str, Any]


class Glob(NamedTuple):
    """A pattern with what it was written as."""

    item: Item
    pattern: Pattern


def texts_in(node: Node, what: str) -> tuple[Node, ...]:
    """The nodes of one text or a list of texts. WrongValue where it is something else."""
    line, kind, content = node
    nodes = content if kind == "list" else (node,)
    for one in nodes:
        if one[1] != "text" or not one[2].strip():
            raise WrongValue(one[0] if kind == "list" else line, f"has to be {what}, or a list of these")
    return tuple(nodes)


def _text_in(node: Node, what: str) -> str:
    if node[1] != "text" or not node[2].strip():
        raise WrongValue(node[0], f"has to be {what}")
    return str(node[2])


def _entries_of(node: Node, what: str) -> tuple[tuple[Node, Node], ...]:
    if node[1] != "mapping":
        raise WrongValue(node[0], f"has to be {what}")
    for key, _ in node[2]:
        if key[1] != "text":
            raise WrongValue(key[0], "the key is no text")
    return tuple(node[2])


# -- the readers ---------------------------------------------------------------------------------------------------


def _names(node: Node, origin: Origin) -> tuple[Item, ...]:
    nodes = texts_in(node, "the name of a rule or family")
    return tuple(origin.item(one) for one in nodes)


def _some_names(node: Node, origin: Origin) -> tuple[Item, ...]:
    found = _names(node, origin)
    if not found:
        raise WrongValue(node[0], "names no rule")
    return found


def _tags(node: Node, origin: Origin) -> tuple[Item, ...]:
    return tuple(origin.item(one) for one in texts_in(node, "the key of a tag"))


def _patterns(node: Node, origin: Origin) -> tuple[Glob, ...]:
    return tuple(glob_of(origin.item(one), one[0]) for one in texts_in(node, "a pattern as git has them"))


def _some_patterns(node: Node, origin: Origin) -> tuple[Glob, ...]:
    found = _patterns(node, origin)
    if not found:
        raise WrongValue(node[0], "names no file")
    return found


def glob_of(item: Item, line: int) -> Glob:
    """A pattern of git's. WrongValue where it is none, or can't name anything."""
    pattern = pattern_of(item.text)
    if pattern is None:
        raise WrongValue(line, f"{item.text} isn't a pattern as git has them")
    if ".." in item.text.removeprefix("!").split("/"):
        raise WrongValue(line, f"{item.text} leads out of the folder: patterns are for what lies below it")
    if item.text.count("**") > _MOST_WILD:
        raise WrongValue(line, f"{item.text} has more than {_MOST_WILD} times **")
    return Glob(item, pattern)


def _grades(node: Node, origin: Origin) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for key, value in _entries_of(node, "a mapping of rules and families to severities"):
        word = _text_in(value, f"one of {listed(GRADES, 'or')}")
        if word not in GRADES:
            raise WrongValue(value[0], f"of {key[2]} is {listed(GRADES, 'or')}, not {word}{suggestion(word, GRADES)}")
        found[key[2]] = Item(word, origin.place(key[0]))
    return found


def _params(node: Node, origin: Origin) -> dict[Item, dict[Item, Node]]:
    what = "a mapping of rules to mappings of their params to values"
    return {
        origin.item(rule): {origin.item(name): value for name, value in _entries_of(params, what)}
        for rule, params in _entries_of(node, what)
    }


def _template(node: Node, origin: Origin) -> Item:
    from ..hcl import ParseError, parse_template
    from ..text.source import Source

    try:
        parse_template(Source(origin.path, _text_in(node, "a text")))
    except ParseError as error:
        raise WrongValue(node[0], f"isn't a template: {error.message}") from None
    return origin.item(node)


def _version(node: Node, origin: Origin) -> Item:
    from ..terraform.module.versions import range_of

    what = "a version, such as 5.31.0, or a constraint, such as ~> 5.0"
    found = range_of(_text_in(node, what))
    if found is None or found.is_empty:
        raise WrongValue(node[0], f"has to be {what}, not {node[2]}")
    return origin.item(node)


def _word(words: tuple[str, ...]) -> Callable[[Node, Origin], Item]:
    def read(node: Node, origin: Origin) -> Item:
        word = _text_in(node, f"one of {listed(words, 'or')}")
        if word not in words:
            raise WrongValue(node[0], f"is {listed(words, 'or')}, not {word}{suggestion(word, words)}")
        return origin.item(node)

    return read


def _files(node: Node, origin: Origin) -> tuple[Item, ...]:
    return tuple(_within(one, origin, os.path.isfile, "file") for one in texts_in(node, "a file"))


def _new_file(node: Node, origin: Origin) -> Item:
    _text_in(node, "a file")
    return _within(node, origin, lambda path: not os.path.isdir(path), "file")


def _folders(node: Node, origin: Origin) -> tuple[Item, ...]:
    return tuple(_within(one, origin, os.path.isdir, "folder") for one in texts_in(node, "a folder"))


def _contract(node: Node, origin: Origin) -> Item:
    written = _text_in(node, "the path of a contract, the name of one that tap-lint brings along, or none")
    is_path = "/" in written or written.endswith((".yaml", ".yml"))
    return _within(node, origin, os.path.isfile, "file") if is_path else origin.item(node)


def _within(node: Node, origin: Origin, is_there: Callable[[str], bool], what: str) -> Item:
    """The path that a node names, absolute. WrongValue where it leads out of the repository, or to nothing."""
    written = node[2]
    path = os.path.join(origin.folder, written)
    if "\0" in written:
        raise WrongValue(node[0], "a path has no character of code 0")
    if os.path.isabs(written) or not is_within(path, origin.root):
        raise WrongValue(node[0], f"{written} lies outside the repository: settings lead to what is in it")
    if not is_there(path):
        raise WrongValue(node[0], f"{written}: there is no such {what}")
    return Item(os.path.normpath(path), origin.place(node[0]))


def is_within(path: str, root: str) -> bool:
    """Return True if a path lies in a folder, which is as it really is, also where links on the way lead."""
    real = os.path.realpath(path)
    return real == root or is_below(real, root)


# -- the forms -----------------------------------------------------------------------------------------------------

_ONE_NAME: Mapping[str, Any] = {"type": "string", "pattern": _NAME}
_FILLED: Mapping[str, Any] = {"type": "string", "pattern": r"\S"}


def _one_or_more(item: Mapping[str, Any], least: int = 0) -> Mapping[str, Any]:
    several: dict[str, Any] = {"type": "array", "items": item}
    return {"anyOf": [item, {**several, "minItems": least} if least else several]}


NAMES = Form(_names, _one_or_more(_ONE_NAME))
SOME_NAMES = Form(_some_names, _one_or_more(_ONE_NAME, 1))
TAGS = Form(_tags, _one_or_more(_FILLED))
PATTERNS = Form(_patterns, _one_or_more(_FILLED))
SOME_PATTERNS = Form(_some_patterns, _one_or_more(_FILLED, 1))
SEVERITIES = Form(
    _grades,
    {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": {"enum": list(GRADES)}},
)
PARAMS = Form(
    _params,
    {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": {"type": "object"}},
)
TEMPLATE = Form(_template, _FILLED)
VERSION = Form(_version, {"type": "string", "pattern": r"\d"})
FILES = Form(_files, _one_or_more(_FILLED))
NEW_FILE = Form(_new_file, _FILLED)
FOLDERS = Form(_folders, _one_or_more(_FILLED))
CONTRACT = Form(_contract, _FILLED)


def word_of(*words: str) -> Form:
    """The form of one of several words."""
    return Form(_word(words), {"enum": list(words)})
