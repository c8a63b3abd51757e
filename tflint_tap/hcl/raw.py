"""Text → the tokens that `terraform fmt` moves: all of the text but the blanks between them.

Unlike the lexemes of the scanner, which are what the grammar needs, they hold comments and each newline. The text has
to be HCL: nothing is refused here.
"""

from __future__ import annotations

import re

from .tokens import BLANKS, HEREDOC_TEXT, QUOTED_TEXT

# Kinds. Of an operator or a bracket its own text is the kind, of `in` as well, which may be a keyword or a name.
NAME, IN, NUMBER, NEWLINE, COMMENT, END = "name", "in", "number", "newline", "comment", "end"
QUOTE, UNQUOTE, QUOTED = "opening quote", "closing quote", "text in quotes"
HEREDOC, HEREDOC_END, HEREDOC_LINES = "opening marker", "closing marker", "text in a heredoc"
INTERPOLATION, DIRECTIVE, SEQUENCE_END = "${", "%{", "end of ${ or %{"

_CODE = re.compile(
    r"""[ \t]*(?:
      (?P<newline>\r?\n)
    | (?P<comment>(?:\#|//)[^\n]*\n?|/\*(?s:.*?)\*/)
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?![^\x00-\x7f]|[A-Za-z0-9_-]))
    | (?P<quote>")
    | (?P<number>[0-9]+(?:\.[0-9]+)*(?:[eE][+-]?[0-9]+)?)
    | (?P<heredoc><<-?[^\W\d][\w-]*\r?\n)
    | (?P<sign>==|!=|<=|>=|=>|&&|\|\||\.\.\.|::|~\}|[-+*/%<>!?:.,={}()\[\]])
    )""",
    re.VERBOSE,
)
_MARKER = re.compile(r"<<-?|\s+")


class Token:
    """A token: its kind, its text, the number of blanks before it, and where it starts in the source."""

    __slots__ = ("kind", "spaces", "start", "text")

    def __init__(self, kind: str, text: str, spaces: int = 0, start: int = -1) -> None:
        self.kind = kind
        self.text = text
        self.spaces = spaces
        self.start = start


def tokens_of(text: str) -> list[Token]:
    """The tokens of a file, the last of which is an empty one for its end. Takes time in proportion to the text."""
    tokens: list[Token] = []
    pending: list[str] = []  # what is open: "{", ${ or %{, a quote, or the marker of a heredoc
    position = int(text.startswith("\ufeff"))
    while not tokens or tokens[-1].kind != END:
        inside = pending[-1] if pending else ""
        if inside == QUOTE:
            position = _in_quotes(text, position, tokens, pending)
        elif inside.startswith("<<"):
            position = _in_heredoc(text, position, tokens, pending)
        else:
            position = _in_code(text, position, tokens, pending)
    if text.startswith("\ufeff"):
        tokens[0].spaces += 3  # the bytes of a byte-order mark, which matter only before the end of an empty file
    return tokens


def _in_code(text: str, position: int, tokens: list[Token], pending: list[str]) -> int:
    """Read until a template begins or goes on, or the text ends."""
    while True:
        match = _CODE.match(text, position)
        if match is not None:
            kind = match.lastgroup or ""
            start, stop = match.span(kind)
        else:
            blanks = BLANKS.match(text, position)
            start = blanks.end() if blanks is not None else position
            kind, stop = "name", _end_of_name(text, start)
        value = text[start:stop]
        spaces, position = start - position, stop
        if stop == start:
            tokens.append(Token(END, "", spaces, start))
            return stop
        if kind == "name" and value == IN:
            kind = IN
        elif kind == "quote":
            tokens.append(Token(QUOTE, value, spaces, start))
            pending.append(QUOTE)
            return stop
        elif kind == "heredoc":
            tokens.append(Token(HEREDOC, value, spaces, start))
            pending.append("<<" + _MARKER.sub("", value))
            return stop
        elif kind == "sign":
            kind = value
            if value == "{":
                pending.append(value)
            elif value in ("}", "~}") and pending and pending.pop() != "{":
                tokens.append(Token(SEQUENCE_END, value, spaces, start))
                return stop
        tokens.append(Token(kind, value, spaces, start))


def _end_of_name(text: str, start: int) -> int:
    """The end of a name that isn't ASCII throughout."""
    stop = start
    while stop < len(text) and (("a" + text[stop]).isidentifier() or text[stop] == "-"):
        stop += 1
    return stop


def _in_quotes(text: str, position: int, tokens: list[Token], pending: list[str]) -> int:
    match = QUOTED_TEXT.match(text, position)
    if match is not None:
        tokens.append(Token(QUOTED, match[0], 0, position))
        return match.end()
    if text[position] == '"':
        tokens.append(Token(UNQUOTE, '"', 0, position))
        pending.pop()
        return position + 1
    return _sequence(text, position, tokens, pending)


def _in_heredoc(text: str, position: int, tokens: list[Token], pending: list[str]) -> int:
    match = HEREDOC_TEXT.match(text, position)
    assert match is not None
    line = match[0]
    if not line:
        return _sequence(text, position, tokens, pending)
    last = tokens[-1]
    at_start = last.kind == HEREDOC or (last.kind == HEREDOC_LINES and last.text.endswith("\n"))
    if at_start and line.endswith("\n") and line.strip() == pending[-1][2:]:
        marker = line.rstrip("\r\n") if line.endswith("\r\n") else line[:-1]
        tokens.append(Token(HEREDOC_END, marker, 0, position))
        pending.pop()
        return position + len(marker)
    tokens.append(Token(HEREDOC_LINES, line, 0, position))
    return match.end()


def _sequence(text: str, position: int, tokens: list[Token], pending: list[str]) -> int:
    """Read `${` or `%{` with its strip marker."""
    kind = text[position : position + 2]
    value = kind + "~" * text.startswith("~", position + 2)
    tokens.append(Token(kind, value, 0, position))
    pending.append(kind)
    return position + len(value)
