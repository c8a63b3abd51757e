"""What the policy of a resource decides about a service that acts for another resource, as SNS sends for a topic.

A statement applies if principal, action, resource and all conditions fit; one that denies outweighs all that allow:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Each verdict is true, false
or unknown with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..aws.arns import arn_format
from ..iam.policies import Policy
from ..iam.statements import Condition, ElementValues, Principals, Statement
from ..iam.wildcards import covers_action, matches
from ..records import dataclass
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict, all_of, any_of, negated
from .parts import Parts, fields, in_text, key_of, parts_in, text_of
from .resolve import Resolver

_WILDCARDS = ("*", "?")
_LIKE = ("ArnEquals", "ArnLike", "StringLike", "ArnNotEquals", "ArnNotLike", "StringNotLike")
_SUFFIXES = {"dns_suffix": "amazonaws.com", "partition": "aws"}


@dataclass(frozen=True, slots=True)
class Request:
    """A call to a resource: the service that makes it, the action, and the resource for which it does, if any.

    `source` is a resource of the stack, or the value that is its ARN. With a `key` it is about the objects of a bucket
    whose keys begin so. `carried` are further condition keys that the call has, in lower case, with their values.
    `accounts` are those that the service may call from instead.
    """

    target: Instance
    principal: str
    action: str
    source: Instance | Value | None = None
    key: Parts | None = None
    carried: tuple[tuple[str, str], ...] = ()
    accounts: frozenset[str] = frozenset()


def permitted(request: Request, policies: Iterable[tuple[Policy, str | None]], resolver: Resolver) -> Verdict:
    """The verdict of a resource's policies, each with the doubt if it is one of them."""
    judge = _Judge(request, resolver)
    allowed: list[Verdict] = []
    denied: list[Verdict] = []
    for policy, doubt in policies:
        for statement in policy.statements:
            unsure = doubt or statement.doubt
            # a resource that is a statement itself names its target by a name; the caller has followed it
            applies = judge.applies(statement, by_name=not policy.attribute)
            if applies is True and unsure is not None:
                applies = Unknown(unsure)
            if statement.allows is not False:
                allowed.append(applies if statement.allows or applies is False else _effect(statement))
            if statement.allows is not True and statement.effect is not None:
                denied.append(applies if statement.allows is False or applies is False else _effect(statement))
        if policy.doubt is not None:
            allowed.append(Unknown(policy.doubt))
    return all_of([any_of(allowed), negated(any_of(denied))])


def stands_for(value: Value, instance: Instance, resolver: Resolver) -> Verdict:
    """True if a value of a Resource element is the ARN of a resource of the stack, or a pattern that covers it."""
    return _Judge(Request(instance, "", ""), resolver)._names(value, instance)


def _effect(statement: Statement) -> Verdict:
    reason = statement.effect.reason if statement.effect is not None else None
    return Unknown(reason or "the statement's effect isn't known")


@dataclass(frozen=True, slots=True)
class _Judge:
    """A request at the statements of policies."""

    request: Request
    resolver: Resolver

    def applies(self, statement: Statement, *, by_name: bool = False) -> Verdict:
        """True if a statement is about the request; with `by_name` it is known to be about its target."""
        parts: list[Callable[[], Verdict]] = [
            lambda: self._of_principals(statement),
            lambda: self._of_actions(statement),
            lambda: by_name or self._of_resources(statement),
            *((lambda entry=entry: self._of_condition(entry)) for entry in statement.conditions.entries),
        ]
        found: list[Verdict] = []
        for part in parts:
            verdict = part()
            if verdict is False:
                return False
            found.append(verdict)
        if statement.conditions.doubt is not None:
            found.append(Unknown(statement.conditions.doubt))
        return all_of(found)

    def _of_principals(self, statement: Statement) -> Verdict:
        if statement.not_principals is not None:
            return negated(self._among(statement.not_principals))
        return self._among(statement.principals) if statement.principals is not None else False

    def _among(self, principals: Principals) -> Verdict:
        found = [
            self._is_principal(entry.kind, item)
            for entry in principals.entries
            for item in (*entry.identifiers.items, *_rest(entry.identifiers))
        ]
        return any_of(found if principals.doubt is None else [*found, Unknown(principals.doubt)])

    def _is_principal(self, kind: Value, identifier: Value) -> Verdict:
        text = _text(identifier)
        if text is None and self.request.accounts and _is_of_balancers(identifier.data):
            return True
        if text is None:
            is_service = kind.data == "Service" or not kind.is_known
            return Unknown(identifier.reason or "a principal isn't known") if is_service else False
        if text == "*":
            return True
        if kind.data == "Service":
            service, _, domain = self.request.principal.partition(".")
            return text == self.request.principal or (text.startswith(f"{service}.") and text.endswith(f".{domain}"))
        # no account, and no role or user of one, is the service, but for those that it calls from
        return bool(self.request.accounts) and any(account in text for account in self.request.accounts)

    def _of_actions(self, statement: Statement) -> Verdict:
        if statement.not_actions is not None:
            return negated(any_of(map(self._is_action, _items(statement.not_actions))))
        return any_of(map(self._is_action, _items(statement.actions))) if statement.actions is not None else False

    def _is_action(self, pattern: Value) -> Verdict:
        if isinstance(pattern.data, str):
            return covers_action(pattern.data, self.request.action)
        return Unknown(pattern.reason or "an action isn't known")

    def _of_resources(self, statement: Statement) -> Verdict:
        names = self._names if self.request.key is None else self._names_objects
        target = self.request.target
        if statement.not_resources is not None:
            return negated(any_of(names(item, target) for item in _items(statement.not_resources)))
        if statement.resources is None:
            return True
        return any_of(names(item, target) for item in _items(statement.resources))

    def _names_objects(self, value: Value, bucket: Instance) -> Verdict:
        """True if a value covers the objects of a bucket whose keys begin as the request's."""
        data = value.data
        if not isinstance(data, (str, PartialString)):
            named = self._names(value, bucket)
            return named if isinstance(named, Unknown) and not isinstance(data, Symbol) else False
        of_bucket, *below = fields(parts_in(data), "/", 1)
        if not below:
            return self._names(value, bucket) if in_text(of_bucket[-1:], "*") else False
        named = self._names(Value(text_of(of_bucket), value.span), bucket)
        return named if named is False else all_of([named, _begins(below[0], self.request.key or (), value.reason)])

    # -- conditions ----------------------------------------------------------------------------------------

    def _of_condition(self, condition: Condition) -> Verdict:
        operator, key = condition.operator.data, condition.key.data
        if not isinstance(operator, str) or not isinstance(key, str):
            return Unknown(condition.operator.reason or condition.key.reason or "a condition isn't known")
        operator = operator.rpartition(":")[2].removesuffix("IfExists")
        values = list(_items(condition.values))
        lower = key.lower()
        if operator == "Null":  # the call has all keys that are judged here
            return any_of(_same(value, "false") for value in values) if lower in _JUDGED else _not_judged(key)
        if lower == "aws:sourcearn":
            found = any_of(self._is_source(operator, value) for value in values)
        elif lower in ("aws:sourceaccount", "aws:sourceowner"):
            found = any_of(self._has_account(value) for value in values)
        elif lower in ("aws:securetransport", "aws:principalisawsservice"):
            return any_of(_same(value, "true") for value in values)
        elif lower == "aws:principalservicename":
            found = any_of(_same(value, self.request.principal) for value in values)
        elif lower in dict(self.request.carried):
            has = dict(self.request.carried)[lower]
            found = any_of(_same(value, has) for value in values)
        else:
            return _not_judged(key)
        return negated(found) if "Not" in operator else found

    def _is_source(self, operator: str, value: Value) -> Verdict:
        source = self.request.source
        if source is None:
            return False
        if value.data == "*":
            return operator in _LIKE
        if isinstance(source, Instance):
            return self._names(value, source, patterns=operator in _LIKE)
        same = equal(value, source)
        if same is not None and not _has_wildcard(value):
            return same
        if isinstance(value.data, str) and isinstance(source.data, str):
            return operator in _LIKE and matches(value.data, source.data)
        return same or Unknown(value.reason or source.reason or "the ARN isn't known")

    def _has_account(self, value: Value) -> Verdict:
        """True unless the source is certainly another account's: the stack's own is known to AWS alone."""
        source = self.request.source
        account = source.data.split(":")[4:5] if isinstance(source, Value) and isinstance(source.data, str) else []
        return not account or not isinstance(value.data, str) or matches(value.data, account[0])

    # -- names ---------------------------------------------------------------------------------------------

    def _names(self, value: Value, instance: Instance, *, patterns: bool = True) -> Verdict:
        """True if a value is the ARN of a resource of the stack, or a pattern that covers it."""
        data = value.data
        if data == "*":
            return patterns
        named = self.resolver.meant(value, (instance.declaration.type,))
        if instance in named.certain:
            return True
        if isinstance(data, (str, PartialString)) and _has_wildcard(value):
            return patterns and _covers(data, instance, value.reason)
        doubt = next((doubt for other, doubt in named.possible if other is instance), None)
        if doubt is None and (not named.possible or instance.declaration.type in named.may_be):
            doubt = named.doubt
        return False if doubt is None else Unknown(doubt)


_JUDGED = (
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:securetransport", "aws:principalisawsservice",
    "aws:principalservicename",
)  # fmt: skip


def _covers(data: str | PartialString, instance: Instance, reason: str | None) -> Verdict:
    """True if a pattern covers the ARN of a resource; its region and account are taken to fit."""
    format_ = arn_format(instance.declaration.type)
    if format_ is None or format_.resource is None:
        return Unknown(f"the ARN of {instance.address} is known after apply")
    cut = fields(parts_in(data), ":", 5)
    name = instance.value(format_.resource.argument)
    if isinstance(data, str) and len(cut) < 6:
        return matches(data, f"arn:aws:{format_.service}:eu-west-3:111122223333:{format_.resource.lead}zq")
    if len(cut) < 6 or any(len(part) > 1 for part in cut[:5]):
        return Unknown(reason or "the pattern isn't known")
    service, pattern = ("".join(map(str, part)) if _is_known(part) else None for part in (cut[2], cut[5]))
    if service is not None and not matches(service, format_.service):
        return False
    if pattern == "*":
        return True
    if pattern is None and isinstance(name.data, PartialString):
        mine, other = _in_the_same_words(cut[5], name.data.parts)
        if matches(mine, format_.resource.lead + other):
            return True
    if pattern is None or not isinstance(name.data, str):
        return Unknown(reason or name.reason or f"the name of {instance.address} isn't known")
    return matches(pattern, format_.resource.lead + name.data)


def _begins(pattern: Parts, key: Parts, reason: str | None) -> Verdict:
    """True if a pattern covers texts that begin with a key: both have the same text up to a wildcard or an end."""
    mine, its = (_characters(parts) for parts in (pattern, key))
    for one, other in zip(mine, its, strict=False):
        if one in _WILDCARDS:
            return True
        if one != other:
            both_known = isinstance(one, str) and isinstance(other, str)
            return False if both_known else Unknown(reason or "the prefix isn't known")
    return len(mine) >= len(its) > 0


def _characters(parts: Parts) -> list[object]:
    """The characters of a text; what isn't known is one, equal only to itself."""
    return [one for part in key_of(parts) for one in (part if isinstance(part, str) else (part,))]


def _is_of_balancers(data: object) -> bool:
    """Return True for an attribute of the data source that looks up the account of Elastic Load Balancing."""
    return isinstance(data, Symbol) and data.block_address.startswith("data.aws_elb_service_account.")


def _in_the_same_words(*texts: Parts) -> tuple[str, ...]:
    """Texts with a word of its own for each part that isn't known: one is equal only to itself, whatever it is."""
    words: dict[object, str] = {}
    return tuple(
        "".join(part if isinstance(part, str) else words.setdefault(part, f"\0{len(words)}") for part in key_of(text))
        for text in texts
    )


def _is_known(part: tuple[str | Symbol | Unknown, ...]) -> bool:
    return all(isinstance(piece, str) for piece in part)


def _has_wildcard(value: Value) -> bool:
    data = value.data
    return isinstance(data, (str, PartialString)) and any(in_text(parts_in(data), mark) for mark in _WILDCARDS)


def _text(value: Value) -> str | None:
    """A text of which at most the partition or the domain of its services is left to AWS."""
    data = value.data
    if isinstance(data, str):
        return data
    parts = data.parts if isinstance(data, PartialString) else ()
    known = [_SUFFIXES.get(str(part.path[-1])) if isinstance(part, Symbol) and part.path else part for part in parts]
    return "".join(map(str, known)) if known and all(isinstance(part, str) for part in known) else None


def _same(value: Value, word: str) -> Verdict:
    text = "true" if value.data is True else "false" if value.data is False else _text(value)
    return text.lower() == word if text is not None else Unknown(value.reason or "a condition isn't known")


def _not_judged(key: str) -> Unknown:
    return Unknown(f"the condition on {key} is not judged")


def _items(values: ElementValues) -> Iterator[Value]:
    yield from values.items
    yield from _rest(values)


def _rest(values: ElementValues) -> tuple[Value, ...]:
    return () if values.doubt is None else (values.whole or Value(Unknown(values.doubt)),)
