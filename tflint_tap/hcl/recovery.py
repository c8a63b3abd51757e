"""A broken file → its sound blocks, and a diagnostic for each broken one."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..text.source import Source, Span
from .errors import ParseError
from .grammar import UnexpectedLexeme
from .nodes import Body, Diagnostic, File
from .tokens import Lexeme

# A line that, at its very beginning, can only open a block of Terraform's language.
_BLOCK_HEAD = re.compile(
    r"^(?:resource|data|variable|output|locals|provider|terraform|module|moved|import|removed|check|ephemeral)"
    r"""(?:[ \t]+(?:"[^"\n]*"|[\w-]+))*[ \t]*\{""",
    re.MULTILINE,
)
_COMMENT_LINE = re.compile(r"[ \t]*(?:#|//)[^\n]*")


def recover(source: Source, first: ParseError, parse: Callable[[int, int], File]) -> File:
    """The blocks that parse by themselves, and one diagnostic for each that doesn't.

    `parse` reads a stretch of the source as a file of its own. The text is cut where a line begins a block, with
    the comments above it; where a stretch leaves a heredoc or comment open, what follows may belong to it, so it
    is tried together with the next ones before it is given up.
    """
    text = source.text
    cuts = sorted({0, *(_with_comments(text, match.start()) for match in _BLOCK_HEAD.finditer(text)), len(text)})
    sound: list[File] = []
    diagnostics: list[Diagnostic] = []
    index = 0
    while index < len(cuts) - 1:
        stop = index + 1
        try:
            sound.append(parse(cuts[index], cuts[stop]))
        except ParseError as error:
            merged = _merged(text, cuts, index, error, parse) if _is_open(error) else None
            if merged is not None:
                sound.append(merged[0])
                stop = merged[1]
            else:
                diagnostics.append(error.diagnostic)
                sound += _before(source, cuts[index], error, parse)
        index = stop
    if not diagnostics:  # the stretches are sound but the whole isn't: say what is wrong with the whole
        diagnostics.append(first.diagnostic)
    body = Body(
        tuple(attribute for file in sound for attribute in file.body.attributes),
        tuple(block for file in sound for block in file.body.blocks),
        Span(source, 0, len(text)),
    )
    comments = tuple(comment for file in sound for comment in file.comments)
    return File(source, body, comments, tuple(diagnostics))


def _with_comments(text: str, head: int) -> int:
    """The start of the run of comment lines directly above a block's first line."""
    start = head
    while start and _COMMENT_LINE.fullmatch(text, previous := text.rfind("\n", 0, start - 1) + 1, start - 1):
        start = previous
    return start


def _before(source: Source, start: int, error: ParseError, parse: Callable[[int, int], File]) -> list[File]:
    """The sound part of a stretch before the line with the error: a stray brace doesn't spoil the block above it."""
    line = source.text.rfind("\n", 0, error.span.start) + 1
    if line <= start:
        return []
    try:
        return [parse(start, line)]
    except ParseError:
        return []


_FURTHEST = 20  # stretches that an open heredoc or comment is tried over


def _is_open(error: ParseError) -> bool:
    return error.message.startswith(("unclosed heredoc", "unclosed comment"))


def _merged(
    text: str, cuts: list[int], index: int, error: ParseError, parse: Callable[[int, int], File]
) -> tuple[File, int] | None:
    """The first stretches that parse together, and the cut that they end at; what is open has to end in them."""
    last = min(len(cuts), index + _FURTHEST) - 1
    closing = _closing(error)
    match = closing.search(text, cuts[index + 1], cuts[last])
    for stop in range(index + 2, last + 1):
        if match is None:
            return None
        if cuts[stop] < match.end():
            continue
        try:
            return parse(cuts[index], cuts[stop]), stop
        except ParseError:
            continue
    return None


def _closing(error: ParseError) -> re.Pattern[str]:
    """What would end the heredoc or comment that is open: the marker on a line of its own, or `*/`."""
    if not error.message.startswith("unclosed heredoc"):
        return re.compile(r"\*/")
    marker = error.remedy.rpartition(" ")[2]
    return re.compile(rf"^[ \t]*{re.escape(marker)}[ \t\r]*$", re.MULTILINE)


_EXPRESSION_STARTS = frozenset(("NAME", "LPAR", "LSQB", "DBLQUOTE", "INT_LITERAL"))
_OPERAND_TYPES = frozenset(("NAME", "INT_LITERAL", "FLOAT_LITERAL", "DBLQUOTE", "TRUE", "FALSE", "NULL", "LPAR"))


def explain(error: UnexpectedLexeme, source: Source, end: int) -> ParseError:
    """The grammar's refusal in words: what is so, what would be right."""
    lexeme, previous, expected = error.lexeme, error.previous, error.expected
    if lexeme is None:
        span = Span(source, end, end)
        return ParseError("unexpected end of the file", _expected(expected), span)
    span = Span(source, lexeme.start, lexeme.end)
    shown = _shown(lexeme)
    before = previous.type if previous is not None else ""
    if expected >= _EXPRESSION_STARTS and "EQ" not in expected:
        return ParseError(
            f"missing expression before {shown}", "add a value: a string, number, list, reference, …", span
        )
    if before == "NAME" and {"EQ", "LBRACE"} <= expected:
        if lexeme.type == "NL_OR_COMMENT":
            return ParseError(
                f"{previous.value if previous else ''} is not an argument or a block definition",
                'write name = value, or a block: type "label" { … }',
                Span(source, previous.start if previous else lexeme.start, lexeme.start),
            )
        return ParseError(f"unexpected {shown} after a name", "write = and a value, or { and a block", span)
    if {"EQ", "COLON"} & expected and "RBRACE" not in expected and "QMARK" in expected:
        return ParseError(f"missing key/value separator before {shown}", "write key = value", span)
    if "IF" in expected and {"RSQB", "RBRACE"} & expected and lexeme.type in _OPERAND_TYPES:
        right = "add if and a condition, or the closing bracket"
        return ParseError(f"unexpected {shown} at the end of the for expression", right, span)
    if "COLON" in expected and "EQ" not in expected and lexeme.type in _OPERAND_TYPES:
        return ParseError(f"missing : before {shown}", "add the :", span)
    if "NL_OR_COMMENT" in expected and "COMMA" not in expected and lexeme.type in _OPERAND_TYPES:
        return ParseError("missing newline after argument", "put each argument on its own line", span)
    if "COMMA" in expected:
        return ParseError(f"missing comma or closing bracket before {shown}", _expected(expected), span)
    return ParseError(f"unexpected {shown}", _expected(expected), span)


def _shown(lexeme: Lexeme) -> str:
    if lexeme.type == "NL_OR_COMMENT":
        return "the end of the line"
    if lexeme.type == "STRING_CHARS":
        return "the text"
    return lexeme.value if lexeme.value.strip() else lexeme.type.lower()


_WORDS = {
    "RBRACE": "}", "RPAR": ")", "RSQB": "]", "COMMA": "a comma", "NL_OR_COMMENT": "a newline", "EQ": "=",
    "LBRACE": "{", "COLON": ":", "FOR_OBJECT_ARROW": "=>",
}  # fmt: skip


def _expected(expected: frozenset[str]) -> str:
    skipped = "NL_OR_COMMENT" if "COMMA" in expected else ""  # where newlines don't count
    words = [word for terminal, word in _WORDS.items() if terminal in expected and terminal != skipped]
    return f"expected {' or '.join(words[:3])}" if words else "complete the expression"
