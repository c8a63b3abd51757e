"""Blocks and edges as the conditions of rules see them: typed by the provider's schema, absent arguments null.

A condition reads `self.tracing_config[0].mode` as Terraform would read the object: an argument that isn't written is
null, a block that isn't written is an empty list, what only the provider computes is a symbol. A name that the type
doesn't have is an error, which `can(self.name)` tells and which the checks of a card find when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from ..aws import schema
from ..aws.language import TOP_LEVEL
from ..aws.schema import BlockSchema, as_block
from ..hcl.nodes import Block, Body
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, to_bool, to_number, to_text
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Symbol, Unknown, Value, View
from ..terraform.module import Declaration
from ..text.source import Span

if TYPE_CHECKING:
    from ..contract.comment_index import CommentText
    from ..iam.policies import Policy
    from ..iam.statements import Conditions, ElementValues, Principals, Statement
    from ..wiring.edges import Edge

# What resources of the provider have for an identity. The schema calls it optional (`arn` of three types), though no
# stack sets it.
_IDENTITY = ("id", "arn")
_CONVERSIONS: Mapping[str, Callable[[Value], Value]] = {"string": to_text, "number": to_number, "bool": to_bool}
ANY_BLOCK = BlockSchema("*", [])  # of a type that the provider doesn't have: anything may stand in it


def schema_of(declaration: Declaration) -> BlockSchema:
    """The schema of a declaration's block; `opaque` if it isn't known (a resource of another provider)."""
    if declaration.kind == "resource":
        return schema.resource(declaration.type) or ANY_BLOCK
    if declaration.kind == "data":
        return schema.data_source(declaration.type) or ANY_BLOCK
    language = TOP_LEVEL.get(declaration.kind)
    return (language.content if language is not None else None) or ANY_BLOCK


def instance_view(stack: Stack, instance: Instance) -> Value:
    """An instance of a block, top-level or nested, as a view, placed at its header; made once."""
    views = stack.once(_views)
    made = views.get(instance)
    if made is None:
        content, is_whole = _content(stack, instance)
        made = views[instance] = _view(stack, instance, content, is_whole=is_whole)
    return made


def _views(stack: Stack) -> dict[Instance, Value]:
    """The cache of the values made of a stack's instances."""
    return {}


def _content(stack: Stack, instance: Instance) -> tuple[BlockSchema, bool]:
    """The schema of an instance's body; and if it is a top-level block rather than a nested one."""
    declaration = instance.declaration
    if declaration.block is None or instance.body is declaration.block.body:
        return schema_of(declaration), True
    known = stack.once(_contents)
    if declaration.block not in known:
        known[declaration.block] = dict(_nested_contents(declaration.block.body, schema_of(declaration)))
    return known[declaration.block].get(instance.body, ANY_BLOCK), False


def _contents(stack: Stack) -> dict[Block, dict[Body, BlockSchema]]:
    """The schemas of the nested bodies of top-level blocks."""
    return {}


def _nested_contents(body: Body, content: BlockSchema) -> Iterator[tuple[Body, BlockSchema]]:
    """The bodies within a body, at any depth, with what may stand in them."""
    pending = [(body, content)]
    for outer, whole in pending:
        for nested in outer.blocks:
            is_dynamic = nested.type == "dynamic" and bool(nested.labels)
            inner = nested_schema(whole, nested.labels[0].value if is_dynamic else nested.type) or ANY_BLOCK
            made = [item.body for item in nested.body.blocks_of("content")] if is_dynamic else [nested.body]
            pending += [(item, inner) for item in made]
    yield from pending[1:]


def subject_of(value: Value) -> Instance | None:
    """The instance that a view shows, None for any other value."""
    data = value.data
    return data.subject if isinstance(data, View) and isinstance(data.subject, Instance) else None


def _view(stack: Stack, instance: Instance, content: BlockSchema, *, is_whole: bool) -> Value:
    def member(name: str) -> Value:
        value = _part(stack, instance, content, name)
        if is_whole and (value is None or value.data is None):
            companion = _from_companion(stack, instance, name)
            if companion is not None:
                return companion
        if value is not None:
            return value
        return _absent(instance, content, name, is_whole=is_whole)

    def names() -> tuple[str, ...]:
        written = (*(item.name for item in instance.body.attributes), *(type_ for type_, _ in instance.block_types()))
        return tuple(dict.fromkeys((*content.attributes, *content.blocks, *written)))

    return Value(View("block", instance.address, instance, member, names), instance.header)


def _part(stack: Stack, instance: Instance, content: BlockSchema, name: str) -> Value | None:
    """The written value of an argument or of the blocks of a type; None if nothing is written."""
    attribute = instance.attribute(name)
    if attribute is not None:
        if (instance.declaration.kind, name) == ("variable", "type"):
            return Value(attribute.expr.span.code, attribute.expr.span)  # a type is no value
        return _typed(instance.value(name), content, name).at(attribute.expr.span)
    if any(type_ == name for type_, _ in instance.block_types()):
        return _blocks(stack, instance, content, name)
    return None


def _typed(value: Value, content: BlockSchema, name: str) -> Value:
    """A value as the provider takes it: `"true"` for a bool is true. What can't be converted stays as it is."""
    attribute = content.attributes.get(name)
    convert = _CONVERSIONS.get(attribute.type.kind) if attribute is not None else None
    if convert is None or not isinstance(value.data, (str, int, Fraction)):
        return value
    try:
        return convert(value)
    except EvaluationError:
        return value


def _blocks(stack: Stack, instance: Instance, content: BlockSchema, name: str) -> Value:
    """The nested blocks of a type. One that a dynamic block may make or not isn't among the certain."""
    inner = nested_schema(content, name) or ANY_BLOCK
    made = instance.blocks(name)
    certain = tuple(_view(stack, block, inner, is_whole=False) for block in made if not block.optional)
    unsure = next((at for at, block in enumerate(made) if block.optional), None)
    doubt = None if unsure is None else Unknown(made[unsure].doubt or "")
    return Value(ListValue(certain, "list", doubt, unsure), instance.header)


def nested_schema(content: BlockSchema, name: str) -> BlockSchema | None:
    """The schema of the nested blocks of a type, also if an attribute may be written as blocks."""
    if name in content.blocks:
        return content.blocks[name].block
    return as_block(content, name)


def _absent(instance: Instance, content: BlockSchema, name: str, *, is_whole: bool) -> Value:
    """The value of a part that isn't written. EvaluationError if the type has no such part."""
    attribute = content.attributes.get(name)
    if attribute is not None:
        if is_whole and (not attribute.settable or name in _IDENTITY):
            return Value(Symbol(instance.address, (name,)), instance.header)
        if attribute.as_blocks and name not in content.blocks:
            return Value(ListValue((), "list"), instance.header)
        return Value(None, instance.header)
    if name in content.blocks:
        return Value(ListValue((), "list"), instance.header)
    if content.opaque:
        return Value(None, instance.header)
    what = instance.declaration.type or instance.declaration.kind
    raise EvaluationError(f"{what} has no argument {name}")


def _from_companion(stack: Stack, instance: Instance, name: str) -> Value | None:
    """An argument that a resource of its own sets, as aws_sqs_queue_policy sets a queue's policy."""
    found = stack.companion_setting(instance, name)
    if found is None:
        return None
    if isinstance(found, str):
        return Value(Unknown(found), instance.header)
    setter, argument = found
    value = setter.value(argument)
    return None if value.data is None else value.at(setter.span_of(argument))


def declares(content: BlockSchema, name: str) -> bool:
    """Return True if a block may hold an argument or nested block of this name."""
    return content.opaque or name in content.attributes or name in content.blocks


def schema_of_type(kind: str, type_: str) -> BlockSchema:
    """The schema of a resource's or data source's block."""
    return (schema.resource(type_) if kind == "resource" else schema.data_source(type_)) or ANY_BLOCK


EDGE_ENDS = ("source", "target", "via")
EDGE_VALUE = "value"


def edge_parts(stack: Stack, edge: Edge) -> Mapping[str, Value]:
    """The parts of an edge by name: the blocks, and what names the target.

    `via` is the block that holds the argument which makes the edge; `value` names the source where the target does so.
    """
    return {**{name: instance_view(stack, getattr(edge, name)) for name in EDGE_ENDS}, EDGE_VALUE: edge.value}


def edge_view(stack: Stack, edge: Edge) -> Value:
    """An edge as a view, placed where its argument names the target."""
    parts = edge_parts(stack, edge)
    text = f"{edge.source.address} {edge.kind} {edge.target.address}"
    return Value(View("edge", text, edge, _member(parts, "an edge"), lambda: tuple(parts)), edge.value.span)


POLICY_PARTS = ("kind", "owner", "version", "id", "statements")
COMMENT_PARTS = ("text", "lines")
STATEMENT_PARTS = (
    "effect", "sid", "actions", "not_actions", "resources", "not_resources", "principals", "not_principals",
    "conditions",
)  # fmt: skip


def policy_view(stack: Stack, policy: Policy) -> Value:
    """A policy as a view: its kind, owner, version and id, and its statements."""
    parts = {
        "kind": Value(policy.kind, policy.span),
        "owner": instance_view(stack, policy.owner),
        "version": policy.version or Value(None, policy.span),
        "id": policy.id or Value(None, policy.span),
        "statements": _listed(
            tuple(statement_view(policy, item) for item in policy.statements if item.doubt is None),
            policy.doubt or next((item.doubt for item in policy.statements if item.doubt is not None), None),
            policy.span,
        ),
    }
    return Value(View("policy", policy.address, policy, _member(parts, "a policy"), lambda: POLICY_PARTS), policy.span)


def comment_view(comment: CommentText) -> Value:
    """A comment as a value with COMMENT_PARTS: what it says, and how many lines it has."""
    parts = {"text": Value(comment.text, comment.span), "lines": Value(comment.span.text.count("\n") + 1, comment.span)}
    return Value(MapValue(parts), comment.span)


def statement_view(policy: Policy, statement: Statement) -> Value:
    """A statement as a view: elements as lists, those that are absent empty; conditions as {operator, key, values}."""
    span = statement.span
    parts = {
        "effect": statement.effect or Value(None, span),
        "sid": statement.sid or Value(None, span),
        "actions": _values(statement.actions, span),
        "not_actions": _values(statement.not_actions, span),
        "resources": _values(statement.resources, span),
        "not_resources": _values(statement.not_resources, span),
        "principals": _principals(statement.principals, span),
        "not_principals": _principals(statement.not_principals, span),
        "conditions": _conditions(statement.conditions, span),
    }
    member = _member(parts, "a statement")
    return Value(View("statement", policy.address, statement, member, lambda: STATEMENT_PARTS), span)


def _member(parts: Mapping[str, Value], what: str) -> Callable[[str], Value]:
    def member(name: str) -> Value:
        if name not in parts:
            raise EvaluationError(f"{what} has no part {name}")
        return parts[name]

    return member


def _listed(items: tuple[Value, ...], doubt: str | None, span: Span) -> Value:
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(items, "list", rest, None if rest is None else len(items)), span)


def _values(values: ElementValues | None, span: Span) -> Value:
    return _listed((), None, span) if values is None else _listed(values.items, values.doubt, values.written)


def _principals(principals: Principals | None, span: Span) -> Value:
    """A list of {kind, identifiers}."""
    if principals is None:
        return _listed((), None, span)
    entries = tuple(
        Value(
            MapValue({"kind": entry.kind, "identifiers": _values(entry.identifiers, principals.written)}),
            principals.written,
        )
        for entry in principals.entries
    )
    return _listed(entries, principals.doubt, principals.written)


def _conditions(conditions: Conditions, span: Span) -> Value:
    entries = tuple(
        Value(
            MapValue({"operator": entry.operator, "key": entry.key, "values": _values(entry.values, span)}),
            entry.values.written,
        )
        for entry in conditions.entries
    )
    return _listed(entries, conditions.doubt, span)
