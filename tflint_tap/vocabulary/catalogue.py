"""Functions on the catalogue of actions: what an action is, what a pattern covers, what resources an action has."""

from __future__ import annotations

from collections.abc import Iterable

from ..iam import actions as catalogue
from ..iam import conditions, misnomers
from ..iam.actions import as_of
from ..iam.resource_texts import resource_text
from ..iam.wildcards import covers_every_resource
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..text.source import Span
from .iam import statement_of


def action(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`action("sqs:SendMessage")`: {name, levels, types, arns, keys}; null where the catalogue has no such action."""
    name = _text(arguments[0], "action takes the name of an action")
    if isinstance(name, Unknown):
        return Value(name, span)
    found = catalogue.action(name)
    if found is None:
        return Value(None, span)
    types = found.types()
    keys = dict.fromkeys(key.name for key in (*found.condition_keys(), *(key for type_ in types for key in type_.keys)))
    parts = {
        "name": Value(found.name),
        "levels": _listed(found.levels),
        "types": _listed(type_.name for type_ in types),
        "arns": _listed(arn.replace("{}", "*") for type_ in types for arn in type_.arns),
        "keys": _listed(keys),
    }
    return Value(MapValue(parts), span)


def expand(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`expand("dynamodb:Get*")`: the names of the actions that a pattern covers."""
    pattern = _text(arguments[0], "expand takes an action pattern")
    if isinstance(pattern, Unknown):
        return Value(pattern, span)
    return _listed(catalogue.expand(pattern)).at(span)


def fits(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`fits("sqs:SendMessage", aws_sqs_queue.jobs.arn)`: true if an action applies to a resource of a statement.

    Of a pattern, any action that it covers will do.
    """
    pattern = _text(arguments[0], "fits takes an action and a resource")
    if isinstance(pattern, Unknown):
        return Value(pattern, span)
    if catalogue.limitable(pattern) is None:
        return Value(Unknown(f"{pattern} isn't in the catalogue of actions of {as_of()}"), span)
    if covers_every_resource(arguments[1]) is True:
        return Value(True, span)
    resource = resource_text(arguments[1], stack.module)
    if resource is None:
        if not isinstance(arguments[1].data, (Unknown, Symbol, PartialString)):
            raise EvaluationError("fits takes an action and a resource")
        return Value(Unknown(arguments[1].reason or "the resource isn't known"), span)
    return Value(catalogue.fits_any(catalogue.expand(pattern), (resource,)), span)


def limitable(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`limitable("ec2:Describe*")`: true if an action, or half of a pattern's, can be limited to resources."""
    pattern = _text(arguments[0], "limitable takes an action pattern")
    return Value(pattern if isinstance(pattern, Unknown) else catalogue.limitable(pattern), span)


def misnomer(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`misnomer("sqs:SendMesage")`: {actions, near, is_typo, as_of} of a name that is no action."""
    name = _text(arguments[0], "misnomer takes the name of an action")
    if isinstance(name, Unknown):
        return Value(name, span)
    found = misnomers.misnomer(name)
    parts = {
        "actions": _listed(found.actions),
        "near": Value(found.near),
        "is_typo": Value(found.is_typo),
        "as_of": Value(as_of()),
    }
    return Value(MapValue(parts), span)


def condition_key(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`condition_key("aws:SourceArn")`: {is_known, type, near}."""
    name = _text(arguments[0], "condition_key takes the name of a condition key")
    if isinstance(name, Unknown):
        return Value(name, span)
    found = conditions.key_facts(name)
    return Value(
        MapValue({"is_known": Value(found.is_known), "type": Value(found.type), "near": Value(found.near)}), span
    )


def carries(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`carries("s3:ListBucket", "s3:prefix")`: true if requests for an action carry a condition key."""
    pattern, key = (_text(argument, "carries takes an action pattern and a condition key") for argument in arguments)
    if isinstance(pattern, Unknown) or isinstance(key, Unknown):
        return Value(pattern if isinstance(pattern, Unknown) else key, span)
    return Value(conditions.carries(pattern, key), span)


def limits_resources(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`limits_resources(statement)`: true if a condition limits the statement to some resources."""
    statement = statement_of(arguments[0])
    if statement is None:
        raise EvaluationError("limits_resources takes a statement")
    verdict = conditions.limits_resources(statement)
    return Value(Unknown(verdict) if isinstance(verdict, str) else verdict, span)


def _text(value: Value, otherwise: str) -> str | Unknown:
    if isinstance(value.data, str):
        return value.data
    if value.is_known:
        raise EvaluationError(otherwise)
    return Unknown(value.reason or "the action isn't known")


def _listed(names: Iterable[str]) -> Value:
    return Value(ListValue(tuple(map(Value, names)), "list"))
