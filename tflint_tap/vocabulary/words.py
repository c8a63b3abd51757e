"""Functions for the words of messages."""

from __future__ import annotations

from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import ListValue, Unknown, Value
from ..text.source import Span


def listed(stack: Stack | None, arguments: tuple[Value, ...], span: Span) -> Value:
    """`listed(names)`: `a, b and c`; `listed(names, 3)` has at most three parts: `a, b and 4 more`."""
    names, most = arguments[0].data, arguments[1].data if len(arguments) > 1 else None
    if not isinstance(names, ListValue) or not (most is None or isinstance(most, int)):
        raise EvaluationError("listed takes a list, and how many of it to name at most")
    words = ["(not known)" if isinstance(item.data, Unknown) else str(item.data) for item in names.items]
    if names.doubt is not None:
        words.append("others")
    if most is not None and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return Value(" and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words), span)
