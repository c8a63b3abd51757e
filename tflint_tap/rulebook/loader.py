"""rules/**/*.yaml → rules. A card's own mistakes are reported with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, cast

from ..rule import Rule
from ..text.cache import OWN_RULES, prepared, remembered
from ..text.looking import look
from ..text.yaml_text import Node, YamlError, compose, load
from .index import entry_of, rule_of

BUNDLED = OWN_RULES if OWN_RULES.is_dir() else OWN_RULES.parent.parent / "rules"  # in a checkout it lies beside
_HERE = Path(__file__).parent
_PACKING = _HERE.parent / "hcl" / "packing.py"
_SOURCES = (*sorted(_HERE.glob("*.py")), _PACKING, _HERE.parent / "aws" / "edges.tsv")  # what an index is made by


class CardError(Exception):
    """A card that can't be used: `path:line: what is wrong`."""


def load_rules(*directories: Path) -> tuple[Rule, ...]:
    """The rules of these folders, in the order of their ids; a later folder's card replaces an earlier one's."""
    entries: dict[str, tuple[Any, ...]] = {}
    for directory in directories:
        entries |= _entries(directory)
    return tuple(rule_of(id_, entries[id_]) for id_ in sorted(entries))


def _entries(directory: Path) -> dict[str, tuple[Any, ...]]:
    """The index of a folder's cards, by their ids: the wheel's own, or kept since the cards were found to be right."""
    made: dict[str, tuple[Any, ...]] | None = prepared("rules") if directory == OWN_RULES else None
    if made is None:
        states = [(str(path), *_state(path)) for path in (*_SOURCES, *_cards(directory))]
        made = remembered("rules", directory, states, lambda: index_of(directory))
    return made


def index_of(directory: Path) -> dict[str, tuple[Any, ...]]:
    """The index of a folder's cards, by their ids. CardError with the line of what is wrong."""
    cards = _cards(directory)
    known = {_id(path) for path in (*cards, *_cards(BUNDLED))}
    return {_id(path): entry_of(_id(path), _sound(path, known)) for path in cards}


def _cards(directory: Path) -> list[Path]:
    return [path for path in sorted(directory.glob("*/*.yaml")) if path.parent.name != "contracts"]


def _state(path: Path) -> tuple[int, int]:
    look(path)  # a card that was found to be right isn't read again
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def read_card(path: Path) -> Rule:
    """One card. CardError with the line of what is wrong."""
    return rule_of(_id(path), entry_of(_id(path), _sound(path)))


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _sound(path: Path, known: Collection[str] | None = None) -> dict[str, Any]:
    """The content of a card, if all of it is right; else CardError. `known` are the ids of the rules there are."""
    from .soundness import mistake_of

    text = path.read_text(encoding="utf-8")
    try:
        content = load(text)
    except YamlError as error:
        colon = "mapping values" in str(error)  # ` : ` ends a plain scalar
        hint = "; write the condition as a block: `require: >-`" if colon else ""
        raise CardError(f"{path}:{error.line}: {error}{hint}") from None
    if not isinstance(content, dict):
        raise CardError(f"{path}:1: a card is a mapping")
    nodes = compose(text)
    again = _repeated(nodes)
    if again is not None:
        raise CardError(f"{path}:{again[0]}: the key {again[1]} stands here a second time")
    mistake = mistake_of(_id(path), cast("Mapping[str, Any]", content), known)
    if mistake is not None:
        raise CardError(f"{path}:{line_of(nodes, mistake.path)}: {mistake.message}")
    return cast("dict[str, Any]", content)


def _repeated(node: Node | None) -> tuple[int, str] | None:
    """Line and name of the first key that a mapping has twice: YAML would take the last one in silence."""
    pending = [] if node is None else [node]
    for _, kind, content in pending:
        if kind == "mapping":
            seen: set[str] = set()
            for key, value in content:
                if key[1] == "text" and key[2] in seen:
                    return key[0], key[2]
                seen.add(str(key[2]))
                pending.append(value)
        elif kind == "list":
            pending += content
    return None


def line_of(node: Node | None, path: tuple[str | int, ...]) -> int:
    """The line of a key or item, as near as the path leads."""
    line = node[0] if node is not None else 1
    for step in path:
        if node is None:
            break
        _, kind, content = node
        if kind == "mapping":
            found = [(key[0], value) for key, value in content if key[2] == str(step)]
            if not found:
                break
            line, node = found[-1]
        elif kind == "list" and isinstance(step, int) and step < len(content):
            node = content[step]
            line = node[0]
        else:
            break
    return line
