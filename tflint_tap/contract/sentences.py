"""The statements of a promise in a module's comments and alarms: which figures, where, and what instead."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from ..records import dataclass, field
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import PartialString, Unknown, Value
from ..text.source import Span
from .candidates import Candidate, ContractView, candidates, contract_view, sets
from .comment_index import CommentText
from .figures import Bound, Figure, figures_in, states
from .targets import Alternatives, SlaTarget, SlaTargets

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
class Sentence:
    """A figure where it is stated, as it is written there; `is_description` where that is no comment."""

    quoted: str
    span: Span
    is_description: bool = False


@dataclass(frozen=True, eq=False)
class SentenceText:
    """A comment or a description with its figures. `unknown` is why a part of a description isn't known."""

    text: str
    figures: tuple[Figure, ...]
    written: Span
    comment_text: CommentText | None = None  # None for a description
    unknown: str | None = None

    @cached_property
    def names_target(self) -> bool:
        """Return True if the text says anywhere that it is about an SLA or the like."""
        return _TARGET.search(self.text) is not None

    def span(self, figure: Figure) -> Span:
        return self.written if self.comment_text is None else self.comment_text.place(figure.start, figure.end)

    def sentence(self, figure: Figure) -> Sentence:
        return Sentence(
            " ".join(self.text[figure.start : figure.end].split()), self.span(figure), self.comment_text is None
        )

    def mentions(self, figure: Figure, words: Iterable[str]) -> bool:
        """Return True if one of the words begins anywhere in the figure's sentence."""
        return _begins(words, self.whole_sentence(figure))

    def clause(self, figure: Figure) -> tuple[str, str]:
        """The text of a figure's sentence before and behind the figure, up to the figures next to it."""
        index = bisect_left(self.figures, figure.start, key=lambda other: other.start)
        first = self.figures[index - 1].end if index else 0
        last = self.figures[index + 1].start if index + 1 < len(self.figures) else len(self.text)
        before = self.text[max(first, figure.start - _LONGEST_CLAUSE) : figure.start]
        behind = self.text[figure.end : min(last, figure.end + _LONGEST_CLAUSE)]
        return _sentences(before)[-1], _sentences(behind)[0]

    def whole_sentence(self, figure: Figure) -> str:
        """The sentence that a figure stands in, on one line."""
        before = self.text[max(0, figure.start - _LONGEST_CLAUSE) : figure.start]
        behind = self.text[figure.end : figure.end + _LONGEST_CLAUSE]
        return " ".join(
            f"{_sentences(before)[-1]}{self.text[figure.start : figure.end]}{_sentences(behind)[0]}".split()
        )

    def is_past(self, figure: Figure) -> bool:
        """Return True if a figure is told as no longer valid: `this replaces "every 30s, all hotels"`."""
        return _PAST.search(self.text[max(0, figure.start - 40) : figure.start]) is not None

    def is_about(self, figure: Figure, words: Iterable[str]) -> bool:
        """Return True if one of the words begins in the figure's clause."""
        return any(_begins(words, part) for part in self.clause(figure))

    def is_chiefly_about(self, figure: Figure, words: Iterable[str], others: Iterable[str]) -> bool:
        """Return True if the words lead to the figure in its clause, or follow it with none of the others before it."""
        before, behind = self.clause(figure)
        before += self.text[figure.start : figure.end]
        return _begins(words, before) or (not _begins(others, before) and _begins(words, behind))


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)


def _begins(words: Iterable[str], text: str) -> bool:
    """Return True if a word of the text begins with one of the words."""
    return re.search(rf"(?<![a-z])(?:{'|'.join(map(re.escape, words))})", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """A promise that isn't stated where it belongs.

    `missing` are its figures that aren't, `candidates` the blocks that they may stand at. `elsewhere` is where
    they stand without counting, `instead` what is stated for the same thing. `doubt` is why it isn't certain.
    """

    sla_target: SlaTarget
    missing: tuple[Alternatives, ...]
    candidates: tuple[Candidate, ...]
    elsewhere: tuple[Sentence, ...] = ()
    instead: tuple[Sentence, ...] = ()
    doubt: str | None = None


def breaches(sla_targets: SlaTargets, evaluator: Evaluator) -> Iterator[Breach]:
    """The promises that a module doesn't state, in the contract's order."""
    view = contract_view(evaluator, sla_targets)
    reading = _Reading(sla_targets, view)
    broken: set[str] = set()
    for sla_target in sla_targets.sla_targets:
        breach = _judged(sla_target, reading)
        if breach is not None and sla_target.within not in broken:
            broken.add(sla_target.id)
            yield breach


def stated_figures(
    sla_targets: SlaTargets, evaluator: Evaluator
) -> Iterator[tuple[SlaTarget, tuple[tuple[Span, str], ...]]]:
    """Where each promise is stated: the places of its figures, or of settings that say as much, with the addresses.

    No place where a part of it isn't certain to be stated.
    """
    view = contract_view(evaluator, sla_targets)
    reading = _Reading(sla_targets, view)
    for sla_target in sla_targets.sla_targets:
        found = [one for one in candidates(sla_target, view) if one.doubt is None]
        stated = [next(reading.places(each, sla_target, found), None) for each in sla_target.states]
        setting = next((one for one in found if sets(one, sla_target.settings)), None)
        if all(stated):
            yield sla_target, tuple(place for place in stated if place is not None)
        else:
            yield sla_target, ((setting.header, setting.address),) if setting is not None else ()


def _judged(sla_target: SlaTarget, reading: _Reading) -> Breach | None:
    found = candidates(sla_target, reading.view)
    if sla_target.settings and any(sets(one, sla_target.settings) for one in found):
        return None
    certain = [one for one in found if one.doubt is None]
    missing = tuple(
        each for each in sla_target.states if not any(reading.stated(each, sla_target, one) for one in certain)
    )
    if not missing:
        return None
    texts = [text for one in certain for text in reading.of(one, sla_target)]
    doubts = [text.unknown for text in texts if text.unknown is not None]
    doubts += [
        one.doubt
        for one in found
        if one.doubt is not None and any(reading.stated(each, sla_target, one) for each in missing)
    ]
    return Breach(
        sla_target,
        missing,
        tuple({one.declaration.address: one for one in reversed(certain)}.values())[::-1],
        tuple(islice(reading.elsewhere(missing, sla_target, certain, texts), _MOST_QUOTED)),
        tuple(islice(_instead(missing, sla_target, reading.sla_targets, texts), _MOST_QUOTED)),
        doubts[0] if doubts else None,
    )


@dataclass(slots=True, eq=False)
class _Reading:
    """The texts of a module, each read once."""

    sla_targets: SlaTargets
    view: ContractView
    _read: dict[int, SentenceText] = field(default_factory=dict)
    _claimed: dict[int, set[SentenceText]] = field(default_factory=dict)

    def of(self, candidate: Candidate, sla_target: SlaTarget) -> Iterator[SentenceText]:
        """The texts that count as a candidate's."""
        return (text for text, _ in self._with_claim(candidate, sla_target))

    def stated(self, wanted: Alternatives, sla_target: SlaTarget, candidate: Candidate) -> Sentence | None:
        """The first sentence in a text that counts as a candidate's which states one of the alternatives."""
        as_breach = self._is_alarm(candidate)
        for text, is_own in self._with_claim(candidate, sla_target):
            for figure in text.figures:
                if not any(states(figure, one.figure, as_breach=as_breach) for one in wanted):
                    continue
                if not is_own and not text.mentions(figure, sla_target.words):
                    continue
                if text.comment_text is None or _is_target(figure, text, sla_target):
                    return text.sentence(figure)
        return None

    def places(
        self, wanted: Alternatives, sla_target: SlaTarget, found: Iterable[Candidate]
    ) -> Iterator[tuple[Span, str]]:
        """The sentences at some blocks which state one of the alternatives, with the addresses of the blocks."""
        for candidate in found:
            sentence = self.stated(wanted, sla_target, candidate)
            if sentence is not None:
                yield sentence.span, candidate.address

    def _with_claim(self, candidate: Candidate, sla_target: SlaTarget) -> Iterator[tuple[SentenceText, bool]]:
        """The texts of a candidate, each with whether it is about the candidate and about nothing else.

        What a comment says that stands above several blocks, or the description of just any alarm, counts only
        where its words tell that it is about the promise.
        """
        description = self._description(candidate)
        if description is not None:
            yield description, candidate.is_told or not sla_target.in_description
        block = candidate.declaration.block
        element = candidate.element
        for file in () if sla_target.in_description else self.view.comment_index:
            if block is not None and file.file.source is block.span.source:
                yield from ((self._text(comment_text), True) for comment_text in file.own(block))
                yield from ((self._text(comment_text), False) for comment_text in file.shared(block))
            if element is not None and file.file.source is element.source:
                yield from ((self._text(comment_text), True) for comment_text in file.at(element))

    def elsewhere(
        self,
        missing: tuple[Alternatives, ...],
        sla_target: SlaTarget,
        certain: list[Candidate],
        counted: list[SentenceText],
    ) -> Iterator[Sentence]:
        """The sentences whose figures do not count: at other blocks, or in a description that is no alarm's."""
        known = set(counted)
        texts = [self._text(comment_text) for file in self.view.comment_index for comment_text in file.all]
        texts += [text for one in certain for text in self._plain_description(one)]
        for text in texts:
            if text in known:
                continue
            for figure in text.figures:
                if not any(states(figure, one.figure) for each in missing for one in each):
                    continue
                if text.comment_text is None or (
                    _is_target(figure, text, sla_target)
                    and text.is_chiefly_about(figure, sla_target.words, self.sla_targets.words)
                    and not self._is_anothers(figure, text, sla_target)
                ):
                    yield text.sentence(figure)

    def _is_anothers(self, figure: Figure, text: SentenceText, sla_target: SlaTarget) -> bool:
        """Return True if a figure stands where another promise wants it."""
        return any(
            text in self._texts(other)
            for other in self.sla_targets.sla_targets
            if other is not sla_target and any(states(figure, one.figure) for each in other.states for one in each)
        )

    def _texts(self, sla_target: SlaTarget) -> set[SentenceText]:
        if id(sla_target) not in self._claimed:
            found = candidates(sla_target, self.view)
            self._claimed[id(sla_target)] = {text for one in found for text in self.of(one, sla_target)}
        return self._claimed[id(sla_target)]

    def _text(self, comment_text: CommentText) -> SentenceText:
        if id(comment_text) not in self._read:
            self._read[id(comment_text)] = SentenceText(
                comment_text.text, figures_in(comment_text.text), comment_text.span, comment_text
            )
        return self._read[id(comment_text)]

    def _is_alarm(self, candidate: Candidate) -> bool:
        return candidate.declaration.type in (self.sla_targets.descriptions or {})

    def _description(self, candidate: Candidate) -> SentenceText | None:
        argument = (self.sla_targets.descriptions or {}).get(candidate.declaration.type)
        instance = candidate.instance
        if argument is None or instance is None or instance.attribute(argument) is None:
            return None
        return _described(instance.value(argument), instance.span_of(argument))

    def _plain_description(self, candidate: Candidate) -> Iterator[SentenceText]:
        block = candidate.declaration.block
        attribute = block.body.attribute("description") if block is not None else None
        if attribute is not None:
            yield _described(self.view.evaluator.evaluate(attribute.expr), attribute.expr.span)


def _described(value: Value, written: Span) -> SentenceText:
    """A description's text. What only AWS can tell in it, such as a name, states nothing."""
    data = value.data
    if isinstance(data, PartialString):
        text = "".join(part if isinstance(part, str) else "…" for part in data.parts)
        unknown = next((part.reason for part in data.parts if isinstance(part, Unknown)), None)
    else:
        text = data if isinstance(data, str) else ""
        unknown = data.reason if isinstance(data, Unknown) else None
    return SentenceText(text, figures_in(text), written, None, unknown)


def _is_target(figure: Figure, text: SentenceText, sla_target: SlaTarget) -> bool:
    """Return True if a figure is a target and not some setting's value."""
    if figure.bound is not Bound.EXACTLY or not figure.is_time or figure.qualifiers:
        return True
    if text.names_target:
        return True
    return text.is_about(figure, sla_target.words) and not any(_SETTING.search(part) for part in text.clause(figure))


def _instead(
    missing: tuple[Alternatives, ...], sla_target: SlaTarget, sla_targets: SlaTargets, texts: list[SentenceText]
) -> Iterator[Sentence]:
    """Figures for the same thing that stand where the missing ones belong, and that no promise has."""
    all_wanted = [one.figure for other in sla_targets.sla_targets for each in other.states for one in each]
    seen: set[Span] = set()
    for text in texts:
        for figure in text.figures:
            if not any(_rivals(figure, one.figure) for each in missing for one in each):
                continue
            if any(states(figure, other, as_breach=True) for other in all_wanted) or text.is_past(figure):
                continue
            span = text.span(figure)
            if span in seen or not _is_target(figure, text, sla_target):
                continue
            if text.is_chiefly_about(figure, sla_target.words, sla_targets.words):
                seen.add(span)
                yield text.sentence(figure)


def _rivals(stated: Figure, wanted: Figure) -> bool:
    """Return True if two figures could be about the same: both times or both rates, both repeated or neither."""
    if stated.unit != wanted.unit or ("burst" in stated.qualifiers) != ("burst" in wanted.qualifiers):
        return False
    return (stated.bound is Bound.EVERY) == (wanted.bound is Bound.EVERY)
