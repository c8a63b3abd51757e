"""`resource.aws_x.y` is `aws_x.y`."""

from __future__ import annotations

import pytest

from tests.stacks import module_of
from tflint_tap.hcl import parse_expression
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.values import Value
from tflint_tap.terraform.module.references import references
from tflint_tap.text.source import Source

TEXT = """\
resource "aws_sqs_queue" "q" {
  name = "jobs"
}
resource "aws_sqs_queue" "each" {
  for_each = { a = 1 }
  name     = each.key
}
resource "aws_sqs_queue" "counted" {
  count = 2
  name  = "n${count.index}"
}
resource "data" "odd" {
  name = "of a type that is called data"
}
"""


MODULE = module_of(TEXT)


def value(expression: str) -> Value:
    return Evaluator(MODULE).evaluate(parse_expression(Source("expression", expression)))


@pytest.mark.parametrize(
    "symbol",
    [
        "aws_sqs_queue.q",
        "aws_sqs_queue.q.arn",
        "aws_sqs_queue.q.name",
        'aws_sqs_queue.each["a"].name',
        'aws_sqs_queue.each["a"].url',
        "aws_sqs_queue.counted[1].name",
        "aws_sqs_queue.counted[*].name",
    ],
)
def test_a_resource_may_be_introduced_by_the_word(symbol: str) -> None:
    assert value(f"resource.{symbol}").data == value(symbol).data
    assert value(f"resource.{symbol}").reason == value(symbol).reason


def test_values_are_those_of_the_arguments() -> None:
    assert value("resource.aws_sqs_queue.q.name").data == "jobs"
    assert value('"${resource.aws_sqs_queue.counted[1].name}!"').data == "n1!"
    assert value("resource.data.odd.name").data == "of a type that is called data"


def test_what_is_not_declared_is_named_without_the_word() -> None:
    assert value("resource.aws_sqs_queue.lost.arn").reason == "aws_sqs_queue.lost isn't declared"
    assert value("resource.aws_sqs_queue").reason == "resource.aws_sqs_queue isn't declared"


def test_a_bound_name_is_stronger() -> None:
    assert value("[for resource in [{ a = { b = 1 } }] : resource.a.b][0]").data == 1


def test_the_address_lacks_the_word_and_the_place_has_it() -> None:
    expr = parse_expression(Source("expression", 'resource.aws_sqs_queue.each["a"].name'))
    (reference,) = references(expr)
    assert (reference.address, reference.path, reference.name_span.text) == (
        "aws_sqs_queue.each",
        ("a", "name"),
        "resource.aws_sqs_queue.each",
    )
