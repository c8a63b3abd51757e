"""What IAM policies allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...iam.actions import limiting_keys, scopes_of
from ...iam.policies import Policy
from ...iam.roles import Roles, open_wirings, roles_in
from ...iam.statements import ElementValues, Principals, Statement
from ...iam.wildcards import covers_every_resource, covers_whole_service, is_every_resource, matches
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Data, ErrorValue, PartialString, Symbol, Value
from ...text.source import Related, Span
from ..sites import site_of

_MOST_NAMES = 5  # of actions in a message
_LIMITING_OPERATORS = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
_IDENTITIES = ("aws_iam_role.", "aws_iam_user.", "data.aws_iam_role.", "data.aws_iam_user.")
_NAMED = re.compile(r"^arn:[^:]+:(?:iam|sts)::[^:]+:(?:role|user|group|assumed-role|federated-user)/")
_ROOT = re.compile(r"arn:[^:*?]+:iam::(\d{12}|\$\{[^:]+\}):root|(\d{12}|\$\{[^:]+\})")


def wildcard_action(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Statements that allow all actions of a service."""
    found: list[_Found] = []
    for policy in stack.policies:
        if policy.doubt is not None:
            found.append(_Found(policy.span, policy.address, "actions that aren't told", doubt=policy.doubt))
        for statement in policy.statements:
            if statement.allows is not False and statement.actions is not None:
                found += _whole_services(stack, policy, statement, statement.actions)
    for group in _gathered(found):
        yield group.hit(actions=_names(group.words))


def _whole_services(stack: Stack, policy: Policy, statement: Statement, actions: ElementValues) -> Iterator[_Found]:
    uncertain = _uncertain(statement)
    for action in actions.items:
        verdict = covers_whole_service(action)
        if verdict is False:
            continue
        excused = _is_default_key_statement(policy, statement, action) if verdict is True else False
        if excused is True:
            continue
        doubt = verdict if isinstance(verdict, str) else excused if isinstance(excused, str) else uncertain
        site = site_of(stack, action, actions.written, policy.span)
        words = _every_action(action) if verdict is True else "actions that may be all of a service"
        yield _Found(site.span, policy.address, words, site.related, doubt)
    if actions.rest is not None:
        site = site_of(stack, Value(None), actions.written, policy.span)
        yield _Found(site.span, policy.address, "actions that aren't told", doubt=actions.rest)


def _every_action(action: Value) -> str:
    """`every s3 action ("s3:*")`."""
    text = str(action.data)
    service = text.partition(":")[0].lower() if ":" in text else "*"
    if "$" in service:
        return f'every action of a service ("{text}")'
    every = "every action of every service" if set(service) <= set("*?") else f"every {service} action"
    return f'{every} ("{text}")'


def _is_default_key_statement(policy: Policy, statement: Statement, action: Value) -> bool | str:
    """Whether this is what AWS's default key policy says: its own account's root may do everything with the key.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html. Without it, IAM policies have no
    effect on the key, and it can become unmanageable. Why, where that can't be told.
    """
    if policy.kind != "key" or not isinstance(action.data, str) or action.data.lower() != "kms:*":
        return False
    principals = statement.principals
    if principals is None:
        return False
    accounts = _root_accounts(principals)
    if accounts is not None and len(accounts) > 1:  # but one of them is another's
        return False
    return principals.rest or _unknown_principal(principals) or bool(accounts)


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
    """Whether what is only known in part is certainly a role, user or function's identity, and no account's root."""
    if isinstance(data, PartialString) and all(isinstance(part, Symbol) for part in data.parts[:1]):
        data = data.parts[0] if len(data.parts) == 1 and isinstance(data.parts[0], Symbol) else data
    if isinstance(data, Symbol):
        return data.address.startswith(_IDENTITIES) and data.path[-1:] == ("arn",)
    return isinstance(data, PartialString) and _NAMED.search(str(data)) is not None


def _unknown_principal(principals: Principals) -> str | None:
    """Why it isn't known who is meant, None where each is an account's root or certainly not."""
    for principal in principals.entries:
        for value in (principal.kind, *principal.identifiers.items):
            data = value.data
            is_root = isinstance(data, PartialString) and _ROOT.fullmatch(str(data)) is not None
            is_account = isinstance(data, Symbol) and data.path[-1:] == ("account_id",)
            if not (value.is_known or is_root or is_account or _is_identity(data)):
                return value.reason
        if principal.identifiers.rest is not None:
            return principal.identifiers.rest
    return None


def wildcard_resource(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Statements of identity policies that allow on every resource what can be limited to some."""
    found: list[_Found] = []
    roles = roles_in(stack.module)
    for policy in stack.policies:
        if policy.kind != "identity":
            continue
        if policy.doubt is not None:
            found.append(_Found(policy.span, policy.address, "actions that aren't told", doubt=policy.doubt))
        for statement in policy.statements:
            found += _open_resources(stack, roles, policy, statement)
    for group in _gathered(found):
        yield group.hit(actions=_names(group.words), rest=group.rest)


@dataclass(slots=True)
class _Sorted:
    """A statement's actions by whether they can be limited to resources."""

    limited: list[str] = field(default_factory=list)
    unlimited: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def rest(self) -> str:
        """What to do with those that work on `*` only."""
        if not self.unlimited:
            return ""
        one = len(self.unlimited) == 1
        named, verb, them = _names(self.unlimited), "works" if one else "work", "it" if one else "them"
        return f'; {named} {verb} on "*" only, so put {them} into a statement apart'


def _open_resources(stack: Stack, roles: Roles, policy: Policy, statement: Statement) -> Iterator[_Found]:
    resources = statement.resources
    if statement.allows is False or resources is None or statement.actions is None:
        return
    verdicts = [(resource, covers_every_resource(resource)) for resource in resources.items]
    if resources.rest is None and all(verdict is False for _, verdict in verdicts):
        return
    actions = _sorted(statement.actions, open_wirings(policy, roles))
    limits = _is_limited(statement)
    if limits is True or not (actions.limited or actions.doubts):
        return
    uncertain = _uncertain(statement) or (limits if isinstance(limits, str) else None)
    if not actions.limited:
        uncertain = actions.doubts[0]
    words = actions.limited or ["actions"]
    for resource, verdict in verdicts:
        if verdict is not False:
            doubt = verdict if isinstance(verdict, str) else uncertain
            site = site_of(stack, resource, resources.written, policy.span)
            for word in words:
                yield _Found(site.span, policy.address, word, site.related, doubt, actions.rest)
    if resources.rest is not None:
        site = site_of(stack, Value(None), resources.written, policy.span)
        for word in words:
            yield _Found(site.span, policy.address, word, doubt=resources.rest, rest=actions.rest)


def _sorted(actions: ElementValues, wirings: frozenset[str]) -> _Sorted:
    """The actions by what they reach; those pass that AWS's own policies leave open for one of these wirings."""
    made = _Sorted(doubts=[actions.rest] if actions.rest is not None else [])
    for action in actions.items:
        data = action.data
        if isinstance(data, ErrorValue):  # Terraform refuses it: nothing is granted
            continue
        if not isinstance(data, str):
            made.doubts.append(action.reason or "an action is no string")
            continue
        scopes = scopes_of(data).values()
        if any(scope.reach == "some" and scope.wiring not in wirings for scope in scopes):
            made.limited.append(data)
        elif not scopes or "*" in data or "?" in data:
            made.doubts.append(f"whether {data} can be limited isn't in the table of actions")
        elif all(scope.reach == "all" for scope in scopes):
            made.unlimited.append(data)
    return made


def _is_limited(statement: Statement) -> bool | str:
    """Whether a condition limits the statement to some resources, or why that can't be told."""
    doubt = statement.conditions.rest
    for condition in statement.conditions.entries:
        operator, key = condition.operator.data, condition.key.data
        if not isinstance(operator, str) or not (isinstance(key, str) or _begins_as_limiting(key)):
            doubt = doubt or condition.operator.reason or condition.key.reason
            continue
        kind = operator.lower().removeprefix("foranyvalue:")
        open_values = [text for text, _ in condition.values.known() if is_every_resource(text)]
        if kind in _LIMITING_OPERATORS and not open_values and _is_limiting_key(key):
            return True
    return doubt or False


def _is_limiting_key(key: object) -> bool:
    text = str(key).lower()
    return any(matches(pattern, text) for pattern in limiting_keys())


def _begins_as_limiting(key: object) -> bool:
    """`aws:ResourceTag/${var.tag}` limits, whatever the tag is."""
    return isinstance(key, PartialString) and _is_limiting_key(key.prefix + "x")


def _uncertain(statement: Statement) -> str | None:
    """Why it isn't certain that a statement allows anything."""
    if statement.doubt is not None:
        return statement.doubt
    return statement.effect.reason if statement.allows is None and statement.effect is not None else None


@dataclass(frozen=True, slots=True)
class _Found:
    """Something at a place that belongs into one hit with what else is found there."""

    span: Span
    address: str
    words: str
    related: tuple[Related, ...] = ()
    doubt: str | None = None
    rest: str = ""


@dataclass(slots=True)
class _Group:
    """What is found at one place: the words of all, the first one's address, the others' as related places."""

    first: _Found
    words: list[str]
    rest: str

    def hit(self, **values: str) -> Hit:
        first = self.first
        return Hit(first.span, first.address, {"self": first.address, **values}, first.related, doubt=first.doubt)


def _gathered(found: Iterable[_Found]) -> Iterator[_Group]:
    """One group for each place, certain ones apart from doubts."""
    groups: dict[tuple[Span, bool], _Group] = {}
    for item in found:
        group = groups.setdefault((item.span, item.doubt is None), _Group(item, [], item.rest))
        if item.words not in group.words:
            group.words.append(item.words)
    yield from groups.values()


def _names(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and 4 more`."""
    if len(words) > _MOST_NAMES:
        words = [*words[: _MOST_NAMES - 1], f"{len(words) - _MOST_NAMES + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
