"""Formula: an expression of a card, compiled when it is first asked for its value or verdict."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..hcl.nodes import Expr
from ..hcl.packing import unpacked
from ..terraform.evaluation.evaluator import Spent, given_up
from ..terraform.evaluation.values import Value
from ..vocabulary.verdicts import verdict
from .compiling import Compiler
from .scope import Scope
from .steps import Step, Test


class Formula:
    """An expression in its packed form."""

    def __init__(self, content: tuple[str, str, Any]) -> None:
        self._content = content
        self._value: Step | None = None
        self._test: Test | None = None

    @cached_property
    def expr(self) -> Expr:
        """The expression's tree."""
        return unpacked(self._content)

    def value(self, scope: Scope) -> Value:
        """The value in a scope, as the evaluator gives it."""
        try:
            if self._value is None:
                self._value = Compiler(self._content).value(self._content[2], {})
            return scope.evaluator.measured(self._value, scope)
        except (Spent, RecursionError) as error:
            return Value(given_up(error), self.expr.span)

    def verdict(self, scope: Scope) -> bool | str:
        """True or False, or the reason why neither can be told."""
        try:
            if self._test is None:
                self._test = Compiler(self._content).test(self._content[2], {})
            holds = scope.evaluator.measured(self._test, scope)
        except (Spent, RecursionError) as error:
            return given_up(error).reason
        return holds if isinstance(holds, bool) else verdict(holds)
