"""Matching with RE2's rules in time that grows no faster than pattern times text.

Each pair of place in the pattern and place in the text is tried once at most, so that no pattern can hang; the
number of such pairs is bounded, and beyond the bound the answer is unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from ...records import dataclass
from ..evaluation.conversion import EvaluationError, TooLarge, normal
from ..evaluation.values import NULL, Data, ListValue, MapValue, Value
from .parts import LONGEST_TEXT
from .regular_automata import Automaton
from .regular_classes import Ranges
from .regular_syntax import Assertion, Characters, Choice, Group, Node, Pattern, Repeat, Sequence, parse

_MOST_INSTRUCTIONS = 20_000
_MOST_STEPS = 400_000
_MOST_FIRST = 300

# What it is, where to go on, its argument (where else a split may go on, the slot to save in), the characters.
# Of a split the first target is preferred.
_Instruction: TypeAlias = tuple[str, int, int, Ranges]
Match: TypeAlias = tuple[int, ...]  # start and end of the whole and of each group; -1 where a group took no part


@dataclass(frozen=True, slots=True)
class _Program:
    """A pattern's instructions.

    `first` are the characters that a match may begin with, None where it may be empty or these are many. With
    `anchored` a match begins at the start of the text only.
    """

    instructions: tuple[_Instruction, ...]
    start: int
    slots: int
    first: frozenset[str] | None
    anchored: bool
    automaton: Automaton


@lru_cache(maxsize=1024)
def _compiled(text: str) -> _Program:
    pattern = parse(text)
    instructions: list[_Instruction] = [("match", 0, 0, ())]

    def add(instruction: _Instruction) -> int:
        if len(instructions) >= _MOST_INSTRUCTIONS:
            raise TooLarge(f"the pattern needs more than {_MOST_INSTRUCTIONS} steps")
        instructions.append(instruction)
        return len(instructions) - 1

    def branch(preferred: int, other: int, lazy: bool) -> _Instruction:
        return ("split", other, preferred, ()) if lazy else ("split", preferred, other, ())

    def split(preferred: int, other: int, lazy: bool) -> int:
        return add(branch(preferred, other, lazy))

    def loop(node: Node, then: int, lazy: bool) -> int:
        """One or more times: the split behind the item goes back to its start."""
        place = add(("split", 0, 0, ()))
        start = build(node, place)
        instructions[place] = branch(start, then, lazy)
        return start

    def build(node: Node, then: int) -> int:
        """The start of the instructions for the node that go on with `then`."""
        if isinstance(node, Characters):
            return add(("one", then, 0, node.ranges))
        if isinstance(node, Assertion):
            return add((node.kind, then, 0, ()))
        if isinstance(node, Group):
            inner = build(node.item, add(("save", then, 2 * node.number + 1, ())))
            return add(("save", inner, 2 * node.number, ()))
        if isinstance(node, Sequence):
            for item in reversed(node.items):
                then = build(item, then)
            return then
        if isinstance(node, Choice):
            *options, last = node.options
            start = build(last, then)
            for option in reversed(options):
                start = add(("split", build(option, then), start, ()))
            return start
        return repeat(node, then)

    def repeat(node: Repeat, then: int) -> int:
        if node.most is None:
            if node.least == 0:
                if _nullable(node.item):  # Go: (x+)?, which sets the order right for x that may be empty
                    return split(loop(node.item, then, node.lazy), then, node.lazy)
                place = add(("split", 0, 0, ()))
                start = build(node.item, place)
                instructions[place] = branch(start, then, node.lazy)
                return place
            start = loop(node.item, then, node.lazy)
            for _ in range(node.least - 1):
                start = build(node.item, start)
            return start
        start = then
        for _ in range(node.most - node.least):
            start = split(build(node.item, start), then, node.lazy)
        for _ in range(node.least):
            start = build(node.item, start)
        return start

    start = build(pattern.root, 0)
    first, anchored = _beginning(instructions, start)
    automaton = Automaton(instructions, start, anchored, _within)
    return _Program(tuple(instructions), start, 2 * len(pattern.groups) + 2, first, anchored, automaton)


def _beginning(instructions: list[_Instruction], start: int) -> tuple[frozenset[str] | None, bool]:
    """The characters that a match may begin with, and if it begins at the text's start only.

    None where a match may be empty, or begin with many. Other assertions count as if they held.
    """
    ranges: list[tuple[int, int]] = []
    waiting, seen = [(start, False)], set[tuple[int, bool]]()
    is_empty, is_free = False, False
    while waiting:
        place, at_start = waiting.pop()
        if (place, at_start) in seen:
            continue
        seen.add((place, at_start))
        kind, then, argument, characters = instructions[place]
        if kind == "one":
            ranges += characters
            is_free = is_free or not at_start
        elif kind == "match":
            is_empty = True
            is_free = is_free or not at_start
        else:
            waiting.append((then, at_start or kind == "text start"))
            if kind == "split":
                waiting.append((argument, at_start))
    if is_empty or sum(high - low + 1 for low, high in ranges) > _MOST_FIRST:
        return None, not is_free
    return frozenset(chr(code) for low, high in ranges for code in range(low, high + 1)), not is_free


def _nullable(node: Node) -> bool:
    """Return True if a node may match nothing."""
    if isinstance(node, Characters):
        return False
    if isinstance(node, Sequence):
        return all(_nullable(item) for item in node.items)
    if isinstance(node, Choice):
        return any(_nullable(option) for option in node.options)
    if isinstance(node, Repeat):
        return node.least == 0 or _nullable(node.item)
    return isinstance(node, Assertion) or _nullable(node.item)


def find(text: str, subject: str, begin: int = 0, budget: list[int] | None = None) -> Match | None:
    """The leftmost match from `begin` on, of several there the one that Perl would take."""
    program = _compiled(text)
    if program.automaton.matches(subject, begin) is False:
        return None
    steps = budget if budget is not None else [_MOST_STEPS]
    tried: set[int] = set()
    start, first = begin, program.first
    while start <= len(subject):
        if program.anchored and start > 0:
            return None
        if first is not None and (start == len(subject) or subject[start] not in first):
            start += 1
            continue
        found = _run(program, subject, start, tried, steps)
        if found is not None:
            return found
        start += 1
    return None


def _run(program: _Program, subject: str, start: int, tried: set[int], steps: list[int]) -> Match | None:
    """The match that begins there. What failed once from a place in the text fails again, so it isn't tried twice."""
    instructions = program.instructions
    width = len(subject) + 1
    slots = [-1] * program.slots
    slots[0] = start
    # Where to go on: an instruction and a place; or, below nought, a slot to set back and its old value.
    waiting: list[tuple[int, int]] = [(program.start, start)]
    while waiting:
        place, position = waiting.pop()
        if place < 0:
            slots[-place] = position
            continue
        while True:
            key = place * width + position
            if key in tried:
                break
            tried.add(key)
            steps[0] -= 1
            if steps[0] < 0:
                raise TooLarge("the pattern takes too many steps on this text")
            kind, then, argument, ranges = instructions[place]
            if kind == "one":
                if position >= len(subject) or not _within(ranges, ord(subject[position])):
                    break
                position += 1
            elif kind == "split":
                waiting.append((argument, position))
            elif kind == "save":
                waiting.append((-argument, slots[argument]))
                slots[argument] = position
            elif kind == "match":
                slots[1] = position
                return tuple(slots)
            elif not _holds(kind, subject, position):
                break
            place = then
    return None


def _within(ranges: Ranges, code: int) -> bool:
    place = bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and code <= ranges[place][1]


def _holds(kind: str, subject: str, position: int) -> bool:
    if kind == "text start":
        return position == 0
    if kind == "text end":
        return position == len(subject)
    if kind == "line start":
        return position == 0 or subject[position - 1] == "\n"
    if kind == "line end":
        return position == len(subject) or subject[position] == "\n"
    before = position > 0 and _is_word(subject[position - 1])
    after = position < len(subject) and _is_word(subject[position])
    return (before != after) == (kind == "boundary")


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def matches(text: str, subject: str) -> Iterator[Match]:
    """All matches, one behind the other; an empty one not right behind the one before."""
    budget = [_MOST_STEPS]
    position = 0
    end = -1
    while position <= len(subject):
        found = find(text, subject, position, budget)
        if found is None:
            return
        if found[1] > found[0]:
            yield found
            position = end = found[1]
        else:
            if found[0] != end:
                yield found
            end = found[1] if found[0] != end else end
            position = found[1] + 1


def occurs(text: str, subject: str) -> bool | None:
    """True if regex() finds a match, False if it doesn't; None where that takes the search itself."""
    _named_or_not(text)
    return _compiled(text).automaton.matches(subject, 0)


def first_match(text: str, subject: str) -> Value | Data:
    """The result of regex(): the match, a tuple of its groups, or an object of its named groups."""
    pattern = _named_or_not(text)
    found = _first(text, subject)
    if found is None:
        raise EvaluationError("pattern did not match any part of the given string")
    return _result(pattern, found, subject)


@lru_cache(maxsize=4096)
def _first(text: str, subject: str) -> Match | None:
    """The first match: conditions ask the same of many texts, and of the same text."""
    return find(text, subject)


def all_matches(text: str, subject: str) -> ListValue:
    """The result of regexall(): that of regex() for each match."""
    pattern = _named_or_not(text)
    return ListValue(tuple(_result(pattern, found, subject) for found in matches(text, subject)), "list")


def mistake_in(text: str) -> str | None:
    """What is wrong with a pattern, None where RE2 takes it."""
    try:
        _named_or_not(text)
        _compiled(text)
    except EvaluationError as error:
        return error.reason
    return None


def _named_or_not(text: str) -> Pattern:
    pattern = parse(text)
    if any(name is None for name in pattern.groups) and any(name is not None for name in pattern.groups):
        raise EvaluationError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return pattern


def _result(pattern: Pattern, found: Match, subject: str) -> Value:
    groups = [
        NULL if found[slot] < 0 else Value(normal(subject[found[slot] : found[slot + 1]]))
        for slot in range(2, len(found), 2)
    ]
    if not groups:
        return Value(normal(subject[found[0] : found[1]]))
    if pattern.groups[0] is None:
        return Value(ListValue(tuple(groups)))
    return Value(MapValue({name or "": group for name, group in zip(pattern.groups, groups, strict=True)}))


_EXPANSION = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def replaced(text: str, subject: str, template: str) -> str:
    """All matches replaced; in the template `$1`, `${1}` and `${name}` stand for groups, `$$` for a dollar."""
    groups = parse(text).groups
    made = []
    position = 0
    size = 0
    for found in matches(text, subject):
        expanded = _expanded(template, groups, found, subject)
        made += [subject[position : found[0]], expanded]
        position = found[1]
        size += len(expanded)
        if size > LONGEST_TEXT:
            raise TooLarge(f"replace would give more than {LONGEST_TEXT} characters")
    return "".join([*made, subject[position:]])


def _expanded(template: str, groups: tuple[str | None, ...], found: Match, subject: str) -> str:
    return _EXPANSION.sub(lambda match: _group_text(match, groups, found, subject), template)


def _group_text(match: re.Match[str], groups: tuple[str | None, ...], found: Match, subject: str) -> str:
    if match.group(1):
        return "$"
    name = match.group(2) or match.group(3)
    if name.isascii() and name.isdigit() and (name == "0" or not name.startswith("0")):
        number = int(name) if len(name) < 6 else len(groups) + 1
        numbers = [number] if number <= len(groups) else []
    else:
        numbers = [number for number, group in enumerate(groups, 1) if group == name]
    for number in numbers:
        if found[2 * number] >= 0:
            return subject[found[2 * number] : found[2 * number + 1]]
    return ""
