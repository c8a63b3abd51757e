"""Text → lexemes, named as python-hcl2's grammar names its terminals.

python-hcl2's own terminals are regular expressions without memory, so they can't tell a newline that ends an
argument from one inside brackets, `for` the keyword from `for` the name, a heredoc's interpolations, or an
identifier that isn't ASCII. This pass keeps the one stack that is needed for it, as HCL's own scanner does
(HCL native syntax specification, "Lexical Elements"), and leaves all structure to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..source import Source, Span
from .nodes import Comment
from .problems import ParseError

# Deeper nesting than this is refused: people don't write it, and what walks trees may rely on it.
DEEPEST = 200

# Newlines count in the first two kinds.
BODY, OBJECT, CLOSED, FOR, QUOTED, HEREDOC, INTERPOLATION, DIRECTIVE = range(8)


class Lexeme(NamedTuple):
    """A terminal of the grammar, its text (for a run of unary operators: the operators), and where it stands."""

    type: str
    value: str
    start: int
    end: int


class _Frame:
    """An open bracket, string or body: what it is, where it began, and what it has seen."""

    __slots__ = ("begin", "header", "intro", "kind", "line_start", "marker")

    def __init__(self, kind: int, begin: int) -> None:
        self.kind = kind
        self.begin = begin
        self.header = kind == BODY  # before the `=` or `{` of an item
        self.intro = 0  # of a for: 1 name, 2 comma or in, 3 second name, 4 in, 0 done
        self.marker = ""
        self.line_start = True  # a heredoc: at the start of a line


_CODE = re.compile(
    r"""[ \t]*(?:
      (?P<newline>\r?\n)
    | (?P<comment>\#[^\n]*|//[^\n]*|/\*(?s:.*?)\*/)
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?![^\x00-\x7f]|[A-Za-z0-9_-]))
    | (?P<quote>")
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<heredoc><<-?[^\W\d][\w.-]*[ \t]*\r?\n)
    | (?P<splat>\[[ \t]*\*[ \t]*\]|\.[ \t]*\*)
    | (?P<operator>==|!=|<=|>=|=>|&&|\|\||\.\.\.|::|~\}|[-+*/%<>!?:.,=])
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    )""",
    re.VERBOSE,
)
_BLANKS = re.compile(r"[ \t]*")
_FOR_AHEAD = re.compile(r"(?:\s|\#[^\n]*\n|//[^\n]*\n|/\*(?s:.*?)\*/)*for(?![\w-])")
_DIGITS = re.compile(r"[0-9]+")
_QUOTED_TEXT = re.compile(r"(?:\\[^\n]|\$\$+\{|%%+\{|\$(?!\{)|%(?!\{)|[^\\\"$%\n])+")
_HEREDOC_TEXT = re.compile(r"(?:\$\$+\{|%%+\{|\$(?!\{)|%(?!\{)|[^$%\n])*(?:\n)?")
_OPERATORS = {
    "==": "DOUBLE_EQ", "!=": "NEQ", "<=": "LEQ", ">=": "GEQ", "=>": "FOR_OBJECT_ARROW", "&&": "DOUBLE_AMP",
    "||": "DOUBLE_PIPE", "...": "ELLIPSIS", "-": "MINUS", "+": "PLUS", "*": "ASTERISK", "/": "SLASH",
    "%": "PERCENT", "<": "LT", ">": "GT", "!": "NOT", "?": "QMARK", ":": "COLON", ".": "DOT", ",": "COMMA",
    "=": "EQ",
}  # fmt: skip
_BRACKETS = {"{": "LBRACE", "(": "LPAR", "[": "LSQB", "}": "RBRACE", ")": "RPAR", "]": "RSQB"}
_LITERALS = {"true": "TRUE", "false": "FALSE", "null": "NULL"}
_OPERAND_ENDS = frozenset(
    ("NAME", "TRUE", "FALSE", "NULL", "INT_LITERAL", "FLOAT_LITERAL", "RPAR", "RSQB", "RBRACE", "CLOSE_QUOTE",
     "ATTR_SPLAT", "FULL_SPLAT_START")
)  # fmt: skip
_UNFINISHED = frozenset(_OPERATORS.values()) - {"COMMA", "ELLIPSIS"}
_SAME_LINE = "the whole expression on one line, or parentheses around it"


class Scan:
    """One pass over a stretch of a source; iterate it once. `comments` fills as it goes."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.text = source.text if end == len(source.text) else source.text[:end]
        self.position = start
        self.comments: list[Comment] = []
        self.frames: list[_Frame] = []
        self.last = ""  # the terminal before, with a closing quote as CLOSE_QUOTE

    def fail(self, message: str, remedy: str, start: int, end: int | None = None) -> ParseError:
        return ParseError(
            message, remedy, Span(self.source, start, min(len(self.text), start + 1) if end is None else end)
        )

    def file(self) -> Iterator[Lexeme]:
        """A file's or a run of blocks' lexemes."""
        if self.position == 0 and self.text.startswith("\ufeff"):
            self.position = 1
        self.frames.append(_Frame(BODY, self.position))
        yield from self._run()

    def expression(self) -> Iterator[Lexeme]:
        """An expression's lexemes, made an argument: `x = …`; newlines don't count."""
        start = self.position
        yield Lexeme("NAME", "x", start, start)
        yield Lexeme("EQ", "=", start, start)
        self.last = "EQ"
        self.frames.append(_Frame(CLOSED, start))
        yield from self._run()

    def template(self) -> Iterator[Lexeme]:
        """A bare template's lexemes (what a file for templatefile holds), made an argument."""
        start = self.position
        yield Lexeme("NAME", "x", start, start)
        yield Lexeme("EQ", "=", start, start)
        yield Lexeme("DBLQUOTE", "<<", start, start)
        frame = _Frame(HEREDOC, start)
        self.frames.append(frame)
        yield from self._run()
        yield Lexeme("DBLQUOTE", "", len(self.text), len(self.text))

    def _run(self) -> Iterator[Lexeme]:
        end = len(self.text)
        while self.position < end:
            frame = self.frames[-1]
            kind = frame.kind
            if kind == QUOTED:
                yield from self._quoted(frame)
            elif kind == HEREDOC:
                yield from self._heredoc(frame)
            else:
                yield from self._code()
        self._check_closed()

    def _check_closed(self) -> None:
        if len(self.frames) == 1:
            return
        frame = self.frames[-1]
        begin = frame.begin
        if frame.kind == HEREDOC:
            raise self.fail("the heredoc isn't closed", f"a line with nothing but {frame.marker}", begin, begin + 2)
        if frame.kind == QUOTED:
            raise self.fail("the string isn't closed", 'a closing quote: "', begin)
        if frame.kind == INTERPOLATION:
            raise self.fail("the interpolation isn't closed", "a closing brace: }", begin, begin + 2)
        if frame.kind == DIRECTIVE:
            raise self.fail("the template directive isn't closed", "a closing brace: }", begin, begin + 2)
        opener = self.text[begin]
        what = {"{": "block" if frame.kind == BODY else "brace", "(": "parenthesis", "[": "bracket"}[opener]
        closer = {"{": "}", "(": ")", "[": "]"}[opener]
        raise self.fail(f"the {what} isn't closed", f"a closing {closer}", begin)

    def _push(self, kind: int, begin: int) -> _Frame:
        if len(self.frames) > DEEPEST:
            raise self.fail(f"brackets are nested more than {DEEPEST} deep", "a value of its own in locals", begin)
        frame = _Frame(kind, begin)
        self.frames.append(frame)
        return frame

    # -- code ----------------------------------------------------------------------------------------------

    def _code(self) -> Iterator[Lexeme]:
        """Lexemes until a string begins or ends, or the text does."""
        text, match_at, frames = self.text, _CODE.match, self.frames
        position, end = self.position, len(text)
        frame = frames[-1]
        last = self.last
        while position < end:
            match = match_at(text, position)
            if match is None:
                name_end = self._unicode_name(position)
                if name_end is None:
                    self._refuse_character(position)
                    position = end
                    continue
                group, start, stop = "name", *name_end
            else:
                group, stop = match.lastgroup or "", match.end()
                start = match.start(group)
            position = stop
            if group == "name":
                value = text[start:stop]
                terminal = "NAME"
                if frame.header:
                    pass
                elif frame.intro:
                    terminal = self._intro_name(frame, value)
                elif last == "DOT":
                    pass
                elif value in _LITERALS:
                    terminal = _LITERALS[value]
                elif value == "for" and frame.kind == FOR and frame.intro == 0 and last in ("LSQB", "LBRACE"):
                    terminal = "FOR"
                    frame.intro = 1
                elif value == "if" and frame.kind == FOR and (last in _OPERAND_ENDS or last == "ELLIPSIS"):
                    terminal = "IF"
                elif text.startswith("::", stop):
                    stop = position = self._namespaced(stop)
                    value = text[start:stop]
                last = terminal
                yield Lexeme(terminal, value, start, stop)
            elif group == "newline":
                if frame.kind <= OBJECT:
                    if last in _UNFINISHED:
                        raise self.fail("the line ends where an expression is missing", _SAME_LINE, start, stop)
                    if frame.kind == BODY:
                        frame.header = True
                    if last != "NL_OR_COMMENT":
                        last = "NL_OR_COMMENT"
                        yield Lexeme(last, "\n", start, stop)
            elif group == "operator":
                value = text[start:stop]
                if value == "~}":
                    if frame.kind not in (INTERPOLATION, DIRECTIVE):
                        raise self.fail("~ isn't an operator", "a strip marker stands only in a template", start)
                    frames.pop()
                    self.position, self.last = stop, "RBRACE"
                    yield Lexeme("RBRACE", value, start, stop)
                    return
                if value == "::":
                    raise self.fail(
                        "the :: is out of place", "a function's namespace: provider::name::function()", start, stop
                    )
                if value in ("/", "<") and text.startswith(("*", "<"), stop):
                    self._refuse_pair(start)
                terminal = _OPERATORS[value]
                if last == "NL_OR_COMMENT" and (frame.kind == BODY or terminal not in ("MINUS", "NOT")):
                    raise self.fail(f"a line can't begin with {value}", _SAME_LINE, start, stop)
                if value == "=" and frame.header:
                    frame.header = False
                elif frame.intro:
                    frame.intro = {("COMMA", 2): 3}.get((terminal, frame.intro), 0)
                elif terminal in ("MINUS", "NOT") and last not in _OPERAND_ENDS:
                    # the grammar knows one unary operator; a run of them travels as one lexeme
                    while (following := match_at(text, position)) and following.lastgroup in (
                        "operator",
                        "comment",
                        "newline",
                    ):
                        if following["operator"] in ("-", "!"):
                            value += following["operator"]
                            stop = following.end()
                        elif following["operator"] or (following["newline"] and frame.kind <= OBJECT):
                            break
                        elif following["comment"]:
                            self._comment(following.start("comment"), following.end())
                        position = following.end()
                last = terminal
                yield Lexeme(terminal, value, start, stop)
            elif group == "quote":
                quoted = self._push(QUOTED, start)
                quoted.header = frame.header
                self.position = stop
                yield Lexeme("DBLQUOTE", '"', start, stop)
                return
            elif group == "number":
                value = text[start:stop]
                if last == "DOT":  # the legacy index: each dot begins a new one
                    digits = _DIGITS.match(text, start)
                    assert digits is not None
                    position = stop = digits.end()
                    value = text[start:stop]
                last = "INT_LITERAL" if value.isdigit() else "FLOAT_LITERAL"
                yield Lexeme(last, value, start, stop)
            elif group == "comment":
                self._comment(start, stop)
            elif group == "open":
                value = text[start:stop]
                if value == "(":
                    frame = self._push(CLOSED, start)
                elif value == "{" and frame.header:
                    if last in ("NL_OR_COMMENT", ""):
                        raise self.fail(
                            "a block's brace stands alone", "the brace on the line of the block's type", start
                        )
                    frame = self._push(BODY, start)
                elif _FOR_AHEAD.match(text, stop) and (value == "{" or last not in _OPERAND_ENDS):
                    frame = self._push(FOR, start)
                else:
                    frame = self._push(OBJECT if value == "{" else CLOSED, start)
                last = _BRACKETS[value]
                yield Lexeme(last, value, start, stop)
            elif group == "close":
                value = text[start:stop]
                last = _BRACKETS[value]
                if frame.kind in (INTERPOLATION, DIRECTIVE) and value == "}":
                    frames.pop()
                    self.position, self.last = stop, last
                    yield Lexeme(last, value, start, stop)
                    return
                self._check_closer(frame, value, start)
                frames.pop()
                frame = frames[-1]
                yield Lexeme(last, value, start, stop)
            elif group == "splat":
                last = "ATTR_SPLAT" if text[start] == "." else "FULL_SPLAT_START"
                yield Lexeme(last, text[start:stop], start, stop)
            else:  # a heredoc
                value = text[start:stop]
                heredoc = self._push(HEREDOC, start)
                heredoc.marker = value.strip("<- \t\r\n") if not value.startswith("<<-") else value[3:].strip()
                self.position = stop
                yield Lexeme("DBLQUOTE", value, start, stop)
                return
        self.position, self.last = position, last

    def _check_closer(self, frame: _Frame, value: str, start: int) -> None:
        opener = self.text[frame.begin] if len(self.frames) > 1 else ""
        if {"{": "}", "(": ")", "[": "]"}.get(opener) == value:
            return
        if not opener or frame.kind in (INTERPOLATION, DIRECTIVE):
            raise self.fail(f"the {value} closes nothing", "brackets that match", start)
        line = Span(self.source, frame.begin, frame.begin).line
        right = {"{": "}", "(": ")", "[": "]"}[opener]
        raise self.fail(f"{value} can't close the {opener} of line {line}", f"a closing {right}", start)

    def _intro_name(self, frame: _Frame, value: str) -> str:
        if frame.intro in (1, 3):
            frame.intro += 1
            return "NAME"
        frame.intro = 0
        return "IN" if value == "in" else "NAME"

    def _comment(self, start: int, stop: int) -> None:
        text = self.text[start:stop]
        if text.startswith("/*"):
            content = text[2:-2]
        else:
            content = text[1:] if text.startswith("#") else text[2:]
            content = content.rstrip("\r")
            stop -= text.endswith("\r")
        self.comments.append(Comment(content, Span(self.source, start, stop)))

    def _unicode_name(self, position: int) -> tuple[int, int] | None:
        """An identifier that isn't ASCII throughout: its start and end."""
        blanks = _BLANKS.match(self.text, position)
        start = blanks.end() if blanks else position
        stop = start
        while (
            stop < len(self.text)
            and (("a" + self.text[stop]).isidentifier() if stop > start else self.text[stop].isidentifier())
        ) or (stop > start and self.text.startswith("-", stop)):
            stop += 1
        return (start, stop) if stop > start else None

    def _namespaced(self, position: int) -> int:
        """Where `provider::aws::arn_parse` ends, seen from its first `::`."""
        name = re.compile(r"::[A-Za-z_][A-Za-z0-9_-]*")
        while match := name.match(self.text, position):
            position = match.end()
        return position

    def _refuse_pair(self, start: int) -> None:
        if self.text.startswith("/*", start):
            raise self.fail("the comment isn't closed", "a closing */", start, start + 2)
        if self.text.startswith("<<", start):
            raise self.fail("the heredoc has no marker", "<<EOT and the end of the line", start, start + 2)

    def _refuse_character(self, position: int) -> None:
        blanks = _BLANKS.match(self.text, position)
        start = blanks.end() if blanks else position
        if start >= len(self.text):
            return
        character = self.text[start]
        if character == "'":
            raise self.fail('strings are quoted with "', 'double quotes: "…"', start)
        if character in "“”‘’":  # noqa: RUF001
            raise self.fail("curly quotes don't quote", 'straight double quotes: "…"', start)
        if character == ";":
            raise self.fail("semicolons don't separate arguments", "an argument to a line", start)
        if character in "&|":
            raise self.fail(f"there is no bitwise operator {character}", f"{character * 2}, or a function", start)
        if character == "\r":
            raise self.fail("a carriage return stands alone", "line ends that are LF or CRLF", start)
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        raise self.fail(f"the character {shown} isn't used in this language", "the character removed", start)

    # -- templates -----------------------------------------------------------------------------------------

    def _opening(self, frame: _Frame) -> Lexeme:
        """`${` or `%{`, with its strip marker, at this position."""
        start = self.position
        interpolation = self.text[start] == "$"
        stop = start + 2 + self.text.startswith("~", start + 2)
        inner = self._push(INTERPOLATION if interpolation else DIRECTIVE, start)
        inner.header = False
        self.position = stop
        value = self.text[start:stop]
        self.last = "INTERP_START" if interpolation else "DIRECTIVE_START"
        return Lexeme(self.last, value, start, stop)

    def _directive(self) -> Iterator[Lexeme]:
        """The keyword behind `%{`, and what a `for` names."""
        keyword = re.compile(r"\s*(if|else|endif|for|endfor)(?![\w-])").match(self.text, self.position)
        if keyword is None:
            raise self.fail(
                "this isn't a template directive", "if, else, endif, for or endfor", self.position - 2, self.position
            )
        self.position = keyword.end()
        name = keyword[1]
        yield Lexeme(name.upper(), name, keyword.start(1), keyword.end(1))
        self.last = name.upper()
        if name == "for":
            self.frames[-1].intro = 1

    def _quoted(self, frame: _Frame) -> Iterator[Lexeme]:
        text, position = self.text, self.position
        match = _QUOTED_TEXT.match(text, position)
        if match is not None:
            self.position = match.end()
            yield Lexeme("STRING_CHARS", match[0], position, match.end())
            position = match.end()
        character = text[position : position + 1]
        if character == '"':
            self.frames.pop()
            self.position, self.last = position + 1, "CLOSE_QUOTE"
            yield Lexeme("DBLQUOTE", '"', position, position + 1)
        elif character in ("$", "%"):
            lexeme = self._opening(frame)
            yield lexeme
            if lexeme.type == "DIRECTIVE_START":
                yield from self._directive()
        elif character == "\\":
            raise self.fail("the string isn't closed", 'a closing quote: "', frame.begin)
        else:
            begin = frame.begin
            raise self.fail(
                "the string isn't closed on its line", "a closing quote, \\n for a newline, or a heredoc", begin
            )

    def _heredoc(self, frame: _Frame) -> Iterator[Lexeme]:
        text, position = self.text, self.position
        match = _HEREDOC_TEXT.match(text, position)
        assert match is not None
        line = match[0]
        if frame.marker and frame.line_start and line.strip() == frame.marker and self._ends_line(match.end(), line):
            start = position + len(line) - len(line.lstrip())
            stop = start + len(frame.marker)
            self.frames.pop()
            self.position, self.last = stop, "CLOSE_QUOTE"
            # blanks behind the marker go with it
            blanks = re.compile(r"[ \t\r]*").match(text, stop)
            assert blanks is not None
            if text.startswith("\n", blanks.end()) or blanks.end() == len(text):
                self.position = blanks.end()
            yield Lexeme("DBLQUOTE", frame.marker, start, stop)
            return
        if line:
            frame.line_start = line.endswith("\n")
            self.position = match.end()
            yield Lexeme("STRING_CHARS", line, position, match.end())
            if frame.line_start or match.end() == len(text):
                return
        frame.line_start = False
        lexeme = self._opening(frame)
        yield lexeme
        if lexeme.type == "DIRECTIVE_START":
            yield from self._directive()

    def _ends_line(self, position: int, line: str) -> bool:
        return line.endswith("\n") or position == len(self.text)
