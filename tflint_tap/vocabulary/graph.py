"""Functions on the stack's wiring: what an edge leads to, and where it comes from."""

from __future__ import annotations

from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..text.source import Span
from ..wiring.graph import Connections
from .views import edge_view, instance_view, subject_of


def outgoing(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`outgoing(self, "redrives_to")`: the edges of a kind that lead from a resource; each has source, target, via."""
    return _edges(stack, *_asked(arguments), span, outward=True)


def incoming(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`incoming(self, "alarms_on")`: the edges of a kind that lead to a resource."""
    return _edges(stack, *_asked(arguments), span, outward=False)


def named_as_source(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`named_as_source(self, "triggers")`: the blocks that name a resource as the source of edges of a kind.

    Unlike `outgoing` it counts those as well whose target isn't in the stack, or isn't known.
    """
    instance, kind = _asked(arguments)
    return _naming(stack, stack.wiring.outgoing(instance, kind), span)


def named_as_target(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`named_as_target(self, "fails_over_to")`: the blocks that name a resource as target, wherever the source is."""
    instance, kind = _asked(arguments)
    return _naming(stack, stack.wiring.incoming(instance, kind), span)


def _naming(stack: Stack, found: Connections, span: Span) -> Value:
    named = [(edge.via, edge.doubt) for edge in found.edges] + [(end.via, end.unsure) for end in found.ends]
    certain = dict.fromkeys(via for via, doubt in named if doubt is None)
    doubt = next((doubt for _, doubt in named if doubt is not None), found.unnamed)
    rest = None if doubt is None else Unknown(doubt)
    views = tuple(instance_view(stack, via) for via in certain)
    return Value(ListValue(views, "list", rest, None if rest is None else len(views)), span)


def passed(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`passed(self)`: the arguments of module calls that refer to a resource, as {module, argument}."""
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("passed takes a resource")
    found = [
        Value(MapValue({"module": Value(call.address), "argument": Value(attribute.name)}), attribute.expr.span)
        for call, attribute in stack.passed(instance)
    ]
    return Value(ListValue(tuple(found), "list"), span)


def reaches(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`reaches(self, "redrives_to", target)`: true if edges of a kind lead from one resource to the other."""
    source, kind = _asked(arguments[:2])
    target = subject_of(arguments[2])
    if target is None:
        raise EvaluationError("reaches takes a resource, a kind of edge and a resource")
    reached = stack.wiring.reaches(source, kind, target)
    return Value(reached, span)


def circle(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`circle(self, "redrives_to")`: the edges of the shortest circle that begins at a resource; none where none does.

    A circle begins at the one of its resources that is the first in the text.
    """
    instance, kind = _asked(arguments)
    found = stack.wiring.circle(instance, kind)
    doubt = next((edge.doubt for edge in found if edge.doubt is not None), None)
    if doubt is not None:
        return Value(ListValue((), "list", Unknown(doubt), 0), span)
    return Value(ListValue(tuple(edge_view(stack, edge) for edge in found), "list"), span)


def _asked(arguments: tuple[Value, ...]) -> tuple[Instance, str]:
    instance, kind = subject_of(arguments[0]), arguments[1].data
    if instance is None or not isinstance(kind, str):
        raise EvaluationError("it takes a resource and a kind of edge")
    return instance, kind


def _edges(stack: Stack, instance: Instance, kind: str, span: Span, *, outward: bool) -> Value:
    """Edges as a list of views: those with a doubt are only the reason why there may be more."""
    found = stack.wiring.outgoing(instance, kind) if outward else stack.wiring.incoming(instance, kind)
    certain = tuple(edge_view(stack, edge) for edge in found.edges if edge.doubt is None)
    doubt = next((edge.doubt for edge in found.edges if edge.doubt is not None), found.doubt)
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(certain, "list", rest, None if rest is None else len(certain)), span)
