"""JSON text → values that point into it.

Python's own parser gives no places, and drops properties that are written twice. Source: RFC 8259; where texts go on
after a mistake, Terraform's parser (hcl/json) differs in its words, not in what it refuses. Bytes that aren't UTF-8 are
no mistake: within strings Terraform takes them for U+FFFD, which stands there already.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TypeAlias

from ..records import dataclass
from ..text.source import Source, Span
from .errors import ParseError
from .tokens import DEEPEST


@dataclass(frozen=True, slots=True, eq=False)
class JsonString:
    """A string, escapes resolved; the span has the quotes."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class JsonScalar:
    """true, false, null or a number (an int, or a Fraction where it isn't whole)."""

    value: bool | int | Fraction | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class JsonArray:
    items: tuple[JsonValue, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class JsonMember:
    """`"name": value`."""

    name: JsonString
    value: JsonValue

    @property
    def span(self) -> Span:
        return self.name.span.to(self.value.span)


@dataclass(frozen=True, slots=True, eq=False)
class JsonObject:
    """The members as written: a name may be there twice."""

    members: tuple[JsonMember, ...]
    span: Span


JsonValue: TypeAlias = JsonString | JsonScalar | JsonArray | JsonObject

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<string>"[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*")
    | (?P<mark>[{}\[\],:])
    | (?P<number>[-+.]?[0-9][0-9A-Za-z.+-]*|[-+.])
    | (?P<word>[A-Za-z_$][\w$-]*)
    | (?P<other>.)
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LONGEST_NUMBER, _LONGEST_EXPONENT = 4000, 5  # digits: what is beyond can't be held as an exact number
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([dD][c-fC-F][0-9A-Fa-f]{2}))?|(.))", re.DOTALL)
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_MEANT = {"True": "true", "False": "false", "None": "null", "nil": "null", "undefined": "null"}


def read(source: Source) -> JsonValue:
    """The value that the whole text is. ParseError at the first place where it isn't JSON."""
    return _Reader(source).whole()


def decoded(raw: str, start: int) -> tuple[str, list[int]]:
    """A string's value from what stands between its quotes, and the offset of each of its characters and of its end.

    `raw` begins at the offset `start`. It has passed the reader: its escapes are sound.
    """
    made: list[str] = []
    places: list[int] = []
    position = 0
    for match in _ESCAPE.finditer(raw):
        made.append(raw[position : match.start()])
        places.extend(range(start + position, start + match.start()))
        value = _escaped(match)
        made.append(value)
        places.extend([start + match.start()] * len(value))
        position = match.end()
    made.append(raw[position:])
    places.extend(range(start + position, start + len(raw) + 1))
    return "".join(made), places


def _escaped(match: re.Match[str]) -> str:
    """The text of an escape. Half a surrogate pair is no character: U+FFFD stands for it, as in Terraform."""
    first, second, simple = match.groups()
    if simple is not None:
        return _SIMPLE[simple]
    code = int(first, 16)
    if not 0xD800 <= code <= 0xDFFF:
        return chr(code) + (_halves(second) if second else "")
    if second and code < 0xDC00:
        return chr(0x10000 + (code - 0xD800) * 0x400 + int(second, 16) - 0xDC00)
    return "\ufffd" + (_halves(second) if second else "")


def _halves(code: str) -> str:
    return "\ufffd" if int(code, 16) >= 0xD800 else chr(int(code, 16))


class _Reader:
    """One pass over a text, a token ahead."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.kind = ""
        self.start = self.position = 0
        self.depth = 0
        self._step()

    def _step(self) -> None:
        match = _TOKEN.match(self.text, self.position)
        assert match is not None  # any character is a token
        self.kind = match.lastgroup or ""
        self.start, self.position = match.span(self.kind)

    @property
    def token(self) -> str:
        return self.text[self.start : self.position]

    def whole(self) -> JsonValue:
        if self.text.startswith("\ufeff"):
            raise self._at("the file begins with a byte-order mark", "save it as UTF-8 without one", 0, 1)
        if self.kind == "end":
            raise self._wrong("the file has no JSON value", 'write an object: { "resource": { … } }')
        value = self.value()
        if self.kind != "end":
            more = "close the value where it ends" if self.token in "}]" else "write one object"
            raise self._wrong(f"{self._shown()} follows the JSON value", more)
        return value

    def value(self) -> JsonValue:
        """The value that begins at the token."""
        kind, start = self.kind, self.start
        if kind == "string":
            return self.string()
        if kind == "number":
            return self._number()
        if kind == "word":
            return self._word()
        if kind == "mark" and self.token in "{[":
            self.depth += 1
            if self.depth > DEEPEST:
                raise self._wrong(f"brackets are nested more than {DEEPEST} deep", "move the inner part into a local")
            value = self._object(start) if self.token == "{" else self._array(start)
            self.depth -= 1
            return value
        if kind == "end":
            raise self._wrong("the file ends where a value is missing", "add the value and close the brackets")
        raise self._unreadable("a value is missing", "write a value in front of it")

    def string(self) -> JsonString:
        raw = self.text[self.start + 1 : self.position - 1]
        span = Span(self.source, self.start, self.position)
        if "\\" in raw:
            for match in _ESCAPE.finditer(raw):
                if match[3] is not None and match[3] not in _SIMPLE:
                    start = self.start + 1 + match.start()
                    right = r"use one of \" \\ \/ \b \f \n \r \t \uNNNN, or \\ for a backslash"
                    raise self._at(f"invalid escape sequence {match[0]}", right, start, start + 2)
            raw = _ESCAPE.sub(_escaped, raw)
        self._step()
        return JsonString(raw, span)

    def _number(self) -> JsonScalar:
        text = self.token
        if _NUMBER.fullmatch(text) is None:
            raise self._wrong(f"{self._shown()} is not a JSON number", "write it as 1, -1, 0.5 or 1e9")
        _, _, exponent = text.lower().partition("e")
        if len(text) > _LONGEST_NUMBER or len(exponent.lstrip("+-0")) > _LONGEST_EXPONENT:
            raise self._wrong("the number is out of range", "use a smaller number")
        span = Span(self.source, self.start, self.position)
        self._step()
        number = Fraction(text)
        return JsonScalar(number.numerator if number.denominator == 1 else number, span)

    def _word(self) -> JsonScalar:
        text, span = self.token, Span(self.source, self.start, self.position)
        if text not in _WORDS:
            meant = _MEANT.get(text, text.lower())
            right = f"write {meant}" if meant in _WORDS else "put text in double quotes"
            raise self._wrong(f"{self._shown()} is not a JSON value", right)
        self._step()
        return JsonScalar(_WORDS[text], span)

    def _object(self, start: int) -> JsonObject:
        self._step()
        members: list[JsonMember] = []
        while not self._closes("}", start, members):
            if self.kind != "string":
                name = self.token if self.kind == "word" else "name"
                raise self._unreadable("a property has no name in double quotes", f'write "{name}": …')
            name_ = self.string()
            if self.token != ":":
                raise self._unreadable(f"the colon behind {_short(name_.span.text)} is missing", "add it")
            self._step()
            members.append(JsonMember(name_, self.value()))
        return JsonObject(tuple(members), Span(self.source, start, self._closed()))

    def _array(self, start: int) -> JsonArray:
        self._step()
        items: list[JsonValue] = []
        while not self._closes("]", start, items):
            items.append(self.value())
        return JsonArray(tuple(items), Span(self.source, start, self._closed()))

    def _closes(self, bracket: str, opened: int, before: list[JsonMember] | list[JsonValue]) -> bool:
        """Return True if a bracket closes; else step over the comma that stands before what comes next."""
        if self.kind == "mark" and self.token == bracket:
            return True
        what, element = ("object", "property") if bracket == "}" else ("array", "element")
        if self.kind == "end":
            raise self._at(f"the {what} that begins here is not closed", f"add {bracket}", opened, opened + 1)
        if not before:
            return False
        if self.token != ",":
            raise self._unreadable(f"there is no comma between this {element} and the one before it", "add a comma")
        comma = self.start
        self._step()
        if self.kind == "mark" and self.token == bracket:
            raise self._at(f"a comma follows the last {element} of the {what}", "leave it out", comma, comma + 1)
        return False

    def _closed(self) -> int:
        end = self.position
        self._step()
        return end

    def _unreadable(self, message: str, remedy: str) -> ParseError:
        """What is wrong at a token that can't stand there, as far as the token itself says so."""
        if self.kind == "other":
            here = self.token
            if here == '"':
                end = re.compile(r"[\x00-\x1f]|$").search(self.text, self.start + 1)
                assert end is not None
                if end.end() < len(self.text) and end[0] != "\n":
                    return self._at("a string holds a control character", r"write it as \t or \uNNNN", *end.span())
                return self._at("the string is not closed on its line", 'add ", and write a line break as \\n',
                                self.start, end.start())  # fmt: skip
            if here == "'":
                return self._wrong("a string is in single quotes", "use double quotes")
            if here in "/#":
                return self._wrong("JSON has no comments", 'write it as a property "//": "…"')
        return self._wrong(message, remedy)

    def _shown(self) -> str:
        return _short(self.token)

    def _wrong(self, message: str, remedy: str) -> ParseError:
        return self._at(message, remedy, self.start, max(self.position, min(self.start + 1, len(self.text))))

    def _at(self, message: str, remedy: str, start: int, end: int) -> ParseError:
        return ParseError(message, remedy, Span(self.source, start, end))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
