"""Checks of tracing: whether a function's requests can be followed."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import PartialString, Symbol, Value
from ...terraform.provenance import place

# Where CloudFront names the functions that it runs at its edge; X-Ray can't be used with those.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
_BEHAVIORS = ("default_cache_behavior", "ordered_cache_behavior")
_EDGE_SERVICE = "edgelambda.amazonaws.com"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each function whose tracing mode isn't Active, or may not be."""
    at_edge = set(_functions_at_edge(stack))
    for function in stack.resources("aws_lambda_function"):
        doubt = _untraced(function)
        if doubt is None or at_edge & {function.address, f"{function.declaration.address}[?]"}:
            continue
        if _runs_at_edge(stack, function):
            continue
        found = place(function, "tracing_config.mode")
        yield Hit(found.span, function.address, related=found.related, doubt=doubt or None)


def _untraced(function: Instance) -> str | None:
    """None for a traced function, "" for one that isn't, else why that can't be told."""
    for block in function.blocks("tracing_config"):
        mode = block.value("mode")
        if mode.data == "Active":
            return block.doubt or "" if block.optional else None
        return "" if mode.is_known else mode.reason
    return ""


def _functions_at_edge(stack: Stack) -> Iterator[str]:
    """The addresses of functions that a distribution of the stack runs at its edge."""
    for distribution in stack.resources("aws_cloudfront_distribution"):
        for behavior in _BEHAVIORS:
            for block in distribution.blocks(behavior):
                for association in block.blocks("lambda_function_association"):
                    yield from (symbol.address for symbol in _references(association.value("lambda_arn")))


def _references(value: Value) -> Iterator[Symbol]:
    data = value.data
    for part in data.parts if isinstance(data, PartialString) else (data,):
        if isinstance(part, Symbol):
            yield part


def _runs_at_edge(stack: Stack, function: Instance) -> bool:
    """Whether its role trusts the service that runs functions at CloudFront's edge."""
    role = stack.target(function.value("role"))
    if role is None or role.declaration.type != "aws_iam_role":
        return False
    policy = role.value("assume_role_policy")
    document = stack.target(policy)
    if document is not None and document.declaration.type == "aws_iam_policy_document":
        return any(
            identifier.data == _EDGE_SERVICE
            for statement in document.blocks("statement")
            for principals in statement.blocks("principals")
            for identifier in principals.value("identifiers").elements()
        )
    return isinstance(policy.data, (str, PartialString)) and _EDGE_SERVICE in str(policy.data)
