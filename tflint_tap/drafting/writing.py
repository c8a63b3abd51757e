"""A draft → YAML with comments, in lines of the project's width where its texts are short enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from ..records import dataclass
from .draft import Content, Draft, Entry, Noted, Section

WIDTH = 120
_INDENT = "  "
# Texts that YAML takes for what they are without quotes, also within brackets.
_PLAIN = re.compile(r"[A-Za-z_](?:[\w./()-]|[ ](?=[\w(]))*", re.ASCII)
_PLACE = re.compile(r"  # line \d+$")
# What YAML 1.1 takes for something else than text.
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


@dataclass(frozen=True, slots=True)
class Written:
    """A draft's text, and the id of the entry that stands on each of its lines, by their numbers from 1."""

    text: str
    ids: Mapping[int, str]


def written(draft: Draft) -> Written:
    """The draft as a contract's text."""
    lines: list[str] = []
    ids: dict[int, str] = {}
    for note in draft.head:
        lines += _comment(note, "")
    lines += ["", f"contract: {_scalar(draft.name)}"]
    for section in draft.sections:
        if section.entries or section.notes:
            lines.append("")
            for text, id_ in _of_section(section):
                lines.append(text)
                if id_:
                    ids[len(lines)] = id_
    if draft.rest:
        lines.append("")
        for note in draft.rest:
            lines += _comment(note, "")
    return Written("\n".join(lines) + "\n", ids)


def _of_section(section: Section) -> Iterator[tuple[str, str]]:
    """The lines of a section, each with the id of its entry; a section of which nothing is left is a comment."""
    yield from ((line, "") for note in section.notes for line in _comment(note, ""))
    is_out = all(entry.out is not None for entry in section.entries)
    yield ("# " if is_out else "") + f"{section.name}:", ""
    for entry in section.entries:
        for note in entry.notes:
            yield from ((line, "") for line in _comment(note, _INDENT))
        if entry.out is None:
            yield from ((line, entry.id) for line in _of_entry(entry, len(_INDENT)))
        else:
            yield from ((line, "") for line in _comment(f"left out: {entry.out}", _INDENT))
            yield from ((f"{_INDENT}# {line}", "") for line in _of_entry(entry, 0))


def _of_entry(entry: Entry, indent: int) -> list[str]:
    lead = f"{_scalar(entry.key)}: " if entry.key else "- "
    lines = _lines(lead, entry.content, indent)
    if not entry.behind:
        return lines
    return [line if _PLACE.search(line) else f"{line}  # {_harmless(entry.behind)}" for line in lines]


def _lines(lead: str, content: Content, indent: int) -> list[str]:
    """Content behind its key or dash: on one line where that is short enough and nothing in it has a comment."""
    space = " " * indent
    if isinstance(content, Noted):
        return [f"{space}{lead}{_flow(content)}  # {_harmless(content.note)}"]
    whole = f"{space}{lead}{_flow(content)}"
    if _is_scalar(content) or not content or (len(whole) <= WIDTH and not _has_notes(content)):
        return [whole]
    made: list[str] = []
    if isinstance(content, Mapping):
        for key, item in content.items():
            made += _lines(f"{_scalar(key)}: ", item, indent + len(_INDENT))
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for item in content:
            made += _lines("- ", item, indent + len(_INDENT))
    if lead == "- ":  # the first line stands behind the dash
        return [f"{space}- {made[0].lstrip()}", *made[1:]]
    return [f"{space}{lead.rstrip()}", *made]


def _is_scalar(content: Content) -> bool:
    return content is None or isinstance(content, (str, int, bool))


def _has_notes(content: Content) -> bool:
    if isinstance(content, Noted):
        return True
    if isinstance(content, Mapping):
        return any(_has_notes(item) for item in content.values())
    return isinstance(content, Sequence) and not isinstance(content, str) and any(map(_has_notes, content))


def _flow(content: Content) -> str:
    if isinstance(content, Noted):
        return _flow(content.content)
    if isinstance(content, Mapping):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(item)}' for key, item in content.items())}}}"
    if isinstance(content, Sequence) and not isinstance(content, str):
        return f"[{', '.join(map(_flow, content))}]"
    return _scalar(content)


def _scalar(value: str | int | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if '"' in value and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter == "\n":
        return "\\n"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def _comment(note: str, indent: str) -> list[str]:
    """A note as comment lines; an empty one is an empty comment line."""
    lead = f"{indent}# "
    text = _harmless(note)
    return wrap(text, WIDTH, initial_indent=lead, subsequent_indent=lead, break_long_words=False,
                break_on_hyphens=False) or [f"{indent}#"]  # fmt: skip


def _harmless(text: str) -> str:
    """A text on one line, without letters that YAML refuses."""
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in " ".join(text.split()))
