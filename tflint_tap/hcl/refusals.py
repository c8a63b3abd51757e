"""What the scanner says of a text that isn't HCL, at the place where Terraform's own parser stops."""

from __future__ import annotations

from ..text.source import Source, Span
from .errors import ParseError
from .tokens import BODY, CLOSERS, DIRECTIVE, FOR, HEREDOC, INTERPOLATION, MOST_OPERATORS, OPERAND_ENDS, QUOTED, Frame


def at(source: Source, message: str, remedy: str, start: int, end: int | None = None) -> ParseError:
    """A refusal of a stretch, by default of one character."""
    return ParseError(message, remedy, Span(source, start, min(len(source.text), start + 1) if end is None else end))


def no_newline(source: Source, start: int) -> ParseError:
    """Something follows an argument on its line."""
    return at(source, "no newline follows the argument", "a line for each argument", start)


def neither(source: Source, start: int, end: int) -> ParseError:
    """A line of a body that holds only names."""
    item = source.text[start:end].rstrip()
    right = 'name = value, or a block: type "label" { … }'
    return at(source, f"{item} is neither an argument nor a block", right, start, start + len(item))


def unclosed(source: Source, frame: Frame, end: int) -> ParseError:
    """The text ends within a bracket, string or block."""
    begin = frame.begin
    line = Span(source, begin, begin).line
    if frame.kind == HEREDOC:
        right = f"a line with nothing but {frame.marker}, and a newline behind it"
        return at(source, f"the heredoc of line {line} isn't closed", right, end)
    if frame.kind == QUOTED:
        return at(source, "the string isn't closed", 'a closing quote: "', begin)
    if frame.kind == INTERPOLATION:
        return at(source, "the interpolation isn't closed", "a closing brace: }", begin, begin + 2)
    if frame.kind == DIRECTIVE:
        return at(source, "the template directive isn't closed", "a closing brace: }", begin, begin + 2)
    opener = source.text[begin]
    right = f"a closing {CLOSERS[opener]}"
    if frame.kind == BODY:
        return at(source, "the block isn't closed", right, begin)
    # Terraform's parser sees the end of a call or list missing at its bracket, of all else at the end
    called = opener == "(" and frame.opener == "NAME"
    listed = opener == "[" and frame.opener not in OPERAND_ENDS
    if called or listed or frame.kind == FOR:
        return at(source, f"the {opener} isn't closed", right, begin)
    return at(source, f"the {opener} of line {line} isn't closed", right, end)


def closer(source: Source, frame: Frame | None, value: str, start: int) -> ParseError:
    """A closing bracket that doesn't match what is open, or nothing is (None)."""
    if frame is None or frame.kind in (INTERPOLATION, DIRECTIVE):
        return at(source, f"the {value} closes nothing", "brackets that match", start)
    opener = source.text[frame.begin]
    line = Span(source, frame.begin, frame.begin).line
    return at(source, f"{value} can't close the {opener} of line {line}", f"a closing {CLOSERS[opener]}", start)


def too_long(source: Source, start: int) -> ParseError:
    """An expression of more operators than people write."""
    what = f"the expression has more than {MOST_OPERATORS:,} operators and steps"
    return at(source, what, "parts of it in locals", start)


def pair(source: Source, start: int) -> ParseError:
    """`/*` or `<<` that doesn't begin what it should."""
    if source.text.startswith("<<<<<<<", start):
        return at(source, "a merge conflict is left in the file", "one of the two versions", start, start + 7)
    if source.text.startswith("/*", start):
        return at(source, "the comment isn't closed", "a closing */", start, start + 2)
    return at(source, "the heredoc has no marker", "<<EOT and the end of the line", start, start + 2)


def character(source: Source, start: int) -> ParseError:
    """A character that means nothing here."""
    found = source.text[start]
    if found == "'":
        return at(source, 'strings are quoted with "', 'double quotes: "…"', start)
    if found in "\u201c\u201d\u2018\u2019":
        return at(source, "curly quotes don't quote", 'straight double quotes: "…"', start)
    if found == ";":
        return at(source, "semicolons don't separate arguments", "an argument to a line", start)
    if found in "&|":
        return at(source, f"there is no bitwise operator {found}", f"{found * 2}, or a function", start)
    if found == "\r":
        return at(source, "a carriage return stands alone", "line ends that are LF or CRLF", start)
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    return at(source, f"the character {shown} isn't used in this language", "the character removed", start)
