"""Values that cross the border of a called module: what its call passes in, and what its outputs give back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..module import Declaration
from ..module.calls import CallSite, Passed
from ..module.graph import circles
from .values import REFERS_TO_ITSELF, ErrorValue, Value
from .variables import passed_value

if TYPE_CHECKING:
    from .evaluator import Evaluator


def passed_in(evaluator: Evaluator, variable: Declaration, passed: Passed) -> Value:
    """The value of a variable of a called module."""
    module = evaluator.module
    if variable.address in module.once(circles):
        return Value(ErrorValue(f"{variable.address} {REFERS_TO_ITSELF}"), variable.span)
    given = None
    if passed.expr is not None:
        instance = evaluator.instance(module.declarations[passed.call], passed.instance)
        given = evaluator.evaluate(passed.expr, instance.names if instance is not None else {})
    return passed_value(variable, given, evaluator.evaluate)


def given_back(evaluator: Evaluator, site: CallSite, name: str | int) -> Value | None:
    """The value of an output of a called module; None where a part of the module can't be read."""
    module = evaluator.module
    output = module.declarations.get(f"output.{name}{site.mark}")
    written = output.block.body.attribute("value") if output is not None and output.block is not None else None
    if output is None or written is None:
        return Value(ErrorValue(f"{site.call} has no output {name}")) if module.is_whole else None
    if output.address in module.once(circles):
        return Value(ErrorValue(f"{output.address} {REFERS_TO_ITSELF}"), written.expr.span)
    return evaluator.evaluate(written.expr)
