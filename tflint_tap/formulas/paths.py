"""Names and the steps from them: `self.tracing_config[0].mode`, `rules[*].id`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.operators import unsettled
from ..terraform.evaluation.stepping import index, member, splatted
from ..terraform.evaluation.values import ErrorValue, MapValue, Symbol, Unknown, Value, View
from .scope import Scope
from .steps import GET_ATTR, INDEX, ITEM_NAME, SPLAT, VARIABLE, Bound, Content, NotBound, Step, failed, slots

if TYPE_CHECKING:
    from .compiling import Compiler


def variable(compiler: Compiler, content: Content, bound: Bound) -> Step:
    compiler.names += 1
    name = content[1]
    slot = bound.get(name)
    span = compiler.span(content[2])
    if slot is not None:

        def of_loop(scope: Scope) -> Value:
            value = scope[slot]
            return value if value.span is not None else value.at(span)

        return of_loop
    outside = _outside(compiler, content, bound)

    def step(scope: Scope) -> Value:
        value = scope[name]
        if value is None:
            return outside(scope)
        return value if value.span is not None else value.at(span)

    return step


def _outside(compiler: Compiler, content: Content, bound: Bound) -> Step:
    """The closure for a traversal whose root the scope doesn't have: it is the stack's, or there is none."""
    general: Step | None = None

    def step(scope: Scope) -> Value:
        nonlocal general
        if general is None:
            general = compiler.general(content, bound)
        return general(scope)

    return step


def _operand(compiler: Compiler, content: Content, bound: Bound) -> Step:
    """The closure for what a step is taken from. NotBound where its root isn't among the scope's names."""
    if content[0] == GET_ATTR:
        return _attribute(compiler, content, bound)
    if content[0] == INDEX:
        return _element(compiler, content, bound)
    if content[0] == SPLAT:
        return _splat(compiler, content, bound)
    if content[0] != VARIABLE:
        return compiler.value(content, bound)
    compiler.names += 1
    key = bound.get(content[1], content[1])

    def step(scope: Scope) -> Value:
        value = scope[key]
        if value is None:
            raise NotBound
        return value

    return step


def _whole(step: Step, compiler: Compiler, content: Content, bound: Bound) -> Step:
    """The closure of a whole traversal."""
    root = content
    while root[0] in (GET_ATTR, INDEX, SPLAT):
        root = root[1]
    if root[0] != VARIABLE or root[1] in bound:
        return step
    outside = _outside(compiler, content, bound)

    def whole(scope: Scope) -> Value:
        try:
            return step(scope)
        except NotBound:
            return outside(scope)

    return whole if root[1] not in _ALWAYS else step


# Where a card reads one of these, its subject has it: the check of cards sees to it.
_ALWAYS = frozenset({"self", "each", "source", "target", "via", "statement", "policy", "comment", "param"})


def attribute(compiler: Compiler, content: Content, bound: Bound) -> Step:
    return _whole(_attribute(compiler, content, bound), compiler, content, bound)


def _attribute(compiler: Compiler, content: Content, bound: Bound) -> Step:
    operand = _operand(compiler, content[1], bound)
    name, span = content[2], compiler.span(content[3])

    def step(scope: Scope) -> Value:
        value = operand(scope)
        data = value.data
        try:
            if isinstance(data, View):
                found = data.member(name)
            elif isinstance(data, MapValue) and not value.sensitive and name in data.items:
                found = data.items[name]
            else:
                found = member(value, name)
            if type(found.data) is Symbol:
                found = scope.evaluator.resolved(found)
        except EvaluationError as error:
            return failed(error, span)
        return found if found.span is not None else found.at(span)

    return step


def element(compiler: Compiler, content: Content, bound: Bound) -> Step:
    return _whole(_element(compiler, content, bound), compiler, content, bound)


def _element(compiler: Compiler, content: Content, bound: Bound) -> Step:
    operand, key = _operand(compiler, content[1], bound), compiler.value(content[2], bound)
    span = compiler.span(content[3])

    def step(scope: Scope) -> Value:
        value, at = operand(scope), key(scope)
        try:
            if not at.is_known or isinstance(value.data, ErrorValue):
                return Value(unsettled(value if isinstance(value.data, (Unknown, ErrorValue)) else at), span)
            if isinstance(value.data, Unknown):
                return index(Value(value.data, span), at)
            found = scope.evaluator.resolved(index(value, at))
        except EvaluationError as error:
            return failed(error, span)
        return found if found.span is not None else found.at(span)

    return step


def splat(compiler: Compiler, content: Content, bound: Bound) -> Step:
    return _whole(_splat(compiler, content, bound), compiler, content, bound)


def _splat(compiler: Compiler, content: Content, bound: Bound) -> Step:
    operand = _operand(compiler, content[1], bound)
    slot = next(slots)
    size = compiler.size
    each = compiler.value(content[2], {**bound, ITEM_NAME: slot})
    size = compiler.size - size
    span = compiler.span(content[4])

    def step(scope: Scope) -> Value:
        def ask(item: Value) -> Value:
            scope.evaluator.spend(size)
            scope[slot] = item
            return each(scope)

        try:
            return splatted(operand(scope), span, ask)
        except EvaluationError as error:
            return failed(error, span)

    return step


def item(compiler: Compiler, content: Content, bound: Bound) -> Step:
    compiler.names += 1
    slot, span = bound[ITEM_NAME], compiler.span(content[1])
    return lambda scope: scope[slot].at(span)
