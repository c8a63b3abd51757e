"""Statements that allow all actions of a service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...iam.policies import Policy
from ...iam.statements import ElementValues, Principals, Statement
from ...iam.wildcards import covers_whole_service
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Data, PartialString, Symbol, Value
from ..sites import site_of
from .grants import Grant, doubt_of, gathered

_NOT_TOLD = {"pattern": None, "service": None}
_IDENTITIES = ("aws_iam_role.", "aws_iam_user.", "data.aws_iam_role.", "data.aws_iam_user.")
_NAMED = re.compile(r"^arn:[^:]+:(?:iam|sts)::[^:]+:(?:role|user|group|assumed-role|federated-user)/")
_ROOT = re.compile(r"arn:[^:*?]+:iam::(\d{12}|\$\{[^:]+\}):root|(\d{12}|\$\{[^:]+\})")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Statements that allow all actions of a service."""
    found: list[Grant] = []
    for policy in stack.policies:
        if policy.doubt is not None:
            found.append(Grant(policy.span, policy.address, _NOT_TOLD, doubt=policy.doubt))
        for statement in policy.statements:
            if statement.allows is not False and statement.actions is not None:
                found += _whole_services(stack, policy, statement, statement.actions)
    for group in gathered(found):
        yield group.hit(actions=group.granted)


def _whole_services(stack: Stack, policy: Policy, statement: Statement, actions: ElementValues) -> Iterator[Grant]:
    uncertain = doubt_of(statement)
    for action in actions.items:
        verdict = covers_whole_service(action)
        if verdict is False:
            continue
        excused = _is_default_key_statement(policy, statement, action) if verdict is True else False
        if excused is True:
            continue
        doubt = verdict if isinstance(verdict, str) else excused if isinstance(excused, str) else uncertain
        site = site_of(stack, action, actions.written, policy.span)
        granted = {"pattern": action.data, "service": _service(action)} if verdict is True else _NOT_TOLD
        label = f"{policy.address} allows {action.data} here"
        place = statement.span if verdict is True else None
        yield Grant(site.span, policy.address, granted, site.related, doubt, statement=place, label=label)
    if actions.doubt is not None:
        site = site_of(stack, Value(None), actions.written, policy.span)
        yield Grant(site.span, policy.address, _NOT_TOLD, doubt=actions.doubt)


def _service(action: Value) -> str | None:
    """The service whose every action a pattern covers, `*` where that is every service; None where it isn't known."""
    service = str(action.data).partition(":")[0].lower() if ":" in str(action.data) else "*"
    return None if "$" in service else "*" if set(service) <= set("*?") else service


def _is_default_key_statement(policy: Policy, statement: Statement, action: Value) -> bool | str:
    """Return True if this is AWS's default key policy: its own account's root may do everything with the key.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html. Without it, IAM policies have no
    effect on the key, and it can become unmanageable. A text is the reason why that isn't known.
    """
    if policy.kind != "key" or not isinstance(action.data, str) or action.data.lower() != "kms:*":
        return False
    principals = statement.principals
    if principals is None:
        return False
    accounts = _root_accounts(principals)
    if accounts is not None and len(accounts) > 1:  # but one of them is another's
        return False
    return principals.doubt or _unknown_principal(principals) or bool(accounts)


def _root_accounts(principals: Principals) -> set[str] | None:
    """The accounts that principals are, None where one of them certainly isn't the root of an account."""
    accounts: set[str] = set()
    for principal in principals.entries:
        if isinstance(principal.kind.data, str) and principal.kind.data != "AWS":
            return None
        for identifier in principal.identifiers.items:
            data = identifier.data
            if isinstance(data, Symbol) and data.path[-1:] == ("account_id",):
                accounts.add(f"${{{data}}}")
            elif _is_identity(data):
                return None
            elif isinstance(data, (str, PartialString)):
                match = _ROOT.fullmatch(str(data))
                if match is not None:
                    accounts.add(match[1] or match[2])
                elif isinstance(data, str):
                    return None
    return accounts


def _is_identity(data: Data) -> bool:
    """Return True if partly known data is certainly the identity of a role, user or function, not an account's root."""
    if isinstance(data, PartialString) and all(isinstance(part, Symbol) for part in data.parts[:1]):
        data = data.parts[0] if len(data.parts) == 1 and isinstance(data.parts[0], Symbol) else data
    if isinstance(data, Symbol):
        return data.address.startswith(_IDENTITIES) and data.path[-1:] == ("arn",)
    return isinstance(data, PartialString) and _NAMED.search(str(data)) is not None


def _unknown_principal(principals: Principals) -> str | None:
    """The doubt about who is meant, None if each principal is an account's root or certainly not."""
    for principal in principals.entries:
        for value in (principal.kind, *principal.identifiers.items):
            data = value.data
            is_root = isinstance(data, PartialString) and _ROOT.fullmatch(str(data)) is not None
            is_account = isinstance(data, Symbol) and data.path[-1:] == ("account_id",)
            if not (value.is_known or is_root or is_account or _is_identity(data)):
                return value.reason
        if principal.identifiers.doubt is not None:
            return principal.identifiers.doubt
    return None
