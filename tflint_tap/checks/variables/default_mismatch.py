"""Defaults that Terraform or the variable's own validation refuses."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block, Literal, Template
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_bool
from ...terraform.evaluation.values import ErrorValue, Value
from ...terraform.module import Declaration
from ...terraform.typing import ANY, TypeConstraint, convert, parse_type
from ...text.source import Related
from ..references.failing_expression import SAID_ELSEWHERE
from .declarations import flag, variables


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
    """The validations that the default breaks, or of which it can't be told."""
    validations = block.body.blocks_of("validation")
    if not validations:
        return
    evaluator = stack.evaluator.supposing({declaration.address: value})
    for validation in validations:
        condition = validation.body.attribute("condition")
        if condition is None:
            continue
        verdict = evaluator.evaluate(condition.expr)
        try:
            verdict = to_bool(verdict)
        except EvaluationError as error:
            verdict = Value(ErrorValue(error.reason))
        if verdict.data is True:
            continue
        if isinstance(verdict.data, ErrorValue) and not any(words in verdict.data.reason for words in SAID_ELSEWHERE):
            what = f"makes its own validation fail: {verdict.data.reason}"
            values = {"what": what, "right": "use a value that the condition can be evaluated for, or change this"}
            here = Related("this is the default", default.expr.span)
            yield Hit(condition.expr.span, declaration.address, values, (here,))
            return
        words = {"what": f"breaks its own validation{_message(validation)}", "right": "use a value that it admits"}
        related = (Related("this condition is false", condition.expr.span),)
        doubt = None if verdict.data is False else verdict.reason or "the condition is null"
        yield Hit(default.expr.span, declaration.address, words, related, doubt=doubt)
        if doubt is None:
            return


def _message(validation: Block) -> str:
    message = validation.body.attribute("error_message")
    text = message.expr.literal if message is not None and isinstance(message.expr, Template) else None
    return f": {text.strip().rstrip('.')}" if text else ""
