"""Functions on policies: what statements grant, and to whom."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.arns import arn_format, id_is_arn
from ..aws.names import naming
from ..iam.policies import Policy
from ..iam.principals import names_principal
from ..iam.statements import Conditions, ElementValues, Statement
from ..iam.wildcards import covers_action
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value, View
from ..text.source import Span
from ..wiring.parts import fields, parts_in, text_of
from ..wiring.permissions import Request, permitted
from ..wiring.qualifiers import serves
from ..wiring.resolve import Resolver
from .views import statement_view, subject_of

_ARN_FIELDS = ("partition", "service", "region", "account", "resource")
# Attributes that are an ARN of the resource's own service, and those that are one of another service.
_OWN_ARNS = ("arn", "qualified_arn", "stream_arn")
_SERVICES = {"invoke_arn": "apigateway", "qualified_invoke_arn": "apigateway"}


def statements(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`statements(self)`: the statements of all policies that a resource holds itself."""
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("statements takes a resource")
    policies = stack.once(_by_owner).get(instance, [])
    certain = [
        statement_view(policy, statement)
        for policy in policies
        for statement in policy.statements
        if statement.doubt is None
    ]
    doubts = [policy.doubt for policy in policies]
    doubts += [statement.doubt for policy in policies for statement in policy.statements]
    doubt = next((reason for reason in doubts if reason is not None), None)
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(tuple(certain), "list", rest, None if rest is None else len(certain)), span)


def _by_owner(stack: Stack) -> dict[Instance, list[Policy]]:
    """The policies of a stack by the resource that holds them."""
    found: dict[Instance, list[Policy]] = {}
    for policy in stack.policies:
        found.setdefault(policy.owner, []).append(policy)
    return found


def permits(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`permits(queue, "sns.amazonaws.com", "sqs:SendMessage", topic)`: true if a resource's policies let a service in.

    They are those that it holds itself, and those of the resources that hold a part of its settings; what denies
    counts. The last argument, which can be left out, is the resource for which the service acts, or its ARN.
    """
    instance, principal, action = subject_of(arguments[0]), arguments[1].data, arguments[2].data
    if instance is None or not isinstance(principal, str) or not isinstance(action, str):
        raise EvaluationError("permits takes a resource, a service, an action, and for whom the service acts")
    source = _resource_or_arn(stack, arguments[3]) if len(arguments) > 3 else None
    return Value(permission(stack, instance, principal, action, source), span)


def permission(
    stack: Stack,
    target: Instance,
    principal: str,
    action: str,
    source: Instance | Value | None = None,
    called: Value | None = None,
) -> bool | Unknown:
    """True if the policies of a resource let a service in, for another resource if one is given.

    `called` is how the target is named: a permission for an alias serves no call of the function as a whole.
    """
    policies = resource_policies(stack, target)
    if called is not None:
        policies = list(_serving(policies, called, stack.wiring.resolver))
    verdict = permitted(Request(target, principal, action, source), policies, stack.wiring.resolver)
    doubt = stack.companions(target).doubt
    return Unknown(doubt) if verdict is False and doubt is not None else verdict


def _serving(
    policies: list[tuple[Policy, str | None]], called: Value, resolver: Resolver
) -> Iterator[tuple[Policy, str | None]]:
    """The policies that are about what is called, each with its doubt."""
    for policy, doubt in policies:
        verdict = serves(policy.owner, called, resolver)
        if verdict is not False:
            yield policy, doubt or (verdict.reason if isinstance(verdict, Unknown) else None)


def resource_policies(stack: Stack, target: Instance) -> list[tuple[Policy, str | None]]:
    """The policies of a resource and of those that hold a part of its settings, each with its doubt."""
    companions, owned = stack.companions(target), stack.once(_by_owner)
    holders = [(target, None), *((one, None) for one in companions.certain), *companions.possible]
    return [(policy, doubt) for holder, doubt in holders for policy in owned.get(holder, [])]


def _resource_or_arn(stack: Stack, value: Value) -> Instance | Value:
    """The resource that a value is or names; the value itself where it names none of the stack for certain."""
    named = stack.wiring.resolver.meant(value)
    return subject_of(value) or (named.certain[0] if len(named.certain) == 1 else value)


def covers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`covers("dynamodb:Get*", "dynamodb:GetItem")`: true if an action pattern covers an action."""
    pattern, action = (argument.data for argument in arguments)
    for data in (pattern, action):
        if isinstance(data, (Unknown, PartialString, Symbol)):
            return Value(data if isinstance(data, Unknown) else Unknown(data.reason), span)
    if not isinstance(pattern, str) or not isinstance(action, str):
        raise EvaluationError("covers takes an action pattern and an action")
    return Value(covers_action(pattern, action), span)


def limits(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`limits(statement, "iam:PassedToService")`: true if the statement has a condition on that key."""
    statement, key = statement_of(arguments[0]), arguments[1].data
    if statement is None or not isinstance(key, str):
        raise EvaluationError("limits takes a statement and a condition key")
    return Value(_has_key(statement.conditions, key), span)


def _has_key(conditions: Conditions, key: str) -> bool | Unknown:
    unsure: Unknown | None = None if conditions.doubt is None else Unknown(conditions.doubt)
    for entry in conditions.entries:
        data = entry.key.data
        if isinstance(data, str) and data.lower() == key.lower():
            return True
        if not entry.key.is_known:
            unsure = unsure or Unknown(entry.key.reason or "a condition key isn't known")
    return unsure or False


def admits(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`admits(statement, "sns.amazonaws.com", "sqs:SendMessage")`: true if the statement lets a principal do that.

    A principal is as the policy writes it (a service, an ARN, an account), `*` admits every one. A `*` in the principal
    that is asked for stands for any text: `logs.*.amazonaws.com`, `arn:*:iam::*:root`. Without an action any will do.
    Conditions aren't looked at: `limits` does.
    """
    statement = statement_of(arguments[0])
    wanted = [argument.data for argument in arguments[1:]]
    if statement is None or not all(isinstance(word, str) for word in wanted):
        raise EvaluationError("admits takes a statement, a principal and an action")
    verdicts = [statement.allows if statement.allows is not None else Unknown("the statement's effect isn't known")]
    verdicts.append(_admits_principal(stack, statement, str(wanted[0])))
    if len(wanted) > 1 and statement.actions is not None:
        verdicts.append(_covers_any(statement.actions, str(wanted[1])))
    if len(wanted) > 1 and statement.not_actions is not None:
        verdicts.append(_negated(_covers_any(statement.not_actions, str(wanted[1]))))
    if False in verdicts:
        return Value(False, span)
    return Value(next((verdict for verdict in verdicts if isinstance(verdict, Unknown)), True), span)


def _admits_principal(stack: Stack, statement: Statement, wanted: str) -> bool | Unknown:
    if statement.principals is not None:
        return names_principal(statement.principals, wanted, stack.evaluator)
    if statement.not_principals is not None:
        return _negated(names_principal(statement.not_principals, wanted, stack.evaluator))
    return False


def _negated(verdict: bool | Unknown) -> bool | Unknown:
    return verdict if isinstance(verdict, Unknown) else not verdict


def _covers_any(listed: ElementValues, action: str) -> bool | Unknown:
    """True if one of these patterns covers an action."""
    unsure = None if listed.doubt is None else Unknown(listed.doubt)
    for item in listed.items:
        if isinstance(item.data, str):
            if covers_action(item.data, action):
                return True
        elif not item.is_known:
            unsure = unsure or Unknown(item.reason or "it isn't known")
    return unsure or False


def arn(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`arn(x)`: its parts partition, service, region, account, resource; null where it certainly is no ARN.

    Of an attribute that only AWS can tell (`aws_sqs_queue.jobs.arn`) the service is known, and that it is an ARN; a
    queue's `url` is none. Of a text with such parts, those are known that stand in it.
    """
    data = arguments[0].data
    if isinstance(data, Symbol):
        return Value(_behind_reference(stack, data), span)
    if isinstance(data, (str, PartialString)):
        return Value(_parts_of_text(stack, data), span)
    if arguments[0].is_known:
        return Value(None, span)
    return Value(Unknown(arguments[0].reason or "the ARN isn't known"), span)


def _parts_of_text(stack: Stack, data: str | PartialString) -> MapValue | Unknown | None:
    parts = parts_in(data)
    first = parts[0] if parts else ""
    if isinstance(first, Symbol):
        whole = _behind_reference(stack, first)
        return whole if whole is not None else Unknown(first.reason)
    if isinstance(first, Unknown):
        return Unknown(first.reason)
    if not first.startswith("arn:"[: len(first)] if isinstance(data, PartialString) else "arn:"):
        return None
    cut = fields(parts, ":", 5)
    if len(cut) < 6:
        return None if isinstance(data, str) else Unknown(data.reason)
    return MapValue({key: Value(text_of(field)) for key, field in zip(_ARN_FIELDS, cut[1:], strict=True)})


def is_no_arn(stack: Stack, symbol: Symbol) -> bool:
    """Return True if a reference is to what is certainly no ARN: a name, a URL."""
    return _behind_reference(stack, symbol) is None


def _behind_reference(stack: Stack, symbol: Symbol) -> MapValue | Unknown | None:
    """The parts of the ARN that a resource's or data source's attribute is; None if it is something else."""
    unknown = Unknown(symbol.reason)
    declaration = stack.declared(symbol.block_address)
    name = symbol.path[0] if len(symbol.path) == 1 else None
    if declaration is None or declaration.kind not in ("resource", "data") or not isinstance(name, str):
        return unknown
    type_ = declaration.type
    if name == "id":
        name = {True: "arn", False: "name", None: "id"}[id_is_arn(type_)]
    if name in ("name", "url") or name.endswith(("_name", "_url")) or name == _name_of(type_):
        return None
    format_ = arn_format(type_)
    service = _SERVICES.get(name) or (format_.service if format_ is not None and name in _OWN_ARNS else None)
    if service is None:
        return unknown
    return MapValue({key: Value(service if key == "service" else unknown) for key in _ARN_FIELDS})


def _name_of(type_: str) -> str | None:
    found = naming(type_)
    return found.argument if found is not None else None


def statement_of(value: Value) -> Statement | None:
    """The statement that a view shows, None for any other value."""
    data = value.data
    return data.subject if isinstance(data, View) and isinstance(data.subject, Statement) else None
