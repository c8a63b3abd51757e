"""Calls: of Terraform's functions, of the vocabulary, and short ways for what conditions ask most."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..terraform.evaluation.calls import LENIENT, applied, expanded, lenient
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.evaluator import MOST_ELEMENTS
from ..terraform.evaluation.values import (
    ListValue,
    MapValue,
    Unknown,
    Value,
    contents,
    first_error,
)
from . import loops
from .scope import Scope
from .steps import CALL, Bound, Content, Step, Test, failed, settled, too_large

if TYPE_CHECKING:
    from .compiling import Compiler

# Functions whose value is true or false wherever it is known.
BOOLEAN = frozenset(
    {"alltrue", "anytrue", "can", "certain", "contains", "endswith", "exists", "given", "possible", "startswith"}
    | {"strcontains"}
)
_SOUGHT = frozenset({str, int, bool})  # what `contains` looks for by Python's equality; null is an error
_PLAIN = _SOUGHT | {type(None)}


def call(compiler: Compiler, content: Content, bound: Bound) -> Step:
    """A call; one that names nothing is the same for every subject of a stack."""
    before = compiler.names
    step = _call(compiler, content, bound)
    if compiler.names > before:
        return step
    key = object()

    def constant(scope: Scope) -> Value:
        known = scope.evaluator.constants
        if key not in known:
            known[key] = step(scope)
        return known[key]

    return constant


def _call(compiler: Compiler, content: Content, bound: Bound) -> Step:
    _, written, arguments, expand, number, _ = content
    name = written.removeprefix("core::")
    span = compiler.span(number)
    steps = [compiler.value(argument, bound) for argument in arguments]
    if name in LENIENT:

        def forgiving(scope: Scope) -> Value:
            try:
                value = lenient(name, steps, span, lambda step: step(scope))
            except EvaluationError as error:
                return failed(error, span)
            return value if value.span is not None else value.at(span)

        return forgiving

    def step(scope: Scope) -> Value:
        try:
            given = [step(scope) for step in steps]
            given = expanded(given) if expand else given
            return _of_size(applied(scope.evaluator, name, given, span, expand=expand))
        except (EvaluationError, TooLarge) as error:
            return failed(error, span)

    return step


def _of_size(value: Value) -> Value:
    """A value. TooLarge where nobody should go through it."""
    data = value.data
    if isinstance(data, (ListValue, MapValue)) and contents(data)[0] > MOST_ELEMENTS:
        raise too_large()
    return value


# -- short ways ---------------------------------------------------------------------------------------------------


def test(compiler: Compiler, content: Content, bound: Bound) -> Test | None:
    """The closure for a call that conditions ask often, None for any other: where it isn't plain, the call itself."""
    _, name, arguments, expand, _, _ = content
    if expand or name not in _SHORT or len(arguments) != _SHORT[name][0]:
        return None
    before = compiler.names
    step: Step | None = None

    def general(scope: Scope) -> bool | Value:
        nonlocal step
        if step is None:
            step = _call(compiler, content, bound)
        return settled(step(scope))

    short = _SHORT[name][1](compiler, content, bound, general)
    return short if compiler.names > before else None


_Short = Callable[["Compiler", Content, Bound, Test], "Test | None"]


def _can(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    span = compiler.span(content[4])
    inner = content[2][0]
    if inner[0] == CALL and inner[1] == "regex" and len(inner[2]) == 2 and not inner[3]:
        return _matches(compiler, inner, bound, general)
    argument = compiler.value(inner, bound)

    def test(scope: Scope) -> bool | Value:
        value = argument(scope)
        return Value(value.data, span) if isinstance(value.data, Unknown) else first_error(value) is None

    return test


def _matches(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    """`can(regex(pattern, text))`: if there is a match, whichever it is."""
    from ..terraform.functions.regular_expressions import occurs

    pattern, text = (compiler.value(argument, bound) for argument in content[2])

    def test(scope: Scope) -> bool | Value:
        one, other = pattern(scope), text(scope)
        a, b = one.data, other.data
        if type(a) is str and type(b) is str and not one.sensitive and not other.sensitive:
            try:
                found = occurs(a, b)
            except EvaluationError:
                return False
            except TooLarge:
                found = None
            if found is not None:
                return found
        return general(scope)

    return test


def _certain(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    return _standing(compiler, content, bound, lambda data: data is True)


def _possible(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    return _standing(compiler, content, bound, lambda data: data is not False)


def _standing(compiler: Compiler, content: Content, bound: Bound, stands: Callable[[object], bool]) -> Test:
    span = compiler.span(content[4])
    argument = compiler.test(content[2][0], bound)

    def test(scope: Scope) -> bool | Value:
        holds = argument(scope)
        if holds is True or holds is False:
            return stands(holds)
        failure = first_error(holds)
        return stands(holds.data) if failure is None else Value(failure, span)

    return test


def _exists(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    if loops.is_list(content[2][0]):
        return loops.exists(compiler, content[2][0], bound, general)
    argument = compiler.value(content[2][0], bound)

    def test(scope: Scope) -> bool | Value:
        data = argument(scope).data
        if isinstance(data, (ListValue, MapValue)) and contents(data)[1] is None:
            if data.items:
                return True
            if data.doubt is None:
                return False
        return general(scope)

    return test


def _anytrue(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test | None:
    listed = content[2][0]
    return loops.any_or_all(compiler, listed, bound, True, general) if loops.is_list(listed) else None


def _alltrue(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test | None:
    listed = content[2][0]
    return loops.any_or_all(compiler, listed, bound, False, general) if loops.is_list(listed) else None


def _contains(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
    collection, wanted = (compiler.value(argument, bound) for argument in content[2])

    def test(scope: Scope) -> bool | Value:
        data, value = collection(scope), wanted(scope)
        listed, sought = data.data, value.data
        kind = type(sought)
        if type(listed) is ListValue and kind in _SOUGHT and not (data.sensitive or value.sensitive):
            _, failure, is_marked = contents(listed)
            if failure is None and not is_marked:
                is_plain = True
                for item in listed.items:
                    own = item.data
                    if type(own) is kind and own == sought:
                        return True
                    is_plain = is_plain and type(own) in _PLAIN
                if is_plain and listed.doubt is None:
                    return False
        return general(scope)

    return test


def _of_two_texts(ask: Callable[[str, str], bool]) -> _Short:
    def short(compiler: Compiler, content: Content, bound: Bound, general: Test) -> Test:
        text, part = (compiler.value(argument, bound) for argument in content[2])

        def test(scope: Scope) -> bool | Value:
            one, other = text(scope), part(scope)
            a, b = one.data, other.data
            if type(a) is str and type(b) is str and not one.sensitive and not other.sensitive:
                return ask(a, b)
            return general(scope)

        return test

    return short


_SHORT: dict[str, tuple[int, _Short]] = {
    "can": (1, _can),
    "certain": (1, _certain),
    "possible": (1, _possible),
    "exists": (1, _exists),
    "anytrue": (1, _anytrue),
    "alltrue": (1, _alltrue),
    "contains": (2, _contains),
    "startswith": (2, _of_two_texts(str.startswith)),
    "endswith": (2, _of_two_texts(str.endswith)),
    "strcontains": (2, _of_two_texts(lambda text, part: part in text)),
}
