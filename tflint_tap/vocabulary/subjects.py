"""The subjects that `match` names: blocks, edges, policies and statements, which a condition judges one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from ..aws.language import TOP_LEVEL
from ..records import dataclass, replace
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value, View
from ..terraform.module import Declaration
from ..text.source import Span
from .views import (
    comment_view,
    declares,
    edge_parts,
    instance_view,
    policy_view,
    schema_of_type,
    statement_view,
)

if TYPE_CHECKING:
    from ..iam.policies import Policy
    from ..wiring.edges import Edge

DECLARED = ("variable", "output", "local")  # what a match names by one word
STATEMENTS = ("identity", "trust", "resource", "key")


@dataclass(frozen=True, slots=True)
class Match:
    """`resource.aws_sqs_queue` is kind `resource` and name `aws_sqs_queue`; `variable` has no name."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to judge.

    `names` are what a condition calls it and its parts, `span` is where to point by default, `doubt` is why it isn't
    certain that there is such a thing, `edge` is what it is, where it is an edge.
    """

    names: Mapping[str, Value]
    address: str | None
    span: Span
    doubt: str | None = None
    edge: Edge | None = None


def subjects(stack: Stack, match: tuple[Match, ...]) -> tuple[Subject, ...]:
    """Everything that a match names, in the order of the text; made once, since many rules have the same match."""
    made = stack.once(_made)
    if match not in made:
        made[match] = tuple(_subjects(stack, match))
    return made[match]


def _made(stack: Stack) -> dict[tuple[Match, ...], tuple[Subject, ...]]:
    return {}


def _subjects(stack: Stack, match: tuple[Match, ...]) -> Iterator[Subject]:
    kind = match[0].kind
    names = tuple(item.name for item in match)
    if kind in ("resource", "data"):
        yield from _blocks(stack, kind, names)
    elif kind == "block":
        for name in names:
            yield from (_written(stack, declaration) for declaration in _blocks_of(stack, name))
    elif kind == "edge":
        for edge in chain.from_iterable(stack.wiring.edges(name) for name in names):
            yield Subject(edge_parts(stack, edge), edge.source.address, edge.via.header, edge.doubt, edge)
    elif kind in ("policy", "statement"):
        yield from _policies(stack, kind, names)
    elif kind == "comment":
        from ..contract.comment_index import comment_indexes

        indexes = stack.module.once(comment_indexes)
        for comment in (comment for file in stack.shown for comment in indexes[file.source].all):
            yield Subject({"comment": comment_view(comment)}, None, comment.span)
    elif kind == "stack":
        yield from (Subject({}, None, file.body.span) for file in stack.shown[:1])
    else:
        for declaration in stack.module.of_kind(kind):
            yield _declared(stack, declaration)


def _blocks(stack: Stack, kind: str, types: tuple[str, ...]) -> Iterator[Subject]:
    wanted = () if "*" in types else types
    made = stack.resources(*wanted) if kind == "resource" else stack.data_sources(*wanted)
    for instance in made:
        view = instance_view(stack, instance)
        if len(types) > 1:
            view = _lenient(view, kind, types)
        yield Subject({"self": view}, instance.address, instance.header)


def _lenient(view: Value, kind: str, types: tuple[str, ...]) -> Value:
    """A view in which what only another of these types has is null, or an empty list of blocks."""
    data = view.data
    assert isinstance(data, View)
    member = data.member

    def found(name: str) -> Value:
        try:
            return member(name)
        except EvaluationError:
            if not any(declares(schema_of_type(kind, type_), name) for type_ in types):
                raise
            return Value(None, view.span)

    return replace(view, data=replace(data, member=found))


def _policies(stack: Stack, kind: str, names: tuple[str, ...]) -> Iterator[Subject]:
    for policy, whole, statements in stack.once(_of_policies):
        if names != ("",) and policy.kind not in names:
            continue
        if kind == "policy":
            yield whole
        else:
            yield from statements


def _of_policies(stack: Stack) -> tuple[tuple[Policy, Subject, tuple[Subject, ...]], ...]:
    """Each policy as a subject, and its statements: made once, since many rules judge them."""
    found = []
    for policy in stack.policies:
        view = policy_view(stack, policy)
        statements = tuple(
            Subject(
                {"policy": view, "statement": statement_view(policy, statement)},
                policy.address,
                statement.span,
                statement.doubt,
            )
            for statement in policy.statements
        )
        found.append((policy, Subject({"policy": view}, policy.address, policy.span, policy.doubt), statements))
    return tuple(found)


def _declared(stack: Stack, declaration: Declaration) -> Subject:
    """A variable, output or local. A local has the parts `name` and `value`."""
    if declaration.block is None:
        value = stack.evaluator.evaluate(declaration.expr)
        parts = {"name": Value(declaration.name, declaration.span), "value": value}

        def member(name: str) -> Value:
            if name not in parts:
                raise EvaluationError(f"a local has no part {name}")
            return parts[name]

        view = Value(View("local", declaration.address, declaration, member, lambda: tuple(parts)), declaration.span)
        return Subject({"self": view}, declaration.address, declaration.span)
    return _written(stack, declaration)


def _written(stack: Stack, declaration: Declaration) -> Subject:
    """A block as it is written, whatever instances it has."""
    assert declaration.block is not None
    instance = Instance(
        declaration.address, None, declaration, declaration.block.body, declaration.span, {}, stack.evaluator
    )
    return Subject({"self": instance_view(stack, instance)}, declaration.address, declaration.span)


def _blocks_of(stack: Stack, type_: str) -> Iterator[Declaration]:
    """The top-level blocks of a type that have all their labels, and the data sources of checks."""
    for block in stack.module.blocks():
        made = (block,) if block.type == type_ else block.body.blocks_of(type_) if block.type == "check" else ()
        for written in made:
            if len(written.labels) == len(TOP_LEVEL[type_].labels):
                names = [label.value for label in written.labels]
                address = ".".join(names if type_ == "resource" else (type_, *names))
                yield Declaration(address, type_, written.header, written)
