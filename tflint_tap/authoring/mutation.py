"""Mutants of a card's conditions: each operand dropped, flipped, made true or false, each number moved by one.

A card is strong if its own cases tell every mutant from it: a mutant that passes all of them says the same with a
part of the condition missing, so that nobody would notice if it were lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..hcl.children import parts
from ..hcl.nodes import Binary, Call, Conditional, Expr, For, Literal, Parentheses, Tuple, Unary
from ..records import dataclass
from ..rule import Rule
from ..rulebook.card import expression, parts_of
from ..rulebook.index import entry_of, rule_of
from .trial import Example, differences, examples_of

_EXPRESSIONS = ("where", "each", "require", "severity")
_QUANTIFIERS = ("alltrue", "anytrue")
_LOGICAL = ("&&", "||")
_COMPARISONS = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A card with one thing changed. `what` names the change: `require: self.x == 1 → true`."""

    what: str
    content: Mapping[str, Any]


def mutants(content: Mapping[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a card's conditions; none where Python judges."""
    for number, part in enumerate(parts_of(content)):
        for key in _EXPRESSIONS:
            text = part.get(key)
            if text is None or (key == "severity" and text in ("note", "warning", "error")):
                continue
            for old, new, changed in _changes(str(text).strip(), is_condition=key in ("where", "require")):
                yield Mutant(f"{key}: {old} → {new}", _with(content, number, {key: changed}))
        for name, text in part.get("let", {}).items():
            for old, new, changed in _changes(str(text).strip(), is_condition=False):
                yield Mutant(f"{name}: {old} → {new}", _with(content, number, {"let": {**part["let"], name: changed}}))


def _with(content: Mapping[str, Any], number: int, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    if "conditions" not in content:
        return {**content, **changes}
    conditions = list(content["conditions"])
    conditions[number] = {**conditions[number], **changes}
    return {**content, "conditions": conditions}


def _changes(text: str, *, is_condition: bool) -> Iterator[tuple[str, str, str]]:
    """The mutants of a text: the changed part, its replacement, and the whole text after the change."""
    root = expression("mutant", text)
    seen: set[str] = set()
    for expr, is_boolean in _operands(root, is_condition):
        start, end = expr.span.start, expr.span.end
        for new in _replacements(expr, is_boolean):
            changed = f"{text[:start]}{new}{text[end:]}"
            if changed not in seen and new != expr.span.text:
                seen.add(changed)
                yield _short(expr.span.text), _short(new), changed


def _short(text: str) -> str:
    return " ".join(text.split())


def _operands(root: Expr, is_condition: bool) -> Iterator[tuple[Expr, bool]]:
    """Every expression within, and if it stands where a bool is wanted."""
    pending = [(root, is_condition)]
    while pending:
        expr, is_boolean = pending.pop()
        yield expr, is_boolean
        pending += [(part, part in _booleans(expr, is_boolean)) for part in reversed(parts(expr))]


def _booleans(expr: Expr, is_boolean: bool) -> tuple[Expr, ...]:
    """The parts of an expression that have to be bools."""
    if isinstance(expr, Binary) and expr.operator in _LOGICAL:
        return (expr.left, expr.right)
    if isinstance(expr, Unary) and expr.operator == "!":
        return (expr.operand,)
    if isinstance(expr, Parentheses):
        return (expr.expr,) if is_boolean else ()
    if isinstance(expr, Conditional):
        return (expr.condition, expr.then, expr.otherwise) if is_boolean else (expr.condition,)
    if isinstance(expr, For):
        own = () if expr.condition is None else (expr.condition,)
        return (*own, expr.value_expr) if is_boolean else own
    if isinstance(expr, Call):
        if expr.name in _QUANTIFIERS:
            return expr.arguments
        return expr.arguments if expr.name == "try" and is_boolean else ()
    return expr.items if isinstance(expr, Tuple) and is_boolean else ()


def _replacements(expr: Expr, is_boolean: bool) -> Iterator[str]:
    """The replacements of an expression."""
    text = expr.span.text
    if isinstance(expr, Literal) and isinstance(expr.value, int) and not isinstance(expr.value, bool):
        yield str(expr.value + 1)
        yield str(expr.value - 1) if expr.value else "(-1)"
    if isinstance(expr, Binary) and expr.operator in _COMPARISONS:
        left, right = expr.left.span.text, expr.right.span.text
        yield f"({left} {_COMPARISONS[expr.operator]} {right})"
    if isinstance(expr, (For, Tuple)) or not is_boolean:
        return
    if not isinstance(expr, Literal) and not _is_unknown(expr):
        yield f"!({text})"
    yield "true"
    yield "false"


def _is_unknown(expr: Expr) -> bool:
    """Return True for `unknown("...")`, whose opposite is as unknown."""
    return isinstance(expr, Call) and expr.name == "unknown"


def survivors(rule: Rule, content: Mapping[str, Any]) -> tuple[list[Mutant], int]:
    """The mutants that a card's examples don't tell from it, and how many there are in all."""
    examples = list(examples_of(rule))
    made = list(mutants(content))
    return [mutant for mutant in made if not _is_killed(rule, mutant, examples)], len(made)


def _is_killed(rule: Rule, mutant: Mutant, examples: list[Example]) -> bool:
    changed = rule_of(rule.id, entry_of(rule.id, mutant.content))
    try:
        return any(differences(example, changed) for example in examples)
    except ValueError:  # the words of the card don't fit what the mutant judges
        return True
