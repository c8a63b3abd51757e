"""Comments that a contract demands: what they mention, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..contract.comment_index import CommentText, calls, comment_indexes, comment_names
from ..contract.lexicon import NUMBER_WORDS
from ..records import dataclass
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue
from ..terraform.module import Module
from ..text.source import Related, Span
from .demand import Demand, broken, first_line, met
from .standing import Absent, Standing
from .terms import CommentTerm

MISSING = "missing-comment"
_UNITS = [
    (unit, re.compile(rf"(?<=\d)[ -]?(?:{spellings})\b"))
    for unit, spellings in (
        ("s", "s|secs?|seconds?"),
        ("min", "mins?|minutes?"),
        ("h", "h|hrs?|hours?"),
        ("ms", "ms|milliseconds?"),
    )
]
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_KILO = re.compile(r"(?<=\d)(?:k|[ -]?thousand)\b")
# Figures in words: thirty, forty-five. "One" is more often no figure.
_FIGURES = {word: number for word, number in NUMBER_WORDS.items() if number > 1}
_ONES = "|".join(word for word, number in NUMBER_WORDS.items() if number < 10)
_IN_WORDS = re.compile(rf"\b({'|'.join(_FIGURES)})(?:-({_ONES}))?\b")
_WORDS = re.compile(r"[^a-z0-9%#/.]+")


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    comment: CommentText
    plain: str


def comment(standing: Standing, wanted: CommentTerm) -> Iterator[Demand]:
    """A comment. Absent where the first of what it belongs to is."""
    holders = [found for name in wanted.at for found in standing.recognised(name).certain]
    if wanted.at and not standing.recognised(wanted.at[0]).certain:
        raise Absent(wanted.at[0])
    known = standing.stack.module.once(_plain_texts)
    texts = [_Text(one, known[one.span]) for one in _belonging(standing, holders, anywhere=not wanted.at)]
    if not wanted.at:
        texts = _best(texts, wanted)
    lacking: list[tuple[str, ...]] = []
    place: Span | None = None
    for alternatives in wanted.mentions:
        found = next((text for text in texts if any(mentions(text.plain, one) for one in alternatives)), None)
        if found is None:
            lacking.append(alternatives)
        else:
            place = place or found.comment.span
    address = holders[0].declaration.address if holders else None
    if not lacking:
        yield met(wanted.term, MISSING, place or first_line(standing.stack), address)
        return
    words = " and ".join(f'"{each[0]}"{" or the like" * (len(each) > 1)}' for each in lacking)
    header = holders[0].header if holders else first_line(standing.stack)
    related = (Related("this comes closest", place),) if place is not None else ()
    yield broken(
        wanted.term,
        MISSING,
        header,
        address,
        what=wanted.term.says or f"a comment mentions {words}",
        lacks=f"what stands there lacks {words}" if place is not None else "",
        remedy=f"write a comment that mentions {words}",
        related=related,
    )


def _plain_texts(module: Module) -> dict[Span, str]:
    """The comments of a module as plain texts."""
    return {one.span: plain(one.text) for index in comment_indexes(module).values() for one in index.all}


def _best(texts: list[_Text], wanted: CommentTerm) -> list[_Text]:
    """The comment that mentions most: one that may stand anywhere has to say all of it."""

    def said(text: _Text) -> int:
        return sum(any(mentions(text.plain, one) for one in alternatives) for alternatives in wanted.mentions)

    return [max(texts, key=said)] if texts else []


def _belonging(standing: Standing, holders: list[Instance], *, anywhere: bool) -> Iterator[CommentText]:
    """The comments of blocks, by place or by naming one of them."""
    indexes = standing.stack.module.once(comment_indexes)
    known = standing.stack.module.once(comment_names)
    names = {name for holder in holders for name in calls(holder.declaration, holder.key)}
    for index in indexes.values():
        own: dict[int, CommentText] = {}
        for holder in holders:
            block = holder.declaration.block
            if block is not None and block.span.source is index.file.source:
                own.update((id(one), one) for one in index.of(block))
            element = _element(holder)
            if element is not None and element.source is index.file.source:
                own.update((id(one), one) for one in index.at(element))
        for one in index.all:
            if anywhere or id(one) in own or names & known[one.span]:
                yield one


def _element(holder: Instance) -> Span | None:
    """The element of for_each that makes an instance."""
    each = holder.names.get("each")
    return each.data.items["value"].span if each is not None and isinstance(each.data, MapValue) else None


def plain(text: str) -> str:
    """A text for comparison: lower case, one space between words, figures and units in one spelling.

    Where a figure has a unit, the text stands there once more with the unit as a word of its own.
    """
    written = _KILO.sub("000", _IN_WORDS.sub(_in_digits, _THOUSANDS.sub("", text.lower())))
    text = written
    for unit, pattern in _UNITS:
        text = pattern.sub(unit, text)
    made = f" {_WORDS.sub(' ', text).strip()} "
    return made if text == written else f"{made}|{_words(written)}"


def _words(text: str) -> str:
    """A text in which figures and their units stand apart."""
    for _, pattern in _UNITS:
        text = pattern.sub(lambda found: f" {found[0].strip(' -')} ", text)
    return f" {_WORDS.sub(' ', text).strip()} "


def _in_digits(match: re.Match[str]) -> str:
    return str(_FIGURES[match[1]] + NUMBER_WORDS.get(match[2] or "", 0))


def mentions(text: str, phrase: str) -> bool:
    """Return True if a plain text has a phrase, of which the last word may go on: TTL, TTLs."""
    return _beginning(phrase) in text


@cache
def _beginning(phrase: str) -> str:
    return plain(phrase).partition("|")[0].rstrip()
