"""Policies that AWS or Terraform refuses for their form.

What a policy may hold: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...iam.policies import Policy
from ...iam.statements import Principals, Statement
from ...records import dataclass
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.values import ListValue, MapValue, Value
from ...text.nearest import suggestion
from ...text.source import Span

_ELEMENTS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"
)  # fmt: skip
_EFFECTS = ("Allow", "Deny")
_VERSIONS = ("2012-10-17", "2008-10-17")
_KINDS = ("AWS", "Service", "Federated", "CanonicalUser", "*")
# Kinds of policies that name whom they admit; an identity's own can't.
_ADMITTING = ("trust", "resource", "key")


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong at a place."""

    what: str
    span: Span
    severity: Severity | None = None


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """A hit for each fault of each policy."""
    for policy in stack.policies:
        for fault in _faults(policy):
            span = fault.span if stack.holds(fault.span) else policy.span
            values = {"policy": policy.address, "what": fault.what}
            yield Hit(span, policy.address, values, severity=fault.severity)


def _faults(policy: Policy) -> Iterator[_Fault]:
    if policy.problem is not None:
        yield _Fault(f"can't be read: {policy.problem.message}", policy.problem.span)
        return
    version = policy.version
    if version is not None and version.is_known and version.data not in _VERSIONS:
        yield _Fault(f"has the Version {version.data}, not 2012-10-17", version.span or policy.span)
    for statement in policy.statements:
        if statement.doubt is None:
            yield from _of_statement(policy, statement)


def _of_statement(policy: Policy, statement: Statement) -> Iterator[_Fault]:
    raw = statement.raw.data if statement.raw is not None else None
    items = raw.items if isinstance(raw, MapValue) and raw.doubt is None else None
    if isinstance(raw, MapValue) and raw.doubt is not None:
        return  # any element may be there
    if items is not None:
        strange = list(_strange(items, statement))
        yield from strange
        if any(fault.severity is Severity.WARNING for fault in strange):
            return  # it may be read as the element that is missing
        yield from _of_values(items, statement)
    yield from _missing(policy, statement)


def _strange(items: Mapping[str, Value], statement: Statement) -> Iterator[_Fault]:
    """Elements that a statement can't have."""
    known = {element.lower(): element for element in _ELEMENTS}
    for key, value in items.items():
        if key in _ELEMENTS:
            continue
        span = value.span or statement.span
        if key.lower() in known:
            yield _Fault(f"has the element {key}, which is written {known[key.lower()]}", span, Severity.WARNING)
        else:
            yield _Fault(f"has a statement with the element {key}{suggestion(key, _ELEMENTS)}", span)


def _of_values(items: Mapping[str, Value], statement: Statement) -> Iterator[_Fault]:
    """Elements whose value has another form than theirs."""
    principal = items.get("Principal", items.get("NotPrincipal"))
    if principal is not None and isinstance(principal.data, (str, ListValue)) and principal.data != "*":
        yield _Fault('has a Principal that is neither "*" nor an object', principal.span or statement.span)
    condition = items.get("Condition")
    if condition is None or condition.data is None or not condition.is_known:
        return
    operators = condition.data.items if isinstance(condition.data, MapValue) else None
    if operators is None or any(keys.is_known and not isinstance(keys.data, MapValue) for keys in operators.values()):
        yield _Fault("has a Condition that is no object of operators with their keys", condition.span or statement.span)


def _missing(policy: Policy, statement: Statement) -> Iterator[_Fault]:
    """Elements that a statement needs, and those that exclude each other."""
    effect = statement.effect
    if effect is None:
        yield _Fault("has a statement without Effect", statement.span)
    elif effect.is_known and effect.data not in _EFFECTS:
        yield _Fault(f"has the Effect {effect.data}, which is neither Allow nor Deny", effect.span or statement.span)
    for element, one, other in (
        ("Action", statement.actions, statement.not_actions),
        ("Resource", statement.resources, statement.not_resources),
        ("Principal", statement.principals, statement.not_principals),
    ):
        if one is not None and other is not None:
            yield _Fault(f"has a statement with {element} and Not{element}", other.written)
    if statement.actions is None and statement.not_actions is None:
        yield _Fault("has a statement without Action", statement.span)
    if policy.kind == "identity" and statement.resources is None and statement.not_resources is None:
        yield _Fault("has a statement without Resource", statement.span)
    held = statement.principals or statement.not_principals
    if policy.kind == "identity" and held is not None and not _is_open(held):
        yield _Fault("has a Principal, which only the policies of resources and roles can have", held.written)
    if policy.kind in _ADMITTING and held is None:
        yield _Fault("has a statement without Principal", statement.span)
    for entry in held.entries if held is not None else ():
        if isinstance(entry.kind.data, str) and entry.kind.data not in _KINDS:
            near = suggestion(entry.kind.data, _KINDS)
            yield _Fault(
                f"has a principal of the kind {entry.kind.data}{near}", held.written if held else statement.span
            )


def _is_open(principals: Principals) -> bool:
    """Return True if it isn't known that there is such an element."""
    return not principals.entries and principals.doubt is not None
