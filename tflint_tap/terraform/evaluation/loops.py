"""For expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...hcl.nodes import Expr, For
from ...records import dataclass
from .conversion import EvaluationError, to_bool, to_text
from .operators import unsettled
from .values import Data, ErrorValue, ListValue, MapValue, Unknown, Value

Names = Mapping[str, Value]


def key_text(key: Value) -> str | Unknown:
    """An object's key; EvaluationError where it can't be one."""
    if key.data is None:
        raise EvaluationError("a key is null")
    text = to_text(key)
    if isinstance(text.data, ErrorValue):
        raise EvaluationError(text.data.reason)
    return text.data if isinstance(text.data, str) else Unknown(text.reason or "a key isn't known")


@dataclass(frozen=True, slots=True)
class ForLoop:
    """A for expression at work. `doubt` is why there may be more elements."""

    expr: For
    names: Names
    doubt: Unknown | None
    evaluate: Callable[[Expr, Names], Value]

    def as_tuple(self, pairs: list[tuple[Value, Value]]) -> Data:
        items: list[Value] = []
        doubt = self.doubt
        certain: int | None = None if doubt is None else len(pairs)
        for names in self._rounds(pairs):
            if isinstance(names, ErrorValue):
                return names
            if isinstance(names, Unknown):
                doubt = doubt or names
                certain = len(items) if certain is None else min(certain, len(items))
                continue
            items.append(self.evaluate(self.expr.value_expr, names))
        return ListValue(tuple(items), "tuple", doubt, None if doubt is None else min(certain or 0, len(items)))

    def as_object(self, pairs: list[tuple[Value, Value]]) -> Data:
        expr = self.expr
        assert expr.key_expr is not None
        items: dict[str, Value] = {}
        groups: dict[str, list[Value]] = {}
        doubt = self.doubt
        for names in self._rounds(pairs):
            if isinstance(names, ErrorValue):
                return names
            if isinstance(names, Unknown):
                doubt = doubt or names
                continue
            name = key_text(self.evaluate(expr.key_expr, names))
            value = self.evaluate(expr.value_expr, names)
            if isinstance(name, Unknown):
                doubt = doubt or name
            elif expr.group:
                groups.setdefault(name, []).append(value)
            elif name in items:
                raise EvaluationError(f'two elements have the key "{name}"; a ... behind the value groups them')
            else:
                items[name] = value
        if expr.group:
            certain = None if doubt is None else 0
            items = {
                name: Value(ListValue(tuple(values), "tuple", doubt, certain), expr.value_expr.span)
                for name, values in groups.items()
            }
        return MapValue(dict(sorted(items.items())), "object", doubt)

    def _rounds(self, pairs: list[tuple[Value, Value]]) -> Iterator[Names | Unknown | ErrorValue]:
        """The names in each round that takes place, or why that can't be said."""
        expr = self.expr
        for key, value in pairs:
            names: Names = {**self.names, expr.value: value}
            if expr.key is not None:
                names = {**names, expr.key: key}
            if expr.condition is not None:
                condition = self.evaluate(expr.condition, names)
                if condition.data is None:
                    raise EvaluationError("the condition is null")
                flag = to_bool(condition)
                if not flag.is_known:
                    yield unsettled(flag)
                    continue
                if not flag.data:
                    continue
            yield names
