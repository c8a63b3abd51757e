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


# Rules of a single child which say nothing more than the child does.
_HANDED_ON = frozenset({"identifier", "keyword", "literal_value", "string_part", "binary_operator"})


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
    units = [one.size == 1 and not one.inline and (one.unwrap or one.name in _HANDED_ON) for one in loaded.productions]
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
        while (code := steps.get(terminal, 0)) & 1:
            number = code >> 1
            if units[number]:
                place = states[-2], states[-1], terminal
                if place in jumps:
                    state = jumps[place]
                else:
                    state = jumps[place] = _jump(*place, machine)
                states[-1] = state
                steps = actions[state]
                continue
            origin, size, _, unwrap, inline, is_list = productions[number]
            call = calls[number]
            if size == 1 and not inline:
                values[-1] = [values[-1]] if is_list or call is None else call([values[-1]])
                state = states[-1] = actions[states[-2]][origin] >> 1
                steps = actions[state]
                continue
            if size:
                children = values[-size:]
                del values[-size:]
                del states[-size:]
                if inline:
                    children = _spliced(children, inline)
            else:
                children = []
            if is_list:
                values.append(children)
            elif unwrap and len(children) == 1:
                values.append(children[0])
            else:
                values.append(children if call is None else call(children))
            state = actions[states[-1]][origin] >> 1
            states.append(state)
            steps = actions[state]
        if not code:  # nothing leads to the first state
            if lexeme is None and states[-1] == end:
                break
            raise UnexpectedLexeme(lexeme, previous, frozenset(steps))
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
    for index in reversed(inline):
        if index:
            children[index : index + 1] = children[index]
        else:
            first: list[Child] = children[0]
            first.extend(children[1:])
            return first
    return children
