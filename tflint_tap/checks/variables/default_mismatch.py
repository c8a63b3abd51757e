"""Defaults that Terraform or the variable's own validation refuses."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Binary, Block, Expr, Literal, Parentheses, Template, Unary
from ...records import replace
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_bool
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.values import ErrorValue, Value
from ...terraform.module import Declaration
from ...terraform.module.pins import admits_before, excludes_terraform
from ...terraform.typing import ANY, TypeConstraint, convert, parse_type
from ...text.source import Related
from ..references.failing_expression import SAID_ELSEWHERE
from .declarations import flag, variables

_LAZY_SINCE = (1, 12, 0)  # https://github.com/hashicorp/terraform/blob/v1.12/CHANGELOG.md
_BOTH_SIDES = "Terraform before 1.12 evaluates both sides of && and ||, and "


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Defaults that aren't constant, don't fit the type, or break the variable's own validation."""
    for declaration, block in variables(stack):
        default = block.body.attribute("default")
        if default is None:
            continue
        refused = _refused(stack, block, default)
        if isinstance(refused, Hit):
            yield Hit(refused.span, declaration.address, refused.values)
            continue
        if refused is not None:
            yield from _invalid(stack, declaration, block, default, refused)


def _refused(stack: Stack, block: Block, default: Attribute) -> Hit | Value | None:
    """A hit where Terraform refuses the default, else its value; None where the type isn't known."""
    for reference in stack.module.references(default.expr):
        what = f"refers to {reference.address}, and a default has to be constant"
        return Hit(reference.span, None, {"what": what, "right": "use a constant, and compute the value in a local"})
    call = next(iter(stack.module.calls(default.expr)), None)
    if call is not None:
        what = f"calls {call.name}, and a default has to be constant"
        return Hit(call.name_span, None, {"what": what, "right": "use a constant, and compute the value in a local"})
    value = stack.evaluator.evaluate(default.expr)
    if isinstance(default.expr, Literal) and default.expr.value is None:
        if flag(block, "nullable") is False:
            values = {"what": "is null, and the variable isn't nullable", "right": "set a value, or remove the default"}
            return Hit(default.expr.span, None, values)
        return value
    try:
        return convert(value, _constraint(block))
    except EvaluationError as error:
        values = {"what": f"doesn't fit its type: {error.reason}", "right": "use a value of the type"}
        return Hit(default.expr.span, None, values)
    except _NoType:
        return None


class _NoType(Exception):
    """The type is none that Terraform knows."""


def _constraint(block: Block) -> TypeConstraint:
    type_ = block.body.attribute("type")
    if type_ is None:
        return ANY
    try:
        return parse_type(type_.expr)
    except EvaluationError:
        raise _NoType from None


def _invalid(stack: Stack, declaration: Declaration, block: Block, default: Attribute, value: Value) -> Iterator[Hit]:
    """The validations that the default breaks, or of which it can't be told.

    Where another value is given, nothing fails, and only whoever gives none is misled.
    """
    is_given = stack.evaluator.inputs.expr(declaration.name, None) is not None
    right = "leave it out: a value has to be given" if is_given else "use a value that it admits"
    evaluator = stack.evaluator.supposing({declaration.address: value})
    for validation in block.body.blocks_of("validation"):
        condition = validation.body.attribute("condition")
        if condition is None:
            continue
        verdict = _verdict(evaluator, condition.expr)
        lazy = verdict if verdict.is_known else _short_circuited(evaluator, condition.expr)
        is_old, doubt = False, None
        if lazy.data is True and verdict.data is not True:
            is_old = excludes_terraform(stack.module, _LAZY_SINCE)
            doubt = None if is_old or not admits_before(stack.module, _LAZY_SINCE) else f"{_BOTH_SIDES}{verdict.reason}"
            if not is_old and doubt is None:
                continue
        elif lazy.data is True:
            continue
        elif isinstance(lazy.data, ErrorValue) and not any(words in lazy.data.reason for words in SAID_ELSEWHERE):
            what = f"makes its own validation fail: {lazy.data.reason}"
            here = (Related("this is the default", default.expr.span),)
            severity = Severity.WARNING if is_given else None
            yield Hit(condition.expr.span, declaration.address, {"what": what, "right": right}, here, severity)
            return
        elif lazy.data is not False:
            doubt = verdict.reason or "the condition is null"
        failing = f"can't be validated: {_BOTH_SIDES}{verdict.reason}" if is_old else ""
        words = {"what": failing or f"breaks its own validation{_message(validation)}", "right": right}
        label = "this is the condition" if failing or doubt is not None else "this condition is false"
        related = (Related(label, condition.expr.span),)
        severity = Severity.WARNING if is_given else None
        yield Hit(default.expr.span, declaration.address, words, related, severity, doubt=doubt)
        if doubt is None:
            return


def _verdict(evaluator: Evaluator, condition: Expr) -> Value:
    """A condition's value as Terraform before 1.12 has it, which evaluates both sides of `&&` and `||`."""
    try:
        return to_bool(evaluator.evaluate(condition))
    except EvaluationError as error:
        return Value(ErrorValue(error.reason))


def _short_circuited(evaluator: Evaluator, condition: Expr) -> Value:
    """A condition's value as Terraform has it since 1.12: what the left side settles isn't evaluated further."""
    if isinstance(condition, Parentheses):
        return _short_circuited(evaluator, condition.expr)
    if isinstance(condition, Unary) and condition.operator == "!":
        value = _short_circuited(evaluator, condition.operand)
        return replace(value, data=not value.data) if isinstance(value.data, bool) else value
    if not isinstance(condition, Binary) or condition.operator not in ("&&", "||"):
        return _verdict(evaluator, condition)
    left = _short_circuited(evaluator, condition.left)
    settles = left.data is (condition.operator == "||")
    return left if settles or not left.is_known else _short_circuited(evaluator, condition.right)


def _message(validation: Block) -> str:
    message = validation.body.attribute("error_message")
    text = message.expr.literal if message is not None and isinstance(message.expr, Template) else None
    return f": {text.strip().rstrip('.')}" if text else ""
