"""Functions on days: what is due on the day for which a stack is judged, and when AWS retires what."""

from __future__ import annotations

from datetime import date, timedelta

from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import MapValue, PartialString, Symbol, Unknown, Value
from ..text.source import Span


def due(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`due("2026-10-31")`: true from that day on; `due("2026-10-31", 180)` from 180 days before."""
    written, ahead = arguments[0].data, arguments[1].data if len(arguments) > 1 else 0
    if not arguments[0].is_known:
        return Value(Unknown(arguments[0].reason or "the day isn't known"), span)
    if not isinstance(written, str) or not isinstance(ahead, int):
        raise EvaluationError("due takes a day and a number of days")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise EvaluationError(f"due takes a day such as 2026-10-31, not {written}") from None
    return Value(stack.today >= day - timedelta(days=ahead), span)


def runtime(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`runtime("python3.9")`: deprecated, create_blocked, update_blocked (days) and successor; null if it isn't known.

    The days are those of Lambda's documentation; a runtime that is newer than the table has none.
    """
    from ..aws.runtimes import runtime as runtime_of

    name = arguments[0].data
    if isinstance(name, (Unknown, PartialString, Symbol)):
        return Value(Unknown(name.reason), span)
    found = runtime_of(name) if isinstance(name, str) else None
    if found is None:
        return Value(None, span)
    parts = {
        "deprecated": found.deprecated,
        "create_blocked": found.create_blocked,
        "update_blocked": found.update_blocked,
        "successor": found.successor,
    }
    return Value(MapValue({key: Value(text) for key, text in parts.items()}), span)
