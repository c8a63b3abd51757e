"""Quoted strings, heredocs and `%{ }` directives → template parts.

Escapes, indentation of `<<-` and strip markers follow the HCL native syntax specification, "Template
Expressions", and where it is silent what Terraform's own parser does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from ..records import dataclass
from ..text.source import Source, Span
from .errors import ParseError
from .nodes import Expr, ForDirective, IfDirective, Interpolation, TemplatePart, Text
from .tokens import DEEPEST, Lexeme


@dataclass(slots=True)
class Chars:
    """A literal stretch: raw text at first, then its value."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class TemplateSequence:
    """An interpolation or directive as written: its keyword (`${` for an interpolation) and what it holds."""

    keyword: str
    expr: Expr | None
    names: tuple[str, ...]
    span: Span
    strip_left: bool
    strip_right: bool


Part: TypeAlias = Chars | TemplateSequence

_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.|$)|\$\$+\{|%%+\{", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unescaped(raw: str, start: int, source: Source, *, backslashes: bool) -> str:
    """A literal's value. Heredocs know `$${` and `%%{` but no backslashes."""
    if "\\" not in raw and "${" not in raw and "%{" not in raw:
        return raw

    def value(match: re.Match[str]) -> str:
        text = match[0]
        if text[0] in "$%":
            return text[1:]  # $${ stands for ${
        if not backslashes:
            return text
        if text[1:2] in _SIMPLE:
            return _SIMPLE[text[1]]
        if len(text) > 2:
            code = int(text[2:], 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        span = Span(source, start + match.start(), start + match.end())
        raise ParseError(
            f"invalid escape sequence {text}",
            r"use one of \n \r \t \" \\ \uNNNN \UNNNNNNNN, or \\ for a backslash",
            span,
        )

    return _ESCAPE.sub(value, raw)


def template(
    opening: Lexeme, raw: list[Lexeme | TemplateSequence], closing: Lexeme, source: Source
) -> tuple[TemplatePart, ...]:
    """The parts of a quoted string, or of a heredoc (its opening begins with `<<`)."""
    heredoc = opening.value.startswith("<<")
    if not raw:
        return ()
    parts: list[Part] = [
        Chars(
            unescaped(part.value, part.start, source, backslashes=not heredoc),
            Span(source, part.start, part.end),
        )
        if isinstance(part, Lexeme)
        else part
        for part in raw
    ]
    _strip(parts)
    if opening.value.startswith("<<-"):
        _outdent(parts)
    return tuple(_Builder(parts, Span(source, closing.start, closing.end)).until())


def _strip(parts: list[Part]) -> None:
    """Apply strip markers to the literals beside them; a stripped newline takes the next line's blanks along."""
    for index, part in enumerate(parts):
        if not isinstance(part, TemplateSequence):
            continue
        if part.strip_left and index and isinstance(previous := parts[index - 1], Chars):
            previous.value = previous.value.rstrip()
        if part.strip_right and index + 1 < len(parts) and isinstance(following := parts[index + 1], Chars):
            following.value = following.value.lstrip()


def _outdent(parts: list[Part]) -> None:
    """Remove the indentation that all lines of a `<<-` heredoc share; lines that are all blank don't count."""
    at_start = True
    lines: list[Chars] = []
    fewest: int | None = None
    for part in parts:
        if at_start:
            if isinstance(part, Chars):
                blank = not part.value.strip()
                if not (blank and part.value.endswith("\n")):
                    width = len(part.value) - len(part.value.lstrip())
                    fewest = width if fewest is None else min(fewest, width)
                    lines.append(part)
            else:
                fewest = 0
        at_start = isinstance(part, Chars) and part.value.endswith("\n")
    for line in lines:
        line.value = line.value[fewest or 0 :]


class _Builder:
    """Nests the flat run of literals, interpolations and directives."""

    def __init__(self, parts: list[Part], end: Span) -> None:
        self.parts = parts
        self.end = end
        self.position = 0
        self.closing: TemplateSequence | None = None  # the directive that ended the last run
        self.depth = 0

    def until(self, *ends: str, opened_by: TemplateSequence | None = None) -> Iterator[TemplatePart]:
        """Parts until a directive of one of these keywords, which becomes `closing`."""
        self.depth += 1
        if self.depth > DEEPEST and opened_by is not None:
            what = f"directives are nested more than {DEEPEST} deep"
            raise ParseError(what, "move the inner part into a local", opened_by.span)
        while self.position < len(self.parts):
            part = self.parts[self.position]
            self.position += 1
            if isinstance(part, Chars):
                if part.value:
                    yield Text(part.value, part.span)
            elif part.keyword == "${":
                assert part.expr is not None
                yield Interpolation(part.expr, part.span)
            elif part.keyword == "if":
                yield self._if(part)
            elif part.keyword == "for":
                yield self._for(part)
            elif part.keyword in ends:
                self.closing = part
                self.depth -= 1
                return
            else:
                raise ParseError(f"unexpected %{{ {part.keyword} }}", _BEGINNINGS[part.keyword], part.span)
        if opened_by is not None:
            line = opened_by.span.line
            what = f"unexpected end of template: %{{ {opened_by.keyword} }} of line {line} is not closed"
            raise ParseError(what, f"add %{{ {ends[-1]} }}", self.end)

    def _if(self, opening: TemplateSequence) -> IfDirective:
        assert opening.expr is not None
        then = tuple(self.until("else", "endif", opened_by=opening))
        otherwise: tuple[TemplatePart, ...] = ()
        assert self.closing is not None
        if self.closing.keyword == "else":
            otherwise = tuple(self.until("endif", opened_by=opening))
        return IfDirective(opening.expr, then, otherwise, opening.span.to(self.closing.span))

    def _for(self, opening: TemplateSequence) -> ForDirective:
        assert opening.expr is not None
        body = tuple(self.until("endfor", opened_by=opening))
        assert self.closing is not None
        key = opening.names[0] if len(opening.names) == 2 else None
        return ForDirective(key, opening.names[-1], opening.expr, body, opening.span.to(self.closing.span))


_BEGINNINGS = {
    "else": "add %{ if … } before it",
    "endif": "add %{ if … } before it",
    "endfor": "add %{ for … } before it",
}
