"""For expressions, and the questions that stop at the element that settles them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..hcl.packing import SPAN_AT
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.loops import key_text
from ..terraform.evaluation.operators import flag_of, unsettled
from ..terraform.evaluation.stepping import pairs_of
from ..terraform.evaluation.values import ErrorValue, ListValue, MapValue, Unknown, Value, View, first_error
from ..text.source import Span
from .scope import Scope
from .steps import FOR, Bound, Content, Step, Test, failed, made, slots

if TYPE_CHECKING:
    from .compiling import Compiler


class _Loop:
    """A for expression's parts, compiled. `size` is how many nodes a round evaluates."""

    def __init__(self, compiler: Compiler, content: Content, bound: Bound) -> None:
        _, key, value, collection, key_expr, value_expr, self.group, condition, number = content
        self.collection = compiler.value(collection, bound)
        before = compiler.size
        self.value_slot = next(slots)
        self.key_slot = next(slots) if key is not None else None
        inner = {**bound, value: self.value_slot}
        if key is not None and self.key_slot is not None:
            inner[key] = self.key_slot
        self.condition = None if condition is None else compiler.test(condition, inner)
        self.key = None if key_expr is None else compiler.value(key_expr, inner)
        self.inner = inner
        self._compiler, self._before = compiler, before
        self.span: Span = compiler.span(number)
        self.value_span: Span = compiler.span(value_expr[SPAN_AT[value_expr[0]]])
        self.size = 0

    def closed(self) -> None:
        """To be called when the value's expression is compiled as well."""
        self.size = self._compiler.size - self._before + 1

    def rounds(self, scope: Scope, collection: Value) -> list[tuple[Value | None, Value]]:
        """Key, where it is asked for, and value of each element. EvaluationError where there are none."""
        data = collection.data
        if self.key_slot is None and type(data) is ListValue:
            pairs: list[tuple[Value | None, Value]] = [(None, item) for item in data.items]
        else:
            found = pairs_of(collection)
            if found is None:
                raise EvaluationError("a for expression needs a list, set, tuple, map or object")
            pairs = [*found]
        scope.evaluator.spend(len(pairs) * self.size)
        return pairs

    def takes_part(self, scope: Scope, key: Value | None, item: Value) -> bool | Unknown | ErrorValue:
        """True if a round takes place, or why that can't be said. The loop's variables are set."""
        scope[self.value_slot] = item
        if key is not None and self.key_slot is not None:
            scope[self.key_slot] = key
        if self.condition is None:
            return True
        holds = self.condition(scope)
        if holds is True or holds is False:
            return holds
        flag = flag_of(holds)
        return bool(flag.data) if flag.is_known else unsettled(flag)


def loop(compiler: Compiler, content: Content, bound: Bound) -> Step:
    parts = _Loop(compiler, content, bound)
    value = compiler.value(content[5], parts.inner)
    parts.closed()
    gather = _as_tuple if parts.key is None else _as_object

    def step(scope: Scope) -> Value:
        collection = parts.collection(scope)
        if not collection.is_known:
            return Value(scope.evaluator.loop_over_unknown(collection), parts.span)
        try:
            return gather(parts, value, scope, collection)
        except (EvaluationError, TooLarge) as error:
            return failed(error, parts.span)

    return step


def _as_tuple(parts: _Loop, value: Step, scope: Scope, collection: Value) -> Value:
    pairs = parts.rounds(scope, collection)
    doubt: Unknown | None = getattr(collection.data, "doubt", None)
    certain = None if doubt is None else len(pairs)
    items: list[Value] = []
    for key, item in pairs:
        holds = parts.takes_part(scope, key, item)
        if holds is True:
            items.append(value(scope))
        elif isinstance(holds, ErrorValue):
            return Value(holds, parts.span, collection.sensitive)
        elif isinstance(holds, Unknown):
            doubt = doubt or holds
            certain = len(items) if certain is None else min(certain, len(items))
    certain = None if doubt is None else min(certain or 0, len(items))
    return made(ListValue(tuple(items), "tuple", doubt, certain), parts.span, collection.sensitive)


def _as_object(parts: _Loop, value: Step, scope: Scope, collection: Value) -> Value:
    assert parts.key is not None
    items: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    doubt: Unknown | None = getattr(collection.data, "doubt", None)
    for key, item in parts.rounds(scope, collection):
        holds = parts.takes_part(scope, key, item)
        if isinstance(holds, ErrorValue):
            return Value(holds, parts.span, collection.sensitive)
        if isinstance(holds, Unknown):
            doubt = doubt or holds
        elif holds:
            name, element = key_text(parts.key(scope)), value(scope)
            if isinstance(name, Unknown):
                doubt = doubt or name
            elif parts.group:
                groups.setdefault(name, []).append(element)
            elif name in items:
                raise EvaluationError(f'two elements have the key "{name}"; a ... behind the value groups them')
            else:
                items[name] = element
    if parts.group:
        certain = None if doubt is None else 0
        items = {
            name: Value(ListValue(tuple(values), "tuple", doubt, certain), parts.value_span)
            for name, values in groups.items()
        }
    return made(MapValue(dict(sorted(items.items())), "object", doubt), parts.span, collection.sensitive)


def is_list(content: Content) -> bool:
    """Return True for `[for ... : ...]`."""
    return content[0] == FOR and content[4] is None


def any_or_all(compiler: Compiler, content: Content, bound: Bound, decisive: bool, general: Test) -> Test:
    """`anytrue` (where True is decisive) or `alltrue` of a list that a `for` makes. Where it isn't plain, `general`."""
    parts = _Loop(compiler, content, bound)
    value = compiler.test(content[5], parts.inner)
    parts.closed()

    def test(scope: Scope) -> bool | Value:
        collection = parts.collection(scope)
        data = collection.data
        if not isinstance(data, (ListValue, MapValue, View)) or collection.sensitive:
            return general(scope)
        try:
            for key, item in parts.rounds(scope, collection):
                taken = parts.takes_part(scope, key, item)
                if taken is False:
                    continue
                holds = value(scope) if taken is True else taken
                if holds is decisive:
                    return decisive
                if holds is not (not decisive):
                    return general(scope)
        except EvaluationError:
            return general(scope)
        return general(scope) if getattr(data, "doubt", None) is not None else not decisive

    return test


def exists(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    """`exists` of a list that a `for` makes: true as soon as an element certainly is in it."""
    parts = _Loop(compiler, content, bound)
    value = compiler.value(content[5], parts.inner)
    parts.closed()

    def test(scope: Scope) -> bool | Value:
        collection = parts.collection(scope)
        data = collection.data
        if not isinstance(data, (ListValue, MapValue, View)) or collection.sensitive:
            return general(scope)
        try:
            for key, item in parts.rounds(scope, collection):
                holds = parts.takes_part(scope, key, item)
                if holds is True:
                    return general(scope) if first_error(value(scope)) is not None else True
                if holds is not False:
                    return general(scope)
        except EvaluationError:
            return general(scope)
        return general(scope) if getattr(data, "doubt", None) is not None else False

    return test
