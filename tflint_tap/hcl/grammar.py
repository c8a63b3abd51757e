"""Drives python-hcl2's grammar over lexemes; what is recognised goes to the lowering at once, no tree is kept."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import table
from .tokens import Lexeme

# A grammar's child: a Lexeme, a node, or a list of them that is spliced into its parent.
Child = Any
Callback = Callable[[list[Child]], Child]


class UnexpectedLexeme(Exception):
    """The text doesn't go on as the grammar has it: the lexeme (None at the end), and what could stand there."""

    def __init__(self, lexeme: Lexeme | None, previous: Lexeme | None, expected: frozenset[str]) -> None:
        super().__init__()
        self.lexeme = lexeme
        self.previous = previous
        self.expected = expected


@functools.cache
def _table() -> table.ParseTable:
    return table.load()


def run(lexemes: Iterable[Lexeme], callbacks: Mapping[str, Callback]) -> Child:
    """What the grammar's start comes to, or UnexpectedLexeme."""
    actions, productions, start, end = _table()
    calls = [callbacks.get(production.name) for production in productions]
    states = [start]
    values: list[Child] = []
    steps = actions[start]
    lexeme: Lexeme | None = None
    previous: Lexeme | None = None
    for lexeme in lexemes:
        terminal = lexeme.type
        while True:
            code = steps.get(terminal)
            if code is None:
                raise UnexpectedLexeme(lexeme, previous, frozenset(steps))
            if not code & 1:
                break
            steps = _reduce(code >> 1, productions, calls, actions, states, values)
        code >>= 1
        states.append(code)
        values.append(lexeme)
        steps = actions[code]
        previous = lexeme
    while states[-1] != end:
        code = steps.get("$END")
        if code is None:
            raise UnexpectedLexeme(None, lexeme, frozenset(steps))
        steps = _reduce(code >> 1, productions, calls, actions, states, values)
    return values[-1]


def _reduce(
    number: int,
    productions: list[table.Production],
    calls: list[Callback | None],
    actions: list[dict[str, int]],
    states: list[int],
    values: list[Child],
) -> dict[str, int]:
    """Replace what a production matches by its value; the actions of the state that follows."""
    origin, size, _, unwrap, inline, is_list = productions[number]
    if unwrap and size == 1 and not inline:
        states.pop()
    else:
        if size:
            children = values[-size:]
            del values[-size:]
            del states[-size:]
        else:
            children = []
        if inline:
            children = _spliced(children, inline)
        call = calls[number]
        if is_list or (unwrap and len(children) == 1):
            values.append(children if is_list else children[0])
        else:
            values.append(call(children) if call is not None else children)
    state = actions[states[-1]][origin] >> 1
    states.append(state)
    return actions[state]


def _spliced(children: list[Child], inline: tuple[int, ...]) -> list[Child]:
    """The children with lists opened up; a list that comes first grows in place, so that long runs stay linear."""
    if inline[0] == 0:
        spliced: list[Child] = children[0]
        rest = 1
    else:
        spliced = []
        rest = 0
    for index in range(rest, len(children)):
        if index in inline:
            spliced.extend(children[index])
        else:
            spliced.append(children[index])
    return spliced
