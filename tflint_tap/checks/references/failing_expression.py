"""Expressions that Terraform can't evaluate, whatever is given for the variables."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Expr
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.values import REFERS_TO_ITSELF, ErrorValue, Value
from ...terraform.evaluation.written import Written, written_values
from ...text.source import Span

# What other rules say of such an expression.
SAID_ELSEWHERE = ("isn't declared", REFERS_TO_ITSELF, "can't be used here", "there is no function named")
_READING = ("file", "templatefile")  # how the functions begin that read files, which may be made before the plan
LONGEST_SUBJECT = 60


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each expression that fails, where its innermost failing part is written."""
    without = stack.whatever_is_given
    found: dict[int, tuple[ErrorValue, Span, str]] = {}
    for written in written_values(stack.evaluator):
        failed = _failed(written.value)
        if failed is None or not isinstance(failed.data, ErrorValue) or not _is_certain(written, failed, without):
            continue
        if _reads(stack, written.attribute.expr):
            continue
        span = failed.span or written.attribute.expr.span
        known = found.get(id(failed.data))  # what is made of something that fails, fails as it does
        if known is None or span.end - span.start < known[1].end - known[1].start:
            found[id(failed.data)] = (failed.data, span, written.address)
    for failure, span, address in found.values():
        yield Hit(span, address, {"what": _words(span), "reason": failure.reason})


def _failed(value: Value) -> Value | None:
    """The first part of a value that is a failure."""
    if isinstance(value.data, ErrorValue):
        return value
    return next(filter(None, map(_failed, value.elements())), None)


def _is_certain(written: Written, failed: Value, without: Evaluator) -> bool:
    """Return True if the failure lies in this expression, is no other rule's matter, and comes whatever is given."""
    expr = written.attribute.expr
    assert isinstance(failed.data, ErrorValue)
    if any(words in failed.data.reason for words in SAID_ELSEWHERE):
        return False
    if failed.span is not None and not expr.span.contains(failed.span):
        return False
    names = written.instance.names if written.instance is not None else {}
    return _failed(without.evaluate(expr, names)) is not None


def _reads(stack: Stack, expr: Expr) -> bool:
    """Return True if an expression reads a file, itself or by way of what it refers to."""
    exprs = [expr]
    for _, declaration in stack.reached([expr]):
        if declaration is not None and declaration.kind == "local":
            exprs.append(declaration.expr)
    calls = (call for item in exprs for call in stack.module.calls(item))
    return any(call.name.removeprefix("core::").startswith(_READING) for call in calls)


def _words(span: Span) -> str:
    text = " ".join(span.code.split())
    if text.startswith(("[", ".")) and not text.endswith("]"):
        return "this part"  # of a splat: what is asked of its elements
    return text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"
