"""Functions on metrics of one's own: if anything in the stack may put them, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..iam.managed import managed_document
from ..iam.statements import Statement
from ..iam.wildcards import covers_action, matches
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Symbol, Unknown, Value
from ..text.source import Span
from .starts import roles_of, starts_each

_PUT = "cloudwatch:PutMetricData"
_NAMESPACE = "cloudwatch:namespace"
# what runs code that may put metrics
_WORKERS = (
    "aws_lambda_function", "aws_ecs_task_definition", "aws_instance", "aws_launch_template", "aws_batch_job_definition",
    "aws_glue_job", "aws_codebuild_project", "aws_apprunner_service", "aws_eks_cluster", "aws_sfn_state_machine",
    "aws_sagemaker_endpoint_configuration", "aws_emr_cluster", "aws_elastic_beanstalk_environment",
    "aws_spot_instance_request",
)  # fmt: skip
_FILTER = "aws_cloudwatch_log_metric_filter"
_MANAGED = re.compile(r"arn:[\w-]+:iam::aws:policy/(.+)")
_SHORT = 4  # letters of a word that tells nothing
_TOLD = re.compile(r"(?i)metric|namespace")
_LIBRARIES = re.compile(r"(?i)powertools|insights|otel|metric|datadog")  # layers that write metrics into logs


@dataclass(frozen=True, slots=True)
class _Feeders:
    """What may put metrics: into any namespace, into some, as patterns or not; filters with their namespace and name.

    `told` are the values of functions' environments: a library that writes metrics into logs is told its namespace.
    `doubt` is why there may be more.
    """

    anywhere: bool
    namespaces: tuple[tuple[Value, bool], ...]
    filters: tuple[tuple[Value, Value], ...]
    told: tuple[Value, ...]
    doubt: str | None
    written: frozenset[tuple[str, str]]
    known: frozenset[str]
    unknown_filters: tuple[tuple[Value, Value], ...]
    unknown_told: tuple[Value, ...]


def fed(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`fed(self.namespace, self.metric_name)`: true if something in the stack may put such a metric.

    That is a role whose policies let it put metrics to the namespace, a filter of a log group that writes the metric,
    or a function whose environment names the namespace. It isn't known where the stack can't tell: where it runs
    nothing, calls modules, or has roles and policies from outside.
    """
    namespace, name = arguments
    found = stack.once(_feeders)
    if found.anywhere:
        return Value(True, span)
    verdicts = [_fits(value, namespace, is_pattern=is_pattern) for value, is_pattern in found.namespaces]
    filters, told = found.filters, found.told
    if isinstance(namespace.data, str) and isinstance(name.data, str):  # there may be many, most of them known
        verdicts.append(namespace.data in found.known or (namespace.data, name.data) in found.written)
        filters, told = found.unknown_filters, found.unknown_told
    verdicts += [_both(equal(where, namespace), equal(what, name)) for where, what in filters]
    verdicts += [equal(value, namespace) for value in told]
    if True in verdicts:
        return Value(True, span)
    if None in verdicts:
        return Value(Unknown(namespace.reason or name.reason or "a namespace isn't known"), span)
    return Value(False if found.doubt is None else Unknown(found.doubt), span)


def fed_each(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`fed_each(self.namespace, self.metric_name)`: the seconds between two points of a metric that the stack puts.

    That is the shortest time between two runs of what may put metrics to the namespace, where nothing but schedules
    starts it; null where something else may put points at any time. Where only some of the functions wait for their
    schedule, and the metric's name is like theirs alone, it isn't known.
    """
    namespace, name = arguments
    found = stack.once(_feeders)
    filters = any(equal(where, namespace) is not False for where, _ in found.filters)
    workers = () if found.doubt is not None or filters else tuple(_putting(stack, namespace))
    each = {worker: starts_each(stack, worker) for worker in workers}
    waiting = [period for period in each.values() if period is not None]
    if not waiting:
        return Value(None, span)
    if len(waiting) == len(each):
        return Value(min(waiting), span)
    like = [worker for worker in each if _is_like(str(name.data), worker)]
    if like and all(each[worker] is not None for worker in like):
        return Value(Unknown(f"{like[0].address} may not be all that puts {name.data}"), span)
    return Value(None, span)


def _putting(stack: Stack, namespace: Value) -> Iterator[Instance]:
    """The resources that run as roles which may put metrics to a namespace, each once."""
    found = dict[str, Instance]()
    for policy in stack.policies:
        if policy.kind != "identity":
            continue
        for statement in filter(_may_put, policy.statements):
            limits = list(_limits(statement))
            fits = [_fits(value, namespace, is_pattern=is_pattern) for value, is_pattern in limits]
            if limits and not any(verdict is not False for verdict in fits):
                continue
            for role in roles_of(stack, policy):
                found.update(
                    {edge.source.address: edge.source for edge in stack.wiring.incoming(role, "runs_as").edges}
                )
    yield from found.values()


def _is_like(metric: str, worker: Instance) -> bool:
    """Return True if a metric's name and a resource's label share a word of some length."""
    words = {word.lower().rstrip("s") for word in re.findall("[A-Z][a-z]+|[a-z]+", metric) if len(word) > _SHORT}
    return any(word.rstrip("s") in words for word in worker.declaration.name.lower().split("_"))


def _fits(value: Value, namespace: Value, *, is_pattern: bool) -> bool | None:
    """Return True if a condition's value admits a namespace, None if that isn't known."""
    if is_pattern and isinstance(value.data, str) and isinstance(namespace.data, str):
        return matches(value.data, namespace.data)
    same = equal(value, namespace)
    return None if is_pattern and same is False else same


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _feeders(stack: Stack) -> _Feeders:
    anywhere, namespaces, doubts = False, list[tuple[Value, bool]](), list(_doubts(stack))
    for statements, doubt in _granting(stack):
        doubts += [doubt] if doubt is not None else []
        for statement in filter(_may_put, statements):
            limits = list(_limits(statement))
            anywhere = anywhere or not limits
            namespaces += limits
    filters = [
        (block.value("namespace"), block.value("name"))
        for instance in stack.resources(_FILTER)
        for block in instance.blocks("metric_transformation")
    ]
    told = list(_told(stack))
    return _Feeders(
        anywhere,
        tuple(namespaces),
        tuple(filters),
        tuple(told),
        doubts[0] if doubts else None,
        frozenset(
            (one.data, two.data) for one, two in filters if isinstance(one.data, str) and isinstance(two.data, str)
        ),
        frozenset(value.data for value in told if isinstance(value.data, str)),
        tuple((one, two) for one, two in filters if not (isinstance(one.data, str) and isinstance(two.data, str))),
        tuple(value for value in told if not isinstance(value.data, str)),
    )


def _granting(stack: Stack) -> Iterator[tuple[tuple[Statement, ...], str | None]]:
    """The statements of each policy that an identity has, AWS's own included, with why there may be more."""
    for policy in stack.policies:
        if policy.kind == "identity":
            yield policy.statements, policy.doubt
    for attached, span in _attached(stack):
        data = attached.data
        if isinstance(data, Symbol) and data.address.startswith("aws_iam_policy."):
            continue
        named = _MANAGED.match(data) if isinstance(data, str) else None
        document = managed_document(named[1], stack.module, span) if named is not None else None
        if document is None:
            yield (), "a policy from outside may let a role put metrics"
        else:
            yield document.statements, document.doubt


def _may_put(statement: Statement) -> bool:
    """Return True if a statement lets its owner put metrics, or may do so."""
    if statement.effect is None or statement.effect.data == "Deny":
        return False
    if statement.actions is None:
        return statement.not_actions is not None
    if statement.actions.doubt is not None:
        return True
    return any(
        covers_action(item.data, _PUT) if isinstance(item.data, str) else True for item in statement.actions.items
    )


def _limits(statement: Statement) -> Iterator[tuple[Value, bool]]:
    """The namespaces of a statement's conditions, each with if it is a pattern; none where there is no limit."""
    for entry in statement.conditions.entries:
        if isinstance(entry.key.data, str) and entry.key.data.lower() == _NAMESPACE:
            is_pattern = "like" in str(entry.operator.data).lower()
            yield from ((item, is_pattern) for item in entry.values.items)
            if entry.values.doubt is not None:
                yield Value(Unknown(entry.values.doubt)), is_pattern


def _told(stack: Stack) -> Iterator[Value]:
    """The values in the environments of functions that may be a namespace: texts, and what isn't known by its key."""
    for function in stack.resources("aws_lambda_function"):
        for block in function.blocks("environment"):
            variables = block.value("variables").data
            if isinstance(variables, MapValue):
                for key, value in variables.items.items():
                    if isinstance(value.data, str) or (not isinstance(value.data, Symbol) and _TOLD.search(key)):
                        yield value


def _doubts(stack: Stack) -> Iterator[str]:
    """Why more things than the stack shows may put metrics."""
    workers = [instance for type_ in _WORKERS for instance in stack.wiring.resolver.instances(type_)]
    if not workers:
        yield "nothing that the stack runs puts metrics"
    if next(stack.module.unfollowed_calls(), None) is not None:
        yield "the resources of modules are not checked"
    of_workers = {worker.address for worker in workers}
    for end in stack.wiring.open_ends("runs_as"):
        if end.source is not None and end.source.address in of_workers:
            yield f"a role of {end.source.address} isn't in the stack"
    for function in stack.resources("aws_lambda_function"):
        layers = function.value("layers").data
        if isinstance(layers, ListValue) and any(_LIBRARIES.search(str(layer.data)) for layer in layers.items):
            yield f"a layer of {function.address} may write metrics into logs"


def _attached(stack: Stack) -> Iterator[tuple[Value, Span]]:
    """The values that name attached policies, and where they stand."""
    for type_ in ("aws_iam_role_policy_attachment", "aws_iam_policy_attachment"):
        for instance in stack.resources(type_):
            yield instance.value("policy_arn"), instance.span_of("policy_arn")
    for role in stack.resources("aws_iam_role"):
        arns = role.value("managed_policy_arns").data
        if isinstance(arns, ListValue):
            yield from ((item, role.span_of("managed_policy_arns")) for item in arns.items)
