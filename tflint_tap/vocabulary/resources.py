"""Functions on resources: what they are called, and which others belong to them."""

from __future__ import annotations

from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, TooLarge
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value, View
from ..terraform.functions.jsons import jsondecode
from ..terraform.module import Declaration
from ..terraform.module.marks import unmarked
from ..terraform.module.reading import readers as readers_in
from ..terraform.module.references import references as references_in
from ..terraform.module.references import walk
from ..text.source import Span
from .views import comment_view, instance_view, subject_of

DATA = "data."


def address(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`address(self)`: `aws_sqs_queue.jobs["a"]`."""
    data = arguments[0].data
    if not isinstance(data, View):
        raise EvaluationError("address takes a resource")
    return Value(data.text, span)


def label(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`label(self)`: `jobs`, the name that the configuration calls a resource."""
    return Value(_resource(arguments[0], "label").declaration.name, span)


def labels(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`labels(self)`: the labels of a block, as `["aws_sqs_queue", "jobs"]`, each placed where it is written."""
    block = _resource(arguments[0], "labels").declaration.block
    written = block.labels if block is not None else ()
    return Value(ListValue(tuple(Value(unmarked(label.value), label.span) for label in written), "list"), span)


def type(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`type(target)`: `aws_sqs_queue`."""
    return Value(_resource(arguments[0], "type").declaration.type, span)


def name(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`name(self)`: the argument that names a thing (`function_name` of a function), null where there is none."""
    from ..aws.names import naming

    instance = _resource(arguments[0], "name")
    found = naming(instance.declaration.type)
    if found is None:
        return Value(None, instance.header)
    value = instance.value(found.argument)
    return value if value.data is not None else Value(Symbol(instance.address, (found.argument,)), instance.header)


def possible_blocks(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`possible_blocks(self, "tracing_config")`: nested blocks, those too that a `dynamic` block may make or not."""
    instance, type_ = _resource(arguments[0], "possible_blocks"), arguments[1].data
    if not isinstance(type_, str):
        raise EvaluationError("possible_blocks takes a resource and the name of a type of blocks")
    views = tuple(instance_view(stack, block) for block in instance.blocks(type_))
    return Value(ListValue(views, "list"), span)


def comments(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`comments(self)`: the comments of a block as {text, lines}: above it, in it, and above the run that it is in."""
    from ..contract.comment_index import comment_indexes

    block = _resource(arguments[0], "comments").declaration.block
    if block is None:
        raise EvaluationError("comments takes a block")
    found = stack.module.once(comment_indexes)[block.span.source].of(block)
    return Value(ListValue(tuple(comment_view(comment) for comment in found), "list"), span)


def resources(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`resources("aws_lambda_function")`: all resources of a type; `data.` before it makes them data sources."""
    type_ = arguments[0].data
    if not isinstance(type_, str):
        raise EvaluationError("resources takes the name of a type")
    is_data = type_.startswith(DATA)
    found = stack.data_sources(type_.removeprefix(DATA)) if is_data else stack.resources(type_)
    return _listed(stack, [(instance, instance.doubt) for instance in found], span)


def variables(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`variables()`: the variables of the root module and of those that it calls, as `match: variable` has them."""
    from .subjects import Match, subjects

    return Value(ListValue(tuple(one.names["self"] for one in subjects(stack, (Match("variable"),))), "list"), span)


def separate(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`separate(self, "aws_s3_bucket_versioning")`: the resources of a type that hold a part of this one's settings."""
    type_ = arguments[1].data if len(arguments) > 1 else None
    if type_ is not None and not isinstance(type_, str):
        raise EvaluationError("separate takes a resource and the name of a type")
    found = stack.companions(_resource(arguments[0], "separate"), *(() if type_ is None else (type_,)))
    return _listed(stack, [*((one, None) for one in found.certain), *found.possible], span, found.doubt)


def parents(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`parents(self)`: the resources of which a resource holds a part of the settings, as a bucket's policy does."""
    found = stack.wiring.companions.parents(_resource(arguments[0], "parents"))
    return _listed(stack, list(found), span)


def referrers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`referrers(self, "aws_lambda_function.role")`: the resources of a type whose argument refers to this one."""
    text = arguments[1].data
    if not isinstance(text, str) or "." not in text:
        raise EvaluationError('referrers takes a resource and "type.argument"')
    made = stack.once(_referrers)
    if text not in made:
        made[text] = _referring(stack, *text.split(".", 1))
    wanted = _resource(arguments[0], "referrers").declaration.address
    return _listed(stack, made[text].get(wanted, []), span)


def _referrers(stack: Stack) -> dict[str, dict[str, list[tuple[Instance, str | None]]]]:
    """The cache of what refers to resources, by the type and argument that were asked for."""
    return {}


def _referring(stack: Stack, type_: str, argument: str) -> dict[str, list[tuple[Instance, str | None]]]:
    """The resources of a type whose argument refers to others, direct or through locals, by the others' addresses."""
    found: dict[str, list[tuple[Instance, str | None]]] = {}
    for instance in stack.resources(type_):
        exprs = [item.expr for item, _ in walk(instance.body) if item.name == argument]
        reached = {declaration.address for _, declaration in stack.reached(exprs) if declaration is not None}
        reached.update(item.address for expr in exprs for item in references_in(expr))
        for address_ in reached:
            found.setdefault(address_, []).append((instance, instance.doubt))
    return found


def readers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`readers(self, "stream_arn")`: the blocks that refer to an attribute, as {kind, type, address, instances}.

    A local stands for the blocks that read it. `instances` is how many things a block makes or may make.
    """
    attribute = arguments[1].data
    if not isinstance(attribute, str):
        raise EvaluationError("readers takes a resource and the name of an attribute")
    address = _resource(arguments[0], "readers").declaration.address
    found = [_reader(stack, one) for one in stack.module.once(readers_in).of(address, attribute)]
    return Value(ListValue(tuple(found), "list"), span)


def references(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`references(self)`: the blocks that a block refers to, as {kind, type, address}.

    What a local or a data source refers to is among them.
    """
    pending = [_resource(arguments[0], "references").declaration]
    found: dict[str, Value] = {}
    while pending:
        block = pending.pop().block
        exprs = [attribute.expr for attribute, _ in walk(block.body)] if block is not None else []
        for _, declaration in stack.reached(exprs):
            if declaration is None or declaration.kind == "local" or declaration.address in found:
                continue
            parts = {"kind": declaration.kind, "type": declaration.type, "address": declaration.address}
            found[declaration.address] = Value(
                MapValue({key: Value(text) for key, text in parts.items()}), declaration.span
            )
            if declaration.kind == "data":
                pending.append(declaration)
    return Value(ListValue(tuple(found.values()), "list"), span)


def _reader(stack: Stack, declaration: Declaration) -> Value:
    made = len(stack.evaluator.instances(declaration)) if declaration.kind in ("resource", "data") else 1
    kind, type_, address_ = Value(declaration.kind), Value(declaration.type), Value(declaration.address)
    parts = {"kind": kind, "type": type_, "address": address_, "instances": Value(made)}
    return Value(MapValue(parts), declaration.span)


def attributes_in(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`attributes_in(x)`: the attributes of resources that a value is made of, as {source, attribute}.

    They stand in texts, lists and maps, at any depth. What isn't known has none.
    """
    found: list[Value] = []
    pending = [arguments[0]]
    while pending:
        value = pending.pop(0)
        data = value.data
        if isinstance(data, (ListValue, MapValue)):
            pending[:0] = value.elements()
            continue
        parts = data.parts if isinstance(data, PartialString) else (data,)
        for symbol in (part for part in parts if isinstance(part, Symbol)):
            instance, attribute = stack.symbol_target(symbol), next(iter(symbol.path), None)
            if instance is not None and isinstance(attribute, str):
                entry = {"source": instance_view(stack, instance), "attribute": Value(attribute)}
                found.append(Value(MapValue(entry), value.span))
    return Value(ListValue(tuple(found), "list"), span)


def provider(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`provider(self)`: the provider configuration that a resource names, as `aws.west`; null for the default."""
    attribute = _resource(arguments[0], "provider").attribute("provider")
    return Value(None if attribute is None else attribute.expr.span.text, span)


def event_rules(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`event_rules("aws.states")`: the event rules whose pattern takes events of a source, or of every source.

    `event_rules("aws.states", "stateMachineArn")`: of these, the ones that don't limit this element of the detail.
    """
    source, element = arguments[0].data, arguments[1].data if len(arguments) > 1 else None
    if not isinstance(source, str) or not isinstance(element, str | None):
        raise EvaluationError("event_rules takes the name of a source, and of an element of the detail")
    made = stack.once(_event_rules)
    if (source, element) not in made:
        made[source, element] = [
            (rule, rule.doubt if verdict is True else verdict)
            for rule, pattern in stack.once(_patterns)
            if (verdict := _takes(pattern, source)) is not False and not _limits(pattern, element)
        ]
    return _listed(stack, made[source, element], span)


def _event_rules(stack: Stack) -> dict[tuple[str, str | None], list[tuple[Instance, str | None]]]:
    """The cache of what was asked for, as event rules with doubts."""
    return {}


def _patterns(stack: Stack) -> tuple[tuple[Instance, Value], ...]:
    """The event rules that have a pattern which may be JSON, each with what the pattern says."""
    made = []
    for rule in stack.resources("aws_cloudwatch_event_rule"):
        pattern = rule.value("event_pattern")
        if pattern.data is None:
            continue
        try:
            made.append((rule, jsondecode(pattern)))
        except (EvaluationError, TooLarge):
            continue
    return tuple(made)


def _limits(pattern: Value, element: str | None) -> bool:
    """Return True if a pattern certainly says something of an element of the detail."""
    detail = pattern.data.items.get("detail") if isinstance(pattern.data, MapValue) else None
    return detail is not None and isinstance(detail.data, MapValue) and element in detail.data.items


def _takes(pattern: Value, source: str) -> bool | str:
    """Return True if a pattern is for all sources or for this one; the reason where that isn't known."""
    if not isinstance(pattern.data, MapValue):
        return pattern.reason or False
    taken = pattern.data.items.get("source")
    if taken is None:
        return True if pattern.data.doubt is None else pattern.data.doubt.reason
    if not isinstance(taken.data, ListValue):
        return taken.reason or False
    doubt = None if taken.data.doubt is None else taken.data.doubt.reason
    for item in taken.data.items:
        prefix = item.data.items.get("prefix") if isinstance(item.data, MapValue) else None
        if item.data == source or (
            prefix is not None and isinstance(prefix.data, str) and source.startswith(prefix.data)
        ):
            return True
        if isinstance(item.data, MapValue) and prefix is None:
            doubt = doubt or "the pattern's source isn't written out"
        doubt = doubt or item.reason
    return doubt or False


def _resource(value: Value, function: str) -> Instance:
    instance = subject_of(value)
    if instance is None:
        raise EvaluationError(f"{function} takes a resource")
    return instance


def _listed(stack: Stack, found: list[tuple[Instance, str | None]], span: Span, doubt: str | None = None) -> Value:
    """Instances as a list of views: those with a doubt are only the reason why there may be more."""
    certain = tuple(instance_view(stack, instance) for instance, unsure in found if unsure is None)
    doubt = doubt or next((unsure for _, unsure in found if unsure is not None), None)
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(certain, "list", rest, None if rest is None else len(certain)), span)
