"""Figures in running text: `<400ms P95` and `less than 400 milliseconds at the 95th percentile` are the same.

Only quantities of time, rates over time and shares are figures; `45k hotels`, versions, ports and years are none. What
a bare number or an ordinal could be as well (`a second queue`) isn't one either: not to read a figure costs less than
to read a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ..records import dataclass, replace
from . import lexicon
from .figures import Bound, Figure
from .lexicon import Token, phrases, tokens_of


def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures of a text in their order. Takes time in proportion to the text's length."""
    tokens = tokens_of(text)
    found = list(_Reading(tokens).figures())
    return tuple(_qualified(found, tokens))


@dataclass(slots=True)
class _Amount:
    """A number with its unit, where it has one, as tokens [start, end)."""

    number: Fraction
    unit: str | None
    start: int
    end: int
    is_vague: bool = False  # "a second" may be an ordinal


_MOST_WORDS = 6  # of a number in words, and between a bound and its number
_COUNTED_WORDS = 4  # "70,000 concurrent booking API requests per minute"


class _Reading:
    """Reads the figures of a row of tokens from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens

    def figures(self) -> Iterator[Figure]:
        position = taken = 0
        while position < len(self.tokens):
            figure, last = self._figure(position, taken)
            if figure is not None:
                yield from figure
                taken = last
            position = max(position + 1, last)

    def _text(self, position: int) -> str:
        return self.tokens[position].text if 0 <= position < len(self.tokens) else ""

    def _kind(self, position: int) -> str:
        return self.tokens[position].kind if 0 <= position < len(self.tokens) else "stop"

    def _figure(self, position: int, taken: int) -> tuple[list[Figure] | None, int]:
        """The figures that begin with the number at a position, and the position behind them.

        `taken` is the position behind the last figure: words before it belong to that.
        """
        amount = self._amount(position)
        if amount is None:
            return None, position
        first, bound = self._bound_before(position, taken)
        if amount.unit is None:
            return self._with_shared_unit(amount, bound, first)
        if amount.is_vague and (bound in (Bound.EXACTLY, Bound.ABOUT) or not self._ends_time(amount.end)):
            return None, position
        upper = self._range_end(amount) if bound in (Bound.EXACTLY, Bound.ABOUT) else None
        if upper is not None and upper.unit == amount.unit:
            return [self._made(Bound.BETWEEN, upper, first, amount.number)], upper.end
        end = amount.end
        if bound in (Bound.EXACTLY, Bound.ABOUT):
            bound, end = self._bound_behind(amount, bound)
        return [self._made(bound, amount, first, end=end)], end

    def _made(
        self, bound: Bound, amount: _Amount, first: int, low: Fraction | None = None, end: int | None = None
    ) -> Figure:
        unit = amount.unit
        assert unit is not None
        last = self.tokens[(amount.end if end is None else end) - 1]
        return Figure(bound, amount.number, unit, frozenset(), low, self.tokens[first].start, last.end)

    def _with_shared_unit(self, amount: _Amount, bound: Bound, first: int) -> tuple[list[Figure] | None, int]:
        """`5-10 seconds` is a range; in `1,200 sustained / 2,000 burst RPS` both numbers are rates."""
        upper = self._range_end(amount)
        if upper is not None and upper.unit is not None:
            return [self._made(Bound.BETWEEN, upper, first, amount.number)], upper.end
        position = amount.end
        while self._text(position) in lexicon.BURST | lexicon.SUSTAINED | {"p#"} and position < amount.end + 2:
            position += 1
        if self._text(position) not in ("/", "and", "or"):
            return None, amount.start
        second = position + 1
        while self._kind(second) == "sign" and second < position + 3:
            second += 1
        other = self._amount(second)
        if other is None or other.unit is None or other.is_vague:
            return None, amount.start
        _, bound_of_other = self._bound_before(second, position + 1)
        if bound_of_other is Bound.EXACTLY:
            bound_of_other = bound
        last = self.tokens[amount.end - 1]
        mine = Figure(bound, amount.number, other.unit, start=self.tokens[first].start, end=last.end)
        return [mine, self._made(bound_of_other, other, second)], other.end

    def _range_end(self, amount: _Amount) -> _Amount | None:
        joint = self._text(amount.end)
        is_between = joint == "and" and self._text(amount.start - 1) == "between"
        if joint not in lexicon.DASHES and joint != "to" and not is_between:
            return None
        return self._amount(amount.end + 1)

    # -- numbers and units ---------------------------------------------------------------------------------

    def _amount(self, position: int) -> _Amount | None:
        """A number in digits or words, with its unit."""
        token = self.tokens[position] if position < len(self.tokens) else None
        if token is None:
            return None
        if token.number is not None:
            return self._in_digits(position, token.number, token.glued)
        if token.text in ("a", "an", "every", "sub", "half") or token.text in ("subsecond", "subminute"):
            return self._one(position)
        if token.text in lexicon.NUMBER_WORDS:
            number, end = self._in_words(position)
            return self._with_unit(_Amount(number, None, position, end))
        return None

    def _in_digits(self, position: int, number: Fraction, glued: str) -> _Amount | None:
        end = position + 1
        amount = _Amount(number, None, position, end)
        if glued == "M" or glued.lower() == "k":
            amount.number *= 1_000_000 if glued == "M" else 1000
        elif glued.lower() in lexicon.GLUED_TIMES:
            amount.number *= lexicon.GLUED_TIMES[glued.lower()]
            amount.unit = "s"
            return amount
        elif glued.lower() in lexicon.RATES:
            amount.unit = lexicon.RATES[glued.lower()]
            return amount
        elif glued:
            return None
        elif self._text(end) in lexicon.MULTIPLIERS:
            amount.number *= lexicon.MULTIPLIERS[self._text(end)]
            amount.end += 1
        return self._with_unit(amount)

    def _in_words(self, position: int) -> tuple[Fraction, int]:
        """seventy thousand, four hundred, forty-five; at most a few words."""
        total = part = 0
        end = position
        for step in range(position, min(position + 2 * _MOST_WORDS, len(self.tokens))):
            word = self._text(step)
            if word in lexicon.NUMBER_WORDS:
                if part % 100 and not (part % 10 == 0 and lexicon.NUMBER_WORDS[word] < 10):
                    break
                part += lexicon.NUMBER_WORDS[word]
            elif word == "hundred":
                part *= 100
            elif word in lexicon.SCALES:
                total, part = total + part * lexicon.SCALES[word], 0
            elif word in ("-", "and") and self._text(step + 1) in lexicon.NUMBER_WORDS:
                if word == "and" and part % 100:
                    break
                continue
            else:
                break
            end = step + 1
        return Fraction(total + part), end

    def _one(self, position: int) -> _Amount | None:
        """A time without a number: under a minute, every second, sub-second, half a second."""
        word = self._text(position)
        if word in ("subsecond", "subminute"):
            return _Amount(lexicon.TIMES[word[3:]], "s", position, position + 1)
        end = position + 1
        if word in ("sub", "half") and self._text(end) in ("-", "a"):
            end += 1
        unit = self._text(end)
        if unit not in ("millisecond", "second", "minute", "hour", "day"):
            return None
        number = lexicon.TIMES[unit] * (Fraction(1, 2) if word == "half" else 1)
        return _Amount(number, "s", position, end + 1, is_vague=word in ("a", "an", "every"))

    def _with_unit(self, amount: _Amount) -> _Amount:
        """The amount with the unit behind it, if there is one."""
        position = amount.end
        if self._text(position) == "-" and self._text(position + 1) in lexicon.TIMES:
            position += 1
        word = self._text(position)
        if word in lexicon.SHARES:
            return replace(amount, unit="%", end=position + 1)
        if word in lexicon.TIMES:
            return replace(amount, number=amount.number * lexicon.TIMES[word], unit="s", end=position + 1)
        for step in range(position, position + _COUNTED_WORDS + 1):
            word = self._text(step)
            if word in lexicon.RATES:
                return replace(amount, unit=lexicon.RATES[word], end=step + 1)
            if word in lexicon.PER:
                unit = self._text(step + 1)
                seconds = (lexicon.GLUED_TIMES if word == "/" else lexicon.TIMES).get(unit)
                if seconds in lexicon.RATE_UNITS:
                    return replace(amount, unit=lexicon.RATE_UNITS[seconds], end=step + 2)
                break
            if self._kind(step) != "word" or word in lexicon.NOT_COUNTED or word in lexicon.NUMBER_WORDS:
                break
        return amount

    def _ends_time(self, position: int) -> bool:
        """Return True if the text behind `a second` shows that it is a time."""
        return self._kind(position) != "word" or self._text(position) in lexicon.AFTER_A_TIME

    # -- bounds --------------------------------------------------------------------------------------------

    def _bound_before(self, position: int, taken: int) -> tuple[int, Bound]:
        """The start of the words about a number before it, and the bound that they state."""
        if self._text(position) in ("sub", "subsecond", "subminute"):
            return position, Bound.AT_MOST
        if self._text(position) == "every":
            return position, Bound.EVERY
        first, about = position, False
        step = position - 1
        while step >= max(taken, position - _MOST_WORDS):
            if self._text(step) == "-" and self._text(step - 1) == "sub":
                step -= 1
            for bound, listed in _BEFORE:
                length = self._phrase_ending(listed, step, taken)
                if length == 0:
                    continue
                first = step - length + 1
                if bound is Bound.ABOUT:
                    about = True
                    step = first
                    break
                return self._negated(bound, first, taken)
            else:
                if self._text(step) not in lexicon.FILLERS:
                    break
            step -= 1
        return first, Bound.ABOUT if about else Bound.EXACTLY

    def _negated(self, bound: Bound, first: int, taken: int) -> tuple[int, Bound]:
        """`no more than`, `must not take longer than`: the other bound."""
        before = first - 1
        if self._text(before) in lexicon.TAKING or self._text(first) in ("exceed", "exceeding"):
            while before >= max(taken, first - 3) and self._text(before) in lexicon.TAKING:
                before -= 1
        if before < taken or self._text(before) not in lexicon.NEGATIONS:
            return first, bound
        opposite = {Bound.AT_MOST: Bound.AT_LEAST, Bound.AT_LEAST: Bound.AT_MOST}
        return before, opposite.get(bound, bound)

    def _bound_behind(self, amount: _Amount, bound: Bound) -> tuple[Bound, int]:
        """The bound that the words behind a number state, and the end of those words."""
        end = amount.end
        if self._text(end) == "or" and self._text(end + 1) in lexicon.OR_LESS:
            return Bound.AT_MOST, end + 2
        if self._text(end) == "or" and self._text(end + 1) in lexicon.OR_MORE:
            return Bound.AT_LEAST, end + 2
        for other, listed in _BEHIND:
            length = self._phrase_starting(listed, end)
            if length:
                return other, end + length
        if amount.unit == "s" and bound is Bound.EXACTLY and self._is_schedule(end):
            return Bound.EVERY, end
        return bound, end

    def _is_schedule(self, position: int) -> bool:
        words = []
        for step in range(position, position + 3):
            if self._kind(step) != "word":
                break
            words.append(self._text(step))
        if any(word in lexicon.LIMITS for word in words):
            return False
        return any(word in lexicon.SCHEDULES for word in words) or bool(words and words[0] in lexicon.RUNS)

    def _phrase_ending(self, listed: tuple[tuple[str, ...], ...], step: int, taken: int) -> int:
        for phrase in listed:
            first = step - len(phrase) + 1
            if first >= taken and self._text(step) == phrase[-1] and self._are(phrase, first):
                return len(phrase)
        return 0

    def _phrase_starting(self, listed: tuple[tuple[str, ...], ...], step: int) -> int:
        return next((len(phrase) for phrase in listed if self._are(phrase, step)), 0)

    def _are(self, phrase: tuple[str, ...], first: int) -> bool:
        return all(self._text(first + offset) == word for offset, word in enumerate(phrase))


_BEFORE = (
    (Bound.AT_MOST, phrases(lexicon.AT_MOST)),
    (Bound.AT_LEAST, phrases(lexicon.AT_LEAST)),
    (Bound.EVERY, phrases(lexicon.EVERY)),
    (Bound.ABOUT, phrases(lexicon.ABOUT)),
)
_BEHIND = (
    (Bound.AT_MOST, phrases(lexicon.AFTER_AT_MOST)),
    (Bound.AT_LEAST, phrases(lexicon.AFTER_AT_LEAST)),
)


# Qualifiers


def _qualified(figures: list[Figure], tokens: list[Token]) -> Iterator[Figure]:
    """The figures with the percentiles and the like that belong to them.

    Of the two figures that a qualifier stands between it goes with the one that no comma or the like parts it
    from; percentiles go with times only, bursts with rates only.
    """
    owned: list[set[str]] = [set() for _ in figures]
    index = 0  # of the first figure that doesn't end before the token
    gap: list[Token] = []
    for token in tokens:
        while index < len(figures) and figures[index].end <= token.start:
            _settle(figures, owned, index - 1, index, gap)
            gap = []
            index += 1
        if index < len(figures) and figures[index].start <= token.start:
            if name := _qualifier(token):
                owned[index].add(name)  # within the figure: 2,000 burst RPS
        else:
            gap.append(token)
    _settle(figures, owned, index - 1, index, gap)
    for figure, names in zip(figures, owned, strict=True):
        fitting = {name for name in names if _fits(figure, name)}
        yield replace(figure, qualifiers=frozenset(fitting))


def _settle(figures: list[Figure], owned: list[set[str]], before: int, after: int, gap: list[Token]) -> None:
    """Give what stands between two figures to either."""
    if not gap:
        return
    first, last = _places(gap, _parts)
    first_stop, last_stop = _places(gap, _ends_sentence)
    for position, token in enumerate(gap):
        name = _qualifier(token)
        if name is None:
            continue
        may = [index for index in (before, after) if 0 <= index < len(figures) and _fits(figures[index], name)]
        if len(may) == 2:
            parted_before, parted_after = first < position, position < last
            taken = any((name[0] == "p") == (other[0] == "p") for other in owned[before])
            if parted_before != parted_after:
                may = [after if parted_before else before]
            elif parted_before:
                may = [before]
            else:
                may = [before if position == 0 and not taken else after]
        if len(may) == 1 and not (position < last_stop if may[0] == after else first_stop < position):
            owned[may[0]].add(name)


def _places(gap: list[Token], wanted: Callable[[Token], bool]) -> tuple[int, int]:
    """The first and the last such token of a gap; beyond its ends where there is none."""
    places = [position for position, token in enumerate(gap) if wanted(token)]
    return (places[0], places[-1]) if places else (len(gap), -1)


def _parts(token: Token) -> bool:
    return (token.kind == "stop" and token.text != "(") or token.text in lexicon.PARTING


def _ends_sentence(token: Token) -> bool:
    return token.text in (".", "!", "?")


def _qualifier(token: Token) -> str | None:
    if token.kind == "percentile":
        return token.qualifier
    if token.text in lexicon.BURST:
        return "burst"
    return "sustained" if token.text in lexicon.SUSTAINED else None


def _fits(figure: Figure, qualifier: str) -> bool:
    return figure.kind == ("s" if qualifier[0] == "p" else "rate")
