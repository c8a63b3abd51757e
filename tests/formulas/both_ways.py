"""Formulas held against the evaluator, which walks the tree of the same expression."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tflint_tap.formulas.formula import Formula
from tflint_tap.formulas.scope import Scope
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.values import ListValue, MapValue, Piece, Value, View, first_error
from tflint_tap.terraform.module.references import references
from tflint_tap.text.source import Span
from tflint_tap.vocabulary.verdicts import verdict


def walked(formula: Formula, scope: Scope) -> Value:
    """The value as the evaluator finds it, the names of `let` evaluated before."""
    names = {name: value for name, value in scope.items() if isinstance(name, str)}
    for reference in references(formula.expr):
        if reference.first in scope.let and reference.first not in names:
            names[reference.first] = scope[reference.first]
    return Evaluator.evaluate(scope.evaluator, formula.expr, names)


def told(value: Value | None) -> object:
    """All of a value as plain data; spans by their place."""
    if value is None:
        return None
    data: object = value.data
    if isinstance(data, ListValue):
        data = (data.kind, data.doubt, data.certain, [told(item) for item in data.items])
    elif isinstance(data, MapValue):
        data = (data.kind, data.doubt, [(name, told(item)) for name, item in data.items.items()])
    elif isinstance(data, View):
        data = (data.kind, data.text)
    pieces = [(piece.data, _place(piece.span)) for piece in value.pieces if isinstance(piece, Piece)]
    return type(value.data), data, _place(value.span), value.sensitive, told(value.decoded), pieces


def _place(span: Span | None) -> object:
    return None if span is None else (span.source.path, span.start, span.end)


@contextmanager
def both_ways(seen: list[str]) -> Iterator[None]:
    """While this lasts, each formula that is asked is held against the evaluator; `seen` gets the texts of these.

    Where the evaluator finds an error, the formula may have stopped before it.
    """
    value_of, verdict_of = Formula.value, Formula.verdict

    def value(formula: Formula, scope: Scope) -> Value:
        found, expected = value_of(formula, scope), walked(formula, scope)
        seen.append(formula.expr.span.text)
        if first_error(expected) is None:
            assert told(found) == told(expected), formula.expr.span.text
        return found

    def holds(formula: Formula, scope: Scope) -> bool | str:
        found, expected = verdict_of(formula, scope), walked(formula, scope)
        seen.append(formula.expr.span.text)
        if first_error(expected) is None:
            assert found == verdict(expected), formula.expr.span.text
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Formula, "value", value)
        patched.setattr(Formula, "verdict", holds)
        yield
