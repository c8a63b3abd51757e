"""Packed expressions → closures, node by node."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..hcl.packing import span_of, unpacked
from ..terraform.evaluation.conversion import EvaluationError, TooLarge, normal, rounded
from ..terraform.evaluation.loops import key_text
from ..terraform.evaluation.operators import binary, chosen, flag_of, result_type, unary
from ..terraform.evaluation.values import Data, ListValue, MapValue, Piece, Unknown, Value
from ..terraform.module.references import references
from ..text.source import Source, Span
from . import calls, loops, paths
from .scope import Scope
from .steps import (
    BINARY,
    CALL,
    CONDITIONAL,
    FOR,
    GET_ATTR,
    INDEX,
    INTERPOLATION,
    ITEM,
    LITERAL,
    OBJECT,
    PARENTHESES,
    SPLAT,
    TEMPLATE,
    TEXT,
    TUPLE,
    UNARY,
    VARIABLE,
    Bound,
    Content,
    Step,
    Test,
    failed,
    made,
    settled,
)

_PLAIN = frozenset({str, int, bool, type(None)})  # data that is equal if and only if Python says so, by type
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LOGICAL = ("&&", "||")
_EQUALITY = ("==", "!=")


class Compiler:
    """Compiles one expression. `size` counts the nodes, `names` those among them that name something."""

    def __init__(self, content: tuple[str, str, Any]) -> None:
        self._path, self._text, _ = content
        self._source: Source | None = None
        self.size = 0
        self.names = 0

    def span(self, number: int) -> Span:
        if self._source is None:
            self._source = Source(self._path, self._text)
        return span_of(self._source, number)

    def value(self, content: Content, bound: Bound) -> Step:
        """The closure that gives an expression's value."""
        self.size += 1
        return _VALUES[content[0]](self, content, bound)

    def test(self, content: Content, bound: Bound) -> Test:
        """The closure that tells if an expression holds."""
        make = _TESTS.get(content[0])
        found = make(self, content, bound) if make is not None else None
        if found is not None:
            self.size += 1
            return found
        step = self.value(content, bound)

        def test(scope: Scope) -> bool | Value:
            value = step(scope)
            data = value.data
            return data if (data is True or data is False) and not value.sensitive else value

        return test

    def general(self, content: Content, bound: Bound) -> Step:
        """The closure that leaves an expression to the evaluator."""
        expr = unpacked((self._path, self._text, content))
        names = {reference.first for reference in references(expr)} | bound.keys()

        def step(scope: Scope) -> Value:
            known = ((name, scope[bound.get(name, name)]) for name in names)
            return scope.evaluator.within(expr, {name: value for name, value in known if value is not None})

        return step


def _literal(compiler: Compiler, content: Content, bound: Bound) -> Step:
    known = Value(_data_of(content), compiler.span(content[2]))
    return lambda scope: known


def _data_of(literal: Content) -> Data:
    value = literal[1]
    if isinstance(value, tuple):
        return rounded(Fraction(value[1], value[2]))
    data: Data = value
    return data


def _template(compiler: Compiler, content: Content, bound: Bound) -> Step:
    _, parts, number, heredoc = content
    if not parts or (len(parts) == 1 and parts[0][0] == TEXT):
        return _text(compiler, parts, number)
    if len(parts) == 1 and parts[0][0] == INTERPOLATION and heredoc is None:
        return compiler.value(parts[0][1], bound)
    compiler.names += 1
    return compiler.general(content, bound)


def _text(compiler: Compiler, parts: list[Content], number: int) -> Step:
    known: Value | None = None

    def step(scope: Scope) -> Value:
        nonlocal known
        if known is None:
            text = parts[0][1] if parts else ""
            pieces = (Piece(text, compiler.span(parts[0][2])),) if parts else ()
            known = Value(normal(text), compiler.span(number), pieces=pieces)
        return known

    return step


def _tuple(compiler: Compiler, content: Content, bound: Bound) -> Step:
    span = compiler.span(content[2])
    steps = [compiler.value(item, bound) for item in content[1]]

    def step(scope: Scope) -> Value:
        try:
            return made(ListValue(tuple([item(scope) for item in steps])), span)
        except TooLarge as error:
            return failed(error, span)

    return step


def _object(compiler: Compiler, content: Content, bound: Bound) -> Step:
    span = compiler.span(content[2])
    pairs = [(compiler.value(item[1], bound), compiler.value(item[2], bound)) for item in content[1]]

    def step(scope: Scope) -> Value:
        items: dict[str, Value] = {}
        rest: Unknown | None = None
        try:
            for key, item in pairs:
                named, value = key(scope), item(scope)
                name = named.data if type(named.data) is str else key_text(named)
                if isinstance(name, Unknown):
                    rest = name
                    continue
                items.pop(name, None)
                items[name] = value
            return made(MapValue(items, "object", rest), span)
        except (EvaluationError, TooLarge) as error:
            return failed(error, span)

    return step


def _parentheses(compiler: Compiler, content: Content, bound: Bound) -> Step:
    return compiler.value(content[1], bound)


def _as_value(test: Test, span: Span) -> Step:
    """The closure that gives the value of a test."""

    def step(scope: Scope) -> Value:
        holds = test(scope)
        return Value(holds, span) if holds is True or holds is False else holds

    return step


# -- operators ----------------------------------------------------------------------------------------------------


def _unary(compiler: Compiler, content: Content, bound: Bound) -> Step:
    span = compiler.span(content[3])
    if content[1] == "!":
        return _as_value(_not(compiler, content, bound), span)
    operand = compiler.value(content[2], bound)

    def step(scope: Scope) -> Value:
        value = operand(scope)
        try:
            return Value(unary("-", value), span, value.sensitive)
        except EvaluationError as error:
            return failed(error, span)

    return step


def _unary_test(compiler: Compiler, content: Content, bound: Bound) -> Test | None:
    return _not(compiler, content, bound) if content[1] == "!" else None


def _not(compiler: Compiler, content: Content, bound: Bound) -> Test:
    span = compiler.span(content[3])
    operand = compiler.test(content[2], bound)

    def test(scope: Scope) -> bool | Value:
        holds = operand(scope)
        if holds is True:
            return False
        if holds is False:
            return True
        try:
            return settled(Value(unary("!", holds), span, holds.sensitive))
        except EvaluationError as error:
            return failed(error, span)

    return test


def _binary(compiler: Compiler, content: Content, bound: Bound) -> Step:
    span = compiler.span(content[4])
    test = _binary_test(compiler, content, bound)
    if test is not None:
        return _as_value(test, span)
    written = content[1]
    left, right = compiler.value(content[2], bound), compiler.value(content[3], bound)
    return lambda scope: _operated(written, left(scope), right(scope), span)


def _operated(written: str, left: Value, right: Value, span: Span) -> Value:
    """What an operator gives for two values."""
    try:
        data = binary(written, left, right)
        type_ = result_type(written) if isinstance(data, Unknown) else None
        return Value(data, span, left.sensitive or right.sensitive, type=type_)
    except EvaluationError as error:
        return failed(error, span)


def _binary_test(compiler: Compiler, content: Content, bound: Bound) -> Test | None:
    written = content[1]
    if written in _LOGICAL:
        return _logical(compiler, content, bound)
    if written in _EQUALITY:
        return _equality(compiler, content, bound)
    return _order(compiler, content, bound) if written in _ORDER else None


def _logical(compiler: Compiler, content: Content, bound: Bound) -> Test:
    written, span = content[1], compiler.span(content[4])
    left, right = compiler.test(content[2], bound), compiler.test(content[3], bound)
    settling = written == "||"

    def test(scope: Scope) -> bool | Value:
        one = left(scope)
        if one is settling:
            return settling
        other = right(scope)
        if (one is True or one is False) and (other is True or other is False):
            return other
        return settled(_operated(written, _whole(one, span), _whole(other, span), span))

    return test


def _whole(holds: bool | Value, span: Span) -> Value:
    return Value(holds, span) if isinstance(holds, bool) else holds


def _equality(compiler: Compiler, content: Content, bound: Bound) -> Test:
    written, span = content[1], compiler.span(content[4])
    left, right = compiler.value(content[2], bound), compiler.value(content[3], bound)
    wanted = written == "=="

    def test(scope: Scope) -> bool | Value:
        one, other = left(scope), right(scope)
        a, b = one.data, other.data
        kind = type(a)
        if kind in _PLAIN and type(b) in _PLAIN and not one.sensitive and not other.sensitive:
            return (kind is type(b) and a == b) is wanted
        return settled(_operated(written, one, other, span))

    return test


def _order(compiler: Compiler, content: Content, bound: Bound) -> Test:
    written, span = content[1], compiler.span(content[4])
    left, right = compiler.value(content[2], bound), compiler.value(content[3], bound)
    compare = _ORDER[written]

    def test(scope: Scope) -> bool | Value:
        one, other = left(scope), right(scope)
        if type(one.data) is int and type(other.data) is int and not one.sensitive and not other.sensitive:
            return compare(one.data, other.data)
        return settled(_operated(written, one, other, span))

    return test


# -- conditionals -------------------------------------------------------------------------------------------------


def _conditional(compiler: Compiler, content: Content, bound: Bound) -> Step:
    span = compiler.span(content[4])
    condition = compiler.test(content[1], bound)
    then, otherwise = compiler.value(content[2], bound), compiler.value(content[3], bound)
    of_one_type = _type_of(content[2]) == _type_of(content[3]) != ""

    def step(scope: Scope) -> Value:
        holds = condition(scope)
        if of_one_type and (holds is True or holds is False):  # the other branch decides nothing
            return then(scope) if holds else otherwise(scope)
        try:
            flag = flag_of(_whole(holds, span))
            return chosen(flag, (then(scope), otherwise(scope)), span)
        except (EvaluationError, TooLarge) as error:
            return failed(error, span)

    return step


def _conditional_test(compiler: Compiler, content: Content, bound: Bound) -> Test | None:
    if not _type_of(content[2]) == _type_of(content[3]) == "bool":
        return None
    span = compiler.span(content[4])
    condition = compiler.test(content[1], bound)
    then, otherwise = compiler.test(content[2], bound), compiler.test(content[3], bound)

    def test(scope: Scope) -> bool | Value:
        holds = condition(scope)
        if holds is True or holds is False:
            return then(scope) if holds else otherwise(scope)
        try:
            branches = (_whole(then(scope), span), _whole(otherwise(scope), span))
            return settled(chosen(flag_of(holds), branches, span))
        except EvaluationError as error:
            return failed(error, span)

    return test


def _type_of(content: Content) -> str:
    """The type of an expression's value wherever it is known: `bool`, `string`, `number`; "" where that isn't sure."""
    kind = content[0]
    if kind == PARENTHESES:
        return _type_of(content[1])
    if kind == LITERAL:
        value = content[1]
        return "" if value is None else "bool" if isinstance(value, bool) else "number"
    if kind == TEMPLATE:
        return "string" if len(content[1]) != 1 or content[1][0][0] == TEXT else ""
    if kind == UNARY:
        return "bool" if content[1] == "!" else "number"
    if kind == BINARY:
        return "bool" if content[1] in (*_LOGICAL, *_EQUALITY, *_ORDER) else "number"
    return "bool" if kind == CALL and content[1] in calls.BOOLEAN else ""


def _parentheses_test(compiler: Compiler, content: Content, bound: Bound) -> Test:
    return compiler.test(content[1], bound)


def _literal_test(compiler: Compiler, content: Content, bound: Bound) -> Test | None:
    value = content[1]
    return (lambda scope: value) if isinstance(value, bool) else None


_VALUES: dict[int, Callable[[Compiler, Content, Bound], Step]] = {
    LITERAL: _literal,
    TEMPLATE: _template,
    VARIABLE: paths.variable,
    GET_ATTR: paths.attribute,
    INDEX: paths.element,
    SPLAT: paths.splat,
    ITEM: paths.item,
    CALL: calls.call,
    TUPLE: _tuple,
    OBJECT: _object,
    FOR: loops.loop,
    CONDITIONAL: _conditional,
    BINARY: _binary,
    UNARY: _unary,
    PARENTHESES: _parentheses,
}
_TESTS: dict[int, Callable[[Compiler, Content, Bound], Test | None]] = {
    LITERAL: _literal_test,
    CALL: calls.test,
    CONDITIONAL: _conditional_test,
    BINARY: _binary_test,
    UNARY: _unary_test,
    PARENTHESES: _parentheses_test,
}
