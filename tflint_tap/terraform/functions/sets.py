"""Functions of sets."""

from __future__ import annotations

from itertools import product

from ..evaluation.conversion import EvaluationError, TooLarge, as_set, kind_name, matcher
from ..evaluation.values import Data, ListValue, Unknown, Value
from ..typing import unify
from .parts import MOST_ELEMENTS, open_unknown, uncertain_set, unknown


def setunion(*sets: Value) -> Data:
    known, rest = _unified(sets)
    if not known:
        return rest
    rests = [data.doubt for data in known if data.doubt is not None]
    return as_set([item for data in known for item in data.items], rests[0] if rests else rest)


def setintersection(*sets: Value) -> Data:
    known, rest = _unified(sets)
    if not known:
        return rest
    first, *others = known
    doubt = rest or first.doubt
    made = []
    matchers = [matcher(other.items) for other in others]
    for item in first.items:
        certain = rest is None
        for other, matches in zip(others, matchers, strict=True):
            result = matches(item)
            if result:
                continue
            if result is False and other.doubt is None:
                break  # certainly not in this one
            doubt = doubt or other.doubt or unknown(item, Value(other))
            certain = False
        else:
            if certain:
                made.append(item)
    return as_set(made, doubt)


def setsubtract(left: Value, right: Value) -> Data:
    if not isinstance(left.data, ListValue):
        return open_unknown(left.data)
    known, doubt = _unified((left, right))
    taken = known[1] if len(known) > 1 else ListValue((), "set", doubt)
    doubt = known[0].doubt
    made = []
    matches = matcher(taken.items)
    for item in known[0].items:
        result = matches(item)
        if result:
            continue
        if result is None or taken.doubt is not None:
            doubt = doubt or taken.doubt or unknown(item, right)
        else:
            made.append(item)
    return as_set(made, doubt)


def _unified(sets: tuple[Value, ...]) -> tuple[list[ListValue], Unknown | None]:
    """The known sets, their elements of one type, and why another isn't known."""
    try:
        unified = unify(sets)
    except EvaluationError:
        raise EvaluationError("given sets must all have compatible element types") from None
    others = [open_unknown(value.data) for value in unified if not value.is_known]
    return [value.data for value in unified if isinstance(value.data, ListValue)], others[0] if others else None


def setproduct(*sets: Value) -> Data:
    """All combinations, in the order of the arguments; a list, unless one of them is a set."""
    if len(sets) < 2:
        raise EvaluationError("at least two arguments are required")
    factors: list[tuple[Value, ...]] = []
    rest: Unknown | None = None
    total = 1
    is_list = True
    for value in sets:
        data = value.data
        if not isinstance(data, ListValue):
            raise EvaluationError(f"a set or a list is required, not {kind_name(data)}")
        try:
            factors.append(unify(data.items))
        except EvaluationError:
            raise EvaluationError("all elements must be of the same type") from None
        is_list = is_list and data.kind != "set"
        if data.doubt is not None or uncertain_set(data) or data.certain is not None:
            rest = rest or data.doubt or unknown(value)
        total *= len(data.items)
    if total > MOST_ELEMENTS:
        raise TooLarge(f"setproduct would have more than {MOST_ELEMENTS} elements")
    combinations = [Value(ListValue(combination)) for combination in product(*factors)]
    if is_list:
        return ListValue(tuple(combinations), "list", rest, None if rest is None else 0)
    return as_set(combinations, rest)
