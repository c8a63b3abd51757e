"""What a module's comments and alarms state of a promise: which of its figures, where, and what instead."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from ..evaluation.evaluator import Evaluator
from ..evaluation.values import PartialText, Unknown, Value
from ..records import dataclass, field
from ..source import Span
from .belonging import Prose
from .candidates import Candidate, Ground, candidates, ground_of, sets
from .figures import Bound, Figure, figures_in, states
from .promises import Alternatives, Promise, Promises

# A time without a word about it is a target only where the text says so: "SLA: reassigned: 60 s" is one,
# "visibility timeout: 60 s" isn't.
_TARGET = re.compile(
    r"\b(?:sl[aoi]s?|targets?|goals?|objectives?|promised?|deadlines?|budget|breach|alarms?|alerts?)\b", re.IGNORECASE
)
_SETTING = re.compile(
    r"\b(?:time-?outs?|ttl|visib|reten|retain|back-?off|retr(?:y|ies)|window|poll|sleep|period|delay)", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:replac|instead\s+of|rather\s+than|no\s+longer|former|previous)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|;")
_LONGEST_CLAUSE = 400  # characters to either side of a figure
_MOST_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure where it is stated, as it is written there; `is_description` where that is no comment."""

    quoted: str
    span: Span
    is_description: bool = False


@dataclass(frozen=True, eq=False)
class Text:
    """A comment or a description with its figures. `unknown` is why a part of a description isn't known."""

    text: str
    figures: tuple[Figure, ...]
    written: Span
    prose: Prose | None = None  # None for a description
    unknown: str | None = None

    @cached_property
    def names_target(self) -> bool:
        """Whether it says anywhere that it is about an SLA or the like."""
        return _TARGET.search(self.text) is not None

    def span(self, figure: Figure) -> Span:
        return self.written if self.prose is None else self.prose.place(figure.start, figure.end)

    def statement(self, figure: Figure) -> Statement:
        return Statement(" ".join(self.text[figure.start : figure.end].split()), self.span(figure), self.prose is None)

    def mentions(self, figure: Figure, words: Iterable[str]) -> bool:
        """Whether one of the words begins anywhere in the figure's sentence."""
        before = self.text[max(0, figure.start - _LONGEST_CLAUSE) : figure.start]
        behind = self.text[figure.end : figure.end + _LONGEST_CLAUSE]
        own = self.text[figure.start : figure.end]
        return any(_begins(words, part) for part in (_sentences(before)[-1], own, _sentences(behind)[0]))

    def clause(self, figure: Figure) -> tuple[str, str]:
        """What its sentence says before and behind a figure, up to the figures next to it."""
        index = bisect_left(self.figures, figure.start, key=lambda other: other.start)
        first = self.figures[index - 1].end if index else 0
        last = self.figures[index + 1].start if index + 1 < len(self.figures) else len(self.text)
        before = self.text[max(first, figure.start - _LONGEST_CLAUSE) : figure.start]
        behind = self.text[figure.end : min(last, figure.end + _LONGEST_CLAUSE)]
        return _sentences(before)[-1], _sentences(behind)[0]

    def is_past(self, figure: Figure) -> bool:
        """Whether a figure is told as what is no longer so: `this replaces "every 30s, all hotels"`."""
        return _PAST.search(self.text[max(0, figure.start - 40) : figure.start]) is not None

    def is_about(self, figure: Figure, words: Iterable[str]) -> bool:
        """Whether one of the words begins in the figure's clause."""
        return any(_begins(words, part) for part in self.clause(figure))

    def is_chiefly_about(self, figure: Figure, words: Iterable[str], others: Iterable[str]) -> bool:
        """Whether it is these words, and no others, that the figure's clause leads to it with, or goes on with."""
        before, behind = self.clause(figure)
        before += self.text[figure.start : figure.end]
        return _begins(words, before) or (not _begins(others, before) and _begins(words, behind))


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)


def _begins(words: Iterable[str], text: str) -> bool:
    """Whether a word of the text begins with one of the words."""
    return re.search(rf"(?<![a-z])(?:{'|'.join(map(re.escape, words))})", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """A promise that isn't stated where it belongs.

    `missing` are its figures that aren't, `candidates` the blocks that they may stand at. `elsewhere` is where
    they stand without counting, `instead` what is stated for the same thing. `doubt` is why it isn't certain.
    """

    promise: Promise
    missing: tuple[Alternatives, ...]
    candidates: tuple[Candidate, ...]
    elsewhere: tuple[Statement, ...] = ()
    instead: tuple[Statement, ...] = ()
    doubt: str | None = None


def breaches(promises: Promises, evaluator: Evaluator) -> Iterator[Breach]:
    """The promises that a module doesn't state, in the contract's order."""
    ground = ground_of(evaluator, promises)
    reading = _Reading(promises, ground)
    broken: set[str] = set()
    for promise in promises.promises:
        breach = _judged(promise, reading)
        if breach is not None and promise.within not in broken:
            broken.add(promise.id)
            yield breach


def _judged(promise: Promise, reading: _Reading) -> Breach | None:
    found = candidates(promise, reading.ground)
    if promise.settings and any(sets(one, promise.settings) for one in found):
        return None
    certain = [one for one in found if one.unsure is None]
    missing = tuple(each for each in promise.states if not any(reading.stated(each, promise, one) for one in certain))
    if not missing:
        return None
    texts = [text for one in certain for text in reading.of(one, promise)]
    doubts = [text.unknown for text in texts if text.unknown is not None]
    doubts += [
        one.unsure
        for one in found
        if one.unsure is not None and any(reading.stated(each, promise, one) for each in missing)
    ]
    return Breach(
        promise,
        missing,
        tuple({one.declaration.address: one for one in reversed(certain)}.values())[::-1],
        tuple(islice(reading.elsewhere(missing, promise, certain, texts), _MOST_QUOTED)),
        tuple(islice(_instead(missing, promise, reading.promises, texts), _MOST_QUOTED)),
        doubts[0] if doubts else None,
    )


@dataclass(slots=True, eq=False)
class _Reading:
    """The texts of a module, each read once."""

    promises: Promises
    ground: Ground
    _read: dict[int, Text] = field(default_factory=dict)
    _claimed: dict[int, set[Text]] = field(default_factory=dict)

    def of(self, candidate: Candidate, promise: Promise) -> Iterator[Text]:
        """The texts that count as a candidate's."""
        return (text for text, _ in self._with_claim(candidate, promise))

    def stated(self, wanted: Alternatives, promise: Promise, candidate: Candidate) -> bool:
        """Whether one of the alternatives is stated in what counts as a candidate's."""
        as_breach = self._is_alarm(candidate)
        for text, is_own in self._with_claim(candidate, promise):
            for figure in text.figures:
                if not any(states(figure, one.figure, as_breach=as_breach) for one in wanted):
                    continue
                if not is_own and not text.mentions(figure, promise.words):
                    continue
                if text.prose is None or _is_target(figure, text, promise):
                    return True
        return False

    def _with_claim(self, candidate: Candidate, promise: Promise) -> Iterator[tuple[Text, bool]]:
        """The texts of a candidate, each with whether it is about the candidate and about nothing else.

        What a comment says that stands above several blocks, or the description of just any alarm, counts only
        where its words tell that it is about the promise.
        """
        description = self._description(candidate)
        if description is not None:
            yield description, candidate.is_told or not promise.in_description
        block = candidate.declaration.block
        element = candidate.element
        for file in () if promise.in_description else self.ground.belongings:
            if block is not None and file.file.source is block.span.source:
                yield from ((self._text(prose), True) for prose in file.own(block))
                yield from ((self._text(prose), False) for prose in file.shared(block))
            if element is not None and file.file.source is element.source:
                yield from ((self._text(prose), True) for prose in file.at(element))

    def elsewhere(
        self, missing: tuple[Alternatives, ...], promise: Promise, certain: list[Candidate], counted: list[Text]
    ) -> Iterator[Statement]:
        """Where the figures stand without counting: at other blocks, or in a description that is no alarm's."""
        known = set(counted)
        texts = [self._text(prose) for file in self.ground.belongings for prose in file.all]
        texts += [text for one in certain for text in self._plain_description(one)]
        for text in texts:
            if text in known:
                continue
            for figure in text.figures:
                if not any(states(figure, one.figure) for each in missing for one in each):
                    continue
                if text.prose is None or (
                    _is_target(figure, text, promise)
                    and text.is_chiefly_about(figure, promise.words, self.promises.words)
                    and not self._is_anothers(figure, text, promise)
                ):
                    yield text.statement(figure)

    def _is_anothers(self, figure: Figure, text: Text, promise: Promise) -> bool:
        """Whether a figure stands where another promise wants it."""
        return any(
            text in self._texts(other)
            for other in self.promises.promises
            if other is not promise and any(states(figure, one.figure) for each in other.states for one in each)
        )

    def _texts(self, promise: Promise) -> set[Text]:
        if id(promise) not in self._claimed:
            found = candidates(promise, self.ground)
            self._claimed[id(promise)] = {text for one in found for text in self.of(one, promise)}
        return self._claimed[id(promise)]

    def _text(self, prose: Prose) -> Text:
        if id(prose) not in self._read:
            self._read[id(prose)] = Text(prose.text, figures_in(prose.text), prose.span, prose)
        return self._read[id(prose)]

    def _is_alarm(self, candidate: Candidate) -> bool:
        return candidate.declaration.type in (self.promises.descriptions or {})

    def _description(self, candidate: Candidate) -> Text | None:
        argument = (self.promises.descriptions or {}).get(candidate.declaration.type)
        configuration = candidate.configuration
        if argument is None or configuration is None or configuration.attribute(argument) is None:
            return None
        return _described(configuration.value(argument), configuration.span_of(argument))

    def _plain_description(self, candidate: Candidate) -> Iterator[Text]:
        block = candidate.declaration.block
        attribute = block.body.attribute("description") if block is not None else None
        if attribute is not None:
            yield _described(self.ground.evaluator.evaluate(attribute.expr), attribute.expr.span)


def _described(value: Value, written: Span) -> Text:
    """A description's text. What only AWS can tell in it, such as a name, states nothing."""
    data = value.data
    if isinstance(data, PartialText):
        text = "".join(part if isinstance(part, str) else "…" for part in data.parts)
        unknown = next((part.reason for part in data.parts if isinstance(part, Unknown)), None)
    else:
        text = data if isinstance(data, str) else ""
        unknown = data.reason if isinstance(data, Unknown) else None
    return Text(text, figures_in(text), written, None, unknown)


def _is_target(figure: Figure, text: Text, promise: Promise) -> bool:
    """Whether a figure is a target and not some setting's value."""
    if figure.bound is not Bound.EXACTLY or not figure.is_time or figure.qualifiers:
        return True
    if text.names_target:
        return True
    return text.is_about(figure, promise.words) and not any(_SETTING.search(part) for part in text.clause(figure))


def _instead(
    missing: tuple[Alternatives, ...], promise: Promise, promises: Promises, texts: list[Text]
) -> Iterator[Statement]:
    """Figures for the same thing that stand where the missing ones belong, and that no promise has."""
    all_wanted = [one.figure for other in promises.promises for each in other.states for one in each]
    seen: set[Span] = set()
    for text in texts:
        for figure in text.figures:
            if not any(_rivals(figure, one.figure) for each in missing for one in each):
                continue
            if any(states(figure, other, as_breach=True) for other in all_wanted) or text.is_past(figure):
                continue
            span = text.span(figure)
            if span in seen or not _is_target(figure, text, promise):
                continue
            if text.is_chiefly_about(figure, promise.words, promises.words):
                seen.add(span)
                yield text.statement(figure)


def _rivals(stated: Figure, wanted: Figure) -> bool:
    """Whether two figures could be about the same: both times or both rates, both repeated or neither."""
    if stated.unit != wanted.unit or ("burst" in stated.qualifiers) != ("burst" in wanted.qualifiers):
        return False
    return (stated.bound is Bound.EVERY) == (wanted.bound is Bound.EVERY)
