"""Checks of messaging: whether what fails ends up in a dead-letter queue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from ...hcl.nodes import Expr
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, TooLarge, equal
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Value
from ...terraform.functions.jsons import jsondecode
from ...terraform.functions.parts import Part, joined
from ...terraform.provenance import place
from ...text.source import Related

_QUEUE = "aws_sqs_queue"
_TARGET = "deadLetterTargetArn"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something holds: certainly (neither is set), not for a `problem`, or not known for a `doubt`."""

    problem: str | None = None
    doubt: str | None = None

    @property
    def holds(self) -> bool:
        return self.problem is None and self.doubt is None


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each queue that has no redrive policy and isn't a dead-letter queue itself."""
    queues = _Queues(stack, tuple(stack.resources(_QUEUE)))
    targets = _dead_letter_queues(queues, rule)
    separate = _Assigned()
    for policy in stack.resources("aws_sqs_queue_redrive_policy"):
        separate.add(queues.named_by(policy, "queue_url"), policy)
    for queue in queues.all:
        if queue.address in targets.certain:
            continue
        found = [(queue, policy_verdict(queue.value("redrive_policy")))] if queue.attribute("redrive_policy") else []
        found += [(holder, policy_verdict(holder.value("redrive_policy"))) for holder in separate.of(queue)]
        if not any(verdict.holds for _, verdict in found):
            yield _hit(queue, found, targets.possible.get(queue.address) or separate.doubts.get(queue.address))


def _hit(queue: Instance, found: list[tuple[Instance, Verdict]], doubt: str | None) -> Hit:
    """At the policy that is written but holds nothing, else at the queue."""
    doubt = doubt or next((verdict.doubt for _, verdict in found if verdict.doubt is not None), None)
    if not found:
        return Hit(queue.header, queue.address, {"problem": "it has no redrive policy"}, doubt=doubt)
    holder, verdict = found[-1]
    where = place(holder, "redrive_policy")
    related = where.related
    if holder is not queue:
        related = (Related(f"{queue.address} is here", queue.header), *related)
    return Hit(
        where.span, queue.address, {"problem": verdict.problem or "its redrive policy is empty"}, related, doubt=doubt
    )


def policy_verdict(policy: Value) -> Verdict:
    """Whether a redrive policy, as JSON, names a dead-letter queue."""
    if policy.data is None or policy.data == "":
        return Verdict("its redrive policy is empty")
    document = _document(policy)
    if document is None:
        return Verdict("its redrive policy isn't JSON")
    data = document.data
    if isinstance(data, MapValue):
        target = data.items.get(_TARGET)
        if target is not None and target.data not in (None, ""):
            return Verdict()
        if target is None and data.doubt is not None:
            return Verdict(doubt=data.doubt.reason)
    elif document.reason is not None:
        return Verdict(doubt=document.reason)
    return Verdict("its redrive policy names no dead-letter queue")


def admits_sources(policy: Value) -> Verdict:
    """Whether a redrive allow policy, as JSON, lets any queue use this one as its dead-letter queue."""
    none = Verdict("it admits no sources")
    if policy.data is None or policy.data == "":
        return none
    document = _document(policy)
    if document is None or not isinstance(document.data, MapValue):
        return Verdict(doubt=document.reason) if document is not None and document.reason is not None else none
    items = document.data.items
    permission = items.get("redrivePermission")
    if permission is None or permission.data is None:
        return none
    if permission.reason is not None:
        return Verdict(doubt=permission.reason)
    sources = items.get("sourceQueueArns")
    if permission.data == "byQueue":
        return Verdict() if sources is not None and sources.data not in (None, ListValue(())) else none
    return Verdict() if permission.data == "allowAll" else none


def _document(text: Value) -> Value | None:
    """What a JSON text says; None where it is no JSON."""
    try:
        return jsondecode(text)
    except (EvaluationError, TooLarge):
        return None


@dataclass(slots=True)
class _Assigned:
    """What is known to belong to which queue, and why more may."""

    holders: dict[str, list[Instance]] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    def add(self, named: NamedQueues, holder: Instance) -> None:
        for queue in named.certain:
            self.holders.setdefault(queue.address, []).append(holder)
        for queue, reason in named.possible:
            self.doubts.setdefault(queue.address, reason)

    def of(self, queue: Instance) -> list[Instance]:
        return self.holders.get(queue.address, [])


@dataclass(slots=True)
class _Targets:
    """The addresses of dead-letter queues, and why others may be one."""

    certain: set[str] = field(default_factory=set)
    possible: dict[str, str] = field(default_factory=dict)

    def add(self, named: NamedQueues) -> None:
        self.certain.update(queue.address for queue in named.certain)
        for queue, reason in named.possible:
            self.possible.setdefault(queue.address, reason)


@dataclass(frozen=True, slots=True)
class NamedQueues:
    """The queues that a value names, and those that it may name, each with the reason why that isn't known."""

    certain: tuple[Instance, ...] = ()
    possible: tuple[tuple[Instance, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Queues:
    stack: Stack
    all: tuple[Instance, ...]

    def named_by(self, holder: Instance, argument: str) -> NamedQueues:
        """The queues that an argument of a resource or nested block names by ARN or URL."""
        attribute = holder.attribute(argument)
        if attribute is None:
            return NamedQueues()
        return self.named(holder.value(argument), attribute.expr, holder)

    def named(self, value: Value, expr: Expr, holder: Instance) -> NamedQueues:
        """The queues that a value names, written by this expression in that block."""
        found = [(queue, self._names(value, queue)) for queue in self.all]
        certain = [queue for queue, is_it in found if is_it]
        reason = value.reason or ""
        possible = [(queue, reason) for queue, is_it in found if is_it is None]
        if value.reason is not None and not isinstance(value.data, Symbol):
            mentioned = _mentioned(self.stack, [expr])
            for queue in self.all:
                if queue.declaration.address not in mentioned:
                    continue
                if queue.doubt is not None and queue.doubt == holder.doubt:  # one for each of the same unknown keys
                    certain.append(queue)
                else:
                    possible.append((queue, reason))
        unsure = holder.doubt
        if unsure is not None:  # the block that names it may not be there; a queue of the same doubt isn't either
            possible += [(queue, unsure) for queue in certain if queue.doubt is None]
            certain = [queue for queue in certain if queue.doubt is not None]
        return NamedQueues(tuple(certain), tuple(possible))

    def _names(self, value: Value, queue: Instance) -> bool | None:
        """Whether a value names a queue; None where that can't be told."""
        data = value.data
        if isinstance(data, Symbol):
            if data.block_address == queue.declaration.address:
                return data.address == queue.address or data.address.endswith("[?]")
            target = self.stack.target(value)
            if target is None or (target.declaration.kind, target.declaration.type) != ("data", _QUEUE):
                return False
            return _same(target.value("name"), queue.value("name")) or self._names(target.value("name"), queue)
        if isinstance(data, (str, PartialString)):
            return _same(_last_segment(data), queue.value("name"))
        return False


def _same(one: Value, other: Value) -> bool | None:
    if one.data is None or other.data is None:
        return False
    return one.data == other.data or equal(one, other)


def _last_segment(data: str | PartialString) -> Value:
    """What stands behind the last colon or slash of an ARN or URL."""
    parts = [data] if isinstance(data, str) else list(data.parts)
    tail: list[Part] = []
    for part in reversed(parts):
        if isinstance(part, str) and (cut := max(part.rfind(":"), part.rfind("/"))) >= 0:
            tail.append(part[cut + 1 :])
            return Value(joined(reversed(tail)))
        tail.append(part)
    return Value(None)  # no ARN and no URL


def _mentioned(stack: Stack, exprs: Iterable[Expr]) -> set[str]:
    """The addresses of resources that expressions refer to, through locals."""
    pending, seen = list(exprs), set[str]()
    while pending:
        for reference in stack.module.references(pending.pop()):
            if reference.address in seen:
                continue
            seen.add(reference.address)
            declaration = stack.declared(reference.address)
            if declaration is not None and declaration.kind == "local":
                pending.append(declaration.expr)
    return seen


def _dead_letter_queues(queues: _Queues, rule: Rule) -> _Targets:
    """The queues that something of the stack sends to what it fails on."""
    stack, targets = queues.stack, _Targets()
    for path in cast("list[str]", rule.params["targets"]):
        for holder, argument in _arguments(stack, path):
            targets.add(queues.named_by(holder, argument))
    for path in cast("list[str]", rule.params["policies"]):
        for holder, argument in _arguments(stack, path):
            attribute = holder.attribute(argument)
            target = _target_of(holder.value(argument)) if attribute is not None else None
            if attribute is not None and target is not None:
                targets.add(queues.named(target, attribute.expr, holder))
    for queue in queues.all:
        _admit(targets, NamedQueues((queue,)), admits_sources(queue.value("redrive_allow_policy")))
    for policy in stack.resources("aws_sqs_queue_redrive_allow_policy"):
        _admit(targets, queues.named_by(policy, "queue_url"), admits_sources(policy.value("redrive_allow_policy")))
    for queue, reason in _given_to_modules(queues, str(rule.params["module_arguments"])):
        targets.possible.setdefault(queue.address, reason)
    return targets


def _admit(targets: _Targets, named: NamedQueues, verdict: Verdict) -> None:
    if verdict.holds:
        targets.add(named)
    elif verdict.doubt is not None:
        targets.add(NamedQueues((), tuple((queue, verdict.doubt) for queue in named.certain)))


def _target_of(policy: Value) -> Value | None:
    """The dead-letter queue that a redrive policy names: unknown where the policy is, None where there is none."""
    if policy.data is None or policy.data == "":
        return None
    document = _document(policy)
    if document is None or document.reason is not None:
        return document
    return document.data.items.get(_TARGET) if isinstance(document.data, MapValue) else None


def _arguments(stack: Stack, path: str) -> Iterator[tuple[Instance, str]]:
    """The blocks that hold an argument, `type.block.argument`, in all resources of the type."""
    type_, *blocks, argument = path.split(".")
    for resource in stack.resources(type_):
        found = [resource]
        for block in blocks:
            found = [nested for outer in found for nested in outer.blocks(block)]
        yield from ((holder, argument) for holder in found)


def _given_to_modules(queues: _Queues, pattern: str) -> Iterator[tuple[Instance, str]]:
    """The queues that a module takes by an argument whose name says that it may make them dead-letter queues."""
    for call in queues.stack.module.of_kind("module"):
        assert call.block is not None
        attributes = call.block.body.attributes
        exprs = [attribute.expr for attribute in attributes if re.search(pattern, attribute.name, re.IGNORECASE)]
        mentioned = _mentioned(queues.stack, exprs)
        for queue in queues.all:
            if queue.declaration.address in mentioned:
                yield queue, f"what {call.address} does with it can't be seen"
