"""Functions on databases: what their engines accept."""

from __future__ import annotations

from ..aws.usernames import engines, is_reserved, reserved_names
from ..iam.wildcards import matches
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import PartialString, Unknown, Value
from ..text.source import Span


def reserved_username(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`reserved_username("postgres", self.username)`: true if an engine refuses a name for its master user."""
    engine, name = arguments
    if isinstance(name.data, PartialString) and not _may_be_reserved(name.data):
        return Value(False, span)
    if not name.is_known:
        return Value(Unknown(name.reason or "the name isn't known"), span)
    if not isinstance(name.data, str):
        return Value(False, span)
    if not engine.is_known:
        may_be = any(is_reserved(one, name.data) for one in engines())
        return Value(Unknown(engine.reason or "the engine isn't known") if may_be else False, span)
    if engine.data is not None and not isinstance(engine.data, str):
        raise EvaluationError("reserved_username takes an engine and a name")
    return Value(engine.data is not None and is_reserved(engine.data, name.data), span)


def _may_be_reserved(name: PartialString) -> bool:
    """Return True if a name that is known in part can be one that some engine reserves."""
    pattern = "".join(part.lower() if isinstance(part, str) else "*" for part in name.parts)
    reserved = (word for engine in engines() for word in reserved_names(engine))
    return any(matches(pattern, word) or (word.endswith("*") and matches(word, pattern)) for word in reserved)
