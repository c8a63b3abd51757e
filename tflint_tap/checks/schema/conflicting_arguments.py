"""Arguments and blocks that exclude or need each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from ...aws import conflicts
from ...hcl.nodes import Binary, Block, Conditional, Expr, Literal, Object, Parentheses, Tuple, Unary
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, ListValue, MapValue, Symbol, Unknown
from ...terraform.module.expressions import followed
from ...text.listing import listed
from ...text.source import Related, Span
from .bodies import BodySite, bodies

_EXCLUSIVE = ("at_most_one", "exactly_one", "excludes")
_MOST_CONDITIONS = 4  # whose outcomes are tried together


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each condition that a body breaks; one doubt for each reason."""
    yield from (hit for site in bodies(stack) if site.type for hit in _hits(site))


def _hits(site: BodySite) -> Iterator[Hit]:
    for condition in conflicts.conflicts(site.type):
        if condition.block != site.path:
            continue
        for instance in site.instances:
            hit = _conflict(condition, site.where, instance)
            if hit is not None:
                yield hit
                break


def _conflict(condition: conflicts.Conflict, where: str, instance: Instance) -> Hit | None:
    states = {name: _is_set(instance, name) for name in condition.arguments}
    certain = frozenset(name for name, state in states.items() if state is True)
    unsure = [name for name, state in states.items() if state is None]
    possible = certain.union(unsure)
    doubt = None
    if not conflicts.certainly_broken(condition, certain, possible):
        # What may be one too many is worth a doubt; what isn't certain to be there most probably is, and so it is
        # left aside that a condition may leave none of them.
        if condition.kind not in _EXCLUSIVE:
            return None
        guards = {name: guard for name in unsure if (guard := _guard(instance, name)) is not None}
        worst = next((case for case in _cases(possible, guards) if case and conflicts.broken(condition, case)), None)
        if worst is None:
            return None
        possible = worst
        doubt = f"it can't be told whether {next(name for name in unsure if name in worst)} is set"
    elif conflicts.broken(condition, certain):
        possible = certain
    names = sorted(possible, key=lambda name: _written(instance, name).start)
    what, right = _words(condition, names, where)
    span = _written(instance, names[-1]) if names else instance.header
    related = tuple(Related(f"{name} is set here", _written(instance, name)) for name in names[:-1])
    severity = Severity.WARNING if condition.is_warning else None
    return Hit(span, instance.address, {"what": what, "right": right}, related, severity, doubt=doubt)


def _cases(possible: frozenset[str], guards: Mapping[str, tuple[str, bool]]) -> Iterator[frozenset[str]]:
    """The sets of arguments that may be set together: of those under one condition, only those of one outcome."""
    conditions = sorted({condition for condition, _ in guards.values()})
    if len(conditions) > _MOST_CONDITIONS:
        conditions = []
    for outcomes in product((True, False), repeat=len(conditions)):
        known = dict(zip(conditions, outcomes, strict=True))
        against = {
            name for name, (condition, outcome) in guards.items() if known.get(condition, outcome) is not outcome
        }
        yield possible - against


def _guard(instance: Instance, name: str) -> tuple[str, bool] | None:
    """The condition that decides whether an argument or block is set, and its outcome where it is."""
    attribute = instance.attribute(name)
    blocks = [block for block in instance.body.blocks if _makes(block, name)]
    if attribute is None:
        attribute = blocks[0].body.attribute("for_each") if len(blocks) == 1 else None
    expr = followed(instance.evaluator.module, attribute.expr) if attribute is not None else None
    if not isinstance(expr, Conditional):
        return None
    absent = [_is_nothing(branch, as_block=bool(blocks)) for branch in (expr.then, expr.otherwise)]
    if absent[0] == absent[1]:
        return None
    condition, positive = _normal(followed(instance.evaluator.module, expr.condition))
    return condition, positive is not absent[0]


def _makes(block: Block, name: str) -> bool:
    """Return True if a block is a dynamic one that makes blocks of a name."""
    return block.type == "dynamic" and bool(block.labels) and block.labels[0].value == name


def _is_nothing(expr: Expr, *, as_block: bool) -> bool:
    """null, or of a dynamic block's collection an empty one."""
    if as_block:
        return isinstance(expr, (Tuple, Object)) and not expr.items
    return isinstance(expr, Literal) and expr.value is None


def _normal(condition: Expr) -> tuple[str, bool]:
    """A condition's text, and whether it is meant so or as its opposite: `!x`, `a != b` are those of `x`, `a == b`."""
    positive = True
    while isinstance(condition, (Parentheses, Unary)):
        if isinstance(condition, Parentheses):
            condition = condition.expr
        elif condition.operator == "!":
            condition, positive = condition.operand, not positive
        else:
            break
    if isinstance(condition, Binary) and condition.operator in ("==", "!="):
        sides = " == ".join(" ".join(side.span.code.split()) for side in (condition.left, condition.right))
        return sides, positive is (condition.operator == "==")
    return " ".join(condition.span.code.split()), positive


def _is_set(instance: Instance, name: str) -> bool | None:
    """Return True if an argument is set or a block is there: false counts, null doesn't; None if it isn't known.

    An empty text or collection is neither: some of the provider's checks count it, some don't.
    """
    if instance.attribute(name) is None:
        blocks = instance.blocks(name)
        return True if any(not block.optional for block in blocks) else None if blocks else False
    value = instance.value(name)
    data = value.data
    if data is None:
        return False
    if isinstance(data, Symbol):
        return True if _always_there(instance, data) else None
    if isinstance(data, (Unknown, ErrorValue)) or data == "":
        return None
    if isinstance(data, (ListValue, MapValue)) and not data.items:
        return None
    return True


def _always_there(instance: Instance, symbol: Symbol) -> bool:
    """Return True if an attribute is never null, by its name: an id, ARN, name, URL or key id."""
    return bool(symbol.path) and str(symbol.path[-1]) in ("id", "arn", "name", "url", "key_id", "invoke_arn")


def _written(instance: Instance, name: str) -> Span:
    attribute = instance.attribute(name)
    if attribute is not None:
        return attribute.name_span
    return next((span for type_, span in instance.block_types() if type_ == name), instance.header)


def _words(condition: conflicts.Conflict, names: Sequence[str], where: str) -> tuple[str, str]:
    """The fact and the remedy, in words."""
    first, *others = condition.arguments
    if condition.kind in ("exactly_one", "at_least_one") and not names:
        word = "exactly one" if condition.kind == "exactly_one" else "at least one"
        return f"{where} sets none of {listed(condition.arguments, 'and')}", f"set {word} of them"
    if condition.kind == "excludes":
        beside = listed([name for name in names if name != first], "and")
        return f"{first} in {where} can't stand beside {beside}", "set one of them"
    if condition.kind in ("exactly_one", "at_most_one"):
        return f"{listed(names, 'and')} in {where} exclude each other", "set one of them"
    if condition.kind == "together":
        lacking = [name for name in condition.arguments if name not in names]
        return f"{where} sets {listed(names, 'and')} without {listed(lacking, 'and')}", "set all of them, or none"
    word = "one of " if condition.kind == "requires_one" and len(others) > 1 else ""
    lacking = [name for name in others if name not in names]
    return f"{first} in {where} needs {word}{', '.join(lacking)}", f"set {word}{', '.join(lacking)}"
