"""Functions on the wiring, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stacks import stack_of
from tests.work import LINEAR, growth

from .writing import card, findings

STACK = """\
variable "x" {}
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_lambda_function_event_invoke_config" "c" {
  function_name = %s
  destination_config {
    on_failure {
      destination = %s
    }
  }
}
"""


def _verdict(folder: Path, require: str, text: str) -> str:
    """ "holds", "broken", or the reason of a doubt, for the queue of a stack."""
    found = findings(card(folder, f"match: resource.aws_sqs_queue\nrequire: '{require}'\n"), text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


@pytest.mark.parametrize(
    ("function", "destination", "verdict"),
    [
        ('"outside"', "aws_sqs_queue.q.arn", "holds"),
        ("var.x", "aws_sqs_queue.q.arn", "holds"),
        ('"outside"', '"arn:aws:sqs:us-west-2:111122223333:q"', "holds"),
        ('"outside"', '"arn:aws:sqs:us-west-2:111122223333:r"', "broken"),
        ('"outside"', 'var.x ? aws_sqs_queue.q.arn : ""', "var.x has no default"),
        ('"outside"', "var.x", "broken"),
    ],
)
def test_a_resource_is_named_as_target_wherever_the_source_is(
    tmp_path: Path, function: str, destination: str, verdict: str
) -> None:
    require = 'exists(named_as_target(self, "fails_over_to"))'
    assert _verdict(tmp_path, require, STACK % (function, destination)) == verdict


def test_a_block_that_may_not_be_there_names_nothing_for_certain(tmp_path: Path) -> None:
    text = (STACK % ('"outside"', "aws_sqs_queue.q.arn")).replace("  function_name", "  count = var.x\n  function_name")
    assert _verdict(tmp_path, 'exists(named_as_target(self, "fails_over_to"))', text) == "var.x has no default"


def test_a_resource_is_named_as_source_wherever_the_target_is(tmp_path: Path) -> None:
    text = (
        'variable "x" {}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.q.arn\n'
        "  function_name = var.x\n}\n"
    )
    require = 'join(",", [for via in named_as_source(self, "triggers") : label(via)]) == "m"'
    assert _verdict(tmp_path, require, text) == "holds"


def test_what_modules_are_given_is_told_with_the_argument(tmp_path: Path) -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nlocals {\n  arn = aws_sqs_queue.q.arn\n}\n'
        'module "m" {\n  source = "./m"\n  a = local.arn\n  b = 1\n}\n'
    )
    require = 'join(",", [for use in passed(self) : "${use.module} ${use.argument}"]) == "module.m a"'
    assert _verdict(tmp_path, require, text) == "holds"


def test_a_doubt_that_helps_nobody_can_be_left_out(tmp_path: Path) -> None:
    text = 'variable "x" {}\nresource "aws_sqs_queue" "q" {\n  name = var.x\n  policy = ""\n}\n'
    assert _verdict(tmp_path, "possible(given(self.name))", text) == "holds"
    assert _verdict(tmp_path, "possible(given(self.policy))", text) == "broken"


def test_an_excuse_can_be_asked_to_be_certain(tmp_path: Path) -> None:
    text = 'variable "x" {}\nresource "aws_sqs_queue" "q" {\n  fifo_queue = var.x\n  delay_seconds = 1\n}\n'
    assert _verdict(tmp_path, "certain(self.fifo_queue)", text) == "broken"
    assert _verdict(tmp_path, "certain(self.delay_seconds == 1)", text) == "holds"


def test_blocks_that_may_be_made_can_be_looked_at(tmp_path: Path) -> None:
    text = (
        'variable "x" {}\nresource "aws_lambda_function" "f" {\n  dynamic "tracing_config" {\n    for_each = var.x\n'
        '    content {\n      mode = "Active"\n    }\n  }\n}\n'
    )
    rule = 'match: resource.aws_lambda_function\nrequire: possible_blocks(self, "tracing_config")[0].mode == "Active"\n'
    assert findings(card(tmp_path, rule), text) == []


@pytest.mark.parametrize(
    ("type_", "verdict"), [("string", "holds"), ("strng", "broken"), ("list(string, number)", "broken")]
)
def test_types_can_be_read(tmp_path: Path, type_: str, verdict: str) -> None:
    found = findings(
        card(tmp_path, "match: variable\nrequire: type_problem(self) == null\n"),
        f'variable "v" {{\n  type = {type_}\n}}\n',
    )
    assert ("broken" if found else "holds") == verdict


@pytest.mark.parametrize(("written", "verdict"), [('"true"', "holds"), ("true", "holds"), ('"false"', "broken")])
def test_an_argument_is_read_as_the_provider_takes_it(tmp_path: Path, written: str, verdict: str) -> None:
    text = f'resource "aws_sqs_queue" "q" {{\n  fifo_queue = {written}\n}}\n'
    assert _verdict(tmp_path, "self.fifo_queue == true", text) == verdict


def _redriving(*pairs: tuple[str, str]) -> str:
    return "".join(
        f'resource "aws_sqs_queue" "{source}" {{\n  name = "{source}"\n}}\n'
        f'resource "aws_sqs_queue_redrive_policy" "{source}" {{\n  queue_url = aws_sqs_queue.{source}.url\n'
        f"  redrive_policy = jsonencode({{ deadLetterTargetArn = {target} }})\n}}\n"
        for source, target in pairs
    )


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([("a", "aws_sqs_queue.b.arn"), ("b", "aws_sqs_queue.c.arn"), ("c", "null")], []),
        ([("a", "aws_sqs_queue.a.arn"), ("b", "null")], ["a a"]),
        ([("b", "aws_sqs_queue.a.arn"), ("a", "aws_sqs_queue.b.arn")], ["b a b"]),
        ([("x", "aws_sqs_queue.a.arn"), ("a", "aws_sqs_queue.b.arn"), ("b", "aws_sqs_queue.a.arn")], ["a b a"]),
        ([("a", "var.x ? aws_sqs_queue.b.arn : null"), ("b", "aws_sqs_queue.a.arn")], ["var.x has no default"]),
        (
            [("a", "var.x ? aws_sqs_queue.b.arn : aws_sqs_queue.a.arn"), ("b", "aws_sqs_queue.b.arn")],
            ["b b", "var.x has no default"],
        ),
    ],
)
def test_a_circle_begins_at_the_first_of_its_resources(
    tmp_path: Path, pairs: list[tuple[str, str]], found: list[str]
) -> None:
    rule = card(
        tmp_path,
        'match: resource.aws_sqs_queue\nlet: {way: \'circle(self, "redrives_to")\'}\nrequire: "!exists(way)"\n',
        message="'${join(\" \", [for e in concat(way, [way[0]]) : label(e.source)])}'",
    )
    text = 'variable "x" {}\n' + _redriving(*pairs)
    assert [said for _, _, said in findings(rule, text)] == found


def test_the_circles_of_a_stack_are_sought_once() -> None:
    def circles(size: int) -> None:
        pairs = [(f"q{n}", f"aws_sqs_queue.q{n + 1}.arn" if n + 1 < size else "null") for n in range(size)]
        stack = stack_of(_redriving(*pairs))
        assert not any(stack.wiring.circle(queue, "redrives_to") for queue in stack.resources("aws_sqs_queue"))

    assert growth(circles, 50) < LINEAR


def test_readers_of_an_attribute_are_told_with_how_many_they_make(tmp_path: Path) -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nlocals {\n  arn = aws_sqs_queue.q.arn\n}\n'
        'resource "aws_ssm_parameter" "p" {\n  count = 0\n  value = local.arn\n}\n'
        'resource "aws_ssm_parameter" "two" {\n  count = 2\n  value = aws_sqs_queue.q.arn\n}\n'
        'output "whole" {\n  value = aws_sqs_queue.q\n}\noutput "url" {\n  value = aws_sqs_queue.q.url\n}\n'
    )
    said = '[for reader in readers(self, "arn") : "${reader.address} ${reader.instances}"]'
    wanted = "aws_ssm_parameter.p 0,aws_ssm_parameter.two 2,output.whole 1"
    assert _verdict(tmp_path, f'join(",", sort({said})) == "{wanted}"', text) == "holds"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("var.given", "holds"),
        ("local.given", "holds"),
        ("var.x", "broken"),
        ('"text"', "broken"),
        ('"${var.given}-1"', "broken"),
        ("null", "broken"),
    ],
)
def test_a_value_may_be_that_of_a_variable(tmp_path: Path, value: str, verdict: str) -> None:
    text = 'variable "x" {}\nvariable "given" {\n  default = "g"\n}\nlocals {\n  given = var.given\n}\n'
    text += f'resource "aws_sqs_queue" "q" {{\n  name = {value}\n}}\n'
    assert _verdict(tmp_path, "by_variable(self.name)", text) == verdict
