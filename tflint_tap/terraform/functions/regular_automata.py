"""If a pattern matches anywhere in a text: asked of an automaton, that is made as texts need it.

Most texts don't match most patterns, and most conditions ask nothing else. An automaton looks at each character once,
where the search for the match itself tries each way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .regular_classes import Ranges

# Instructions of a compiled pattern, as regular_expressions describes them.
_Instructions = Sequence[tuple[str, int, int, Ranges]]
_KNOWN = frozenset(("one", "split", "save", "match", "text start", "text end"))
_MOST_WORK = 100_000  # steps that the making of states may take; beyond, there is no automaton any more


class _State:
    """The instructions that wait for a character. `accepts` is if a match is complete, `at_end` if the end makes it."""

    __slots__ = ("accepts", "at_end", "places", "then")

    def __init__(self, places: frozenset[int], accepts: bool, at_end: bool) -> None:
        self.places = places
        self.accepts = accepts
        self.at_end = at_end
        self.then: dict[str, _State] = {}


class Automaton:
    """Tells of texts if a pattern matches in them."""

    def __init__(
        self, instructions: _Instructions, start: int, anchored: bool, within: Callable[[Ranges, int], bool]
    ) -> None:
        self._instructions = instructions
        self._start = start
        self._anchored = anchored
        self._within = within
        self._states: dict[frozenset[int], _State] = {}
        self._left = _MOST_WORK if all(instruction[0] in _KNOWN for instruction in instructions) else -1
        self._first: tuple[_State, _State] | None = None

    def matches(self, text: str, begin: int) -> bool | None:
        """True if there is a match from `begin` on; None where the automaton can't tell."""
        if self._left < 0:
            return None
        if self._first is None:
            self._first = self._state([self._start], True), self._state(self._anew(), False)
        state = self._first[0 if begin == 0 else 1]
        for position in range(begin, len(text)):
            if state.accepts:
                return True
            character = text[position]
            following = state.then.get(character)
            if following is None:
                following = state.then[character] = self._after(state, character)
                if self._left < 0:
                    return None
            state = following
        return state.accepts or state.at_end

    def _anew(self) -> list[int]:
        """Where a match begins behind the start of the text."""
        return [] if self._anchored else [self._start]

    def _after(self, state: _State, character: str) -> _State:
        code = ord(character)
        waiting = self._anew()
        for place in state.places:
            _, then, _, ranges = self._instructions[place]
            if self._within(ranges, code):
                waiting.append(then)
        self._left -= len(state.places)
        return self._state(waiting, False)

    def _state(self, waiting: list[int], at_start: bool) -> _State:
        """The state of these instructions; what takes no character is followed."""
        places, accepts, ends = self._closed(waiting, at_start, False)
        at_end = bool(ends) and self._closed(ends, at_start, True)[1]
        key = frozenset((*places, -1 - accepts - 2 * at_end))
        if key not in self._states:
            self._states[key] = _State(frozenset(places), accepts, at_end)
        return self._states[key]

    def _closed(self, waiting: list[int], at_start: bool, at_end: bool) -> tuple[list[int], bool, list[int]]:
        """What takes a character, if the pattern is at its end, and what only the text's end lets on."""
        pending, seen = list(waiting), set[int]()
        places: list[int] = []
        ends: list[int] = []
        accepts = False
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            kind, then, argument, _ = self._instructions[place]
            if kind == "one":
                places.append(place)
            elif kind == "match":
                accepts = True
            elif kind == "text end" and not at_end:
                ends.append(place)
            elif kind != "text start" or at_start:
                pending.append(then)
                if kind == "split":
                    pending.append(argument)
        self._left -= len(seen)
        return places, accepts, ends
