"""Functions on metrics: which an alarm watches, what AWS publishes, and what is wrong with a dimension's value."""

from __future__ import annotations

from functools import cache

from ..aws.dimensions import Dimension, dimension
from ..aws.metrics import OF_AWS, Metric, Namespace, header, meant, slip
from ..aws.metrics import namespace as service
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import (
    Data,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
)
from ..terraform.module.pins import excludes
from ..text.nearest import MOST_SUGGESTED, nearest
from ..text.source import Span
from .views import instance_view, subject_of

METRIC_PARTS = (
    "listed", "of_aws", "meant", "exists", "near", "sets", "closed", "names", "unit", "period", "least", "greatest",
)  # fmt: skip


_UNKNOWN = Metric()
_PROVIDER = "hashicorp/aws"


def watched(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`watched(self)`: the blocks that name the metrics of an alarm: itself, or `metric` of its queries.

    Those are included that a `dynamic` block may make or not.
    """
    alarm = subject_of(arguments[0])
    if alarm is None:
        raise EvaluationError("watched takes an alarm")
    own = [alarm] if alarm.attribute("metric_name") is not None else []
    queried = [block for query in alarm.blocks("metric_query") for block in query.blocks("metric")]
    return _listed([instance_view(stack, block) for block in (*own, *queried)])


def metric(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`metric(self.namespace, self.metric_name)`: what AWS publishes under a namespace and name.

    `of_aws`: the namespace is a service's, and not the account's own; `listed`: the table has it; `meant` is the right
    one where it is mistaken. `exists` isn't known of a name that a namespace may have got since the table was made;
    `near` is the name that it is like. `sets` are the sets of dimensions, all there are if `closed`; `names` are the
    dimensions in the namespace. `unit`, `period` in seconds, `least` and `greatest` are null where they aren't known.
    """
    where, what = (argument.data for argument in arguments)
    if not isinstance(where, str):
        reason = Unknown(arguments[0].reason or "the namespace is null")
        return _parts(listed=reason, of_aws=reason, exists=reason)
    if service(where) is None or isinstance(what, str):
        return _published(where, what if isinstance(what, str) else "")
    return _parts(service(where), exists=Unknown(arguments[1].reason or "the metric is null"))


@cache
def _published(where: str, what: str) -> Value:
    """What is known of a namespace and a name."""
    known = service(where)
    if known is None:
        of_aws = where.upper().startswith(OF_AWS)
        instead = meant(where) if of_aws else None
        unlisted = Unknown(f"the table of metrics has no {where}") if instead is None else False
        return _parts(listed=False, of_aws=of_aws, meant=instead, exists=unlisted if of_aws else True)
    if what in known.metrics:
        return _parts(known, known.metrics[what], exists=True)
    certain = slip(what, known.metrics)
    newer = Unknown(f"the table of {header()['date']} has no {what} in {where}")
    exists = False if known.is_whole or certain is not None else newer
    return _parts(known, exists=exists, near=certain or nearest(what, known.metrics))


def _parts(known: Namespace | None = None, of: Metric = _UNKNOWN, **told: Data) -> Value:
    """The object of all parts, with what is told of some."""
    parts = dict.fromkeys(METRIC_PARTS, Value(None))
    parts |= {"listed": Value(True), "of_aws": Value(True)}
    parts |= {key: Value(data) for key, data in told.items()}
    parts |= {
        "sets": _listed([_listed([Value(name) for name in sorted(names)]) for names in of.sets]),
        "closed": Value(of.is_closed),
        "names": _listed([Value(name) for name in sorted(known.dimensions)] if known is not None else []),
        "unit": Value(of.unit),
        "period": Value(of.period),
        "least": Value(of.least),
        "greatest": Value(of.greatest),
    }
    return Value(MapValue(parts))


def _listed(items: list[Value]) -> Value:
    return Value(ListValue(tuple(items), "list"))


def dimension_problem(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`dimension_problem(self, "QueueName")`: why the value of an alarm's dimension can't be right, else null.

    The block may be an alarm, or the `metric` of one of its queries. A reference has to be to the attribute that
    holds the value, a text has to begin as such values do, and a name that is written in the stack has to be that of
    something there. It isn't known of a name that a module's resources may have.
    """
    holder, name = subject_of(arguments[0]), arguments[1].data
    if holder is None or not isinstance(name, str):
        raise EvaluationError("dimension_problem takes a block with dimensions and the name of one")
    held, about = holder.value("dimensions").data, dimension(name)
    if not isinstance(held, MapValue) or name not in held.items or about is None:
        return Value(None, span)
    value = held.items[name]
    found = _of_reference(stack, name, about, value) or _of_form(name, about, value)
    return Value(found if found is not None else _of_name(stack, holder, about, value), span)


def _of_reference(stack: Stack, name: str, about: Dimension, value: Value) -> str | None:
    """The problem of a reference to another attribute or thing than the one that the dimension is about."""
    data = value.data
    if isinstance(data, str) and value.span is not None:  # of a reference to a name that is written out
        source = stack.module.declaration_at(value.span)
        if source is not None and source.kind == "resource" and about.attributes.get(source.type) == ():
            return f"metrics of {source.address} have no {name} that is its name"
    if not isinstance(data, Symbol) or len(data.path) != 1:
        return None
    target = stack.symbol_target(data)
    wanted = about.attributes.get(target.declaration.type) if target is not None else None
    if target is None or wanted is None or data.path[0] in wanted:
        return None
    since = about.before.get((target.declaration.type, str(data.path[0])))
    if since is not None and excludes(stack.module, _PROVIDER, since):
        return None
    if not wanted:
        return f"metrics of {target.address} have no {name} that is its {data.path[0]}"
    return f"{name} is {target.address}.{wanted[0]}, not its {data.path[0]}"


def _of_form(name: str, about: Dimension, value: Value) -> str | None:
    """The problem of a text that begins otherwise than the dimension's values do."""
    data = value.data
    text = data if isinstance(data, str) else data.prefix if isinstance(data, PartialString) else ""
    barred = next((lead for lead in about.barred if text.startswith(lead)), None)
    if barred is not None:
        return f"no {name} begins with {barred}"
    if not text or not about.leads or any(text.startswith(lead) for lead in about.leads):
        return None
    if isinstance(data, PartialString) and any(lead.startswith(text) for lead in about.leads):
        return None
    return f"each {name} begins with {' or '.join(about.leads)}"


def _of_name(stack: Stack, holder: Instance, about: Dimension, value: Value) -> str | Unknown | None:
    """The problem of a name that nothing in the stack has, though it is written there."""
    attribute = holder.attribute("dimensions")
    types = tuple(type_ for type_, attributes in about.attributes.items() if attributes)
    if not about.is_named or attribute is None or not isinstance(value.data, (str, PartialString)):
        return None
    resolver = stack.wiring.resolver
    if not any(map(resolver.instances, types)) or not resolver.named(value, attribute.expr, holder, types).outside:
        return None
    if _is_given(stack, value):
        return None
    if next(stack.module.unfollowed_calls(), None) is not None:
        return Unknown("the resources of modules are not checked")
    what = str(value.data)
    near = nearest(what, _names(stack, about))
    return f"nothing in the stack is called {what}" + (f", though there is {near}" if near is not None else "")


def _names(stack: Stack, about: Dimension) -> list[str]:
    """The names of the resources that a dimension may mean; none of so many that a suggestion would take long."""
    found: list[str] = []
    for type_, attributes in about.attributes.items():
        instances = stack.wiring.resolver.instances(type_) if attributes else ()
        if len(found) + len(instances) > MOST_SUGGESTED:
            return []
        names = (instance.value(attributes[0]).data for instance in instances)
        found += [str(name) for name in names if isinstance(name, (str, PartialString))]
    return found


def _is_given(stack: Stack, value: Value) -> bool:
    """Return True if a value is a variable's as it is: its default or an input, and so up to the caller."""
    span = value.span
    if span is None or not stack.holds(span):
        return True
    variables = (declaration.block for declaration in stack.module.of_kind("variable"))
    return any(block is not None and block.span.contains(span) for block in variables)
