"""What depends on what."""

from __future__ import annotations

from tests.stacks import module_of
from tflint_tap.terraform.module.graph import Dependency, dependencies, loops
from tflint_tap.text.source import Source, Span


def test_loops_come_in_the_order_of_the_text() -> None:
    span = Span(Source("x.tf", ""), 0, 0)

    def edge(source: str, target: str) -> Dependency:
        return Dependency(source, target, span, "x")

    found = loops([edge("d", "c"), edge("b", "a"), edge("c", "d"), edge("a", "b"), edge("a", "d"), edge("a", "e")])
    assert [[step.source for step in loop.steps] for loop in found] == [["d", "c"], ["b", "a"]]


def test_dependencies_say_in_which_argument_they_stand() -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  name       = var.n\n  depends_on = ["data.aws_region.r[0]"]\n}\n'
        'data "aws_region" "r" {}\nvariable "n" {}\nprovider "aws" {\n  region = var.n\n}\n'
    )
    found = dependencies(module_of(text))
    assert [(item.source, item.target, item.by) for item in found] == [
        ("aws_sqs_queue.q", "var.n", "name"),
        ("aws_sqs_queue.q", "data.aws_region.r", "depends_on"),
        ("aws_sqs_queue.q", "provider.aws", "provider"),
        ("data.aws_region.r", "provider.aws", "provider"),
        ("provider.aws", "var.n", "region"),
    ]
