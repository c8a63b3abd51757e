"""Functions on metrics: which an alarm watches, what AWS publishes, and what is wrong with a dimension's value."""

from __future__ import annotations

from ..aws.dimensions import Dimension, dimension
from ..aws.metrics import OF_AWS, Metric, header, meant, slip
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
from ..text.nearest import MOST_SUGGESTED, nearest
from ..text.source import Span
from .views import instance_view, subject_of

METRIC_PARTS = (
    "listed", "of_aws", "meant", "exists", "near", "sets", "closed", "names", "unit", "period", "least", "greatest",
)  # fmt: skip


def watched(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`watched(self)`: the blocks that name the metrics of an alarm: itself, or `metric` of its queries.

    Those are included that a `dynamic` block may make or not.
    """
    alarm = subject_of(arguments[0])
    if alarm is None:
        raise EvaluationError("watched takes an alarm")
    own = [alarm] if alarm.attribute("metric_name") is not None else []
    queried = [block for query in alarm.blocks("metric_query") for block in query.blocks("metric")]
    return _listed([instance_view(stack, block) for block in (*own, *queried)], span)


def metric(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`metric(self.namespace, self.metric_name)`: what AWS publishes under a namespace and name.

    `of_aws`: the namespace is a service's, and not the account's own; `listed`: the table has it; `meant` is the right
    one where it is mistaken. `exists` isn't known of a name that a namespace may have got since the table was made;
    `near` is the name that it is like. `sets` are the sets of dimensions, all there are if `closed`; `names` are the
    dimensions in the namespace. `unit`, `period` in seconds, `least` and `greatest` are null where they aren't known.
    """
    where, what = arguments
    parts = dict.fromkeys(METRIC_PARTS, Value(None, span))
    parts |= {"sets": _listed([], span), "names": _listed([], span), "closed": Value(False, span)}
    parts |= {key: Value(data, span) for key, data in _known(where, what).items()}
    found = _metric(where.data, what.data)
    if found is not None:
        parts |= {
            "sets": _listed([_listed([Value(name, span) for name in sorted(one)], span) for one in found.sets], span),
            "closed": Value(found.is_closed, span),
            "unit": Value(found.unit, span),
            "period": Value(found.period, span),
            "least": Value(found.least, span),
            "greatest": Value(found.greatest, span),
        }
    known = service(where.data) if isinstance(where.data, str) else None
    if known is not None:
        parts["names"] = _listed([Value(name, span) for name in sorted(known.dimensions)], span)
    return Value(MapValue(parts), span)


def _known(where: Value, what: Value) -> dict[str, Data]:
    """If there is such a namespace and metric, and what is meant where there isn't."""
    if not isinstance(where.data, str):
        reason = Unknown(where.reason or "the namespace is null")
        return {"listed": reason, "of_aws": reason, "exists": reason}
    known = service(where.data)
    if known is None:
        of_aws = where.data.upper().startswith(OF_AWS)
        instead = meant(where.data) if of_aws else None
        exists = False if instead is not None else Unknown(f"the table of metrics has no {where.data}")
        return {"listed": False, "of_aws": of_aws, "meant": instead, "exists": exists if of_aws else True}
    if not isinstance(what.data, str):
        return {"listed": True, "of_aws": True, "exists": Unknown(what.reason or "the metric is null")}
    if what.data in known.metrics:
        return {"listed": True, "of_aws": True, "exists": True}
    certain = slip(what.data, known.metrics)
    near = certain or nearest(what.data, known.metrics)
    newer = Unknown(f"the table of {header()['date']} has no {what.data} in {where.data}")
    exists = False if known.is_whole or certain is not None else newer
    return {"listed": True, "of_aws": True, "exists": exists, "near": near}


def _metric(where: Data, what: Data) -> Metric | None:
    known = service(where) if isinstance(where, str) else None
    return known.metrics.get(what) if known is not None and isinstance(what, str) else None


def _listed(items: list[Value], span: Span) -> Value:
    return Value(ListValue(tuple(items), "list"), span)


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
    """The problem of a reference to another attribute than the one that holds the dimension's value."""
    data = value.data
    if not isinstance(data, Symbol) or len(data.path) != 1:
        return None
    target = stack.symbol_target(data)
    wanted = about.attributes.get(target.declaration.type) if target is not None else None
    if target is None or wanted is None or data.path[0] in wanted:
        return None
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
    types = tuple(about.attributes)
    if not about.is_named or attribute is None or not isinstance(value.data, (str, PartialString)):
        return None
    resolver = stack.wiring.resolver
    if not any(map(resolver.instances, types)) or not resolver.named(value, attribute.expr, holder, types).outside:
        return None
    if _is_given(stack, value):
        return None
    if next(stack.module.of_kind("module"), None) is not None:
        return Unknown("the resources of modules are not checked")
    what = str(value.data)
    near = nearest(what, _names(stack, about))
    return f"nothing in the stack is called {what}" + (f", though there is {near}" if near is not None else "")


def _names(stack: Stack, about: Dimension) -> list[str]:
    """The names of the resources that a dimension may mean; none of so many that a suggestion would take long."""
    found: list[str] = []
    for type_, (attribute, *_) in about.attributes.items():
        instances = stack.wiring.resolver.instances(type_)
        if len(found) + len(instances) > MOST_SUGGESTED:
            return []
        names = (instance.value(attribute).data for instance in instances)
        found += [str(name) for name in names if isinstance(name, (str, PartialString))]
    return found


def _is_given(stack: Stack, value: Value) -> bool:
    """Return True if a value is a variable's as it is: its default or an input, and so up to the caller."""
    span = value.span
    if span is None or not stack.holds(span):
        return True
    variables = (declaration.block for declaration in stack.module.of_kind("variable"))
    return any(block is not None and block.span.contains(span) for block in variables)
