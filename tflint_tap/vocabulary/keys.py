"""Functions on encryption keys: who uses them."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.key_users import KeyUse, key_uses
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..text.source import Span
from .views import instance_view, subject_of


def key_users(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`key_users(self)`: the AWS services that use an encrypted resource's key as themselves.

    Each is {principal, actions, via}: the service or service-linked role, in which a `*` stands for any text; the KMS
    actions that it needs at least; the block that says so, such as the subscription by which a topic sends to a queue.
    """
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("key_users takes a resource")
    found = [
        (use, via, doubt) for use in key_uses(instance.declaration.type) for via, doubt in _causes(stack, instance, use)
    ]
    certain = tuple(_user(stack, use, via) for use, via, doubt in found if doubt is None)
    reason = next((doubt for _, _, doubt in found if doubt is not None), None)
    rest = None if reason is None else Unknown(reason)
    return Value(ListValue(certain, "list", rest, None if rest is None else len(certain)), span)


def _causes(stack: Stack, instance: Instance, use: KeyUse) -> Iterator[tuple[Instance, str | None]]:
    """The blocks for which a service needs the key, each with the doubt about it."""
    if use.end is None:
        yield instance, None
        return
    wiring = stack.wiring
    found = wiring.outgoing(instance, use.kind) if use.end == "source" else wiring.incoming(instance, use.kind)
    named = [(edge.via, edge.doubt) for edge in found.edges] + [(end.via, end.unsure) for end in found.ends]
    doubts: dict[Instance, str | None] = {}
    for via, doubt in named:
        if via.declaration.type == use.via and (via not in doubts or doubt is None):
            doubts[via] = doubt
    yield from doubts.items()


def _user(stack: Stack, use: KeyUse, via: Instance) -> Value:
    actions = Value(ListValue(tuple(Value(action) for action in use.actions), "list"))
    parts = {"principal": Value(use.principal), "actions": actions, "via": instance_view(stack, via)}
    return Value(MapValue(parts), via.header)
