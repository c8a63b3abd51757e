"""The units of scanning: lexemes, the frames that hold them, and the patterns that tell them."""

from __future__ import annotations

import re
from typing import NamedTuple

# Deeper nesting than this is refused: people don't write it, and what walks trees may rely on it.
DEEPEST = 200
MOST_OPERATORS = 1000  # and steps, of one expression: they nest as brackets do

# Newlines count in the first two kinds.
BODY, OBJECT, CLOSED, FOR, QUOTED, HEREDOC, INTERPOLATION, DIRECTIVE = range(8)


class Lexeme(NamedTuple):
    """A terminal of the grammar, its text (for a run of unary operators: the operators), and where it stands."""

    type: str
    value: str
    start: int
    end: int


class Frame:
    """An open bracket, string or body: what it is, where it began, and what it has seen."""

    __slots__ = (
        "begin",
        "header",
        "intro",
        "item",
        "kind",
        "line_start",
        "marker",
        "open_questions",
        "opener",
        "operators",
        "single_line",
    )

    def __init__(self, kind: int, begin: int) -> None:
        self.kind = kind
        self.begin = begin
        self.header = kind == BODY  # before the `=` or `{` of an item
        self.intro = 0  # of a for: 1 name, 2 comma or in, 3 second name, 4 in, 0 done
        self.item = begin  # of a body: where the item at hand begins
        self.open_questions = 0  # `?` that still lack their `:` on this line
        self.operators = 0  # and steps since the last separator
        self.opener = ""  # what stood before the bracket
        self.single_line = False  # a block's body: nothing has ended its first line
        self.marker = ""
        self.line_start = True  # a heredoc: at the start of a line


CODE = re.compile(
    r"""[ \t]*(?:
      (?P<newline>\r?\n)
    | (?P<comment>\#[^\n]*|//[^\n]*|/\*(?s:.*?)\*/)
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?![^\x00-\x7f]|[A-Za-z0-9_-]))
    | (?P<quote>")
    | (?P<number>[0-9]+(?:\.[0-9]+)*(?:[eE][+-]?[0-9]+)?)
    | (?P<heredoc><<-?[^\W\d][\w-]*\r?\n)
    | (?P<splat>\[[ \t]*\*[ \t]*\]|\.[ \t]*\*)
    | (?P<operator>==|!=|<=|>=|=>|&&|\|\||\.\.\.|::|~\}|[-+*/%<>!?:.,=])
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    )""",
    re.VERBOSE,
)
BLANKS = re.compile(r"[ \t]*")
FOR_AHEAD = re.compile(r"(?:\s|\#[^\n]*\n|//[^\n]*\n|/\*(?s:.*?)\*/)*for(?![\w-])")
NAMESPACE = re.compile(r"(?:[ \t]*::[ \t]*[A-Za-z_][A-Za-z0-9_-]*)+")
CALL_AHEAD = re.compile(r"[ \t]*\(")
SPACE = re.compile(r"\s*")
QUOTED_TEXT = re.compile(r"(?:\\[^\n]|\$\$+\{|%%+\{|\$(?!\{)|%(?!\{)|[^\\\"$%\n])+")
HEREDOC_TEXT = re.compile(r"(?:\$\$+\{|%%+\{|\$(?!\{)|%(?!\{)|[^$%\n])*(?:\n)?")
OPERATORS = {
    "==": "DOUBLE_EQ", "!=": "NEQ", "<=": "LEQ", ">=": "GEQ", "=>": "FOR_OBJECT_ARROW", "&&": "DOUBLE_AMP",
    "||": "DOUBLE_PIPE", "...": "ELLIPSIS", "-": "MINUS", "+": "PLUS", "*": "ASTERISK", "/": "SLASH",
    "%": "PERCENT", "<": "LT", ">": "GT", "!": "NOT", "?": "QMARK", ":": "COLON", ".": "DOT", ",": "COMMA",
    "=": "EQ",
}  # fmt: skip
BRACKETS = {"{": "LBRACE", "(": "LPAR", "[": "LSQB", "}": "RBRACE", ")": "RPAR", "]": "RSQB"}
LITERALS = {"true": "TRUE", "false": "FALSE", "null": "NULL"}
OPERAND_ENDS = frozenset(
    ("NAME", "TRUE", "FALSE", "NULL", "INT_LITERAL", "FLOAT_LITERAL", "RPAR", "RSQB", "RBRACE", "CLOSE_QUOTE",
     "ATTR_SPLAT", "FULL_SPLAT_START")
)  # fmt: skip
ITEM_STARTS = ("NL_OR_COMMENT", "LBRACE", "")
SEPARATORS = ("COMMA", "EQ", "FOR_OBJECT_ARROW", "COLON", "ELLIPSIS")
UNFINISHED = frozenset(OPERATORS.values()) - {"COMMA", "ELLIPSIS"}
SAME_LINE = "write the expression on one line, or in parentheses"
CLOSERS = {"{": "}", "(": ")", "[": "]"}
