"""Functions that only the conditions of rules may call, one module a subject.

A function takes the stack, its arguments and the call's span, and gives a value: EvaluationError where its arguments
make no sense, Unknown with its reason where the answer can't be known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import cast

from ..records import dataclass, replace
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.values import Value
from ..text.source import Span

Function = Callable[[Stack, tuple[Value, ...], Span], Value]


@dataclass(frozen=True, slots=True)
class Signature:
    """The module of a function, and the least and the greatest number of its arguments."""

    module: str
    least: int
    most: int


VOCABULARY: Mapping[str, Signature] = {
    "given": Signature("values", 1, 1),
    "default": Signature("values", 2, 2),
    "exists": Signature("values", 1, 1),
    "literal": Signature("values", 1, 1),
    "computed": Signature("values", 1, 1),
    "texts": Signature("values", 1, 1),
    "by_variable": Signature("values", 1, 1),
    "written": Signature("values", 1, 1),
    "secret": Signature("values", 1, 1),
    "possible": Signature("values", 1, 1),
    "certain": Signature("values", 1, 1),
    "type_problem": Signature("values", 1, 1),
    "unknown": Signature("values", 1, 1),
    "production": Signature("values", 0, 0),
    "address": Signature("resources", 1, 1),
    "possible_blocks": Signature("resources", 2, 2),
    "label": Signature("resources", 1, 1),
    "labels": Signature("resources", 1, 1),
    "name": Signature("resources", 1, 1),
    "type": Signature("resources", 1, 1),
    "comments": Signature("resources", 1, 1),
    "tags": Signature("tags", 1, 1),
    "resources": Signature("resources", 1, 1),
    "variables": Signature("resources", 0, 0),
    "separate": Signature("resources", 1, 2),
    "referrers": Signature("resources", 2, 2),
    "parents": Signature("resources", 1, 1),
    "readers": Signature("resources", 2, 2),
    "references": Signature("resources", 1, 1),
    "attributes_in": Signature("resources", 1, 1),
    "provider": Signature("resources", 1, 1),
    "event_rules": Signature("resources", 1, 2),
    "outgoing": Signature("graph", 2, 2),
    "incoming": Signature("graph", 2, 2),
    "named_as_source": Signature("graph", 2, 2),
    "named_as_target": Signature("graph", 2, 2),
    "passed": Signature("graph", 1, 1),
    "reaches": Signature("graph", 3, 3),
    "circle": Signature("graph", 2, 2),
    "statements": Signature("iam", 1, 1),
    "covers": Signature("iam", 2, 2),
    "action": Signature("catalogue", 1, 1),
    "expand": Signature("catalogue", 1, 1),
    "fits": Signature("catalogue", 2, 2),
    "strangers": Signature("resource_forms", 1, 1),
    "limitable": Signature("catalogue", 1, 1),
    "misnomer": Signature("catalogue", 1, 1),
    "condition_key": Signature("catalogue", 1, 1),
    "carries": Signature("catalogue", 2, 2),
    "limits_resources": Signature("catalogue", 1, 1),
    "arn_problem": Signature("resource_forms", 1, 1),
    "breadth": Signature("resource_forms", 2, 2),
    "redundant": Signature("resource_forms", 1, 1),
    "admits": Signature("iam", 2, 3),
    "permits": Signature("iam", 3, 4),
    "limits": Signature("iam", 2, 2),
    "arn": Signature("iam", 1, 1),
    "everyone": Signature("policies", 1, 1),
    "confined": Signature("policies", 3, 3),
    "granted": Signature("policies", 2, 2),
    "sweeping": Signature("policies", 1, 1),
    "managed": Signature("policies", 1, 1),
    "service_principal": Signature("policies", 1, 1),
    "own_accounts": Signature("policies", 0, 0),
    "issuer": Signature("policies", 1, 1),
    "mentioned": Signature("policies", 1, 1),
    "key_users": Signature("keys", 1, 1),
    "writers": Signature("buckets", 1, 1),
    "reserved_username": Signature("databases", 2, 2),
    "refused_characters": Signature("databases", 2, 2),
    "engine_support": Signature("databases", 2, 2),
    "machine": Signature("documents", 1, 1),
    "run_of": Signature("runs", 1, 1),
    "started_each": Signature("starts", 1, 1),
    "due": Signature("dates", 1, 2),
    "runtime": Signature("dates", 1, 1),
    "schedule": Signature("documents", 2, 2),
    "watched": Signature("metrics", 1, 1),
    "metric": Signature("metrics", 2, 2),
    "dimension_problem": Signature("metrics", 2, 2),
    "fed": Signature("feeding", 2, 2),
    "fed_each": Signature("feeding", 2, 2),
    "way_out": Signature("networks", 1, 1),
    "remote_calls": Signature("networks", 1, 1),
    "file_at": Signature("files", 1, 1),
    "unread": Signature("files", 0, 0),
    "package": Signature("packages", 1, 1),
    "handler_files": Signature("packages", 2, 2),
    "providers_needed": Signature("providers", 0, 0),
    "listed": Signature("words", 1, 2),
}


def evaluator_of(stack: Stack) -> Evaluator:
    """The stack's evaluator with the vocabulary beside Terraform's functions; made once."""
    return stack.once(_evaluator)


def _evaluator(stack: Stack) -> Evaluator:
    return replace(stack.evaluator, vocabulary={name: partial(_call, stack, name) for name in VOCABULARY})


def _call(stack: Stack, name: str, arguments: tuple[Value, ...], span: Span) -> Value:
    signature = VOCABULARY[name]
    if not signature.least <= len(arguments) <= signature.most:
        raise EvaluationError(f'function "{name}" expects {counted(signature)}')
    value = _function(name)(stack, arguments, span)
    return value if value.span is not None else value.at(span)


@cache
def _function(name: str) -> Function:
    """A function of the table; its module is imported when one of its functions is called first."""
    return cast("Function", getattr(import_module(f"{__name__}.{VOCABULARY[name].module}"), name))


def counted(signature: Signature) -> str:
    """How many arguments a function takes, in words."""
    if signature.least == signature.most:
        return f"{signature.least} argument{'s' if signature.least > 1 else ''}"
    return f"{signature.least} to {signature.most} arguments"
