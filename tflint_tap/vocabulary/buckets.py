"""Functions on buckets: which services write to them, and whether their policies let them."""

from __future__ import annotations

from ..aws.bucket_writers import BucketWriter, Given, balancer_accounts, bucket_writers
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..terraform.functions.parts import parts_of
from ..text.source import Span
from ..wiring.parts import Parts, text_of, without_end
from ..wiring.paths import Place, places_at
from ..wiring.permissions import Request, permitted
from .iam import resource_policies
from .views import instance_view, subject_of

_BUCKET = ("aws_s3_bucket",)
_BALANCERS = "elb"


def writers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`writers(self)`: the services that are pointed at a bucket, to write to it.

    Each is {via, named, service, key, actions, admitted, can_use_kms, answer}: the block that names the bucket and the
    value which does; the service; how the keys of its objects begin; the actions that it needs; true for `admitted` if
    the bucket's policies allow all of them; what AWS answers if they don't.
    """
    bucket = subject_of(arguments[0])
    if bucket is None:
        raise EvaluationError("writers takes a bucket")
    found = stack.once(_pointing).get(bucket, [])
    certain = tuple(_writer(stack, bucket, line, place) for line, place, doubt in found if doubt is None)
    reason = next((doubt for _, _, doubt in found if doubt is not None), None)
    rest = None if reason is None else Unknown(reason)
    return Value(ListValue(certain, "list", rest, None if rest is None else len(certain)), span)


def _pointing(stack: Stack) -> dict[Instance, list[tuple[BucketWriter, Place, str | None]]]:
    """What points at each bucket, with the doubt about it."""
    found: dict[Instance, list[tuple[BucketWriter, Place, str | None]]] = {}
    resolver = stack.wiring.resolver
    for line in bucket_writers():
        for instance in resolver.instances(line.type):
            verdict = _meets(instance, line)
            for place in places_at(instance, line.bucket) if verdict is not False else ():
                unsure = verdict if isinstance(verdict, str) else None
                for bucket, doubt in resolver.named(place.value, place.expr, place.holder, _BUCKET).instances:
                    reason = doubt or unsure or (None if instance.doubt == bucket.doubt else instance.doubt)
                    found.setdefault(bucket, []).append((line, place, reason))
    return found


def _meets(instance: Instance, line: BucketWriter) -> bool | str:
    """True if a resource has what a line of the table asks for; the reason where that isn't known."""
    unsure: str | None = None
    for given in line.conditions:
        verdict = _has(instance, given)
        if verdict is False:
            return False
        unsure = unsure or (verdict if isinstance(verdict, str) else None)
    return unsure or True


def _has(instance: Instance, given: Given) -> bool | str:
    value = next((place.value for place in places_at(instance, given.path)), None)
    if value is not None and not value.is_known:
        return value.reason or "it isn't known"
    text = None if value is None or value.data is None else str(value.data).lower()
    if given.value is None:
        return text != "false"
    return (text == given.value) is not given.is_not


def _writer(stack: Stack, bucket: Instance, line: BucketWriter, place: Place) -> Value:
    holder = stack.evaluator.instance(place.holder.declaration, place.holder.address) or place.holder
    key = _key(holder, line)
    verdicts = {action: _is_admitted(stack, bucket, line, holder, action, key) for action in line.actions}
    missing = [action for action, verdict in verdicts.items() if verdict is False]
    admitted = False if missing else next((one for one in verdicts.values() if one is not True), True)
    doubt = stack.companions(bucket).doubt
    parts = {
        "via": instance_view(stack, holder),
        "named": place.value,
        "service": Value(line.principals[0]),
        "key": Value(text_of(key)),
        "actions": Value(ListValue(tuple(Value(action) for action in missing or line.actions), "list")),
        "admitted": Value(Unknown(doubt) if admitted is False and doubt is not None else admitted),
        "can_use_kms": Value(line.can_use_kms),
        "answer": Value(line.answer),
    }
    return Value(MapValue(parts), place.value.span)


def _is_admitted(
    stack: Stack, bucket: Instance, line: BucketWriter, holder: Instance, action: str, key: Parts
) -> bool | Unknown:
    """True if the policies of a bucket let one of the principals of a line do something."""
    policies = resource_policies(stack, bucket)
    unsure: bool | Unknown = False
    for principal in line.principals:
        accounts = balancer_accounts() if principal == _BALANCERS else frozenset[str]()
        objects = key if action.endswith("Object") else None
        request = Request(bucket, principal, action, holder, objects, line.carried, accounts)
        verdict = permitted(request, policies, stack.wiring.resolver)
        if verdict is True:
            return True
        unsure = unsure or verdict
    return unsure


def _key(holder: Instance, line: BucketWriter) -> Parts:
    """How the keys of the objects begin that a service writes: the prefix, and what stands below it."""
    prefix = next((place.value for place in places_at(holder, line.prefix)), None)
    lead = () if prefix is None or prefix.data is None else parts_of(prefix)
    lead = without_end(lead, "/") or lead
    behind = f"/{line.below}" if lead else line.below
    return (*lead, behind) if behind else lead
