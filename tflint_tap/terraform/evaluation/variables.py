"""The value of a variable: the given value, else its default, as its type converts it."""

from __future__ import annotations

from collections.abc import Callable

from ...hcl.nodes import Attribute, Expr, Literal
from ...records import replace
from ..module import Declaration
from ..module.references import references
from ..types import TypeConstraint, of_values
from ..typing import convert, parse_type
from .conversion import EvaluationError
from .inputs import Inputs
from .values import UNFIT, ErrorValue, Unknown, Value

Evaluate = Callable[[Expr], Value]  # where no names but the module's exist


def variable_value(declaration: Declaration, inputs: Inputs, evaluate: Evaluate) -> Value:
    """The value of a declared variable; Unknown where nothing is given and it has no default."""
    assert declaration.block is not None
    body = declaration.block.body
    type_attribute, default = body.attribute("type"), body.attribute("default")
    sensitive = _flag(body.attribute("sensitive"), otherwise=False)
    constraint = parse_type(type_attribute.expr) if type_attribute is not None else None
    expr = inputs.expr(declaration.name, constraint)
    given = _constant(expr, evaluate) if expr is not None else None
    if given is not None and given.data is None and not _flag(body.attribute("nullable"), otherwise=True):
        given = None
    if given is None:
        if inputs.doubt is not None:
            return Value(Unknown(inputs.doubt), declaration.span, sensitive)
        if default is None:
            unknown = Unknown(f"{declaration.address} has no default", variable=declaration.address)
            return Value(unknown, declaration.span, sensitive, type=_type(constraint))
        given = _constant(default.expr, evaluate)
    return _converted(declaration, given, constraint, sensitive=sensitive)


def passed_value(declaration: Declaration, given: Value | None, evaluate: Evaluate) -> Value:
    """The value of a variable of a called module; `given` is what the call passes, None where that is nothing."""
    assert declaration.block is not None
    body = declaration.block.body
    type_attribute, default = body.attribute("type"), body.attribute("default")
    constraint = parse_type(type_attribute.expr) if type_attribute is not None else None
    if given is not None and given.data is None and not _flag(body.attribute("nullable"), otherwise=True):
        given = None
    if given is None:
        if default is None:
            return Value(ErrorValue(f"{declaration.address}: {UNFIT}"), declaration.span)
        given = _constant(default.expr, evaluate)
    is_sensitive = _flag(body.attribute("sensitive"), otherwise=False)
    value = _converted(declaration, given, constraint, sensitive=is_sensitive)
    if isinstance(value.data, ErrorValue) and not isinstance(given.data, ErrorValue):
        return replace(value, data=ErrorValue(f"{value.data.reason} ({UNFIT})"))
    return value


def _converted(declaration: Declaration, given: Value, constraint: TypeConstraint | None, *, sensitive: bool) -> Value:
    if constraint is not None:
        try:
            given = convert(given, constraint)
        except EvaluationError as error:
            return Value(ErrorValue(f"{declaration.address}: {error.reason}"), given.span)
    return replace(given, sensitive=True) if sensitive else given


def some_value(declaration: Declaration, reason: str) -> Value:
    """Whatever is given for a variable: of its type, and not known for that reason."""
    assert declaration.block is not None
    written = declaration.block.body.attribute("type")
    try:
        constraint = parse_type(written.expr) if written is not None else None
    except EvaluationError:
        constraint = None
    return Value(Unknown(reason), type=_type(constraint))


def _type(constraint: TypeConstraint | None) -> TypeConstraint | None:
    return of_values(constraint) if constraint is not None and constraint.kind != "any" else None


def _constant(expr: Expr, evaluate: Evaluate) -> Value:
    """The value of an input or a default, which may refer to nothing."""
    for reference in references(expr):
        return Value(
            ErrorValue(f"{reference.address} can't be used here: a value can't refer to other objects"), reference.span
        )
    return evaluate(expr)


def _flag(attribute: Attribute | None, *, otherwise: bool) -> bool:
    expr = attribute.expr if attribute is not None else None
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, bool) else otherwise
