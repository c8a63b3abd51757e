"""Short ways to write values and calls in tests."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from tflint_tap.terraform.evaluation.values import Data, ListValue, MapValue, PartialString, Symbol, Unknown, Value
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.functions import call as call_function
from tflint_tap.text.source import Source, Span

SOURCE = Source("main.tf", "0123456789")
HERE = Span(SOURCE, 0, 1)  # where calls are written
ARN = Symbol("aws_sqs_queue.q", ("arn",))
OTHER = Symbol("aws_sns_topic.t", ("arn",))
WHY = Unknown("var.x has no default")
ARN_WHY = Unknown("aws_sqs_queue.q.arn is known after apply")
Plain: TypeAlias = "Data | Value | list[Plain] | dict[str, Plain]"


def value(plain: Plain) -> Value:
    """A value of Python's lists and dicts: tuples and objects."""
    if isinstance(plain, Value):
        return plain
    if isinstance(plain, list):
        return Value(ListValue(tuple(map(value, plain))))
    if isinstance(plain, dict):
        return Value(MapValue({key: value(item) for key, item in plain.items()}))
    return Value(plain)


def items(
    *plain: Plain,
    kind: Literal["tuple", "list", "set"] = "tuple",
    doubt: Unknown | None = None,
    certain: int | None = None,
) -> Value:
    return Value(ListValue(tuple(map(value, plain)), kind, doubt, certain))


def pairs(
    plain: Mapping[str, Plain], *, kind: Literal["object", "map"] = "object", doubt: Unknown | None = None
) -> Value:
    return Value(MapValue({key: value(item) for key, item in plain.items()}, kind, doubt))


def text(*parts: str | Symbol | Unknown) -> PartialString:
    return PartialString(parts)


def call(name: str, *arguments: Plain, environment: Environment | None = None) -> Value:
    """The call's value."""
    return call_function(name, tuple(map(value, arguments)), HERE, environment or Environment())


def bare(found: Value) -> Value:
    """Without spans, what jsonencode kept, and pieces: what tests of the data alone compare."""
    data = found.data
    if isinstance(data, ListValue):
        data = ListValue(tuple(map(bare, data.items)), data.kind, data.doubt, data.certain)
    elif isinstance(data, MapValue):
        data = MapValue({key: bare(item) for key, item in data.items.items()}, data.kind, data.doubt)
    return Value(data, sensitive=found.sensitive)


def data_of(name: str, *arguments: Plain, environment: Environment | None = None) -> Data:
    """The data that a call gives, without spans."""
    return bare(call(name, *arguments, environment=environment)).data


__all__ = [
    "ARN", "ARN_WHY", "HERE", "OTHER", "SOURCE", "WHY", "Fraction", "bare", "call", "data_of", "items", "pairs", "text",
    "value",
]  # fmt: skip
