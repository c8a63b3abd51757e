"""The names that a formula sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import Value

if TYPE_CHECKING:
    from .formula import Formula

NO_LET: Mapping[str, Formula] = {}


class Scope(dict[Any, Value]):
    """The names of one subject with their values, and those of `let`, each evaluated when it is first asked for.

    `scope[name]` is None where there is no such name. With `outer`, this is the scope of one element of the subject:
    what doesn't differ from element to element (`of_each` does) is evaluated in the outer one, once for all. A `for`
    keeps its variables here as well, under numbers.
    """

    __slots__ = ("evaluator", "let", "of_each", "outer")

    def __init__(
        self,
        names: Mapping[Any, Value],
        evaluator: Evaluator,
        let: Mapping[str, Formula] = NO_LET,
        of_each: frozenset[str] = frozenset(),
        outer: Scope | None = None,
    ) -> None:
        super().__init__(names)
        self.evaluator = evaluator
        self.let = let
        self.of_each = of_each
        self.outer = outer

    def element(self, value: Value) -> Scope:
        """The scope of an element: `each` is its value."""
        inner = Scope(self, self.evaluator, self.let, self.of_each, self)
        inner["each"] = value
        return inner

    def __missing__(self, name: Any) -> Value | None:
        if name not in self.let:
            return None
        is_shared = self.outer is not None and name not in self.of_each
        value = self[name] = self.outer[name] if is_shared and self.outer is not None else self.let[name].value(self)
        return value
