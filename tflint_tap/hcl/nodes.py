"""The syntax tree: frozen, slotted dataclasses that point into the text.

`span` always covers the whole of a node, brackets and quotes included. Strings hold their value with
escapes resolved; the text as written is `node.span.text`. A node is equal to itself alone, which also spares every
start of the command the making of methods that nothing calls.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from ..records import dataclass, field
from ..text.source import Source, Span


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """One comment: `#` and `//` to the end of the line (without it), or `/* … */`. `text` lacks the marks.

    In the JSON syntax it is the text of a property `//`.
    """

    text: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """true, false, null or a number (an int, or a Fraction where it isn't whole)."""

    value: bool | int | Fraction | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A quoted string or a heredoc. Without interpolations it has at most one part, a Text."""

    parts: tuple[TemplatePart, ...]
    span: Span
    heredoc: str | None = None  # its marker

    @property
    def literal(self) -> str | None:
        """The string where it is one without interpolation, else None."""
        if not self.parts:
            return ""
        first = self.parts[0]
        return first.value if len(self.parts) == 1 and isinstance(first, Text) else None


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Literal text of a template, escapes resolved, indentation of `<<-` removed."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Interpolation:
    """`${expression}`."""

    expr: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class IfDirective:
    """`%{ if condition }…%{ else }…%{ endif }`."""

    condition: Expr
    then: tuple[TemplatePart, ...]
    otherwise: tuple[TemplatePart, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ForDirective:
    """`%{ for key, value in collection }…%{ endfor }`; key is None where only the value is named."""

    key: str | None
    value: str
    collection: Expr
    body: tuple[TemplatePart, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A name that stands alone or begins a traversal: var, local, aws_sqs_queue, each, …"""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class GetAttr:
    """`operand.name`."""

    operand: Expr
    name: str
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """`operand[key]`, or the legacy `operand.0`."""

    operand: Expr
    key: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Splat:
    """`operand[*]` (full) or `operand.*`, then what is asked of each element, written on `Item`."""

    operand: Expr
    each: Expr
    full: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """The element a splat is at; stands innermost in Splat.each."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """`name(arguments...)`; name includes the namespace: `provider::aws::arn_parse`. `expand` for a final `...`."""

    name: str
    arguments: tuple[Expr, ...]
    expand: bool
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Tuple:
    items: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ObjectItem:
    """`key = value`; a bare name as key is a Template of that name with the name's span."""

    key: Expr
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    items: tuple[ObjectItem, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """A for expression; `key_expr` is None for `[for …]`; `group` for the `...` of an object."""

    key: str | None
    value: str
    collection: Expr
    key_expr: Expr | None
    value_expr: Expr
    group: bool
    condition: Expr | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    operator: str
    left: Expr
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    operator: str
    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Parentheses:
    expr: Expr
    span: Span


Expr: TypeAlias = (
    Literal
    | Template
    | Variable
    | GetAttr
    | Index
    | Splat
    | Item
    | Call
    | Tuple
    | Object
    | For
    | Conditional
    | Binary
    | Unary
    | Parentheses
)
TemplatePart: TypeAlias = Text | Interpolation | IfDirective | ForDirective


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """`name = expr`."""

    name: str
    expr: Expr
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    value: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Attributes and blocks in the order of the text. `span` is between the braces, or the whole file."""

    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]
    span: Span
    _named: dict[str, Attribute] = field(default_factory=dict, init=False, repr=False)

    def attribute(self, name: str) -> Attribute | None:
        """The argument of a name, None where it isn't written; the first where it is written twice."""
        named = self._named
        if not named and self.attributes:
            for attribute in self.attributes:
                named.setdefault(attribute.name, attribute)
        return named.get(name)

    def blocks_of(self, type_: str) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.type == type_)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """`type "label" "label" { … }`; `header` is the type and labels up to and with the opening brace."""

    type: str
    labels: tuple[Label, ...]
    body: Body
    span: Span
    type_span: Span
    header: Span


@dataclass(frozen=True, slots=True, eq=False)
class Diagnostic:
    """Something wrong with the text: what is so, and what would be right."""

    message: str
    remedy: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """A file's sound blocks, its comments in order, and what is wrong with the rest of it."""

    source: Source
    body: Body
    comments: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    call: str = ""  # the call of a module whose names these are, "" for those that are as written
