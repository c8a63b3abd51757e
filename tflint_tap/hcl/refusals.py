"""The scanner's errors for a text that isn't HCL, at the place where Terraform's own parser stops."""

from __future__ import annotations

from ..text.source import Source, Span
from .errors import ParseError
from .tokens import BODY, CLOSERS, DIRECTIVE, FOR, HEREDOC, INTERPOLATION, MOST_OPERATORS, OPERAND_ENDS, QUOTED, Frame


def at(source: Source, message: str, remedy: str, start: int, end: int | None = None) -> ParseError:
    """A refusal of a stretch, by default of one character."""
    return ParseError(message, remedy, Span(source, start, min(len(source.text), start + 1) if end is None else end))


def no_newline(source: Source, start: int) -> ParseError:
    """Something follows an argument on its line."""
    return at(source, "missing newline after argument", "put each argument on its own line", start)


def neither(source: Source, start: int, end: int) -> ParseError:
    """A line of a body that holds only names."""
    item = source.text[start:end].rstrip()
    right = 'write name = value, or a block: type "label" { … }'
    return at(source, f"{item} is not an argument or a block definition", right, start, start + len(item))


def unclosed(source: Source, frame: Frame, end: int) -> ParseError:
    """The text ends within a bracket, string or block."""
    begin = frame.begin
    line = Span(source, begin, begin).line
    if frame.kind == HEREDOC:
        right = f"add a line with only {frame.marker}"
        return at(source, f"unclosed heredoc of line {line}", right, end)
    if frame.kind == QUOTED:
        return at(source, "unclosed string", 'add the closing quote: "', begin)
    if frame.kind == INTERPOLATION:
        return at(source, "unclosed template interpolation", "add the closing brace: }", begin, begin + 2)
    if frame.kind == DIRECTIVE:
        return at(source, "unclosed template directive", "add the closing brace: }", begin, begin + 2)
    opener = source.text[begin]
    right = f"add the closing {CLOSERS[opener]}"
    if frame.kind == BODY:
        return at(source, "unclosed configuration block", right, begin)
    # Terraform's parser sees the end of a call or list missing at its bracket, of all else at the end
    called = opener == "(" and frame.opener == "NAME"
    listed = opener == "[" and frame.opener not in OPERAND_ENDS
    if called or listed or frame.kind == FOR:
        return at(source, f"unclosed {opener}", right, begin)
    return at(source, f"unclosed {opener} of line {line}", right, end)


def closer(source: Source, frame: Frame | None, value: str, start: int) -> ParseError:
    """A closing bracket that doesn't match what is open, or nothing is (None)."""
    if frame is None or frame.kind in (INTERPOLATION, DIRECTIVE):
        return at(source, f"unexpected {value}: no bracket is open", "remove it, or add the opening bracket", start)
    opener = source.text[frame.begin]
    line = Span(source, frame.begin, frame.begin).line
    return at(source, f"{value} does not match the {opener} of line {line}", f"use {CLOSERS[opener]}", start)


def too_long(source: Source, start: int) -> ParseError:
    """An expression of more operators than people write."""
    what = f"the expression has more than {MOST_OPERATORS:,} operators"
    return at(source, what, "move parts of it into locals", start)


def pair(source: Source, start: int) -> ParseError:
    """`/*` or `<<` that doesn't begin what it should."""
    if source.text.startswith("<<<<<<<", start):
        return at(source, "unresolved merge conflict", "keep one of the two versions", start, start + 7)
    if source.text.startswith("/*", start):
        return at(source, "unclosed comment", "add the closing */", start, start + 2)
    return at(source, "the heredoc has no marker", "write <<EOT and a newline", start, start + 2)


def character(source: Source, start: int) -> ParseError:
    """A character that means nothing here."""
    found = source.text[start]
    if found == "'":
        return at(source, "single quotes are not valid", 'use double quotes: "…"', start)
    if found in "\u201c\u201d\u2018\u2019":
        return at(source, "curly quotes are not valid", 'use straight double quotes: "…"', start)
    if found == ";":
        return at(source, "the ; character is not valid", "put each argument on its own line", start)
    if found in "&|":
        return at(
            source,
            f"unsupported operator {found}: bitwise operators are not supported",
            f"did you mean {found * 2}?",
            start,
        )
    if found == "\r":
        return at(source, "carriage return without a line feed", "use LF or CRLF line ends", start)
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    return at(source, f"invalid character {shown}", "remove it", start)
