"""Versions and aliases of functions: what a call names, and which permissions serve it.

A permission with a qualifier serves those alone that call this version or alias by its ARN, one without serves those
that call the function without one: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html.
"""

from __future__ import annotations

from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from .parts import fields, parts_in, text_of, without_end
from .resolve import Resolver

_FUNCTION, _ALIAS, _PERMISSION = "aws_lambda_function", "aws_lambda_alias", "aws_lambda_permission"
_WHOLE = (("arn",), ("invoke_arn",), ("function_name",), ("id",))  # attributes of a function that name no version
_QUALIFIED = (("qualified_arn",), ("qualified_invoke_arn",))


def serves(holder: Instance, called: Value, resolver: Resolver) -> bool | Unknown:
    """True if a holder of a function's policy is about what is called: the function as a whole, a version or an alias.

    `called` is the ARN that is called. What holds no permission of a function serves every call.
    """
    if holder.declaration.type != _PERMISSION:
        return True
    asked = qualifier(called, resolver)
    given = holder.value("qualifier")
    if given.data is None:
        given = qualifier(holder.value("function_name"), resolver)
    if asked.data is None or given.data is None:
        return _unsure(asked) or _unsure(given) or asked.data is given.data
    if {_is_version(asked), _is_version(given)} == {True, False}:
        return False
    same = equal(asked, given)
    return Unknown(asked.reason or given.reason or "the qualifier isn't known") if same is None else same


def qualifier(named: Value, resolver: Resolver) -> Value:
    """The version or alias in the name or ARN of a function; null where it has none."""
    data = named.data
    if isinstance(data, Symbol):
        return _of_symbol(data, named, resolver)
    if not isinstance(data, (str, PartialString)):
        return Value(None) if named.reason is None else Value(Unknown(named.reason))
    parts = parts_in(data)
    cut = fields(without_end(parts, "/invocations") or parts, ":")
    start = cut.index(("function",)) + 1 if ("function",) in cut else 0
    name, rest = cut[start], cut[start + 1 :]
    if not rest and len(name) == 1 and isinstance(name[0], Symbol):  # within the ARN that an API calls
        return _of_symbol(name[0], named, resolver)
    return Value(text_of(rest[0])) if rest else Value(None)


def _of_symbol(symbol: Symbol, named: Value, resolver: Resolver) -> Value:
    type_ = symbol.address.partition(".")[0]
    if type_ == _ALIAS:
        aliases = resolver.meant(Value(symbol), (_ALIAS,)).certain
        return aliases[0].value("name") if len(aliases) == 1 else Value(Unknown(symbol.reason))
    if type_ == _FUNCTION and symbol.path in _WHOLE:
        return Value(None)
    if type_ == _FUNCTION and symbol.path in _QUALIFIED:
        return Value(Symbol(symbol.address, ("version",)))
    return Value(Unknown(named.reason or symbol.reason))


def _unsure(value: Value) -> Unknown | None:
    return value.data if isinstance(value.data, Unknown) else None


def _is_version(value: Value) -> bool | None:
    """True for a version, False for an alias, None for what may be either.

    No alias's name is a number: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html.
    """
    data = value.data
    if isinstance(data, Symbol):
        return True if data.path == ("version",) else None
    return data.isdecimal() if isinstance(data, str) else None
