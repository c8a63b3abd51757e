"""The policies of a stack: arguments that hold a document, and resources that are a statement themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

from ..records import dataclass
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Unknown, Value
from ..terraform.module.references import walk
from ..text.source import Span
from .departures import departures
from .documents import DocumentReader
from .statements import Condition, Conditions, Document, ElementValues, Principal, Principals, Problem, Statement

Kind: TypeAlias = Literal["identity", "trust", "resource", "key"]
_TABLE = Path(__file__).with_name("policy_attributes.tsv")


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that grants or denies something, and whose it is.

    `owner` is the resource instance that has it (of a document that leaves the module the data source, or the block
    that it is written in), `attribute` the argument (`inline_policy.policy` in a block), empty where the block is a
    statement or document itself. `span` is where the argument's value is written, `document` that value. `doubt` is
    why there may be statements that aren't told; `problem` is why it can't be read.
    """

    kind: Kind
    owner: Instance
    attribute: str
    span: Span
    document: Value
    statements: tuple[Statement, ...]
    version: Value | None = None
    id: Value | None = None
    doubt: str | None = None
    problem: Problem | None = None

    @property
    def address(self) -> str:
        return self.owner.address


def policies_of(evaluator: Evaluator) -> Iterator[Policy]:
    """Every policy of a module that grants or denies something, in the order of the text.

    Policies that only limit what others grant aren't among them: organization and endpoint policies, and managed
    policies of which the module makes nothing but permissions boundaries. Behind them come the documents that leave
    the module: the block that has such a one, a data source or a module call, stands for its owner.
    """
    reader = DocumentReader(evaluator)
    attributes = policy_attributes()
    boundaries = _boundaries(evaluator)
    for declaration in evaluator.module.of_kind("resource"):
        if declaration.address in boundaries:
            continue
        if declaration.type == "aws_lambda_permission":
            for instance in evaluator.instances(declaration):
                yield _permission(instance)
        for attribute, kind in attributes.get(declaration.type, ()):
            if kind == "limit":
                continue
            for instance in evaluator.instances(declaration):
                yield from _written(instance, attribute, cast("Kind", kind), reader)
    for item in departures(evaluator, reader):
        yield _policy(_kind_of(item.document), item.owner, item.attribute, item.span, item.value, item.document)


def _kind_of(document: Document) -> Kind:
    """What a document is for that leaves the module: only a policy of a resource or role names principals."""
    admitting = [
        statement
        for statement in document.statements
        if statement.principals is not None or statement.not_principals is not None
    ]
    if not admitting:
        return "identity"
    actions = [
        text.partition(":")[0].lower()
        for statement in admitting
        if statement.actions is not None
        for text, _ in statement.actions.known()
    ]
    if "sts" in actions:
        return "trust"
    return "key" if actions and set(actions) == {"kms"} else "resource"


@cache
def policy_attributes() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each type of resource the arguments that hold a policy, with the policy's kind or `limit`."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type_, attribute, kind = line.split("\t")
            found[type_] = (*found.get(type_, ()), (attribute, kind))
    return found


def _written(owner: Instance, attribute: str, kind: Kind, reader: DocumentReader) -> Iterator[Policy]:
    """The policies that one argument of an instance holds: one, or one for each block that it stands in."""
    block, _, name = attribute.rpartition(".")
    for holder in owner.blocks(block) if block else (owner,):
        value = holder.value(name)
        if value.data is None:
            continue
        span = holder.span_of(name)
        document = reader.read_argument(holder, name)
        yield _policy(kind, owner, attribute, span, value, document)


def _policy(kind: Kind, owner: Instance, attribute: str, span: Span, value: Value, document: Document) -> Policy:
    return Policy(
        kind,
        owner,
        attribute,
        span,
        value,
        document.statements,
        document.version,
        document.id,
        document.doubt,
        document.problem,
    )


def _boundaries(evaluator: Evaluator) -> frozenset[str]:
    """Addresses of the managed policies that are named as permissions boundaries and nowhere else."""
    as_boundary: set[str] = set()
    elsewhere: set[str] = set()
    for block in evaluator.module.blocks():
        for attribute, bound in walk(block.body):
            named = {
                reference.address
                for reference in evaluator.module.references(attribute.expr, bound)
                if reference.root == "aws_iam_policy"
            }
            if attribute.name in ("permissions_boundary", "permissions_boundary_arn"):
                as_boundary |= named
            elif block.type != "output":
                elsewhere |= named
    return frozenset(as_boundary - elsewhere)


# What AddPermission makes of each argument: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
_PERMISSION_CONDITIONS = (
    ("source_arn", "ArnLike", "AWS:SourceArn"),
    ("source_account", "StringEquals", "AWS:SourceAccount"),
    ("principal_org_id", "StringEquals", "aws:PrincipalOrgID"),
    ("event_source_token", "StringEquals", "lambda:EventSourceToken"),
    ("function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("invoked_via_function_url", "Bool", "lambda:InvokedViaFunctionUrl"),
)


def _permission(owner: Instance) -> Policy:
    """The statement that an aws_lambda_permission adds to its function's policy."""

    def terms(argument: str) -> ElementValues | None:
        value = owner.value(argument)
        return ElementValues((value,), owner.span_of(argument)) if value.data is not None else None

    conditions = []
    for argument, operator, key in _PERMISSION_CONDITIONS:
        values = terms(argument)
        if values is not None:
            conditions.append(Condition(Value(operator, values.written), Value(key, values.written), values))
    principal = owner.value("principal")
    sid = owner.value("statement_id")
    identifiers = terms("principal")
    principals = None
    if identifiers is not None:
        kind = _principal_kind(principal)
        principals = Principals((Principal(kind, identifiers),), identifiers.written)
    statement = Statement(
        owner.header,
        Value("Allow", owner.header),
        sid if sid.data is not None else None,
        actions=terms("action"),
        resources=terms("function_name"),
        principals=principals,
        conditions=Conditions(tuple(conditions)),
    )
    return Policy("resource", owner, "", owner.header, Value(None, owner.header), (statement,))


def _principal_kind(principal: Value) -> Value:
    data = principal.data
    if not isinstance(data, str):
        known = "AWS" if str(data).startswith("arn:") else None
        return Value(known or Unknown(principal.reason or "the principal isn't known"), principal.span)
    if data == "*":
        return Value("*", principal.span)
    return Value("AWS" if data.startswith("arn:") or data.isdigit() else "Service", principal.span)
