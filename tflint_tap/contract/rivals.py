"""Figures that are stated in the place of a promise's own: `<500 ms P95` where <400 ms P95 is promised.

A text is full of figures that are none: timeouts, parts of a whole, what was before. One is another figure for the
same thing only if its sentence speaks of that thing, calls it a target, and has nothing else to tell by it. To miss one
costs less than to blame a sound comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..records import dataclass
from .candidates import Candidate
from .figures import Bound, Figure, states
from .sentences import SETTING, TARGET, Claimed, Reading, Sentence, SentenceText, is_target
from .targets import Alternatives, SlaTarget, SlaTargets, Wanted

_FAR = 100  # how many times one figure is another where they aren't about the same; a wrong unit makes 60
_NEAR = Fraction(1, 20)  # "~1,167 RPS" is about 1,200
# Told by a figure that is no target: what was, what is measured, what is compared with.
_ASIDE = re.compile(
    r"\b(?:replac\w*|instead\s+of|rather\s+than|no\s+longer|former(?:ly)?|previous(?:ly)?|used\s+to|was|were|had\s+been"
    r"|originally|unlike|down\s+from|up\s+from|measured|observed|in\s+practice|usually|for\s+(?:example|instance)|e\.g"
    r"|even\s+if|although|(?:each|per|an|every)\s+attempt|another)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"[,:;(\u2014]|\s-\s")
_FOLLOWING = re.compile(r"\W*(?:[\w-]+\W+){0,1}[\w-]*")
_SETTINGS_BEHIND = re.compile(r"\b(?:each|apiece|apart|later|earlier|ago|before|after\s+that)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Other:
    """A sentence that states another figure than `wanted`; the more `weight`, the surer it is about that."""

    sentence: Sentence
    wanted: Alternatives
    weight: int


def others_of(
    sla_target: SlaTarget, missing: tuple[Alternatives, ...], certain: Iterable[Candidate], reading: Reading
) -> Iterator[Other]:
    """What is stated in the place of a promise's figures at its blocks, each sentence once."""
    promised = _Promised(sla_target, missing, reading.sla_targets)
    seen: set[object] = set()
    for candidate in certain:
        is_alarm = reading.is_alarm(candidate)
        for claimed in reading.claimed(candidate, sla_target):
            for figure in claimed.text.figures:
                span = claimed.text.span(figure)
                other = promised.other(figure, claimed, is_alarm=is_alarm) if span not in seen else None
                if other is not None:
                    seen.add(span)
                    yield other


@dataclass(frozen=True, slots=True)
class _Promised:
    """A promise of a contract, of which some figures are missing."""

    sla_target: SlaTarget
    missing: tuple[Alternatives, ...]
    sla_targets: SlaTargets

    def other(self, figure: Figure, claimed: Claimed, *, is_alarm: bool) -> Other | None:
        """The figure of a text as one that stands in the place of the promise's; None where it is something else."""
        text = claimed.text
        if _wants(self.sla_target, figure):
            return None
        as_breach = is_alarm and text.comment_text is None
        for wanted in _by_bound(self.sla_target, figure):
            is_other = any(_is_other(figure, one.figure, as_breach=as_breach) for one in wanted)
            if is_other and not any(_is_in(text, one) for one in wanted):
                weight = self._weight(figure, claimed, wanted)
                if weight:
                    return Other(text.sentence(figure), wanted, weight)
        return None

    def _weight(self, figure: Figure, claimed: Claimed, wanted: Alternatives) -> int:
        """How surely a sentence states a promise's figure otherwise; 0 where it may tell something else."""
        text, sla_target, words = claimed.text, self.sla_target, self.sla_targets.words
        is_called_target = text.comment_text is None or TARGET.search(text.whole_sentence(figure)) is not None
        has_rank = any(_ranks(figure) and _ranks(figure) == _ranks(one.figure) for one in wanted)
        if _ASIDE.search(text.clause(figure)[0]) or _is_setting(figure, text):
            return 0
        if any(_ranks(one.figure) for one in wanted) and not (has_rank or is_called_target):
            return 0
        if figure.bound in (Bound.EXACTLY, Bound.ABOUT, Bound.BETWEEN) and not (is_called_target or has_rank):
            return 0
        others = [other for other in self.sla_targets.sla_targets if other.id != sla_target.id]
        chiefly = text.is_chiefly_about(figure, sla_target.words, words)
        for other in others:
            if _wants(other, figure) and (
                text.is_chiefly_about(figure, other.words, words)
                or (not chiefly and text.mentions(figure, other.words))
            ):
                return 0  # it is another promise's figure, and the sentence speaks of that
        is_missing = wanted in self.missing
        if chiefly and sla_target.in_description:
            return 5
        if chiefly:
            return (4 if claimed.is_own(figure) else 3) if is_missing else 2 if is_called_target or has_rank else 0
        if not claimed.is_own(figure) or any(text.is_chiefly_about(figure, other.words, words) for other in others):
            return 0
        if is_missing:
            return 1 if text.mentions(figure, sla_target.words) else 0
        strange = tuple(word for word in words if word not in sla_target.words)
        return 1 if text.names_target and text.is_led_by(figure, sla_target.words, strange) else 0


def _by_bound(sla_target: SlaTarget, figure: Figure) -> list[Alternatives]:
    """The figures of a promise, those with the bound of the stated one first."""
    return sorted(sla_target.states, key=lambda each: all(one.figure.bound is not figure.bound for one in each))


def _is_in(text: SentenceText, wanted: Wanted) -> bool:
    """Return True if a text states a figure itself: what else it says is told beside that."""
    return any(states(figure, wanted.figure, as_breach=True) for figure in text.figures)


def _is_other(stated: Figure, wanted: Figure, *, as_breach: bool) -> bool:
    """Return True if one figure can't be meant as the other, though both are of one kind."""
    if not _are_alike(stated, wanted) or (stated.qualifiers and _ranks(stated) - _ranks(wanted)):
        return False
    opposite = {Bound.AT_MOST: Bound.AT_LEAST, Bound.AT_LEAST: Bound.AT_MOST}
    if not as_breach and opposite.get(stated.bound) is wanted.bound:
        return False
    if Bound.ABOUT in (stated.bound, wanted.bound) and abs(stated.amount - wanted.amount) <= _NEAR * wanted.amount:
        return False
    if stated.amount == wanted.amount and stated.bound is not Bound.BETWEEN:
        return False
    same_rank = bool(_ranks(wanted)) and _ranks(stated) == _ranks(wanted)
    return same_rank or wanted.amount <= _FAR * stated.amount <= _FAR * _FAR * wanted.amount


def _ranks(figure: Figure) -> set[str]:
    return {name for name in figure.qualifiers if name.startswith("p")}


def _wants(sla_target: SlaTarget, figure: Figure) -> bool:
    return any(states(figure, one.figure, as_breach=True) for each in sla_target.states for one in each)


def _is_setting(figure: Figure, text: SentenceText) -> bool:
    """Return True if the words next to a figure say that it is a setting's value, or a part of something."""
    before, behind = text.clause(figure)
    leading = _OPENING.split(before)[-1] + text.text[figure.start : figure.end]
    following = _FOLLOWING.match(behind)
    next_words = following[0] if following is not None else ""
    return bool(SETTING.search(leading) or SETTING.search(next_words) or _SETTINGS_BEHIND.match(next_words.lstrip()))


def rivals_of(
    missing: tuple[Alternatives, ...], sla_target: SlaTarget, sla_targets: SlaTargets, texts: list[SentenceText]
) -> Iterator[Sentence]:
    """Figures that may be meant for missing ones, where these belong, and that no promise has: a hint, no more."""
    all_wanted = [one.figure for other in sla_targets.sla_targets for each in other.states for one in each]
    seen: set[object] = set()
    for text in texts:
        for figure in text.figures:
            if not any(_are_alike(figure, one.figure) for each in missing for one in each):
                continue
            if any(states(figure, other, as_breach=True) for other in all_wanted) or text.is_past(figure):
                continue
            span = text.span(figure)
            if span in seen or not is_target(figure, text, sla_target):
                continue
            if text.is_chiefly_about(figure, sla_target.words, sla_targets.words):
                seen.add(span)
                yield text.sentence(figure)


def _are_alike(stated: Figure, wanted: Figure) -> bool:
    """Return True if two figures could be about the same: of one kind of quantity, both repeated or neither."""
    if stated.kind != wanted.kind or ("burst" in stated.qualifiers) != ("burst" in wanted.qualifiers):
        return False
    return (stated.bound is Bound.EVERY) == (wanted.bound is Bound.EVERY)
