"""The builder of nodes from the grammar's results, with the strictness that python-hcl2's grammar lacks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from ..text.source import Source, Span
from .errors import ParseError
from .grammar import Callback, Child
from .nodes import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expr,
    For,
    GetAttr,
    Index,
    Item,
    Label,
    Literal,
    Object,
    ObjectItem,
    Parentheses,
    Splat,
    Template,
    Text,
    Tuple,
    Unary,
    Variable,
)
from .templates import TemplateSequence, template
from .tokens import Lexeme

_COMMENTS = re.compile(r"#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_LONGEST_EXPONENT = 5  # digits: what is beyond can't be held as an exact number
_KEYWORD_VALUES = {"TRUE": True, "FALSE": False, "NULL": None}


class _Step(NamedTuple):
    """A step of a traversal, before its operand is known."""

    name: Lexeme | None
    key: Expr | None
    legacy: bool
    end: int


class _Intro(NamedTuple):
    names: tuple[str, ...]
    collection: Expr


class _Arguments(NamedTuple):
    values: tuple[Expr, ...]
    expand: bool


class Lowering:
    """The grammar's callbacks for one source, by the names of its rules."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.callbacks: dict[str, Callback] = {
            "start": _only, "body": _items, "attribute": self.attribute, "block": self.block,
            "new_line_or_comment": _first,
            "int_lit": self.number, "float_lit": self.number, "string": self.string,
            "interpolation": self.interpolation, "template_if_start": self.directive,
            "template_else": self.directive, "template_endif": self.directive,
            "template_for_start": self.directive, "template_endfor": self.directive,
            "conditional": self.conditional, "binary_op": self.binary, "binary_term": _meaningful,
            "unary_op": self.unary, "expr_term": self.term, "tuple": self.tuple,
            "object": self.object, "object_elem": self.object_item, "object_elem_key": self.key,
            "function_call": self.call, "arguments": _arguments, "index_expr_term": self.traversal,
            "get_attr_expr_term": self.traversal, "attr_splat_expr_term": self.splat,
            "full_splat_expr_term": self.splat, "braces_index": self.index, "short_index": self.legacy_index,
            "get_attr": self.get_attr, "attr_splat": list, "full_splat": list,
            "for_tuple_expr": self.for_tuple, "for_object_expr": self.for_object, "for_intro": _intro,
            "for_cond": _last,
        }  # fmt: skip

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def fail(self, message: str, remedy: str, start: int, end: int) -> ParseError:
        return ParseError(message, remedy, Span(self.source, start, end))

    # -- bodies --------------------------------------------------------------------------------------------

    def file_body(self, items: list[Any], start: int, end: int) -> Body:
        self._check_lines(items)
        return _body(items, self.span(start, end))

    def attribute(self, children: list[Child]) -> Attribute:
        name, _, expr = children
        return Attribute(name.value, expr, self.span(name.start, expr.span.end), self.span(name.start, name.end))

    def block(self, children: list[Child]) -> Block:
        kind, *labels, opening, items, closing = [child for child in children if not _is_newline(child)]
        span = self.span(kind.start, closing.end)
        inner = self.span(opening.end, closing.start)
        body = _body(items, inner)
        if self._breaks(opening.end, items[0].span.start if items else closing.start):
            self._check_lines(items)
            if items and not self._breaks(items[-1].span.end, closing.start):
                what = "argument" if isinstance(items[-1], Attribute) else "block"
                right = "add a newline before the closing brace"
                raise self.fail(f"missing newline after {what}", right, closing.start, closing.end)
        elif items:
            self._check_single_line(items)
        return Block(
            kind.value,
            tuple(self._label(label) for label in labels),
            body,
            span,
            self.span(kind.start, kind.end),
            self.span(kind.start, opening.end),
        )

    def _check_single_line(self, items: list[Any]) -> None:
        right = "put each argument and block on its own line"
        if len(items) > 1:
            span = items[1].span
            raise self.fail("a single-line block can contain only one argument", right, span.start, span.end)
        if isinstance(items[0], Block):
            start = items[0].span.start
            raise self.fail("a single-line block can't contain a block", right, start, items[0].header.end)

    def _check_lines(self, items: list[Any]) -> None:
        """Each argument or block ends with its line."""
        for item, following in itertools.pairwise(items):
            if not self._breaks(item.span.end, following.span.start):
                what = "argument" if isinstance(item, Attribute) else "block"
                start = following.span.start
                raise self.fail(f"missing newline after {what}", "put each on its own line", start, start + 1)

    def _breaks(self, start: int, end: int) -> bool:
        """Return True if a newline that counts stands in a stretch of blanks and comments."""
        gap = self.text[start:end]
        return "\n" in gap and ("/*" not in gap or "\n" in _COMMENTS.sub("", gap))

    def _label(self, child: Lexeme | Template) -> Label:
        if isinstance(child, Lexeme):
            return Label(child.value, self.span(child.start, child.end))
        value = child.literal
        if value is None or child.heredoc is not None:
            raise ParseError("a block label can't be a template", "use a plain string", child.span)
        return Label(value, child.span)

    # -- terms ---------------------------------------------------------------------------------------------

    def number(self, children: list[Child]) -> Literal:
        (lexeme,) = children
        text = lexeme.value
        exponent = re.search(r"[eE][+-]?0*([0-9]*)$", text)
        if len(text) > 10_000 or (exponent and len(exponent[1]) > _LONGEST_EXPONENT):
            raise self.fail("the number is out of range", "use a smaller number", lexeme.start, lexeme.end)
        value: int | Fraction = int(text) if lexeme.type == "INT_LITERAL" and len(text) < 4000 else Fraction(text)
        if isinstance(value, Fraction) and value.denominator == 1:
            value = value.numerator
        return Literal(value, self.span(lexeme.start, lexeme.end))

    def term(self, children: list[Child]) -> Expr:
        if len(children) == 1:
            child = children[0]
            return self._operand(child) if isinstance(child, Lexeme) else child
        opening, expr, closing = children
        return Parentheses(expr, self.span(opening.start, closing.end))

    def _operand(self, lexeme: Lexeme) -> Variable | Literal:
        span = self.span(lexeme.start, lexeme.end)
        if lexeme.type != "NAME":
            return Literal(_KEYWORD_VALUES[lexeme.type], span)
        if "::" in lexeme.value:
            raise ParseError(f"{lexeme.value} is the name of a function", "add parentheses with its arguments", span)
        return Variable(lexeme.value, span)

    def string(self, children: list[Child]) -> Template:
        opening, *parts, closing = children
        heredoc = closing.value if opening.value.startswith("<<") else None
        # a heredoc's literals stand a line each, so that every character has its place
        return Template(template(opening, parts, closing, self.source), self.span(opening.start, closing.end), heredoc)

    def interpolation(self, children: list[Child]) -> TemplateSequence:
        opening, expr, closing = children
        return self._sequence("${", expr, (), opening, closing)

    def directive(self, children: list[Child]) -> TemplateSequence:
        opening, keyword, *rest, closing = children
        names = tuple(child.value for child in rest if isinstance(child, Lexeme) and child.type == "NAME")
        expr = next((child for child in rest if not isinstance(child, Lexeme)), None)
        return self._sequence(keyword.value, expr, names, opening, closing)

    def _sequence(
        self, keyword: str, expr: Expr | None, names: tuple[str, ...], opening: Lexeme, closing: Lexeme
    ) -> TemplateSequence:
        span = self.span(opening.start, closing.end)
        return TemplateSequence(keyword, expr, names, span, opening.value.endswith("~"), closing.value.startswith("~"))

    # -- operations ----------------------------------------------------------------------------------------

    def conditional(self, children: list[Child]) -> Conditional:
        condition, then, otherwise = [child for child in children if not isinstance(child, Lexeme)]
        return Conditional(condition, then, otherwise, condition.span.to(otherwise.span))

    def binary(self, children: list[Child]) -> Binary:
        left, (operator, right) = children[:2]
        return Binary(operator.value, left, right, left.span.to(right.span))

    def unary(self, children: list[Child]) -> Unary:
        operators, operand = children
        expr: Expr = operand
        for operator in reversed(operators.value):
            expr = Unary(operator, expr, self.span(operators.start, operand.span.end))
        assert isinstance(expr, Unary)
        return expr

    # -- collections ---------------------------------------------------------------------------------------

    def tuple(self, children: list[Child]) -> Tuple:
        opening, closing = children[0], children[-1]
        items = tuple(child for child in children if not isinstance(child, Lexeme))
        return Tuple(items, self.span(opening.start, closing.end))

    def object(self, children: list[Child]) -> Object:
        opening, closing = children[0], children[-1]
        items = tuple(child for child in children if isinstance(child, ObjectItem))
        for item, following in itertools.pairwise(items):
            gap = self.text[item.span.end : following.span.start]
            if gap.isspace() and "\n" in gap:
                continue
            gap = _COMMENTS.sub("", gap)
            if "\n" not in gap and "," not in gap:
                start = following.span.start
                raise self.fail("missing attribute separator", "add a comma or a newline", start, start + 1)
        return Object(items, self.span(opening.start, closing.end))

    def object_item(self, children: list[Child]) -> ObjectItem:
        key, _, value = children
        return ObjectItem(key, value, key.span.to(value.span))

    def key(self, children: list[Child]) -> Expr:
        key: Lexeme | Expr = children[0]
        if isinstance(key, Lexeme):  # a keyword of the grammar that is none here
            if key.type == "FOR":
                right = 'write "for" in quotes if it is a key'
                raise self.fail("incomplete for expression", right, key.start, key.end)
            return self._name_key(key.value, self.span(key.start, key.end))
        if isinstance(key, Variable):
            return self._name_key(key.name, key.span)
        if isinstance(key, Literal) and (key.value is None or isinstance(key.value, bool)):
            return self._name_key(key.span.text, key.span)
        return key

    def _name_key(self, name: str, span: Span) -> Template:
        return Template((Text(name, span),), span)

    def for_tuple(self, children: list[Child]) -> For:
        opening, intro, value, *condition, closing = [child for child in children if not _is_newline(child)]
        span = self.span(opening.start, closing.end)
        return self._for(intro, None, value, False, condition[0] if condition else None, span)

    def for_object(self, children: list[Child]) -> For:
        opening, intro, key, _, value, *rest, closing = [child for child in children if not _is_newline(child)]
        span = self.span(opening.start, closing.end)
        group = any(isinstance(child, Lexeme) for child in rest)
        condition = next((child for child in rest if not isinstance(child, Lexeme)), None)
        return self._for(intro, key, value, group, condition, span)

    def _for(
        self, intro: _Intro, key: Expr | None, value: Expr, group: bool, condition: Expr | None, span: Span
    ) -> For:
        names, collection = intro
        return For(names[0] if len(names) == 2 else None, names[-1], collection, key, value, group, condition, span)

    # -- calls and traversals ------------------------------------------------------------------------------

    def call(self, children: list[Child]) -> Call:
        name, closing = children[0], children[-1]
        arguments = next((child for child in children if isinstance(child, _Arguments)), _Arguments((), False))
        name_span = self.span(name.start, name.end)
        return Call(name.value, arguments.values, arguments.expand, self.span(name.start, closing.end), name_span)

    def index(self, children: list[Child]) -> _Step:
        expr = next(child for child in children if not isinstance(child, Lexeme))
        return _Step(None, expr, False, children[-1].end)

    def legacy_index(self, children: list[Child]) -> _Step:
        lexeme = children[-1]
        return _Step(None, Literal(int(lexeme.value), self.span(lexeme.start, lexeme.end)), True, lexeme.end)

    def get_attr(self, children: list[Child]) -> _Step:
        name = children[-1]
        return _Step(name, None, True, name.end)

    def traversal(self, children: list[Child]) -> Expr:
        operand, step = children
        return self._apply(operand, step)

    def _apply(self, operand: Expr, step: _Step) -> GetAttr | Index:
        span = self.span(operand.span.start, step.end)
        if step.name is not None:
            return GetAttr(operand, step.name.value, span, self.span(step.name.start, step.name.end))
        assert step.key is not None
        return Index(operand, step.key, span)

    def splat(self, children: list[Child]) -> Expr:
        operand, (star, *steps) = children
        full = star.type == "FULL_SPLAT_START"
        each: Expr = Item(self.span(star.start, star.end))
        taken = 0
        for step in steps:
            if not full and not step.legacy:
                break  # `list.*.name[0]`: the index is the whole splat's
            each = self._apply(each, step)
            taken += 1
        end = steps[taken - 1].end if taken else star.end
        if not full and isinstance(operand, Splat) and not operand.full:
            right = "use the full splat [*]"
            raise self.fail("nested .* splat", right, star.start, star.end)
        if full and isinstance(operand, Splat) and operand.full:
            # all that follows `[*]` is asked of each element, a further `[*]` too
            each = Splat(operand.each, each, True, self.span(operand.each.span.start, end))
            operand = operand.operand
        expr: Expr = Splat(operand, each, full, self.span(operand.span.start, end))
        for step in steps[taken:]:
            expr = self._apply(expr, step)
        return expr


def _body(items: list[Any], span: Span) -> Body:
    attributes = tuple(item for item in items if isinstance(item, Attribute))
    blocks = tuple(item for item in items if isinstance(item, Block))
    return Body(attributes, blocks, span)


def _is_newline(child: Child) -> bool:
    return isinstance(child, Lexeme) and child.type == "NL_OR_COMMENT"


def _only(children: list[Child]) -> Child:
    return children[0]


_first: Callable[[list[Child]], Child] = _only


def _last(children: list[Child]) -> Child:
    return children[-1]


def _items(children: list[Child]) -> list[Child]:
    return [child for child in children if not isinstance(child, Lexeme)]


def _meaningful(children: list[Child]) -> list[Child]:
    return [child for child in children if not _is_newline(child)]


def _arguments(children: list[Child]) -> _Arguments:
    values = tuple(child for child in children if not isinstance(child, Lexeme))
    expand = any(isinstance(child, Lexeme) and child.type == "ELLIPSIS" for child in children)
    return _Arguments(values, expand)


def _intro(children: list[Child]) -> _Intro:
    names = tuple(child.value for child in children if isinstance(child, Lexeme) and child.type == "NAME")
    return _Intro(names, next(child for child in children if not isinstance(child, Lexeme)))
