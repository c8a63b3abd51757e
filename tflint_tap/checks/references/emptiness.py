"""The collections that may be empty, by what a variable's type, default and validations admit."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Call, Expr, For, Parentheses
from ...records import dataclass
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_bool
from ...terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ...terraform.module import Declaration
from ...terraform.module.expressions import followed
from ...terraform.module.references import reference_of, steps_of

# Functions whose result has elements if and only if what they are given has.
_AS_MANY = frozenset(("tolist", "toset", "sort", "distinct", "reverse", "sensitive", "nonsensitive", "values", "keys"))
_LISTS = ("list", "set", "tuple")


@dataclass(frozen=True, slots=True)
class Shortage:
    """When a collection has too few elements: what is short, in words, and the addresses that a guard would ask."""

    collection: str
    words: str
    guards: frozenset[str]


def shortage(stack: Stack, collection: Expr, index: int) -> Shortage | None:
    """When a collection lacks the element of an index, None where that isn't known to happen."""
    expr = _unwrapped(stack, collection)
    found = steps_of(expr)
    if found is None:
        return None
    reference = reference_of(*found)
    declaration = stack.declared(reference.address)
    if declaration is None or reference.path or len(found[1]) != reference.taken:
        return None
    guards = addresses(stack, collection) | {reference.address}
    if declaration.kind == "variable":
        words = _variable(stack, declaration, index)
    elif declaration.kind in ("resource", "data", "module"):
        count = declaration.block.body.attribute("count") if declaration.block is not None else None
        words = _counted(stack, count.expr, index) if count is not None else None
        guards |= addresses(stack, count.expr) if count is not None else frozenset()
    else:
        return None
    return Shortage(reference.address, words, guards) if words is not None else None


def addresses(stack: Stack, expr: Expr) -> frozenset[str]:
    """What an expression refers to, itself and through locals."""
    return frozenset(reference.address for reference, _ in stack.reached([expr]))


def _unwrapped(stack: Stack, expr: Expr) -> Expr:
    """The expression that has as many elements: without functions that keep them, loops over all, locals."""
    while True:
        before, expr = expr, followed(stack.module, expr)
        if isinstance(expr, Parentheses):
            expr = expr.expr
        elif isinstance(expr, Call) and expr.name in _AS_MANY and expr.arguments:
            expr = expr.arguments[0]
        elif isinstance(expr, For) and expr.condition is None and expr.key_expr is None:
            expr = expr.collection
        if expr is before:
            return expr


def _variable(stack: Stack, declaration: Declaration, index: int) -> str | None:
    """When a variable lacks the element: its type is a list, and its default one that is too short, or null.

    Where there is no default, whoever gives the value has the index in mind.
    """
    default = _default(stack, declaration)
    if _kind(declaration) not in _LISTS or default is None or _is_refused(stack, declaration, default):
        return None
    if default.data is None:
        return f"{declaration.address} is null"
    if not isinstance(default.data, ListValue) or len(default.data.items) > index:
        return None
    length = len(default.data.items)
    words = "is empty" if length == 0 else f"has {length} element{'' if length == 1 else 's'}"
    return f"{declaration.address} {words}"


def _counted(stack: Stack, count: Expr, index: int) -> str | None:
    """When a count comes to too little: a variable with a value for which it does."""
    for address in sorted(addresses(stack, count)):
        declaration = stack.declared(address)
        if declaration is None or declaration.kind != "variable":
            continue
        for text, value in _extremes(stack, declaration):
            number = stack.evaluator.supposing({address: value}).evaluate(count).data
            is_short = isinstance(number, int) and not isinstance(number, bool) and number <= index
            if is_short and not _is_refused(stack, declaration, value):
                return f"{address} is {text}"
    return None


def _extremes(stack: Stack, declaration: Declaration) -> Iterator[tuple[str, Value]]:
    """The values of a variable that a count may be nothing for: those of a switch, and its default."""
    default = _default(stack, declaration)
    if _kind(declaration) == "bool" or (default is not None and isinstance(default.data, bool)):
        yield "false", Value(False)
        yield "true", Value(True)
    elif default is not None and isinstance(default.data, (ListValue, MapValue)):
        yield "empty", default
    elif default is not None and default.span is not None:
        yield default.span.code, default


def _default(stack: Stack, declaration: Declaration) -> Value | None:
    """A variable's default, None where it has none."""
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("default")
    return stack.evaluator.evaluate(attribute.expr) if attribute is not None else None


def _is_refused(stack: Stack, declaration: Declaration, value: Value) -> bool:
    """Return True if a validation of the variable certainly refuses the value."""
    assert declaration.block is not None
    nullable = declaration.block.body.attribute("nullable")
    if value.data is None and nullable is not None and nullable.expr.span.code == "false":
        return True
    evaluator = stack.evaluator.supposing({declaration.address: value})
    for validation in declaration.block.body.blocks_of("validation"):
        condition = validation.body.attribute("condition")
        if condition is not None and not _may_hold(evaluator.evaluate(condition.expr)):
            return True
    return False


def _may_hold(value: Value) -> bool:
    try:
        flag = to_bool(value).data
    except EvaluationError:
        return False
    return flag is True or isinstance(flag, Unknown)


def _kind(declaration: Declaration) -> str:
    """How a variable's type begins: list, bool; any where it has none."""
    assert declaration.block is not None
    type_ = declaration.block.body.attribute("type")
    return type_.expr.span.code.partition("(")[0].strip() if type_ is not None else "any"
