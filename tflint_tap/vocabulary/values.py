"""Functions that only the conditions of rules may call."""

from __future__ import annotations

from ..terraform.evaluation.evaluator import Vocabulary
from ..terraform.evaluation.values import ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..text.source import Span


def given(arguments: tuple[Value, ...], span: Span) -> Value:
    """`given(self.kms_key_id)`: whether an argument is set to something: not null, not "", not an empty collection.

    An attribute of a resource or data source counts as something, though only AWS can tell what. Whether a
    module's output or an unknown value is set isn't known.
    """
    if len(arguments) != 1:
        return Value(ErrorValue('function "given" expects 1 argument'), span)
    data = arguments[0].data
    if isinstance(data, Symbol):
        certain = not data.address.startswith("module.")
        return Value(True if certain else Unknown(data.reason), span)
    if isinstance(data, PartialString):
        certain = any(isinstance(part, str) for part in data.parts)
        return Value(True if certain else Unknown(data.reason), span)
    if isinstance(data, (ListValue, MapValue)):
        if data.items or data.doubt is None:
            return Value(bool(data.items), span)
        return Value(data.doubt, span)
    if isinstance(data, (Unknown, ErrorValue)):
        return Value(data, span)
    return Value(data is not None and data != "", span)


def unknown(arguments: tuple[Value, ...], span: Span) -> Value:
    """`unknown("the snapshot tells")`: what can't be decided, with the reason that the doubt gives."""
    reason = arguments[0].data if len(arguments) == 1 else None
    if not isinstance(reason, str):
        return Value(ErrorValue('function "unknown" expects a reason'), span)
    return Value(Unknown(reason), span)


VOCABULARY: Vocabulary = {"given": given, "unknown": unknown}
