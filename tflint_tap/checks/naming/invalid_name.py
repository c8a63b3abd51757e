"""Names that AWS doesn't take, as they are or for a value that a variable's validation admits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...aws import names
from ...aws.constraints import Constraint, breach
from ...aws.names import Naming, prefix_limits
from ...hcl.nodes import Attribute, Expr
from ...records import dataclass
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, quoted, to_bool
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import PartialString, Value
from ...terraform.module import Declaration
from ...terraform.provenance import attribute_origins
from ...text.source import Related, Span
from ..admitted import Admitted, admitted
from .names import LONGEST_SHOWN, names_of, shown

_MOST_SUPPOSED = 24  # values of variables that names are tried with
_END = ".fifo"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name; the value that it has counts first, then those that it may have."""
    told: set[Span] = set()
    for case in _cases(stack):
        for hit in _refused(case):
            if hit.span not in told:
                told.add(hit.span)
                yield hit


@dataclass(frozen=True, slots=True)
class _Case:
    """A stack as it is, or as it is with other values of some variables, which its validations admit.

    `values` are these. They are `listed` by the validations, or only as long as these admit.
    """

    stack: Stack
    values: Mapping[str, str]
    related: tuple[Related, ...] = ()
    listed: bool = True


def _cases(stack: Stack) -> Iterator[_Case]:
    yield _Case(stack, {})
    found = [(item, limits) for item in _variables(stack) if (limits := admitted(stack, item)) is not None]
    longest = {item.address: (limits, max(limits.texts, key=len)) for item, limits in found}
    count = 0
    for item, limits in found:
        for text in limits.texts:
            if count < _MOST_SUPPOSED:
                yield _supposing(stack, {item.address: (limits, text)})
                count += 1
    if len(longest) > 1:
        yield _supposing(stack, longest)


def _variables(stack: Stack) -> Iterator[Declaration]:
    """The variables that go into names, or that decide which resources there are."""
    exprs: list[Expr] = []
    for declaration in stack.module.of_kind("resource"):
        naming = names.naming(declaration.type)
        if naming is not None and declaration.block is not None:
            wanted = (naming.argument, naming.prefix, "count", "for_each")
            exprs += [item.expr for item in declaration.block.body.attributes if item.name in wanted]
    found = {item.address: item for _, item in stack.reached(exprs) if item is not None and item.kind == "variable"}
    yield from found.values()


def _supposing(stack: Stack, values: Mapping[str, tuple[Admitted, str]]) -> _Case:
    supposed = {address: Value(text, limits.span) for address, (limits, text) in values.items()}
    evaluator = stack.evaluator.supposing(supposed)
    related = tuple(
        Related(f"{address} may be {_shown(text)} by this condition", limits.span)
        for address, (limits, text) in values.items()
    )
    return _Case(
        Stack(stack.module, evaluator, stack.contract, stack.shown),
        {address: text for address, (_, text) in values.items()},
        related,
        all(limits.is_listed for limits, _ in values.values()),
    )


def _refused(case: _Case) -> Iterator[Hit]:
    for instance, naming, attribute, text in names_of(case.stack, short=True):
        what = _problem(instance, naming, attribute.name, text)
        if what is None:
            continue
        values = {
            "argument": attribute.name,
            "name": shown(attribute, text),
            "what": what,
            "given": [f"{address} is {_shown(value)}" for address, value in _used(case, instance, attribute)],
        }
        related = case.related or attribute_origins(instance, attribute)
        severity = None if case.listed else Severity.WARNING
        doubt = instance.doubt
        yield Hit(attribute.expr.span, instance.address, values, related, severity, doubt=doubt)


def _used(case: _Case, instance: Instance, attribute: Attribute) -> list[tuple[str, str]]:
    """The supposed values that go into a name; all of them where that can't be told."""
    if not case.values:
        return []
    exprs = [attribute.expr, *(item.expr for item in instance.body.attributes if item.name == "for_each")]
    reached = {reference.address for reference, _ in case.stack.reached(exprs)}
    return [item for item in case.values.items() if item[0] in reached] or list(case.values.items())


def _problem(instance: Instance, naming: Naming, argument: str, text: Value) -> str | None:
    """What AWS refuses about a name, None where it takes it or that isn't known."""
    data = text.data
    is_name = argument == naming.argument
    limits = naming.limits if is_name else prefix_limits(instance.declaration.type)
    start = data.prefix if isinstance(data, PartialString) else data
    if not isinstance(start, str) or not isinstance(data, (str, PartialString)) or not data:
        return None
    for refused in naming.refused:
        if start.lower().startswith(refused):
            return f"begins with {refused}, which AWS keeps for itself"
    if is_name and naming.fifo is not None:
        what = _ending(instance.value(naming.fifo), data)
        if what is not None:
            return what
    if isinstance(data, str):
        return breach(limits, data) if limits is not None else None
    return _too_long(limits, data.parts)


def _ending(fifo: Value, data: str | PartialString) -> str | None:
    """What is wrong with the end of a name, where it is known if the thing is FIFO."""
    try:
        is_fifo = to_bool(fifo).data if fifo.data is not None else False
    except EvaluationError:
        return None
    if not isinstance(is_fifo, bool):
        return None
    end = data.suffix if isinstance(data, PartialString) else data
    has_it = end.endswith(_END)
    if is_fifo and not has_it and (isinstance(data, str) or len(end) >= len(_END)):
        return f"doesn't end in {_END}, as the name of what is FIFO has to"
    return f"ends in {_END}, which only the name of what is FIFO may" if has_it and not is_fifo else None


def _too_long(limits: Constraint | None, parts: Iterable[object]) -> str | None:
    """What is wrong with the length of a name of which only parts are known."""
    length = sum(len(part) for part in parts if isinstance(part, str))
    if limits is None or limits.max_length is None or length <= limits.max_length:
        return None
    return f"has at least {length} characters, over the limit of {limits.max_length}"


def _shown(text: str) -> str:
    return quoted(text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…")
