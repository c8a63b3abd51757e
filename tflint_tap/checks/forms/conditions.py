"""Conditions: validations of variables, preconditions, postconditions and assertions, and their messages."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_bool, to_text
from ...terraform.evaluation.values import ErrorValue, Unknown, Value
from ...terraform.module.marks import unmarked
from ..readings import readings
from ..references.failing_expression import SAID_ELSEWHERE
from .static import Misform

_WITH_LIFECYCLE = ("resource", "data", "ephemeral")


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with the conditions of a block, whatever is given for the variables."""
    if block.type == "variable" and block.labels:
        for validation in block.body.blocks_of("validation"):
            yield from _unused(block.labels[0].value, validation, stack)
            yield from _of_check(validation, stack)
    elif block.type == "output":
        for condition in block.body.blocks_of("precondition"):
            yield from _of_check(condition, stack)
    elif block.type == "check":
        for assertion in block.body.blocks_of("assert"):
            yield from _of_check(assertion, stack)
    if block.type in _WITH_LIFECYCLE:
        for lifecycle in block.body.blocks_of("lifecycle"):
            for type_ in ("precondition", "postcondition"):
                for condition in lifecycle.body.blocks_of(type_):
                    yield from _of_check(condition, stack)


def _unused(name: str, validation: Block, stack: Stack) -> Iterator[Misform]:
    """A validation that doesn't look at the value that it is there for."""
    condition = validation.body.attribute("condition")
    if condition is None:
        return
    found = stack.module.references(condition.expr)
    if not any(reference.address in (f"var.{name}", "var") for reference in found):
        what = f"the condition doesn't look at var.{unmarked(name)}, which it is to validate"
        yield Misform(condition.expr.span, what, f"refer to var.{unmarked(name)} in it")


def _of_check(check: Block, stack: Stack) -> Iterator[Misform]:
    condition, message = check.body.attribute("condition"), check.body.attribute("error_message")
    if condition is not None:
        yield from _condition(condition, check, stack)
    if message is not None and check.type != "validation":  # there it isn't asked for before the condition fails
        yield from _message(message, stack)


def _condition(condition: Attribute, check: Block, stack: Stack) -> Iterator[Misform]:
    if not stack.module.references(condition.expr) and check.type != "validation":
        what = f"the condition of this {check.type} refers to nothing, so it checks nothing"
        yield Misform(condition.expr.span, what, "refer to what is to be checked, or remove it")
        return
    value = _whatever_is_given(condition, stack)
    if isinstance(value.data, ErrorValue):
        span = value.span or condition.expr.span
        if not _is_said_elsewhere(value.data, condition, stack):
            what = f"Terraform can't evaluate the condition, whatever values the variables have: {value.data.reason}"
            yield Misform(span if condition.expr.span.contains(span) else condition.expr.span, what, "change it")
        return
    try:
        is_null = to_bool(value).data is None
    except EvaluationError:
        yield Misform(condition.expr.span, "the condition is neither true nor false", "write a condition")
        return
    if is_null:
        yield Misform(condition.expr.span, "the condition is null", "write a condition")


def _is_said_elsewhere(failure: ErrorValue, condition: Attribute, stack: Stack) -> bool:
    if any(words in failure.reason for words in SAID_ELSEWHERE):
        return True
    wrong = (problem for reading in readings(stack) for problem in reading.wrong)
    return any(condition.expr.span.contains(problem.span) for problem in wrong)


def _message(message: Attribute, stack: Stack) -> Iterator[Misform]:
    value = _whatever_is_given(message, stack)
    try:
        to_text(value)
    except EvaluationError:
        yield Misform(message.expr.span, "error_message is no text", "write a text in quotes")


def _whatever_is_given(attribute: Attribute, stack: Stack) -> Value:
    """The value where nothing is given for the variables, and resources aren't known."""
    return stack.whatever_is_given.evaluate(attribute.expr, _NAMES)


_NAMES = {name: Value(Unknown("it is known in an instance only")) for name in ("each", "count", "self")}
