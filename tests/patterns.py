"""The steps that a backtracking matcher takes: a regular expression's cost, counted instead of timed.

Python's own engine doesn't tell its steps. This one walks the tree that Python's parser makes of a pattern, tries what
Python's would try in the same order, and counts each try. It knows the operations that the package's patterns use.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

if sys.version_info >= (3, 11):
    from re import _parser as sre_parse
else:
    import sre_parse

Then = Callable[[int], "int | None"]
_ONE = ("LITERAL", "NOT_LITERAL", "IN", "ANY")
_CLASSES = {
    "SPACE": str.isspace,
    "DIGIT": str.isdigit,
    "WORD": lambda character: character.isalnum() or character == "_",
}
_MOST_STEPS = 1_000_000  # about two seconds
_FLAGS = re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL


class TooManySteps(Exception):
    """A pattern that takes so many steps on a test's text that the rest isn't worth counting."""


def steps_to_find(pattern: str | re.Pattern[str], text: str) -> int:
    """The steps of `finditer`: all matches in a text, from left to right."""
    matcher = _Matcher(re.compile(pattern), text)
    position = 0
    with _deep_recursion():
        while position <= len(text):
            end = matcher.match(position, lambda end: end)
            position = position + 1 if end is None or end == position else end
    return matcher.steps


def steps_to_match(pattern: str | re.Pattern[str], text: str) -> int:
    """The steps of `fullmatch`."""
    matcher = _Matcher(re.compile(pattern), text)
    with _deep_recursion():
        matcher.match(0, lambda end: end if end == len(text) else None)
    return matcher.steps


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """A group that is repeated a thousand times is a thousand calls deep here."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class _Matcher:
    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.flags = pattern.flags
        self.tree = list(sre_parse.parse(pattern.pattern, pattern.flags & _FLAGS))
        self.text = text
        self.steps = 0

    def match(self, position: int, then: Then) -> int | None:
        """Where a match that begins here ends, if `then` accepts its end; None where there is none."""
        return self._run(self.tree, 0, position, then)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooManySteps

    def _run(self, operations: list[tuple[Any, Any]], index: int, position: int, then: Then) -> int | None:
        if index == len(operations):
            return then(position)
        self._step()
        operation, argument = operations[index]
        name = str(operation)

        def rest(at: int) -> int | None:
            return self._run(operations, index + 1, at, then)

        if name in _ONE:
            return rest(position + 1) if self._fits(name, argument, position) else None
        if name == "AT":
            return rest(position) if self._is_at(str(argument), position) else None
        if name == "SUBPATTERN":
            return self._run(list(argument[3]), 0, position, rest)
        if name == "BRANCH":
            found = (self._run(list(branch), 0, position, rest) for branch in argument[1])
            return next((end for end in found if end is not None), None)
        if name in ("ASSERT", "ASSERT_NOT"):
            direction, inner = argument
            start = position if direction > 0 else position - inner.getwidth()[0]
            holds = start >= 0 and self._run(list(inner), 0, start, lambda end: end) is not None
            return rest(position) if holds == (name == "ASSERT") else None
        assert name == "MAX_REPEAT", f"{name} isn't known here"
        least, most, inner = argument
        if len(inner) == 1 and str(inner[0][0]) in _ONE:
            return self._repeat_one(inner[0], least, most, position, rest)
        return self._repeat(list(inner), least, most, position, rest)

    def _repeat_one(self, one: tuple[Any, Any], least: int, most: int, position: int, rest: Then) -> int | None:
        """A character again and again: as many as there are, then fewer."""
        count = 0
        while count < most and self._fits(str(one[0]), one[1], position + count):
            count += 1
            self._step()
        for taken in range(count, least - 1, -1):
            end = rest(position + taken)
            if end is not None:
                return end
        return None

    def _repeat(self, inner: list[tuple[Any, Any]], least: int, most: int, position: int, rest: Then) -> int | None:
        def again(at: int) -> int | None:
            return self._repeat(inner, max(least - 1, 0), most - 1, at, rest) if at > position else None

        end = self._run(inner, 0, position, again) if most > 0 else None
        return rest(position) if end is None and least == 0 else end

    def _fits(self, name: str, argument: Any, position: int) -> bool:
        if position >= len(self.text):
            return False
        character = self.text[position]
        if name == "ANY":
            return character != "\n" or bool(self.flags & re.DOTALL)
        written = {character, character.lower(), character.upper()} if self.flags & re.IGNORECASE else {character}
        if name == "IN":
            negated = str(argument[0][0]) == "NEGATE"
            return negated != any(_within(part, one) for part in argument for one in written if len(one) == 1)
        return (chr(cast("int", argument)) in written) == (name == "LITERAL")

    def _is_at(self, place: str, position: int) -> bool:
        if place == "AT_BOUNDARY":
            before = position > 0 and _CLASSES["WORD"](self.text[position - 1])
            return before != (position < len(self.text) and _CLASSES["WORD"](self.text[position]))
        assert place in ("AT_BEGINNING", "AT_END"), f"{place} isn't known here"
        return position == (0 if place == "AT_BEGINNING" else len(self.text))


def _within(part: tuple[Any, Any], character: str) -> bool:
    name, argument = str(part[0]), part[1]
    if name == "LITERAL":
        return chr(argument) == character
    if name == "RANGE":
        return bool(argument[0] <= ord(character) <= argument[1])
    if name == "CATEGORY":
        category = str(argument).removeprefix("CATEGORY_")
        return _CLASSES[category.removeprefix("NOT_")](character) != category.startswith("NOT_")
    return False
