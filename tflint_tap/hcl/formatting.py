"""A file as `terraform fmt` would write it.

That is one pass over the text, as terraform 1.11 makes it, and no more: lines stay lines. It indents them, sets the
blanks between tokens, and aligns the `=` and the comments of lines that follow each other. Beside that it takes a lone
interpolation out of its quotes, writes labels in quotes, and old forms of a variable's type in the new one. Tests
compare with the command itself. In two places that one loses code, which isn't done here: labels with a $ or % in them,
and the keys of x[true], x[false] and x[null].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count
from operator import attrgetter

from ..records import dataclass
from ..text.graphemes import clusters
from .nodes import Block, Body, File
from .raw import (
    COMMENT,
    DIRECTIVE,
    END,
    HEREDOC,
    HEREDOC_END,
    HEREDOC_LINES,
    IN,
    INTERPOLATION,
    NAME,
    NEWLINE,
    NUMBER,
    QUOTE,
    QUOTED,
    SEQUENCE_END,
    UNQUOTE,
    Token,
    tokens_of,
)

_OPENING = frozenset(("{", "[", "(", INTERPOLATION, DIRECTIVE))
_CLOSING = frozenset(("}", "]", ")", SEQUENCE_END))
_OPENED = {**dict.fromkeys(_OPENING, 1), **dict.fromkeys(_CLOSING, -1)}  # by how much a token opens brackets
_ENDS = frozenset((NEWLINE, COMMENT))  # kinds of which one ends a line
_KIND_OF, _START_OF = attrgetter("kind"), attrgetter("start")
_NO_SPACE_BEHIND = frozenset((QUOTED, HEREDOC_LINES, QUOTE, HEREDOC))
_NO_SPACE_BEFORE = frozenset((QUOTED, HEREDOC_LINES, UNQUOTE, HEREDOC_END))
# Behind these a minus is a sign, not a subtraction.
_BEFORE_SIGN = frozenset(
    ("", "(", "{", "[", "=", ":", ",", "?", "+", "*", "/", "%", "-", "==", "!=", ">", ">=", "<", "<=", "&&", "||", "!")
)
_TYPES = {"list": "any", "map": "any", "set": "any"}
_QUOTED_TYPES = {"string": "", "list": "string", "map": "string"}
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def formatted(file: File) -> str:
    """The text of a file, which is HCL without mistakes, as `terraform fmt` would write it."""
    tokens = _rewritten(file, tokens_of(file.source.text))
    kinds = list(map(_KIND_OF, tokens))
    opened = [_OPENED.get(kind, 0) for kind in kinds]
    lines = list(_lines(tokens, kinds, opened))
    _indent(tokens, opened, lines)
    _space(tokens, kinds, lines)
    _align(tokens, lines)
    return "".join([" " * token.spaces + token.text for token in tokens])


# -- what is written in another way -------------------------------------------------------------------------------


def _rewritten(file: File, tokens: list[Token]) -> list[Token]:
    """The tokens with labels in quotes, without needless interpolations, and with types in their new form."""
    places = dict(zip(map(_START_OF, tokens), count(), strict=False))
    changes = sorted(_changes(file.body, (), tokens, places), key=lambda change: change[0])
    made: list[Token] = []
    done = 0
    for first, behind, instead in changes:
        made += tokens[done:first]
        made += instead
        done = behind
    return made + tokens[done:]


def _changes(
    body: Body, inside: tuple[str, ...], tokens: list[Token], places: dict[int, int]
) -> Iterator[tuple[int, int, list[Token]]]:
    """The runs of tokens to replace: the first, the one behind the last, and the tokens instead."""
    for attribute in body.attributes:
        first, behind = _run(attribute.expr.span.start, attribute.expr.span.end, tokens, places)
        is_type = inside == ("variable",) and attribute.name == "type"
        instead = _type(tokens[first:behind]) if is_type else _unwrapped(tokens[first:behind])
        if instead is not None:
            yield first, behind, instead
    for block in body.blocks:
        if block.labels:
            first, behind = _run(block.type_span.start, block.labels[-1].span.end, tokens, places)
            yield first + 1, behind, list(_labels(block))
        yield from _changes(block.body, (*inside, block.type), tokens, places)


def _run(start: int, end: int, tokens: list[Token], places: dict[int, int]) -> tuple[int, int]:
    """The tokens of a stretch of the text: the first, and the one behind the last."""
    first = behind = places[start]
    while tokens[behind].kind != END and tokens[behind].start < end:
        behind += 1
    return first, behind


def _labels(block: Block) -> Iterator[Token]:
    for label in block.labels:
        yield Token(QUOTE, '"')
        yield Token(QUOTED, "".join(_escaped(label.value)))
        yield Token(UNQUOTE, '"')


def _escaped(label: str) -> Iterator[str]:
    for index, character in enumerate(label):
        if character in _ESCAPES:
            yield _ESCAPES[character]
        elif character in "$%" and label.startswith("{", index + 1):
            yield character * 2
        elif character.isprintable():
            yield character
        else:
            code = ord(character)
            yield f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _unwrapped(tokens: list[Token]) -> list[Token] | None:
    """The tokens of a quoted string that is one interpolation and nothing else, without quotes; None for all else."""
    if len(tokens) < 5:
        return None
    if [token.kind for token in (*tokens[:2], *tokens[-2:])] != [QUOTE, INTERPOLATION, SEQUENCE_END, UNQUOTE]:
        return None
    inner = tokens[2:-2]
    depth = 0
    for token in inner:
        depth += (token.kind == QUOTE) - (token.kind == UNQUOTE)
        if depth <= 0 and token.kind in (INTERPOLATION, SEQUENCE_END, QUOTED):
            return None
    while inner and inner[0].kind == NEWLINE:
        del inner[0]
    while inner and inner[-1].kind == NEWLINE:
        del inner[-1]
    has_lines = any(token.kind == NEWLINE for token in inner)
    if has_lines and not (inner[0].kind == "(" and inner[-1].kind == ")"):
        return [Token("(", "("), *inner, Token(")", ")")]
    return inner


def _type(tokens: list[Token]) -> list[Token] | None:
    """The tokens of a variable's type in the new form; None where it has that."""
    if len(tokens) == 1 and tokens[0].kind == NAME:
        name, of = tokens[0].text, _TYPES.get(tokens[0].text)
    elif [token.kind for token in tokens] == [QUOTE, QUOTED, UNQUOTE]:
        name, of = tokens[1].text, _QUOTED_TYPES.get(tokens[1].text)
    else:
        return None
    if of is None:
        return None
    return [Token(NAME, name), *([Token("(", "("), Token(NAME, of), Token(")", ")")] if of else [])]


# -- lines ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Line:
    """A line by the numbers of its tokens: from `start` to `assign`, from there, with its `=`, to `comment`, to `end`.

    Where there is no `=` to align, `assign` is `comment`; where no comment stands behind code, `comment` is `end`.
    """

    start: int
    assign: int
    comment: int
    end: int

    @property
    def has_assign(self) -> bool:
        return self.assign < self.comment

    @property
    def has_comment(self) -> bool:
        return self.comment < self.end


def _lines(tokens: list[Token], kinds: list[str], opened: list[int]) -> Iterator[_Line]:
    """The lines of a file. What a string or heredoc or block comment holds doesn't end one."""
    start = 0
    for index, kind in enumerate(kinds):
        if kind in _ENDS and (kind == NEWLINE or tokens[index].text.endswith("\n")):
            yield _line(kinds, opened, start, index + 1)
            start = index + 1
    last = len(tokens) - (bool(tokens) and kinds[-1] == END)
    if start < last:
        yield _line(kinds, opened, start, last)


def _line(kinds: list[str], opened: list[int], start: int, end: int) -> _Line:
    comment = end - 1 if end - start > 1 and kinds[end - 1] == COMMENT else end
    if "=" in kinds[start + 1 : comment]:
        index = kinds.index("=", start + 1)
        # brackets that stay open belong to more lines
        is_whole = sum(opened[index:comment]) == 0
        return _Line(start, index if is_whole else comment, comment, end)
    return _Line(start, comment, comment, end)


def _indent(tokens: list[Token], opened: list[int], lines: list[_Line]) -> None:
    """Indent each line by the lines before it that open brackets: by one step a line, however many it opens."""
    steps: list[int] = []  # the brackets that are open of those that a line has opened
    for line in lines:
        first = tokens[line.start]
        if first.kind == NEWLINE:
            first.spaces = 0
            continue
        lead = range(line.start, line.assign)
        behind = next((index + 1 for index in lead if tokens[index].kind == HEREDOC), line.assign)
        change = sum(opened[line.start : behind]) + sum(opened[line.assign : line.comment])
        if change < 0:
            closed = -change
            while closed > 0 and steps:
                closed, steps[-1] = closed - steps[-1], steps[-1] - closed
                if steps[-1] <= 0:
                    steps.pop()
        first.spaces = 2 * len(steps)
        if change > 0:
            steps.append(change)


def _space(tokens: list[Token], kinds: list[str], lines: list[_Line]) -> None:
    """Set the blanks between the tokens of each part of a line."""
    for line in lines:
        for start, end in ((line.start, line.assign), (line.assign, line.comment)):
            if end - start > 1:
                for token, spaces in zip(tokens[start + 1 : end], _blanks(tuple(kinds[start:end])), strict=True):
                    token.spaces = spaces


@cache
def _blanks(kinds: tuple[str, ...]) -> list[int]:
    """The blanks before each of these tokens but the first: most lines are like others."""
    return [_space_between(*three) for three in zip(("", *kinds), kinds, kinds[1:], strict=False)]


@cache
def _space_between(before: str, subject: str, after: str) -> int:
    """The number of blanks between two kinds of tokens; `before` is the kind before them, "" where there is none."""
    is_name = subject in (NAME, IN)
    if (
        after in (NEWLINE, ",", "...")
        or (is_name and after in ("(", "::"))
        or (subject == "::" and after in (NAME, IN))
        or "." in (subject, after)
    ):
        return 0
    if subject == ",":
        return 1
    if subject in _NO_SPACE_BEHIND or after in _NO_SPACE_BEFORE:
        return 0
    if subject == IN and before in (NAME, IN):
        return 1
    if (after == "[" and (is_name or subject == NUMBER or subject in _CLOSING)) or subject == "!":
        return 0
    if subject == "-":
        return int(before not in _BEFORE_SIGN)
    if subject == "{" or after == "}":
        return int((subject, after) != ("{", "}"))
    if (subject in (INTERPOLATION, DIRECTIVE) and after == "{") or (subject == "}" and after == SEQUENCE_END):
        return 1
    if subject == SEQUENCE_END and after in (INTERPOLATION, DIRECTIVE):
        return 0
    return int(subject not in _OPENING and after not in _CLOSING)


def _align(tokens: list[Token], lines: list[_Line]) -> None:
    """Align each `=`, and then each comment behind code, with those of the lines directly above and below."""
    chain: list[tuple[Token, int]] = []
    for line in lines:
        if line.has_assign:
            chain.append((tokens[line.assign], _columns(tokens, line.start, line.assign)))
        else:
            chain = _closed(chain)
    chain = _closed(chain)
    for line in lines:
        if line.has_comment:
            chain.append((tokens[line.comment], _columns(tokens, line.start, line.comment)))
        else:
            chain = _closed(chain)
    _closed(chain)


def _closed(chain: list[tuple[Token, int]]) -> list[tuple[Token, int]]:
    """Align tokens behind what stands before them in their lines, of so many columns; an empty chain."""
    widest = max((columns for _, columns in chain), default=0)
    for token, columns in chain:
        token.spaces = widest - columns + 1
    return []


def _columns(tokens: list[Token], start: int, end: int) -> int:
    """The columns that tokens take with the blanks before them: user-perceived characters."""
    return sum(token.spaces + _width(token.text) for token in tokens[start:end])


def _width(text: str) -> int:
    return len(text) if text.isascii() and "\r" not in text else sum(1 for _ in clusters(text))
