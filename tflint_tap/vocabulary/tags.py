"""The function on the tags of resources."""

from __future__ import annotations

from ..stack import Stack
from ..tagging import default_tags, own_tags
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import MapValue, Unknown, Value
from ..text.source import Span
from .views import subject_of


def tags(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`tags(self)`: the tags that a resource comes to, a map placed where its own are written; null: its type has none.

    The provider's default_tags count, below the resource's own. Where further tags may be written, the map may have
    further keys, and the value of a default tag isn't certain.
    """
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("tags takes a resource")
    own = own_tags(instance)
    if own is None:
        return Value(None, span)
    defaults = default_tags(stack, instance)
    below = dict(defaults.values) if defaults is not None else {}
    if own.doubt is not None:
        below = {name: Value(Unknown(own.doubt), value.span) for name, value in below.items()}
    reason = own.doubt or (defaults.doubt if defaults is not None else None)
    doubt = Unknown(reason) if reason is not None else None
    return Value(MapValue({**below, **own.values}, "map", doubt), own.span)
