"""The statements of a promise in a module's comments and alarms: which figures, where, and what instead."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from ..records import dataclass, field
from ..terraform.evaluation.values import PartialString, Unknown, Value
from ..text.source import Span
from .candidates import Candidate, ContractView, candidates
from .comment_index import CommentText, calls, comment_names, names_in
from .figure_reading import figures_in
from .figures import Bound, Figure, states
from .targets import Alternatives, SlaTarget, SlaTargets

# A time without a word about it is a target only where the text says so: "SLA: reassigned: 60 s" is one,
# "visibility timeout: 60 s" isn't.
TARGET = re.compile(
    r"\b(?:sl[aoi]s?|targets?|goals?|objectives?|promised?|deadlines?|budget|breach|alarms?|alerts?)\b", re.IGNORECASE
)
SETTING = re.compile(
    r"\b(?:time-?outs?|ttl|visib|reten|retain|back-?off|retr(?:y|ies)|window|poll|sleep|period|delay)", re.IGNORECASE
)
_PAST = re.compile(r"\b(?:replac|instead\s+of|rather\s+than|no\s+longer|former|previous)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|;")
_LONGEST_CLAUSE = 400  # characters to either side of a figure


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
        return TARGET.search(self.text) is not None

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

    def is_led_by(self, figure: Figure, words: Iterable[str], others: Iterable[str]) -> bool:
        """Return True if the words stand before a figure in its sentence, and none of the others does."""
        before = _sentences(self.text[max(0, figure.start - _LONGEST_CLAUSE) : figure.start])[-1]
        return _begins(words, before) and not _begins(others, before)

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
class Claimed:
    """A text that counts as a block's; `names` are the block's, where the text only names it."""

    text: SentenceText
    is_about_block: bool  # it is about the block and about nothing else
    names: frozenset[str] = frozenset()

    def is_own(self, figure: Figure) -> bool:
        """Return True if a figure of the text is certainly about the block."""
        return self.is_about_block or bool(self.names and self.names & names_in(self.text.whole_sentence(figure)))


@dataclass(eq=False)
class Reading:
    """The texts of a module, each read once."""

    sla_targets: SlaTargets
    view: ContractView
    _read: dict[int, SentenceText] = field(default_factory=dict)
    _belonging: dict[int, set[SentenceText]] = field(default_factory=dict)

    def of(self, candidate: Candidate, sla_target: SlaTarget) -> Iterator[SentenceText]:
        """The texts that count as a candidate's."""
        return (claimed.text for claimed in self.claimed(candidate, sla_target))

    def stated(self, wanted: Alternatives, sla_target: SlaTarget, candidate: Candidate) -> Sentence | None:
        """The first sentence in a text that counts as a candidate's which states one of the alternatives."""
        as_breach = self.is_alarm(candidate)
        for claimed in self.claimed(candidate, sla_target):
            text = claimed.text
            for figure in text.figures:
                if not any(states(figure, one.figure, as_breach=as_breach) for one in wanted):
                    continue
                if not claimed.is_own(figure) and not text.mentions(figure, sla_target.words):
                    continue
                if text.comment_text is None or is_target(figure, text, sla_target):
                    return text.sentence(figure)
        return None

    def claimed(self, candidate: Candidate, sla_target: SlaTarget) -> Iterator[Claimed]:
        """The texts of a candidate.

        What a comment says that stands above several blocks, or that only names this one, or what the description of
        just any alarm says, counts only where its words tell that it is about the promise.
        """
        description = self._description(candidate)
        if description is not None:
            yield Claimed(description, candidate.is_told or not sla_target.in_description)
        if sla_target.in_description:
            return
        block, element = candidate.declaration.block, candidate.element
        seen: set[int] = set()
        for file in self.view.comment_index:
            if block is not None and file.file.source is block.span.source:
                seen.update(id(one) for one in file.of(block))
                yield from (Claimed(self._text(comment_text), True) for comment_text in file.own(block))
                yield from (Claimed(self._text(comment_text), False) for comment_text in file.shared(block))
            if element is not None and file.file.source is element.source:
                seen.update(id(one) for one in file.at(element))
                yield from (Claimed(self._text(comment_text), True) for comment_text in file.at(element))
        yield from (one for one in self._naming(candidate) if id(one.text.comment_text) not in seen)

    def _naming(self, candidate: Candidate) -> Iterator[Claimed]:
        """The comments elsewhere that name a part of the contract."""
        if not candidate.is_told:
            return
        key = candidate.instance.key if candidate.instance is not None else None
        names = calls(candidate.declaration, key)
        found = {id(text): text for name in names for text in self._by_name.get(name, ())}
        yield from (Claimed(text, False, frozenset(names)) for text in found.values())

    @cached_property
    def _by_name(self) -> dict[str, list[SentenceText]]:
        """The comments with figures, by the names in them."""
        made: dict[str, list[SentenceText]] = {}
        named = self.view.evaluator.module.once(comment_names)
        for file in self.view.comment_index:
            for comment_text in file.all:
                text = self._text(comment_text)
                for name in named[comment_text.span] if text.figures else ():
                    made.setdefault(name, []).append(text)
        return made

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
        texts += self._descriptions if sla_target.in_description else ()
        for text in texts:
            if text in known:
                continue
            for figure in text.figures:
                if not any(states(figure, one.figure) for each in missing for one in each):
                    continue
                if text.comment_text is None and sla_target.in_description:
                    if text.mentions(figure, sla_target.words):
                        yield text.sentence(figure)
                elif text.comment_text is None or (
                    is_target(figure, text, sla_target)
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
        if id(sla_target) not in self._belonging:
            found = candidates(sla_target, self.view)
            self._belonging[id(sla_target)] = {text for one in found for text in self.of(one, sla_target)}
        return self._belonging[id(sla_target)]

    def _text(self, comment_text: CommentText) -> SentenceText:
        if id(comment_text) not in self._read:
            self._read[id(comment_text)] = SentenceText(
                comment_text.text, figures_in(comment_text.text), comment_text.span, comment_text
            )
        return self._read[id(comment_text)]

    def is_alarm(self, candidate: Candidate) -> bool:
        return candidate.declaration.type in (self.sla_targets.descriptions or {})

    def _description(self, candidate: Candidate) -> SentenceText | None:
        argument = (self.sla_targets.descriptions or {}).get(candidate.declaration.type)
        instance = candidate.instance
        if argument is None or instance is None or instance.attribute(argument) is None:
            return None
        return _described(instance.value(argument), instance.span_of(argument))

    @cached_property
    def _descriptions(self) -> list[SentenceText]:
        """The descriptions of all alarms."""
        module = self.view.evaluator.module
        return [
            _described(instance.value(argument), instance.span_of(argument))
            for type_, argument in (self.sla_targets.descriptions or {}).items()
            for declaration in module.resources(type_)
            for instance in self.view.evaluator.instances(declaration)
            if instance.attribute(argument) is not None
        ]

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


def is_target(figure: Figure, text: SentenceText, sla_target: SlaTarget) -> bool:
    """Return True if a figure is a target and not some setting's value."""
    if figure.bound is not Bound.EXACTLY or not figure.is_time or figure.qualifiers:
        return True
    if text.names_target:
        return True
    return text.is_about(figure, sla_target.words) and not any(SETTING.search(part) for part in text.clause(figure))
