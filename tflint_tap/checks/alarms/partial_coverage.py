"""Alarms on one element of a list whose other elements have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ...hcl.children import parts
from ...hcl.nodes import Call, Expr, For, GetAttr, Index, Splat, Tuple, Variable
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ListValue, MapValue, Value
from ...terraform.module import Declaration
from ...terraform.module.references import literal_key, reference_of, unwound
from ...text.source import Span

_ALARM = "aws_cloudwatch_metric_alarm"
# functions whose result is as much a list of like things as what they are given
_LISTS = (
    "tolist", "toset", "sort", "distinct", "reverse", "compact", "concat", "flatten", "values", "keys", "setsubtract",
    "setunion",
)  # fmt: skip

Metric: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Pick:
    """An element that an alarm's dimension takes from a list: `var.regions[0]`.

    `collection` is the list's expression, `names` what that refers to.
    """

    alarm: Instance
    metric: Metric
    span: Span
    collection: Expr
    index: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Watched:
    """What the alarms on a metric cover: elements by their list and number, whole lists, values of dimensions."""

    elements: set[tuple[str, int]]
    lists: set[str]
    values: set[str]


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Picks of one element where others of the same list have no alarm on the same metric. One hit for each list."""
    picks, watched = list[_Pick](), dict[Metric, _Watched]()
    for alarm in stack.resources(_ALARM):
        repeated = [alarm.attribute(name) for name in ("for_each", "count")]
        around = set(_names(stack, [attribute.expr for attribute in repeated if attribute is not None]))
        for block in _blocks(alarm):
            attribute = block.attribute("dimensions")
            if attribute is None:
                continue
            metric = (str(block.value("namespace").data), str(block.value("metric_name").data))
            made = watched.setdefault(metric, _Watched(set(), set(), set()))
            made.lists.update(around)
            made.values.update(_texts(block.value("dimensions")))
            for found in _taken(stack, attribute.expr, alarm, metric):
                if isinstance(found, _Pick):
                    picks.append(found)
                    made.elements.add((found.collection.span.code, found.index))
                else:
                    made.lists.add(found)
    yield from _uncovered(stack, picks, watched)


def _uncovered(stack: Stack, picks: Iterable[_Pick], watched: dict[Metric, _Watched]) -> Iterator[Hit]:
    told = set[Span | tuple[Metric, str]]()
    for pick in picks:
        covered, label = watched[pick.metric], pick.collection.span.code
        if pick.span in told or (pick.metric, label) in told or pick.names & covered.lists:
            continue
        elements = _elements(stack, pick)
        if isinstance(elements, str):
            told |= {pick.span, (pick.metric, label)}
            yield Hit(pick.span, pick.alarm.address, {"list": label, "others": "others"}, doubt=elements)
            continue
        others = [
            text
            for number, text in enumerate(elements)
            if number != pick.index % max(len(elements), 1)
            and (label, number) not in covered.elements
            and text not in covered.values
        ]
        if others:
            told |= {pick.span, (pick.metric, label)}
            yield Hit(pick.span, pick.alarm.address, {"list": label, "others": ", ".join(others)})


def _blocks(alarm: Instance) -> Iterator[Instance]:
    """The blocks that hold dimensions: the alarm, and the metrics of its queries."""
    yield alarm
    for query in alarm.blocks("metric_query"):
        yield from query.blocks("metric")


def _texts(dimensions: Value) -> Iterator[str]:
    if isinstance(dimensions.data, MapValue):
        yield from (item.data for item in dimensions.data.items.values() if isinstance(item.data, str))


def _names(stack: Stack, exprs: Iterable[Expr]) -> Iterator[str]:
    """What expressions refer to, directly and through locals."""
    for reference, _ in stack.reached(exprs):
        yield reference.address


def _taken(stack: Stack, expr: Expr, alarm: Instance, metric: Metric) -> Iterator[_Pick | str]:
    """The picks of an expression, through locals, and the addresses that it refers to otherwise."""
    pending, seen = [expr], set[str]()
    while pending:
        found = pending.pop()
        picked = _picked(found)
        if picked is not None and _is_list(stack, picked[0]):
            names = frozenset(_names(stack, [picked[0]]))
            yield _Pick(alarm, metric, found.span, picked[0], picked[1], names)
            continue
        root, steps = unwound(found)
        if not isinstance(root, Variable):
            pending += parts(found)
            continue
        reference = reference_of(root, steps)
        declaration = stack.declared(reference.address)
        if declaration is not None and declaration.kind == "local" and reference.address not in seen:
            seen.add(reference.address)
            pending.append(declaration.expr)
        yield reference.address
        pending += [step.key for step in steps if isinstance(step, Index)]


def _picked(expr: Expr) -> tuple[Expr, int] | None:
    """The list and the number of `list[0].name` or `element(list, 0)`."""
    _, steps = unwound(expr)
    for step in steps:
        if isinstance(step, Index):
            key = literal_key(step.key)
            return (step.operand, key) if isinstance(key, int) else None
        if isinstance(step, Splat):
            return None
    if isinstance(expr, Call) and expr.name == "element" and len(expr.arguments) == 2:
        key = literal_key(expr.arguments[1])
        return (expr.arguments[0], key) if isinstance(key, int) else None
    return None


def _is_list(stack: Stack, expr: Expr, depth: int = 0) -> bool:
    """Return True if an expression is a list of like things: a variable, a counted resource, what is made of them."""
    if isinstance(expr, (Tuple, For)):
        return True
    if isinstance(expr, Call):
        return expr.name in _LISTS and all(_is_list(stack, argument, depth + 1) for argument in expr.arguments)
    if not isinstance(expr, GetAttr) or depth > 9:
        return False
    declaration, is_whole = _declared(stack, expr)
    if declaration is None:
        return False
    if not is_whole:  # local.settings.queues
        return declaration.kind in ("variable", "local")
    if declaration.kind == "local":
        return _is_list(stack, declaration.expr, depth + 1)
    return declaration.kind in ("variable", "resource")


def _declared(stack: Stack, expr: Expr) -> tuple[Declaration | None, bool]:
    """The declaration that an expression refers to by names alone, and if it does so as a whole."""
    root, steps = unwound(expr)
    if not isinstance(root, Variable) or not all(isinstance(step, GetAttr) for step in steps):
        return None, False
    reference = reference_of(root, steps)
    return stack.declared(reference.address), not reference.path


def _elements(stack: Stack, pick: _Pick) -> list[str] | str:
    """The elements of a list as words, or the reason why they aren't known."""
    declaration, _ = _declared(stack, pick.collection)
    if declaration is not None and declaration.kind == "resource":
        made = stack.evaluator.instances(declaration)
        # a count that isn't known is mostly one or none
        return [instance.address for instance in made] if all(one.doubt is None for one in made) else []
    value = stack.evaluator.evaluate(pick.collection, pick.alarm.names)
    if not isinstance(value.data, ListValue):
        return value.reason or []
    if value.data.doubt is not None:
        return value.data.doubt.reason
    return [item.data if isinstance(item.data, str) else f"[{at}]" for at, item in enumerate(value.data.items)]
