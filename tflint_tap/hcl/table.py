"""python-hcl2's grammar as a parse table, analysed by lark.

The analysis takes over a second and importing lark alone a twentieth of one, so the table of the python-hcl2 that
this was built with is bundled (tools/build_parse_table.py). For another grammar it is made once and kept in the
user's cache: not in site-packages, where the package's folder may not be writable.
"""

from __future__ import annotations

import importlib.util
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from ..text.cache import prepared, remembered

_FORMAT = 2  # raised when the form of the table changes
BUNDLED = Path(__file__).with_name("grammar.json")


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
    """The table of the installed python-hcl2's grammar."""
    text = grammar_file().read_bytes()
    name = f"{len(text)}-{zlib.crc32(text):08x}"
    key = f"{_FORMAT} {name}"
    return _bundled(name) or _table(remembered("grammar", grammar_file(), key, lambda: analyse(text.decode())))


def _bundled(name: str) -> ParseTable | None:
    content = prepared("grammar")
    if content is None:
        import json

        try:
            content = json.loads(BUNDLED.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
    return _table(content["table"]) if content["grammar"] == name else None


def grammar_file() -> Path:
    """The path of python-hcl2's grammar; the package itself isn't imported."""
    spec = importlib.util.find_spec("hcl2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package python-hcl2 isn't installed", name="hcl2")
    return Path(spec.origin).with_name("hcl2.lark")


def _table(plain: Any) -> ParseTable:
    texts, rows, productions, start, end = plain
    symbols = [text.split() for text in texts]
    actions = [
        dict.fromkeys(symbols[which], codes[0]) if len(codes) == 1 else dict(zip(symbols[which], codes, strict=True))
        for which, codes in rows
    ]
    return ParseTable(actions, [Production(*production) for production in productions], start, end)


def analyse(grammar: str) -> Any:
    """The table as plain lists, from lark's LALR analysis; numbered so that a grammar always gives the same.

    Most states share their symbols with others, and most do the same whatever the symbol is. So `rows` have a state's
    symbols by their place in a list, and one code where all are the same.
    """
    from lark import Lark
    from lark.grammar import Rule

    parse_table = Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False).parser.parser._parse_table
    (start,) = parse_table.start_states.values()
    (end,) = parse_table.end_states.values()
    numbers = {start: 0}
    productions: dict[Rule, int] = {}
    actions: list[dict[str, int]] = []
    pending = [start]
    for state in pending:  # grows as it goes
        row = {}
        for symbol, (_, argument) in sorted(parse_table.states[state].items()):
            if isinstance(argument, Rule):
                row[str(symbol)] = 2 * productions.setdefault(argument, len(productions)) + 1
                continue
            if argument not in numbers:
                numbers[argument] = len(numbers)
                pending.append(argument)
            row[str(symbol)] = 2 * numbers[argument]
        actions.append(row)
    places: dict[str, int] = {}
    rows = []
    for row in actions:
        codes = list(row.values())
        which = places.setdefault(" ".join(row), len(places))
        rows.append((which, codes[:1] if len(set(codes)) == 1 else codes))
    return list(places), rows, [_production(rule) for rule in productions], 0, numbers[end]


def _production(rule: Any) -> tuple[Any, ...]:
    from lark.grammar import NonTerminal

    inline = tuple(
        index
        for index, part in enumerate(rule.expansion)
        if isinstance(part, NonTerminal) and part.name.startswith("_")
    )
    origin = str(rule.origin.name)
    unwrap = bool(rule.options.expand1) and not rule.alias
    return origin, len(rule.expansion), str(rule.alias or origin), unwrap, inline, origin.startswith("_")
