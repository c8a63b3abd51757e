"""What a stack's comments say, as demands: the figures that they promise, and the things that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from ..contract.comment_index import CommentText, comment_indexes
from ..contract.figure_reading import figures_in
from ..contract.figures import Bound, Figure
from ..contract.sentences import SentenceText
from ..records import dataclass
from ..stack import Stack
from ..terraform.module import Declaration
from ..text.source import Span
from .draft import Content, Entry
from .parts import DraftedPart

_MOST_TERMS = 4
_LONGEST_QUOTE = 90  # characters
# What a comment can hardly say in other words: code in backticks, names with underscores, acronyms.
_TERM = re.compile(r"`([^`\s]{2,40})`|\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b|\b([A-Z][A-Z0-9]{1,8})s?\b")
_COMMON = frozenset(("AWS", "SLA", "SLO", "TODO", "FIXME", "NOTE", "ID", "OK"))
_WORD = re.compile(r"[a-z]{4,}")
_FEW = frozenset(
    _WORD.findall(
        "about after also been before behind does each every from have here hours into itself less like many minutes "
        "more most much must never only other over says seconds shall should such takes than that their them then "
        "there these they this those under until very what when where which while will with within without would your"
    )
)


@dataclass(frozen=True, slots=True)
class Commented:
    """A block and what it is in the contract: what its figures belong to, and the part that it is, if any."""

    declaration: Declaration
    belongs_to: str
    name: str
    part: DraftedPart | None = None


def commented(stack: Stack, parts: Iterable[DraftedPart]) -> Iterator[Commented]:
    """The parts and the variables of a stack, each block once."""
    for declaration in stack.module.of_kind("variable"):
        yield Commented(declaration, declaration.address, declaration.name)
    seen: set[str] = set()
    for part in parts:
        if part.declaration.address not in seen and not part.is_data:
            seen.add(part.declaration.address)
            yield Commented(part.declaration, part.name, part.name, part)


def figures_of(stack: Stack, blocks: Iterable[Commented]) -> Iterator[Entry]:
    """The promises in comments: figures with a bound, and times of which the text says that they are targets."""
    for block in blocks:
        number = 0
        for comment in own_comments(stack, block.declaration):
            text = SentenceText(comment.text, figures_in(comment.text), comment.span, comment)
            for sentence, figures in _by_sentence(text):
                number += 1
                id_ = f"sla.{block.name}.{number}"
                yield figure_entry(id_, block.name, sentence, figures, [block.belongs_to])


def figure_entry(
    id_: str, about: str, sentence: str, figures: Iterable[str], places: Iterable[str], behind: str = ""
) -> Entry:
    """A demand for the figures that a sentence states."""
    words = words_of(sentence) or words_of(about) or [about.lower()]
    content: dict[str, Content] = {
        "id": id_,
        "about": about,
        "states": list(dict.fromkeys(figures)),
        "comment": sentence,
        "words": words,
        "belongs_to": list(places),
    }
    return Entry(id_, content, behind=behind)


def _by_sentence(text: SentenceText) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a comment that promise something, each with its figures as they are written."""
    found: dict[str, list[str]] = {}
    for figure in text.figures:
        if is_promise(figure, text):
            written = " ".join(text.text[figure.start : figure.end].split())
            found.setdefault(text.whole_sentence(figure), []).append(written)
    yield from found.items()


def is_promise(figure: Figure, text: SentenceText) -> bool:
    """Return True if a figure is a target rather than the value of some setting."""
    if text.is_past(figure):
        return False
    return figure.bound is not Bound.EXACTLY or bool(figure.qualifiers) or text.names_target


def words_of(text: str) -> list[str]:
    """The first telling words of a text."""
    return list(dict.fromkeys(word for word in _WORD.findall(text.lower()) if word not in _FEW))[:_MOST_TERMS]


def comments_of(stack: Stack, blocks: Iterable[Commented]) -> Iterator[Entry]:
    """For each part what its comments name."""
    for block in blocks:
        if block.part is None:
            continue
        terms: dict[str, str] = {}
        for comment in own_comments(stack, block.declaration):
            for match in _TERM.finditer(comment.text):
                term = next(group for group in match.groups() if group)
                if term not in _COMMON:
                    terms.setdefault(term.lower(), term)
        if terms:
            id_ = f"comments.{block.name}"
            yield Entry(id_, {"id": id_, "at": block.name, "mentions": list(terms.values())[:_MOST_TERMS]})


def where(stack: Stack, span: Span) -> str:
    """A place, for a comment of the draft: `line 3`, with the file's name where there are several files."""
    file = f"{PurePath(span.source.path).name}, " if len(stack.module.files) > 1 else ""
    return f"{file}line {span.line}"


def own_comments(stack: Stack, declaration: Declaration) -> tuple[CommentText, ...]:
    """The comments of a block alone: directly above it, in it, behind its lines."""
    indexes = stack.module.once(comment_indexes)
    block = declaration.block
    return indexes[block.span.source].own(block) if block is not None else ()


def quoted_comment(stack: Stack, declaration: Declaration) -> str:
    """What a block's comment begins with, for a comment of the draft; "" where it has none."""
    block = declaration.block
    above = [one for one in own_comments(stack, declaration) if block is not None and one.span.end < block.span.start]
    text = " ".join(above[-1].text.replace(";", " ").split()) if above else ""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} ..."
