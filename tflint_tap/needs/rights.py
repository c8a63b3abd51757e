"""The rights of a role: the statements of all policies that the role holds or that are attached to it.

What allows counts only as far as nothing denies it, and as far as the permissions boundary allows it too:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..iam.documents import DocumentReader
from ..iam.managed import managed_document
from ..iam.policies import Policy
from ..iam.statements import Document, ElementValues, Statement
from ..iam.wildcards import covers_action
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict, any_of, negated
from ..text.source import Span
from .arn_texts import ArnTexts

_OF_AWS = re.compile(r"arn:[\w-]+:iam::aws:policy/(.+)")
_VIA_SERVICE = "kms:viaservice"
_CONTEXT = "kms:encryptioncontext:aws:"


@dataclass(frozen=True, slots=True)
class Right:
    """A statement that a role has by a policy. `doubt` is why it isn't certain that the role has it.

    `policy` is None where AWS manages it: the statement isn't written in the stack; `managed` is its ARN then, and
    `place` where it is attached. `by` is the resource that gives it to the role: an attachment, a policy of the role's
    own, or the role itself.
    """

    policy: Policy | None
    statement: Statement
    doubt: str | None = None
    managed: str | None = None
    place: Span | None = None
    by: Instance | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role is allowed and denied. `doubt` is why there may be further statements, None where there can't be.

    `boundary` is the policy that limits what is allowed, None where there is none.
    """

    role: Instance
    allowed: tuple[Right, ...]
    denied: tuple[Right, ...]
    doubt: str | None = None
    boundary: Document | None = None


def rights_of(stack: Stack, role: Instance) -> Rights:
    """The rights of a role of the stack; made once."""
    made = stack.once(_made)
    if role.address not in made:
        made[role.address] = _read(stack, role)
    return made[role.address]


def arn_texts(stack: Stack) -> ArnTexts:
    """The stack's texts of ARNs; made once."""
    return stack.once(ArnTexts)


def _made(stack: Stack) -> dict[str, Rights]:
    return {}


def identity_policies(stack: Stack) -> dict[str, list[Policy]]:
    """The identity policies of a stack by the address of the resource that holds them; for `Stack.once`."""
    found: dict[str, list[Policy]] = {}
    for policy in stack.policies:
        if policy.kind == "identity":
            found.setdefault(policy.owner.address, []).append(policy)
    return found


def _read(stack: Stack, role: Instance) -> Rights:
    by_owner = stack.once(identity_policies)
    attached = stack.wiring.incoming(role, "attached_to")
    holders: list[tuple[Instance, Instance, str | None]] = [(role, role, None)]
    holders += [(edge.source, edge.via, edge.doubt) for edge in attached.edges]
    rights = [
        Right(policy, statement, doubt or statement.doubt, by=by)
        for holder, by, doubt in holders
        for policy in by_owner.get(holder.address, ())
        for statement in policy.statements
    ]
    doubts = [policy.doubt for holder, _, _ in holders for policy in by_owner.get(holder.address, ())]
    values = [(end.value, end.via) for end in attached.ends if end.doubt is None]
    values += [(value, role) for value in role.value("managed_policy_arns").elements()]
    for value, by in {str(value.data): (value, by) for value, by in values}.values():
        document = _managed(stack, value, role.header)
        rights += [
            Right(None, statement, statement.doubt, _plain(value), value.span, by) for statement in document.statements
        ]
        doubts.append(document.doubt)
    doubts += [attached.doubt, role.value("managed_policy_arns").reason]
    return Rights(
        role,
        tuple(right for right in rights if right.statement.allows is not False),
        tuple(right for right in rights if right.statement.allows is False and right.statement.effect is not None),
        next((doubt for doubt in doubts if doubt is not None), None),
        _boundary(stack, role),
    )


def _boundary(stack: Stack, role: Instance) -> Document | None:
    value = role.value("permissions_boundary")
    if value.data is None:
        return None
    policy = stack.target(value)
    if policy is not None and policy.declaration.type == "aws_iam_policy":
        return DocumentReader(stack.evaluator).read_argument(policy, "policy")
    return _managed(stack, value, role.header)


def _managed(stack: Stack, value: Value, span: Span) -> Document:
    """The document of a policy that is attached by its ARN and isn't in the stack."""
    found = _OF_AWS.fullmatch(arn) if isinstance(arn := _plain(value), str) else None
    document = managed_document(found[1], stack.module, span) if found is not None else None
    if document is None:
        return Document(doubt=f"{arn if isinstance(arn, str) else value.reason or 'a policy'} is not in the stack")
    return document


def _plain(value: Value) -> str | None:
    """A text of which at most the partition isn't known."""
    if isinstance(value.data, PartialString):
        parts = [
            "aws" if isinstance(part, Symbol) and part.path[-1:] == ("partition",) else part
            for part in value.data.parts
        ]
        return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None
    return value.data if isinstance(value.data, str) else None


def granted(stack: Stack, rights: Rights, action: str, arn: Value | None, purpose: str | None = None) -> Verdict:
    """True if a role may do something on a resource, on any at all where none is given.

    `purpose` is the service by which a key is used, None where the role itself calls.
    """
    denied = any_of(_denies(stack, right, action, arn) for right in rights.denied)
    if denied is True:
        return False
    allowed = any_of(
        _allows(stack, right, action, arn) for right in rights.allowed if serves(right.statement, purpose) is not False
    )
    if allowed is False:
        return False if rights.doubt is None else Unknown(rights.doubt)
    within = True if rights.boundary is None else _is_within(stack, rights.boundary, action, arn)
    return negated(any_of([negated(allowed), negated(within), denied]))


def _is_within(stack: Stack, boundary: Document, action: str, arn: Value | None) -> Verdict:
    """True if a permissions boundary allows an action on a resource."""
    rights = [Right(None, statement, statement.doubt) for statement in boundary.statements]
    denied = any_of(_denies(stack, right, action, arn) for right in rights if right.statement.allows is False)
    allowed = any_of(_allows(stack, right, action, arn) for right in rights if right.statement.allows is not False)
    if boundary.doubt is not None:
        allowed = allowed or Unknown(boundary.doubt)
    return negated(any_of([negated(allowed), denied]))


def _allows(stack: Stack, right: Right, action: str, arn: Value | None) -> Verdict:
    if right.statement.allows is None:
        return Unknown(right.statement.effect.reason or "") if right.statement.effect is not None else False
    return _unsure(_speaks_of(stack, right.statement, action, arn), right.doubt)


def denial_of(stack: Stack, rights: Rights, action: str, arn: Value | None) -> Right | None:
    """What certainly denies an action on a resource, whatever else allows it; None where nothing does."""
    return next((right for right in rights.denied if _denies(stack, right, action, arn) is True), None)


def _denies(stack: Stack, right: Right, action: str, arn: Value | None) -> Verdict:
    """A denial with a condition denies under this condition only, which most requests don't meet."""
    if right.statement.conditions.entries or right.statement.conditions.doubt is not None:
        return False
    if arn is None and not any(arn_texts(stack).of(item).everything for item in items(right.statement.resources)):
        return False  # there are other resources
    return _unsure(_speaks_of(stack, right.statement, action, arn), right.doubt)


def serves(statement: Statement, purpose: str | None) -> bool:
    """Return False if a condition limits a statement to keys that are used by another service than this one."""
    if purpose is None:
        return True
    for entry in statement.conditions.entries:
        key = str(entry.key.data).lower()
        if "Not" in str(entry.operator.data):
            continue
        if key == _VIA_SERVICE and not any(_is_of_service(value, purpose) for value in items(entry.values)):
            return False
        if key.startswith(_CONTEXT) and key[len(_CONTEXT) :].partition(":")[0] != purpose:
            return False
    return True


def _is_of_service(value: Value, purpose: str) -> bool:
    """Return True if a text names a service, as `sqs.eu-west-1.amazonaws.com` does, or if it isn't known."""
    data = value.data
    head = data.parts[0] if isinstance(data, PartialString) else data
    return not isinstance(head, str) or head.partition(".")[0] in (purpose, "*")


def _unsure(verdict: Verdict, doubt: str | None) -> Verdict:
    return Unknown(doubt) if verdict is True and doubt is not None else verdict


def _speaks_of(stack: Stack, statement: Statement, action: str, arn: Value | None) -> Verdict:
    """True if a statement's actions and resources cover an action on a resource."""
    if statement.not_actions is not None:
        of_action = negated(any_of(_is_action(item, action) for item in items(statement.not_actions)))
    else:
        of_action = any_of(_is_action(item, action) for item in items(statement.actions))
    if of_action is False or arn is None:
        return of_action
    if statement.not_resources is not None:
        of_resource = negated(any_of(arn_texts(stack).covers(item, arn) for item in items(statement.not_resources)))
    else:
        of_resource = any_of(arn_texts(stack).covers(item, arn) for item in items(statement.resources))
    return negated(any_of([negated(of_action), negated(of_resource)]))


def _is_action(pattern: Value, action: str) -> Verdict:
    if isinstance(pattern.data, str):
        return covers_action(pattern.data, action)
    return Unknown(pattern.reason or "an action isn't known")


def items(values: ElementValues | None) -> Iterator[Value]:
    """The items of an element, and one of which nothing is known where there may be more."""
    if values is None:
        return
    yield from values.items
    if values.doubt is not None:
        yield values.whole or Value(Unknown(values.doubt), values.written)
