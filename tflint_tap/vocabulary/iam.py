"""Functions on policies: what statements grant, and to whom."""

from __future__ import annotations

from ..iam.principals import names_principal
from ..iam.statements import Conditions, ElementValues, Statement
from ..iam.wildcards import covers_action
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Unknown, Value, View
from ..text.source import Span
from .views import statement_view, subject_of

_ARN_FIELDS = ("partition", "service", "region", "account", "resource")


def statements(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`statements(self)`: the statements of all policies that a resource holds itself."""
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("statements takes a resource")
    policies = [policy for policy in stack.policies if policy.owner is instance]
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


def covers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`covers("dynamodb:Get*", "dynamodb:GetItem")`: true if an action pattern covers an action."""
    pattern, action = (argument.data for argument in arguments)
    if isinstance(pattern, (Unknown, PartialString)):
        return Value(pattern if isinstance(pattern, Unknown) else Unknown(pattern.reason), span)
    if not isinstance(pattern, str) or not isinstance(action, str):
        raise EvaluationError("covers takes an action pattern and an action")
    return Value(covers_action(pattern, action), span)


def limits(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`limits(statement, "iam:PassedToService")`: true if the statement has a condition on that key."""
    statement, key = _statement(arguments[0]), arguments[1].data
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
    statement = _statement(arguments[0])
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
    """`arn(text)`: its parts partition, service, region, account, resource; null where the text is no ARN."""
    data = arguments[0].data
    if isinstance(data, str):
        fields = data.split(":", 5)
        if len(fields) != 6 or fields[0] != "arn":
            return Value(None, span)
        return Value(MapValue({key: Value(field) for key, field in zip(_ARN_FIELDS, fields[1:], strict=True)}), span)
    if arguments[0].is_known:
        return Value(None, span)
    return Value(Unknown(arguments[0].reason or "the ARN isn't known"), span)


def _statement(value: Value) -> Statement | None:
    data = value.data
    return data.subject if isinstance(data, View) and isinstance(data.subject, Statement) else None
