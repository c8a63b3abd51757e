"""RE2's syntax, as Go's regexp/syntax reads it with Perl's flags: a pattern as a tree.

Facts from https://github.com/google/re2/wiki/Syntax and `terraform console`. What RE2 refuses is refused:
back-references, look-around, repeats of more than 1,000, repeats of repeats.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from ...records import dataclass
from ..evaluation.conversion import EvaluationError, TooLarge
from .regular_classes import ASCII, LAST, PERL, Ranges, folded, merged, negated, unicode_class

_MOST_REPEATS = 1000
_DEEPEST = 200
_ESCAPES = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_REPEAT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}", re.ASCII)
_NAME = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of these code points."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place: begin or end of text or line, a word's boundary or none."""

    kind: Literal["text start", "text end", "line start", "line end", "boundary", "no boundary"]


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    item: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Group:
    item: Node
    number: int  # from 1


Node: TypeAlias = Characters | Assertion | Sequence | Choice | Repeat | Group


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern's tree and its groups' names, None for a group without."""

    root: Node
    groups: tuple[str | None, ...]


@dataclass(slots=True)
class _Reader:
    """The position of the reader, and the flags that hold there."""

    text: str
    position: int
    flags: frozenset[str]
    groups: list[str | None]

    @property
    def next(self) -> str:
        return self.text[self.position : self.position + 1]

    def take(self, text: str) -> bool:
        if self.text.startswith(text, self.position):
            self.position += len(text)
            return True
        return False


@lru_cache(maxsize=1024)
def parse(text: str) -> Pattern:
    """Read a pattern. EvaluationError where RE2 refuses it."""
    reader = _Reader(text, 0, frozenset(), [])
    root = _choice(reader, 0)
    if reader.position < len(text):
        raise EvaluationError("invalid regexp pattern: unexpected )")
    return Pattern(root, tuple(reader.groups))


def _choice(reader: _Reader, depth: int) -> Node:
    if depth > _DEEPEST:
        raise TooLarge(f"the pattern is nested more than {_DEEPEST} deep")
    options = [_sequence(reader, depth)]
    while reader.take("|"):
        options.append(_sequence(reader, depth))
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _sequence(reader: _Reader, depth: int) -> Node:
    items: list[Node] = []
    while reader.position < len(reader.text) and reader.next not in "|)":
        if reader.next in "*+?" or (reader.next == "{" and _REPEAT.match(reader.text, reader.position)):
            start = reader.position
            mark = _mark(reader)
            raise EvaluationError(f"invalid regexp pattern: missing argument to repetition operator in {mark or start}")
        if reader.take("\\Q"):
            end = reader.text.find("\\E", reader.position)
            literal = reader.text[reader.position : end if end >= 0 else None]
            reader.position = end + 2 if end >= 0 else len(reader.text)
            items.extend(_literal(reader, character) for character in literal[:-1])
            if literal:
                items.append(_repeated(reader, _literal(reader, literal[-1])))
            continue
        item = _item(reader, depth)
        if item is not None:
            items.append(_repeated(reader, item))
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def _mark(reader: _Reader) -> str:
    """A repetition operator, without the ? that makes it lazy."""
    match = _REPEAT.match(reader.text, reader.position)
    mark = match.group() if match else reader.next
    reader.position += len(mark)
    return mark


def _repeated(reader: _Reader, item: Node) -> Node:
    match = _REPEAT.match(reader.text, reader.position)
    if reader.next not in ("*", "+", "?") and match is None:
        return item
    mark = _mark(reader)
    lazy = reader.take("?") != ("U" in reader.flags)
    following = reader.position
    if reader.next in ("*", "+", "?") or _REPEAT.match(reader.text, reader.position):
        raise EvaluationError(f"invalid regexp pattern: invalid nested repetition operator in {mark}{_mark(reader)}")
    reader.position = following
    least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(mark, (0, None))
    if match is not None:
        low, comma, high = match.groups()
        if len(low) > 4 or len(high or "") > 4:
            raise EvaluationError(f"invalid regexp pattern: invalid repeat count in {mark}")
        least = int(low)
        most = least if not comma else int(high) if high else None
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise EvaluationError(f"invalid regexp pattern: invalid repeat count in {mark}")
        if least >= 2 or (most or 0) >= 2:
            _check_nested(item, max(least, most or 0), mark)
    return Repeat(item, least, most, lazy)


def _check_nested(item: Node, count: int, mark: str) -> None:
    """RE2 refuses repeats within repeats that come to more than 1,000 together."""
    if count * _nested_count(item) > _MOST_REPEATS:
        raise EvaluationError(f"invalid regexp pattern: invalid repeat count in {mark}")


def _nested_count(item: Node) -> int:
    if isinstance(item, Repeat):
        own = max(item.least, item.most or 0)
        return (own if own >= 2 else 1) * _nested_count(item.item)
    if isinstance(item, Group):
        return _nested_count(item.item)
    parts = item.items if isinstance(item, Sequence) else item.options if isinstance(item, Choice) else ()
    return max((_nested_count(part) for part in parts), default=1)


def _item(reader: _Reader, depth: int) -> Node | None:
    """One thing that can be repeated; None for flags such as (?i), which hold from there on."""
    character = reader.next
    if character == "(":
        return _group(reader, depth)
    if character == "[":
        return Characters(_class(reader))
    reader.position += 1
    if character == ".":
        return Characters(((0, LAST),) if "s" in reader.flags else ((0, 9), (11, LAST)))
    if character == "^":
        return Assertion("line start" if "m" in reader.flags else "text start")
    if character == "$":
        return Assertion("line end" if "m" in reader.flags else "text end")
    if character != "\\":
        return _literal(reader, character)
    letter = reader.next
    assertions: dict[str, Assertion] = {
        "A": Assertion("text start"),
        "z": Assertion("text end"),
        "b": Assertion("boundary"),
        "B": Assertion("no boundary"),
    }
    if letter in assertions:
        reader.position += 1
        return assertions[letter]
    ranges = _class_escape(reader)
    if ranges is not None:
        return Characters(ranges)
    return _literal(reader, chr(_escape(reader)))


def _group(reader: _Reader, depth: int) -> Node | None:
    start = reader.position
    reader.position += 1
    outer = reader.flags
    number = 0
    if reader.take("?P<") or reader.take("?<"):
        match = _NAME.match(reader.text, reader.position)
        if match is None or reader.text[match.end() : match.end() + 1] != ">":
            raise EvaluationError(f"invalid regexp pattern: invalid named capture in {reader.text[start:]}")
        reader.position = match.end() + 1
        reader.groups.append(match.group())
        number = len(reader.groups)
    elif reader.take("?"):
        colon = _read_flags(reader, start)
        if not colon:
            return None
    else:
        reader.groups.append(None)
        number = len(reader.groups)
    inner = _choice(reader, depth + 1)
    if not reader.take(")"):
        raise EvaluationError(f"invalid regexp pattern: missing closing ) in {reader.text}")
    reader.flags = outer
    return Group(inner, number) if number else Sequence((inner,))


def _read_flags(reader: _Reader, start: int) -> bool:
    """Flags up to `)` (False: they hold from here) or `:` (True: they hold in the group that follows)."""
    flags = set(reader.flags)
    on = True
    seen = False
    while True:
        letter = reader.next
        reader.position += 1
        if letter and letter in "imsU":
            (flags.add if on else flags.discard)(letter)
            seen = True
        elif letter == "-" and on:
            on = False
            seen = False
        elif letter and letter in ":)" and (on or seen):
            reader.flags = frozenset(flags)
            return letter == ":"
        else:
            found = reader.text[start : reader.position]
            raise EvaluationError(f"invalid regexp pattern: invalid or unsupported Perl syntax in {found}")


def _literal(reader: _Reader, character: str) -> Characters:
    code = ord(character)
    return Characters(folded(((code, code),)) if "i" in reader.flags else ((code, code),))


def _escape(reader: _Reader) -> int:
    """The code point of an escape, behind the backslash."""
    letter = reader.next
    start = reader.position - 1
    reader.position += 1
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter and letter in "01234567":
        digits = re.compile("[0-7]{1,3}").match(reader.text, start + 1)
        # \1 to \7 are back-references, unless another digit makes them octal.
        if digits and (letter == "0" or len(digits.group()) > 1):
            reader.position = digits.end()
            return int(digits.group(), 8)
    elif letter == "x":
        digits = re.compile(r"[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\}").match(reader.text, start + 2)
        code = int(digits.group().strip("{}"), 16) if digits and len(digits.group()) < 12 else LAST + 1
        if digits and code <= LAST:
            reader.position = digits.end()
            return code
    elif letter and letter.isascii() and not letter.isalnum():
        return ord(letter)
    if not letter:
        raise EvaluationError("invalid regexp pattern: trailing backslash at end of expression")
    raise EvaluationError(f"invalid regexp pattern: invalid escape sequence in {reader.text[start : start + 2]}")


def _class_escape(reader: _Reader) -> Ranges | None:
    r"""\d, \pL and their like, behind the backslash; None for anything else."""
    letter = reader.next
    if letter and letter.lower() in PERL:
        reader.position += 1
        ranges = PERL[letter.lower()]
        ranges = folded(ranges) if "i" in reader.flags else ranges
        return negated(ranges) if letter.isupper() else ranges
    if letter not in ("p", "P"):
        return None
    match = re.compile(r"[pP](?:\{(\^?)(\w+)\}|(\w))").match(reader.text, reader.position)
    if match is None:
        raise EvaluationError(
            f"invalid regexp pattern: invalid character class range in \\{reader.text[reader.position :]}"
        )
    reader.position = match.end()
    ranges = unicode_class(match.group(2) or match.group(3))
    ranges = folded(ranges) if "i" in reader.flags else ranges
    return negated(ranges) if (letter == "P") != bool(match.group(1)) else ranges


def _class(reader: _Reader) -> Ranges:
    start = reader.position
    reader.position += 1
    inverted = reader.take("^")
    ranges: list[tuple[int, int]] = []
    first = True
    while reader.next != "]" or first:
        if not reader.next:
            raise EvaluationError(f"invalid regexp pattern: missing closing ] in {reader.text[start:]}")
        first = False
        named = re.compile(r"\[:(\^?)([^\]:]*):\]").match(reader.text, reader.position)
        if named is not None:
            if named.group(2) not in ASCII:
                raise EvaluationError(f"invalid regexp pattern: invalid character class range in {named.group()}")
            reader.position = named.end()
            found = ASCII[named.group(2)]
            found = folded(found) if "i" in reader.flags else found
            ranges.extend(negated(found) if named.group(1) else found)
            continue
        if reader.next == "\\":
            reader.position += 1
            escaped = _class_escape(reader)
            if escaped is not None:
                ranges.extend(escaped)
                continue
            reader.position -= 1
        ranges.append(_range(reader))
    reader.position += 1
    found = tuple(ranges)
    if "i" in reader.flags:
        found = folded(found)
    return negated(found) if inverted else merged(found)


def _range(reader: _Reader) -> tuple[int, int]:
    """One character of a class, or two with a hyphen between."""
    start = reader.position
    low = high = _class_character(reader)
    following = reader.text[reader.position + 1 : reader.position + 2]
    if reader.next == "-" and following not in ("", "]"):
        reader.position += 1
        high = _class_character(reader)
        if high < low:
            found = reader.text[start : reader.position]
            raise EvaluationError(f"invalid regexp pattern: invalid character class range in {found}")
    return low, high


def _class_character(reader: _Reader) -> int:
    character = reader.next
    if not character:
        raise EvaluationError(f"invalid regexp pattern: missing closing ] in {reader.text}")
    reader.position += 1
    return _escape(reader) if character == "\\" else ord(character)
