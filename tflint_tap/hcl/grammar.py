"""Drives python-hcl2's grammar over lexemes; what is recognised goes to the lowering at once, no tree is kept."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

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


class _Machine(NamedTuple):
    """The table as the driver uses it. `units` says of each production if it hands a single child on as it is.

    Most of an expression's reductions are such, a level of precedence each. Where a run of them leads depends on
    nothing but the state below, the state on top and what comes next: `jumps` keeps it.
    """

    table: table.ParseTable
    units: list[bool]
    jumps: dict[tuple[int, int, str], int]


@functools.cache
def _machine() -> _Machine:
    loaded = table.load()
    units = [one.unwrap and one.size == 1 and not one.inline for one in loaded.productions]
    return _Machine(loaded, units, {})


def run(lexemes: Iterable[Lexeme], callbacks: Mapping[str, Callback]) -> Child:
    """The result of the grammar's start, or UnexpectedLexeme."""
    machine = _machine()
    (actions, productions, start, end), units, jumps = machine
    calls = [callbacks.get(production.name) for production in productions]
    states = [start]
    values: list[Child] = []
    steps = actions[start]
    lexeme: Lexeme | None = None
    previous: Lexeme | None = None
    for lexeme in chain(lexemes, (None,)):
        terminal = "$END" if lexeme is None else lexeme.type
        while True:
            code = steps.get(terminal)
            if code is None:
                if lexeme is None and states[-1] == end:
                    return values[-1]
                raise UnexpectedLexeme(lexeme, previous, frozenset(steps))
            if not code & 1:
                break
            number = code >> 1
            if units[number]:
                place = states[-2], states[-1], terminal
                state = jumps.get(place)
                if state is None:
                    state = jumps[place] = _jump(*place, machine)
                states[-1] = state
                steps = actions[state]
                continue
            origin, size, _, unwrap, inline, is_list = productions[number]
            if size:
                children = values[-size:]
                del values[-size:]
                del states[-size:]
            else:
                children = []
            if inline:
                children = _spliced(children, inline)
            if is_list:
                values.append(children)
            elif unwrap and len(children) == 1:
                values.append(children[0])
            else:
                call = calls[number]
                values.append(call(children) if call is not None else children)
            state = actions[states[-1]][origin] >> 1
            states.append(state)
            steps = actions[state]
        code >>= 1
        states.append(code)
        values.append(lexeme)
        steps = actions[code]
        previous = lexeme
    return values[-1]


def _jump(below: int, state: int, terminal: str, machine: _Machine) -> int:
    """The state on top after all reductions that hand a single child on."""
    actions, productions = machine.table.actions, machine.table.productions
    while True:
        code = actions[state].get(terminal)
        if code is None or not code & 1 or not machine.units[code >> 1]:
            return state
        state = actions[below][productions[code >> 1].origin] >> 1


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
