"""Functions on values: whether they are given, known, secret, there at all."""

from __future__ import annotations

from ..hcl import parse_expression
from ..secrets.texts import known_secrets
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import (
    ErrorValue,
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    View,
    is_sensitive,
)
from ..terraform.typing import RepeatedAttribute, parse_type
from ..text.source import Source, Span
from .views import subject_of

_ENVIRONMENTS = ("environment", "env", "environment_name", "env_name", "stage")
_PRODUCTION = ("prod", "production", "prd")


def given(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`given(self.kms_key_id)`: true if an argument is set to something: not null, not "", not an empty collection.

    An attribute of a resource or data source counts as something, though only AWS can tell what. Whether a
    module's output or an unknown value is set isn't known.
    """
    data = arguments[0].data
    if isinstance(data, Symbol):
        certain = not data.address.startswith("module.")
        return Value(True if certain else Unknown(data.reason), span)
    if isinstance(data, PartialString):
        certain = any(isinstance(part, str) for part in data.parts)
        return Value(True if certain else Unknown(data.reason), span)
    if isinstance(data, (ListValue, MapValue)):
        return exists(stack, arguments, span)
    if isinstance(data, (Unknown, ErrorValue)):
        return Value(data, span)
    return Value(data is not None and data != "", span)


def default(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`default(self.timeout, 3)`: the argument, or what AWS takes for it where it is null."""
    value, instead = arguments
    return instead if value.data is None else value


def exists(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`exists(list)`: true if a collection certainly has an element, unknown if it may have one."""
    data = arguments[0].data
    if isinstance(data, (ListValue, MapValue)):
        return Value(data.doubt if not data.items and data.doubt is not None else bool(data.items), span)
    if isinstance(data, (Unknown, Symbol)):
        return Value(data if isinstance(data, Unknown) else Unknown(data.reason), span)
    if data is None:
        return Value(False, span)
    raise EvaluationError("exists takes a list, set or map")


def literal(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`literal(self.name)`: true if the value is known and written as text, number or bool, wherever that stands."""
    value = arguments[0]
    if isinstance(value.data, (Unknown, ErrorValue)):
        return Value(value.data, span)
    if not isinstance(value.data, (str, int)) or value.span is None:
        return Value(False, span)
    text = value.span.text
    return Value((text[:1] in ('"', "<") and "${" not in text) or (not text[:1].isalpha() and "(" not in text), span)


def computed(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`computed(cidr)`: true if a value is an attribute of a resource or data source that only AWS can tell.

    A module's output may be anything, so it isn't one.
    """
    data = arguments[0].data
    return Value(isinstance(data, Symbol) and not data.address.startswith("module."), span)


def by_variable(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`by_variable(self.password)`: true if a value is a variable's as it is: its default, or what is given for it."""
    own = arguments[0].span
    if own is None or not arguments[0].is_known:
        return Value(False, span)
    declaration = stack.module.declaration_at(own) if stack.holds(own) else None
    return Value(not stack.holds(own) or (declaration is not None and declaration.kind == "variable"), span)


def written(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`written(self.image_uri)`: the code that a value is made by, as it is written."""
    own = arguments[0].span
    return Value("" if own is None else own.code, own or span)


def secret(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`secret(x)`: true if a value is marked sensitive, or is text of a known secret's form."""
    value = arguments[0]
    if is_sensitive(value):
        return Value(True, span)
    if isinstance(value.data, str):
        return Value(bool(known_secrets(value.data)), span)
    return Value(value.data if isinstance(value.data, (Unknown, ErrorValue)) else False, span)


def texts(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`texts(self.default)`: all strings in a value or block, at any depth, each at the place where it is written."""
    found: list[Value] = []
    doubt: Unknown | None = None
    pending = [arguments[0]]
    while pending:
        value = pending.pop()
        data = value.data
        if isinstance(data, str):
            found.append(value)
        elif isinstance(data, (Unknown, PartialString)):
            doubt = doubt or Unknown(data.reason)
        elif isinstance(data, (ListValue, MapValue)):
            doubt = doubt or data.doubt
            pending += reversed(list(value.elements()))
        elif isinstance(data, View):
            pending.append(Value(data.object))
    return Value(ListValue(tuple(found), "list", doubt, None if doubt is None else len(found)), span)


def possible(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`possible(given(x))`: true unless a condition certainly fails, where a doubt would help nobody."""
    return Value(arguments[0].data is not False, span)


def certain(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`certain(admits(s, "x"))`: true only if a condition certainly holds: for what would be too good an excuse."""
    return Value(arguments[0].data is True, span)


def type_problem(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`type_problem(self)`: why a variable's type is none that Terraform knows; null where it is one, or absent."""
    instance = subject_of(arguments[0])
    if instance is None:
        raise EvaluationError("type_problem takes a variable")
    attribute = instance.attribute("type")
    if attribute is None:
        return Value(None, span)
    try:
        parse_type(attribute.expr)
    except RepeatedAttribute:
        return Value(None, span)  # syntax/duplicate-argument has it
    except EvaluationError as error:
        return Value(error.reason, span)
    return Value(None, span)


def production(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`certain(production())`: true if the stack's environment evaluates to prod or production.

    The environment is the variable or local that is called environment, env or stage; a stack without one isn't
    known to be in production.
    """
    for address in (f"{kind}.{name}" for kind in ("var", "local") for name in _ENVIRONMENTS):
        if stack.declared(address) is not None:
            value = stack.evaluator.evaluate(parse_expression(Source(address, address)))
            if isinstance(value.data, str):
                return Value(value.data.strip().lower() in _PRODUCTION, value.span)
            return Value(Unknown(value.reason or f"{address} is no text"), value.span)
    return Value(Unknown("no variable or local is called environment"), span)


def unknown(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`unknown("the snapshot decides")`: what can't be decided, with the reason that the doubt gives."""
    reason = arguments[0].data
    if not isinstance(reason, str):
        raise EvaluationError('function "unknown" expects a reason')
    return Value(Unknown(reason), span)
