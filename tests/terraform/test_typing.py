"""Every line of variable_types.txt, `type <- value`, comes to what Terraform makes of a variable's default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terraform.evaluation.oracle import ERROR, messages, printed, variable
from tflint_tap.hcl import parse_expression
from tflint_tap.hcl.nodes import Expr
from tflint_tap.terraform.evaluation.conversion import EvaluationError
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from tflint_tap.terraform.module import Module
from tflint_tap.terraform.typing import constraint_text, convert, parse_type
from tflint_tap.text.source import Source, Span

LINES = (Path(__file__).parent / "variable_types.txt").read_text(encoding="utf-8").splitlines()
ARN = Symbol("aws_sqs_queue.q", ("arn",))


def expression(text: str) -> Expr:
    return parse_expression(Source("expression", text))


def converted(type_: str, value: Value) -> Value:
    return convert(value, parse_type(expression(type_)))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.slow
def test_a_default_is_converted_as_terraform_converts_it(line: str, tmp_path: Path) -> None:
    type_, given = line.split(" <- ")
    value = Evaluator(Module((), {})).evaluate(expression(given))
    expected = variable(type_, given, tmp_path)
    reason = ""
    try:
        result = printed(converted(type_, value))
    except EvaluationError as error:
        result, reason = ERROR, error.reason
    assert result == expected
    # What doesn't fit is said in Terraform's words; what is no type at all in words that are like them.
    if reason and "type constraint:" in (message := messages(tmp_path)) and "optional(" not in type_:
        assert reason in message


@pytest.mark.parametrize(
    "text",
    [
        "string",
        "list(map(set(number)))",
        "object({a = string, b = optional(list(any)), c = object({})})",
        "tuple([string, bool])",
    ],
)
def test_a_constraint_is_printed_as_it_was_written(text: str) -> None:
    assert constraint_text(parse_type(expression(text))) == text


def unknown_cases() -> Iterator[tuple[str, Value, Value]]:
    arn, unknown = Value(ARN), Value(Unknown("why"))
    partial = Value(PartialString((ARN, "/x")))
    yield "string", arn, arn
    yield "string", partial, partial
    yield "number", partial, Value(Unknown("aws_sqs_queue.q.arn is known after apply"))
    yield "list(string)", unknown, unknown
    yield "list(string)", arn, arn
    yield (
        "list(string)",
        Value(ListValue((Value(1), arn), doubt=Unknown("why"))),
        Value(ListValue((Value("1"), arn), "list", Unknown("why"))),
    )
    yield (
        "set(string)",
        Value(ListValue((arn, Value("b"), Value("a"), Value("b")))),
        Value(ListValue((Value("a"), Value("b"), arn), "set", certain=0)),
    )
    yield (
        "map(number)",
        Value(MapValue({"a": Value("1"), "b": arn}, doubt=Unknown("why"))),
        Value(MapValue({"a": Value(1), "b": arn}, "map", Unknown("why"))),
    )
    yield (
        "object({a = string, b = string})",
        Value(MapValue({"a": Value(1)}, doubt=Unknown("why"))),
        Value(MapValue({"a": Value("1"), "b": unknown})),
    )
    yield (
        "tuple([string, number])",
        Value(ListValue((Value(1),), doubt=Unknown("why"), certain=1)),
        Value(ListValue((Value("1"), unknown))),
    )


@pytest.mark.parametrize(("type_", "given", "expected"), list(unknown_cases()))
def test_what_is_not_known_is_kept(type_: str, given: Value, expected: Value) -> None:
    assert converted(type_, given) == expected


def test_spans_and_marks_are_kept() -> None:
    span = Span(Source("main.tf", "12"), 0, 2)
    assert converted("string", Value(12, span, True)) == Value("12", span, True)
    assert converted("list(string)", Value(ListValue((Value(12, span),)), span)) == Value(
        ListValue((Value("12", span),), "list"), span
    )


def test_a_set_with_a_sensitive_element_is_sensitive() -> None:
    assert converted("set(string)", Value(ListValue((Value("a", sensitive=True),)))).sensitive
