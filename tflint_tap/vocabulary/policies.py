"""Functions on who may call, on what statements grant, and on the policies that AWS manages."""

from __future__ import annotations

import re

from ..aws.actions import LEVELS
from ..aws.managed_policies import managed_policies, managed_policy
from ..aws.principals import is_principal, principals
from ..iam.arn_forms import covers_a_type
from ..iam.callers import confined as condition_confines
from ..iam.callers import denied_to_others
from ..iam.callers import everyone as everyone_of
from ..iam.granting import EXPOSURES, exposing, granted_at
from ..iam.granting import granted as granted_by
from ..iam.policies import Policy
from ..iam.resource_texts import resource_text
from ..iam.statements import Statement
from ..iam.variables import holds_no_wildcard
from ..iam.wildcards import covers_every_resource
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import Data, ListValue, MapValue, PartialString, Symbol, Unknown, Value, View
from ..terraform.module.expressions import expressions
from ..text.nearest import nearest
from ..text.source import Span

_MANAGED = re.compile(r"arn:[\w-]+:iam::aws:policy/(.+)", re.DOTALL)
_DOMAINS = (".amazonaws.com.cn", ".amazonaws.com")
_NEARLY = 0.85
_REGION = re.compile(r"(.+)\.[a-z]{2}(?:-[a-z]+)+-\d")


def everyone(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`everyone(statement)`: the principals of a statement that are everyone."""
    found, doubt = everyone_of(_statement(arguments[0], "everyone"), stack.evaluator)
    return _listed(found, doubt, span)


def confined(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`confined(policy, statement, "caller")`: true if only known callers may use what a statement allows.

    That is by a condition of its own, or by a statement beside it that denies it to all others. With "source" instead
    of "caller": true if a service may act only for known accounts or resources.
    """
    policy, of = arguments[0].data, arguments[2].data
    statement = _statement(arguments[1], "confined")
    if not isinstance(policy, View) or not isinstance(policy.subject, Policy) or of not in ("caller", "source"):
        raise EvaluationError('confined takes a policy, a statement, and "caller" or "source"')
    verdict = condition_confines(statement, "caller" if of == "caller" else "source")
    others = policy.subject.statements
    if verdict is not True and of == "caller" and denied_to_others(statement, others, stack.module):
        verdict = True
    return Value(verdict, span)


def granted(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`granted(statement, ["iam:PassRole"])`: the action patterns that cover one of these, whole services left out.

    Instead of a list an access level (`Permissions management`), or what the actions expose: `credentials`, `data`.
    """
    statement, wanted = _statement(arguments[0], "granted"), arguments[1].data
    if isinstance(wanted, ListValue):
        found = granted_by(statement, [str(item.data).lower() for item in wanted.items])
    elif wanted in EXPOSURES:
        found = granted_by(statement, exposing(str(wanted)))
    elif wanted in LEVELS:
        found = granted_at(statement, str(wanted))
    else:
        raise EvaluationError("granted takes a statement, and actions, an access level or what they expose")
    return _listed(found, None, span)


def sweeping(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`sweeping(x)`: true if a resource pattern covers all resources of a type, as `*` and `arn:aws:iam::*:role/*` do.

    A value that isn't known is none where a variable's name, use or validation says that it holds no wildcard.
    """
    value = arguments[0]
    if covers_every_resource(value) is True:
        return Value(True, span)
    text = resource_text(value, stack.module)
    if text is not None:
        return Value(covers_a_type(text), span)
    if value.is_known or holds_no_wildcard(stack.evaluator, value):
        return Value(False, span)
    return Value(Unknown(value.reason or "the resource isn't known"), span)


def managed(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`managed(self.policy_arn)`: the policy of AWS that an ARN or data source names, as {path, name, known, nearest}.

    Null where it is no policy of AWS. `path` has the name behind it (`service-role/AWS_ConfigRole`), `known` says
    that the table has it, `nearest` is the name that is most like it where the table doesn't.
    """
    path = managed_path(stack, arguments[0])
    if not isinstance(path, str):
        return Value(path, span)
    known = managed_policy(path) is not None
    near = None if known else _by_name(path.rpartition("/")[2]) or nearest(path, managed_policies())
    parts: dict[str, Data] = {"path": path, "name": path.rpartition("/")[2], "known": known, "nearest": near}
    return Value(MapValue({key: Value(data, span) for key, data in parts.items()}), span)


def managed_path(stack: Stack, value: Value) -> str | Unknown | None:
    """Path and name of a policy of AWS; None where a value certainly is none."""
    data = value.data
    if isinstance(data, Symbol):
        return _behind_data_source(stack, data)
    if isinstance(data, (str, PartialString)):
        text = data if isinstance(data, str) else _with_partition(data)
        match = _MANAGED.fullmatch(text) if text is not None else None
        if match is not None:
            return match[1]
        if isinstance(data, PartialString) and (text is None and ":iam::aws:policy/" in str(data)):
            return Unknown(data.reason)
        return None
    return Unknown(value.reason or "the policy isn't known") if not value.is_known else None


def _with_partition(data: PartialString) -> str | None:
    """A text of which only the partition isn't known."""
    parts = ["aws" if isinstance(part, Symbol) and part.path[-1:] == ("partition",) else part for part in data.parts]
    return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None


def _behind_data_source(stack: Stack, symbol: Symbol) -> str | Unknown | None:
    declaration = stack.declared(symbol.block_address)
    if declaration is None or declaration.kind != "data":
        return None if declaration is not None and declaration.kind == "resource" else Unknown(symbol.reason)
    if declaration.type != "aws_iam_policy" or symbol.path[-1:] not in (("arn",), ("id",)):
        return Unknown(symbol.reason)
    source = stack.symbol_target(symbol)
    if source is None:
        return Unknown(symbol.reason)
    by_arn = source.value("arn")
    if by_arn.data is not None:
        return managed_path(stack, by_arn)
    name, prefix = source.value("name"), source.value("path_prefix")
    if not isinstance(name.data, str):
        return Unknown(name.reason or symbol.reason)
    path = f"{str(prefix.data or '').strip('/')}/{name.data}".lstrip("/")
    return path if managed_policy(path) is not None else _by_name(name.data)


def _by_name(name: str) -> str | None:
    """A policy of AWS by its name alone; None where there is none: then it is the account's own."""
    return next((path for path in managed_policies() if path.rpartition("/")[2] == name), None)


def service_principal(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`service_principal("lambda.amazonaws.com")`: {known, nearest}: if policies can have such a principal.

    A region in it (`logs.eu-west-1.amazonaws.com`) and the domain of other partitions don't matter; `nearest` is the
    name that one which isn't known was nearly.
    """
    data = arguments[0].data
    text = data if isinstance(data, str) else _with_suffix(data) if isinstance(data, PartialString) else None
    if text is None:
        return Value(Unknown(arguments[0].reason or "the principal isn't known"), span)
    known = _is_service(text)
    near = None if known else _nearest_service(text)
    return Value(MapValue({"known": Value(known, span), "nearest": Value(near, span)}), span)


def _with_suffix(data: PartialString) -> str | None:
    """A text of which only a region or the domain of a partition isn't known."""
    made = list[str]()
    for part in data.parts:
        if isinstance(part, str):
            made.append(part)
        elif isinstance(part, Symbol) and part.path[-1:] in (("dns_suffix",), ("reverse_dns_prefix",)):
            made.append("amazonaws.com")
        elif made and made[-1].endswith("."):
            made.append("eu-west-1")
        else:
            return None
    return "".join(made)


def _is_service(text: str) -> bool:
    name = text.lower()
    domain = next((end for end in _DOMAINS if name.endswith(end)), None)
    if domain is None:
        return is_principal(name)
    bare = name.removesuffix(domain)
    region = _REGION.fullmatch(bare)
    return any(is_principal(f"{stem}.amazonaws.com") for stem in {bare, region[1] if region else bare})


def _nearest_service(text: str) -> str | None:
    """The service whose name without its domain is nearly that of a text: every name ends alike."""
    from difflib import SequenceMatcher  # costly to import, needed only where something is wrong

    stem = re.sub(r"\.(?:amazonaws|amazon|aws)(?:\.com(?:\.cn)?)?$", "", text.lower())
    by_stem = {name.removesuffix(".amazonaws.com"): name for name in principals()}
    near = nearest(stem, by_stem)
    if near is None or SequenceMatcher(None, stem, near).ratio() < _NEARLY:
        return None
    return by_stem[near]


def own_accounts(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`own_accounts()`: the accounts that the providers' configurations say to be the stack's own."""
    return Value(ListValue(stack.once(_own_accounts), "list"), span)


def _own_accounts(stack: Stack) -> tuple[Value, ...]:
    found: list[Value] = []
    for block in stack.module.blocks():
        if block.type == "provider":
            allowed = block.body.attribute("allowed_account_ids")
            found += stack.evaluator.evaluate(allowed.expr).elements() if allowed is not None else ()
            for nested in block.body.blocks_of("assume_role"):
                role = nested.body.attribute("role_arn")
                arn = stack.evaluator.evaluate(role.expr).data if role is not None else None
                found += [Value(arn.split(":")[4])] if isinstance(arn, str) and arn.count(":") > 4 else []
    return tuple(found)


def issuer(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`issuer(principal)`: the host (and path) of the OIDC provider that a federated principal is.

    It is in the provider's ARN, or the url of the resource or data source; null of a SAML provider.
    """
    value = arguments[0]
    data = value.data
    if isinstance(data, Symbol):
        provider = stack.symbol_target(data)
        if provider is None or provider.declaration.type != "aws_iam_openid_connect_provider":
            return Value(None if provider is not None else Unknown(data.reason), span)
        value = provider.value("url")
        data = value.data
    text = str(data) if isinstance(data, (str, PartialString)) else None
    if text is None:
        return Value(Unknown(value.reason or "the provider isn't known"), span)
    if ":saml-provider/" in text:
        return Value(None, span)
    found = text.rpartition(":oidc-provider/")[2].removeprefix("https://").rstrip("/")
    return Value(Unknown(value.reason or "the provider isn't known") if "${" in found else found, span)


def mentioned(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`mentioned(self)`: the addresses of what refers to a block: resources, outputs, module calls, locals."""
    view = arguments[0].data
    if not isinstance(view, View):
        raise EvaluationError("mentioned takes a resource")
    address = view.text.partition("[")[0]
    found = stack.once(_mentions).get(address, ())
    return Value(ListValue(tuple(Value(other, span) for other in found), "list"), span)


def _mentions(stack: Stack) -> dict[str, tuple[str, ...]]:
    """For each address those of the declarations that refer to it."""
    made: dict[str, dict[str, None]] = {}
    for declaration in stack.module.declarations.values():
        block = declaration.block
        exprs = [declaration.expr] if block is None else [attribute.expr for attribute, _ in expressions(block)]
        for expr in exprs:
            for reference in stack.module.references(expr):
                if reference.address != declaration.address:
                    made.setdefault(reference.address, {})[declaration.address] = None
    return {address: tuple(found) for address, found in made.items()}


def _statement(value: Value, function: str) -> Statement:
    data = value.data
    if not isinstance(data, View) or not isinstance(data.subject, Statement):
        raise EvaluationError(f"{function} takes a statement")
    return data.subject


def _listed(items: tuple[Value, ...], doubt: str | None, span: Span) -> Value:
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(items, "list", rest, None if rest is None else len(items)), span)
