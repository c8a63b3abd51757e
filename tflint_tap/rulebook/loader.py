"""rules/**/*.yaml → rules. A card's own mistakes are reported with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from ..rule import Rule
from ..text.cache import OWN_RULES, prepared, remembered
from ..text.looking import look
from ..text.yaml_text import Node, YamlError, compose, expanded_size, load, repeated_key
from .index import entry_of, rule_of

BUNDLED = OWN_RULES if OWN_RULES.is_dir() else OWN_RULES.parent.parent / "rules"  # in a checkout it lies beside
_HERE = Path(__file__).parent
_PACKING = _HERE.parent / "hcl" / "packing.py"
_SOURCES = (*sorted(_HERE.glob("*.py")), _PACKING, _HERE.parent / "aws" / "edges.tsv")  # what an index is made by
_LARGEST_CARD = 500_000  # bytes, of one that isn't the package's own
_MOST_PARTS = 50_000  # of its YAML, as aliases repeat them


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


def load_foreign_rules(directory: Path, is_within: Callable[[str], bool]) -> tuple[Rule, ...]:
    """The rules of a folder that isn't to be trusted: conditions alone, in files that lie within its repository.

    CardError for a card that names Python, or that a link leads to from elsewhere.
    """
    cards = _cards(directory)
    for path in cards:
        if not is_within(str(path)):
            raise CardError(f"{path}:1: it is a link that leads out of the repository")
        if not path.is_file() or path.stat().st_size > _LARGEST_CARD:
            raise CardError(f"{path}:1: not a file of at most {_LARGEST_CARD:,} bytes")
    states = [(str(path), *_state(path)) for path in (*_SOURCES, *cards)]
    entries = remembered("foreign-rules", directory, states, lambda: _foreign_index(cards))
    return tuple(rule_of(id_, entries[id_]) for id_ in sorted(entries))


def _foreign_index(cards: Iterable[Path]) -> dict[str, tuple[Any, ...]]:
    listed = tuple(cards)
    known = {_id(path) for path in (*listed, *_cards(BUNDLED))}
    made: dict[str, tuple[Any, ...]] = {}
    for path in listed:
        try:
            nodes = compose(path.read_text(encoding="utf-8"))
        except YamlError as error:
            raise CardError(f"{path}:{error.line}: {error}") from None
        except (UnicodeDecodeError, RecursionError):
            raise CardError(f"{path}:1: not valid UTF-8, or nested too deeply") from None
        if expanded_size(nodes) > _MOST_PARTS:
            raise CardError(f"{path}:1: more than {_MOST_PARTS:,} values, as its aliases repeat them")
        content = {} if _names_python(nodes) else _sound(path, known)
        if not content or "check" in content:  # a merge key of YAML may have brought it in
            where = line_of(nodes, ("check",))
            raise CardError(f"{path}:{where}: check names Python, which isn't run from a repository: write conditions")
        made[_id(path)] = entry_of(_id(path), content)
    return made


def _names_python(nodes: Node | None) -> bool:
    return nodes is not None and nodes[1] == "mapping" and any(key[2] == "check" for key, _ in nodes[2])


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
    again = repeated_key(nodes)
    if again is not None:
        raise CardError(f"{path}:{again[0]}: the key {again[1]} stands here a second time")
    mistake = mistake_of(_id(path), cast("Mapping[str, Any]", content), known)
    if mistake is not None:
        raise CardError(f"{path}:{line_of(nodes, mistake.path)}: {mistake.message}")
    return cast("dict[str, Any]", content)


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
