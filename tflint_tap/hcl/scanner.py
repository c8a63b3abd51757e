"""Text → lexemes, named as python-hcl2's grammar names its terminals.

python-hcl2's own terminals are regular expressions without memory, so they can't tell a newline that ends an
argument from one inside brackets, `for` the keyword from `for` the name, a heredoc's interpolations, or an
identifier that isn't ASCII. This pass keeps the one stack that is needed for it, as HCL's own scanner does
(HCL native syntax specification, "Lexical Elements"), and leaves all structure to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..text.source import Source, Span
from . import refusals
from .nodes import Comment
from .tokens import (
    BLANKS,
    BODY,
    BRACKETS,
    CALL_AHEAD,
    CLOSED,
    CLOSERS,
    CODE,
    DEEPEST,
    DIRECTIVE,
    FOR,
    FOR_AHEAD,
    HEREDOC,
    HEREDOC_TEXT,
    INTERPOLATION,
    ITEM_STARTS,
    LITERALS,
    MOST_OPERATORS,
    NAMESPACE,
    OBJECT,
    OPERAND_ENDS,
    OPERATORS,
    QUOTED,
    QUOTED_TEXT,
    SAME_LINE,
    SEPARATORS,
    SPACE,
    UNFINISHED,
    Frame,
    Lexeme,
)


class Scan:
    """One pass over a stretch of a source; iterate it once. `comments` fills as it goes."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.text = source.text if end == len(source.text) else source.text[:end]
        self.position = start
        self.comments: list[Comment] = []
        self.frames: list[Frame] = []
        self.last = ""  # the terminal before, with a closing quote as CLOSE_QUOTE

    def file(self) -> Iterator[Lexeme]:
        """A file's or a run of blocks' lexemes."""
        if self.position == 0 and self.text.startswith("\ufeff"):
            self.position = 1
        self.frames.append(Frame(BODY, self.position))
        yield from self._run()

    def expression(self) -> Iterator[Lexeme]:
        """An expression's lexemes, made an argument: `x = …`; newlines don't count."""
        start = self.position
        yield Lexeme("NAME", "x", start, start)
        yield Lexeme("EQ", "=", start, start)
        self.last = "EQ"
        self.frames.append(Frame(CLOSED, start))
        yield from self._run()

    def template(self) -> Iterator[Lexeme]:
        """A bare template's lexemes (what a file for templatefile holds), made an argument."""
        start = self.position
        yield Lexeme("NAME", "x", start, start)
        yield Lexeme("EQ", "=", start, start)
        yield Lexeme("DBLQUOTE", "<<", start, start)
        frame = Frame(HEREDOC, start)
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
        if len(self.frames) > 1:
            raise refusals.unclosed(self.source, self.frames[-1], len(self.text))

    def _push(self, kind: int, begin: int) -> Frame:
        if len(self.frames) > DEEPEST:
            raise refusals.at(
                self.source, f"brackets are nested more than {DEEPEST} deep", "move the inner part into a local", begin
            )
        frame = Frame(kind, begin)
        self.frames.append(frame)
        return frame

    # -- code ----------------------------------------------------------------------------------------------

    def _code(self) -> Iterator[Lexeme]:
        """Lexemes until a string begins or ends, or the text does."""
        text, match_at, frames = self.text, CODE.match, self.frames
        position, end = self.position, len(text)
        frame = frames[-1]
        last = self.last
        while position < end:
            match = match_at(text, position)
            if match is None:
                name_end = self._unicode_name(position)
                if name_end is None:
                    blanks = BLANKS.match(text, position)
                    position = blanks.end() if blanks is not None else position
                    if position < end:
                        raise refusals.character(self.source, position)
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
                    if last in ITEM_STARTS:
                        frame.item = start
                elif frame.kind == BODY and last in OPERAND_ENDS:
                    raise refusals.no_newline(self.source, start)
                elif frame.intro:
                    terminal = self._intro_name(frame, value)
                elif last == "DOT":
                    pass
                elif value in LITERALS:
                    terminal = "NAME" if CALL_AHEAD.match(text, stop) else LITERALS[value]
                elif value == "for" and frame.kind == FOR and frame.intro == 0 and last in ("LSQB", "LBRACE"):
                    terminal = "FOR"
                    frame.intro = 1
                elif value == "if" and frame.kind == FOR and (last in OPERAND_ENDS or last == "ELLIPSIS"):
                    terminal = "IF"
                elif text[stop : stop + 1] in (":", " ", "\t") and (more := NAMESPACE.match(text, stop)):
                    stop = position = more.end()
                    value = "".join(text[start:stop].split())
                last = terminal
                yield Lexeme(terminal, value, start, stop)
            elif group == "newline":
                if frame.kind <= OBJECT:
                    if last in UNFINISHED:
                        raise refusals.at(
                            self.source, "missing expression at the end of the line", SAME_LINE, start, stop
                        )
                    if frame.open_questions:
                        raise refusals.at(
                            self.source, "missing false expression in conditional", SAME_LINE, start, stop
                        )
                    frame.operators = 0
                    if frame.kind == BODY:
                        if last == "LBRACE":
                            frame.single_line = False
                        elif frame.single_line:
                            what = "a block on one line ends with its one argument"
                            raise refusals.at(self.source, what, "add } here, or a newline after the {", start, stop)
                        if frame.header and last in ("NAME", "CLOSE_QUOTE"):
                            raise refusals.neither(self.source, frame.item, start)
                        frame.header = True
                    if last != "NL_OR_COMMENT":
                        last = "NL_OR_COMMENT"
                        yield Lexeme(last, "\n", start, stop)
            elif group == "operator":
                value = text[start:stop]
                if value == "~}":
                    if frame.kind not in (INTERPOLATION, DIRECTIVE):
                        raise refusals.at(
                            self.source, "unexpected ~", "use ~ only as a strip marker in a template", start
                        )
                    frames.pop()
                    self.position, self.last = stop, "RBRACE"
                    yield Lexeme("RBRACE", value, start, stop)
                    return
                if value == "::":
                    raise refusals.at(
                        self.source,
                        "unexpected ::",
                        "write a provider function as provider::name::function()",
                        start,
                        stop,
                    )
                if value in ("/", "<") and text.startswith(("*", "<"), stop):
                    raise refusals.pair(self.source, start)
                terminal = OPERATORS[value]
                if terminal in SEPARATORS and not frame.open_questions:
                    frame.operators = 0
                else:
                    frame.operators += 1
                    if frame.operators > MOST_OPERATORS:
                        raise refusals.too_long(self.source, start)
                if last == "NL_OR_COMMENT" and (frame.kind == BODY or terminal not in ("MINUS", "NOT")):
                    raise refusals.at(self.source, f"unexpected {value} at the start of a line", SAME_LINE, start, stop)
                if value == "=" and frame.header:
                    frame.header = False
                elif terminal == "COMMA" and frame.kind == BODY:
                    right = "put each argument on its own line, without commas"
                    raise refusals.at(self.source, "unexpected comma after argument", right, start)
                elif terminal == "ASTERISK" and last == "LSQB":
                    beyond = SPACE.match(text, stop)
                    assert beyond is not None
                    raise refusals.at(self.source, "unclosed [*", "write the splat [*] without a newline", beyond.end())
                elif frame.intro:
                    frame.intro = {("COMMA", 2): 3}.get((terminal, frame.intro), 0)
                elif terminal == "QMARK":
                    frame.open_questions += 1
                elif terminal == "COLON" and frame.open_questions:
                    frame.open_questions -= 1
                elif terminal in ("MINUS", "NOT") and last not in OPERAND_ENDS:
                    # the grammar knows one unary operator; a run of them travels as one lexeme
                    while (following := match_at(text, position)) and following.lastgroup in (
                        "operator",
                        "comment",
                        "newline",
                    ):
                        if following["operator"] in ("-", "!"):
                            value += following["operator"]
                            stop = following.end()
                            if len(value) > MOST_OPERATORS:
                                raise refusals.too_long(self.source, start)
                        elif following["operator"] or (following["newline"] and frame.kind <= OBJECT):
                            break
                        elif following["comment"]:
                            self._comment(following.start("comment"), following.end())
                        position = following.end()
                last = terminal
                yield Lexeme(terminal, value, start, stop)
            elif group == "quote":
                if last in OPERAND_ENDS and not frame.header:
                    if frame.kind == BODY:
                        raise refusals.no_newline(self.source, start)
                    if frame.kind == INTERPOLATION:
                        raise refusals.at(
                            self.source, "unclosed template interpolation", "add the closing brace: }", start
                        )
                quoted = self._push(QUOTED, start)
                quoted.header = frame.header
                self.position = stop
                yield Lexeme("DBLQUOTE", '"', start, stop)
                return
            elif group == "number":
                value = text[start:stop]
                if value.count(".") > (last != "DOT"):
                    right = "use one decimal point, or indexes in brackets: list[0][1]"
                    raise refusals.at(self.source, f"{value} is not a number", right, start, stop)
                if frame.kind == BODY and last in OPERAND_ENDS:
                    raise refusals.no_newline(self.source, start)
                last = "INT_LITERAL" if value.isdigit() else "FLOAT_LITERAL"
                yield Lexeme(last, value, start, stop)
            elif group == "comment":
                self._comment(start, stop)
            elif group == "open":
                value = text[start:stop]
                opener = last
                if value == "[" and last in OPERAND_ENDS:
                    frame.operators += 1
                    if frame.operators > MOST_OPERATORS:
                        raise refusals.too_long(self.source, start)
                if value == "(":
                    frame = self._push(CLOSED, start)
                elif value == "{" and frame.header:
                    self._check_brace(frame, last, start)
                    frame = self._push(BODY, start)
                    frame.single_line = True
                elif FOR_AHEAD.match(text, stop) and (value == "{" or last not in OPERAND_ENDS):
                    frame = self._push(FOR, start)
                else:
                    frame = self._push(OBJECT if value == "{" else CLOSED, start)
                frame.opener = opener
                last = BRACKETS[value]
                yield Lexeme(last, value, start, stop)
            elif group == "close":
                value = text[start:stop]
                last = BRACKETS[value]
                if frame.kind in (INTERPOLATION, DIRECTIVE) and value == "}":
                    frames.pop()
                    self.position, self.last = stop, last
                    yield Lexeme(last, value, start, stop)
                    return
                if not self._closes(frame, value):
                    opened = frame if len(frames) > 1 else None
                    raise refusals.closer(self.source, opened, value, start)
                frames.pop()
                frame = frames[-1]
                yield Lexeme(last, value, start, stop)
            elif group == "splat":
                frame.operators += 1
                if frame.operators > MOST_OPERATORS:
                    raise refusals.too_long(self.source, start)
                last = "ATTR_SPLAT" if text[start] == "." else "FULL_SPLAT_START"
                yield Lexeme(last, text[start:stop], start, stop)
            else:  # a heredoc
                value = text[start:stop]
                if last in OPERAND_ENDS:
                    raise refusals.at(
                        self.source,
                        "unexpected heredoc after a value",
                        "add an operator or a comma between them",
                        start,
                    )
                heredoc = self._push(HEREDOC, start)
                heredoc.marker = value.strip("<- \t\r\n") if not value.startswith("<<-") else value[3:].strip()
                self.position = stop
                yield Lexeme("DBLQUOTE", value, start, stop)
                return
        self.position, self.last = position, last

    def _check_brace(self, frame: Frame, last: str, start: int) -> None:
        """Check that a block may begin at a brace; else raise a refusal."""
        if last in ("NL_OR_COMMENT", ""):
            right = "put the brace on the line of the block's type"
            raise refusals.at(self.source, "invalid block definition: { on a line of its own", right, start)
        if frame.single_line:
            right = "add a newline after the outer block's brace"
            raise refusals.at(self.source, "a single-line block can't contain a block", right, frame.item, start + 1)

    def _closes(self, frame: Frame, value: str) -> bool:
        return len(self.frames) > 1 and frame.kind <= FOR and CLOSERS[self.text[frame.begin]] == value

    def _intro_name(self, frame: Frame, value: str) -> str:
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
        blanks = BLANKS.match(self.text, position)
        start = blanks.end() if blanks else position
        stop = start
        while (
            stop < len(self.text)
            and (("a" + self.text[stop]).isidentifier() if stop > start else self.text[stop].isidentifier())
        ) or (stop > start and self.text.startswith("-", stop)):
            stop += 1
        return (start, stop) if stop > start else None

    # -- templates -----------------------------------------------------------------------------------------

    def _opening(self, frame: Frame) -> Lexeme:
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
            raise refusals.at(
                self.source,
                "invalid template directive",
                "use if, else, endif, for or endfor",
                self.position - 2,
                self.position,
            )
        self.position = keyword.end()
        name = keyword[1]
        yield Lexeme(name.upper(), name, keyword.start(1), keyword.end(1))
        self.last = name.upper()
        if name == "for":
            self.frames[-1].intro = 1

    def _quoted(self, frame: Frame) -> Iterator[Lexeme]:
        text, position = self.text, self.position
        match = QUOTED_TEXT.match(text, position)
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
            raise refusals.at(self.source, "unclosed string", 'add the closing quote: "', frame.begin)
        else:
            begin = frame.begin
            raise refusals.at(
                self.source,
                "invalid multi-line string",
                "close the quote on the same line, or use \\n or a heredoc",
                begin,
            )

    def _heredoc(self, frame: Frame) -> Iterator[Lexeme]:
        text, position = self.text, self.position
        match = HEREDOC_TEXT.match(text, position)
        assert match is not None
        line = match[0]
        if frame.marker and frame.line_start and line.endswith("\n") and line.strip() == frame.marker:
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
