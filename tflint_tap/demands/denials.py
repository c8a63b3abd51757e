"""What the policies of a contract's parts deny everyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..iam.callers import everyone
from ..iam.statements import Condition, Conditions, ElementValues, Statement
from ..iam.wildcards import covers_action, covers_whole_service
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Value
from ..text.source import Related
from ..vocabulary.iam import resource_policies
from .demand import Demand, absent, broken, met
from .settings import WRONG
from .standing import Standing, Verdict
from .terms import Denial, KeyTest

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS = {
    "is": ("bool", "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "numericequals",
           "ipaddress", "null"),
    "not": ("stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike",
            "numericnotequals", "notipaddress"),
    "below": ("numericlessthan",),
}  # fmt: skip


def denial(standing: Standing, wanted: Denial) -> Iterator[Demand]:
    """That the policies of each resource of some parts deny everyone something."""
    for name in wanted.of:
        found = standing.recognised(name).certain
        if not found:
            yield absent(standing, wanted.term, name)
        for instance in found:
            yield _denied(standing, wanted, instance)


def _denied(standing: Standing, wanted: Denial, instance: Instance) -> Demand:
    stack = standing.stack
    doubt = stack.companions(instance).doubt or instance.doubt
    open_, near, place = list[str](), list[Related](), instance.header
    missing = dict.fromkeys(wanted.actions or ("*",))
    for policy, unsure in resource_policies(stack, instance):
        doubt, place = doubt or unsure or policy.doubt, policy.span
        for statement in policy.statements:
            if statement.allows is True:
                continue
            verdict = _verdict(stack, wanted, instance, statement)
            for action in list(missing):
                covered = _both(verdict, _covers(statement, action))
                if covered is True and policy.doubt is None and unsure is None:
                    del missing[action]
                elif isinstance(covered, str):
                    open_.append(covered)
            if not missing:
                return met(wanted.term, WRONG, statement.span, policy.address)
            near += _shortcoming(stack, wanted, statement)
    return broken(
        wanted.term,
        WRONG,
        place,
        instance.address,
        what=wanted.term.says or f"the policy of {instance.address} has to deny everyone {wanted.shown}",
        remedy=f"add a statement that denies everyone {wanted.shown}",
        doubt=next(iter(open_), doubt),
        related=tuple(near),
    )


def _verdict(stack: Stack, wanted: Denial, instance: Instance, statement: Statement) -> Verdict:
    """True if a statement denies everyone what it is about, when it has to and not only in some of these cases."""
    people, unsure = everyone(statement, stack.evaluator)
    return _both(
        True if statement.allows is False else "its effect isn't known",
        True if people else unsure or False,
        _when(wanted.when, statement),
        _reaches(instance, statement.resources),
        statement.doubt or True,
    )


def _both(*verdicts: Verdict) -> Verdict:
    """The verdict of all of some."""
    if any(one is False for one in verdicts):
        return False
    return next((one for one in verdicts if one is not True), True)


def _covers(statement: Statement, action: str) -> Verdict:
    if statement.not_actions is not None:
        return action != "*" and not any(covers_action(text, action) for text, _ in statement.not_actions.known())
    if statement.actions is None:
        return False
    if action != "*":
        found = any(covers_action(text, action) for text, _ in statement.actions.known())
        return found or statement.actions.doubt or _first_reason(statement.actions.items) or False
    verdicts = [covers_whole_service(item) for item in statement.actions.items]
    return True in verdicts or next((one for one in verdicts if isinstance(one, str)), statement.actions.doubt or False)


def _first_reason(items: Iterable[Value]) -> str | None:
    return next((item.reason for item in items if not item.is_known and item.reason is not None), None)


def _reaches(instance: Instance, resources: ElementValues | None) -> Verdict:
    """True if a statement is about all that a resource holds: of a bucket, its objects."""
    if not instance.declaration.type.startswith("aws_s3") or resources is None:
        return True
    verdicts: list[Verdict] = []
    for item in resources.items:
        data = item.data
        if isinstance(data, (str, PartialString)):
            verdicts.append((data if isinstance(data, str) else data.suffix).endswith("*"))
        elif not isinstance(data, Symbol) or data.path[-1:] not in (("arn",), ("id",)):  # these are no patterns
            verdicts.append(item.reason or False)
    return True in verdicts or next((one for one in verdicts if isinstance(one, str)), resources.doubt or False)


def _when(wanted: tuple[KeyTest, ...], statement: Statement) -> Verdict:
    """True if the conditions of a statement are those that are wanted: a further one leaves something undenied."""
    verdicts: list[Verdict] = [_is_met(test, statement.conditions) for test in wanted]
    keys = {test.key.lower() for test in wanted}
    for entry in statement.conditions.entries:
        if not isinstance(entry.key.data, str):
            verdicts.append(entry.key.reason or False)
        elif entry.key.data.lower() not in keys:
            verdicts.append(False)
    return _both(*verdicts, statement.conditions.doubt or True)


def _is_met(test: KeyTest, conditions: Conditions) -> Verdict:
    found = [entry for entry in conditions.entries if str(entry.key.data).lower() == test.key.lower()]
    if not found:
        return conditions.doubt or _first_reason(entry.key for entry in conditions.entries) or False
    return _both(*(_holds(test, entry) for entry in found))


def _holds(test: KeyTest, entry: Condition) -> Verdict:
    operator = entry.operator.data
    if not isinstance(operator, str):
        return entry.operator.reason or False
    bare = operator.lower().rpartition(":")[2].removesuffix("ifexists")
    if bare not in _OPERATORS[test.kind]:
        return False
    given = [str(item.data).lower() for item in entry.values.items if item.is_known]
    unsure = entry.values.doubt or _first_reason(entry.values.items)
    own = [value.lower() for value in test.values]
    if test.kind == "is":
        return True if set(own) <= set(given) else unsure or False
    if test.kind == "not":
        return set(given) <= set(own) and (unsure or True)
    try:
        return any(float(text) >= float(own[0]) for text in given) or unsure or False
    except ValueError:
        return False


def _shortcoming(stack: Stack, wanted: Denial, statement: Statement) -> Iterator[Related]:
    """What a statement lacks that denies something in such a case; nothing where it is about something else."""
    if not any(_is_met(test, statement.conditions) is True for test in wanted.when) and (
        wanted.when or statement.conditions.entries
    ):
        return
    if not everyone(statement, stack.evaluator)[0]:
        yield Related("this is not denied to everyone", statement.span)
    elif _when(wanted.when, statement) is False:
        yield Related("this is denied in some of these cases alone", statement.span)
    elif any(_covers(statement, action) is False for action in wanted.actions or ("*",)):
        yield Related("not all of these actions are denied here", statement.span)
    else:
        yield Related("this is not about all that it holds", statement.span)
