"""A broken file gives a diagnostic for each broken block, and its sound blocks."""

from __future__ import annotations

import pytest

from tests.stacks import module_of
from tflint_tap.hcl import parse
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.text.source import Source

QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


def read(text: str) -> tuple[list[str], list[tuple[int, int, str]]]:
    """The names of the sound blocks; line, column and message of the diagnostics."""
    file = parse(Source("main.tf", text))
    names = [block.labels[-1].value if block.labels else block.type for block in file.body.blocks]
    return names, [(one.span.line, one.span.column, one.message) for one in file.diagnostics]


@pytest.mark.parametrize(
    ("text", "names", "diagnostics"),
    [
        (QUEUE + TOPIC, ["q", "t"], []),
        ('locals {\n  a = \n}\n' + TOPIC, ["t"], [(2, 7, "missing expression at the end of the line")]),
        ('locals {\n  a = 1\n\n' + TOPIC, ["t"], [(1, 8, "unclosed configuration block")]),
        (QUEUE + "}\n" + TOPIC, ["q", "t"], [(4, 1, "unexpected }: no bracket is open")]),
        (QUEUE + "stray\n" + TOPIC, ["q", "t"], [(4, 1, "stray is not an argument or a block definition")]),
        (
            'locals {\n  a = "x\n}\n' + QUEUE + 'locals {\n  b = [1 2]\n}\n' + TOPIC,
            ["q", "t"],
            [(2, 7, "invalid multi-line string"),
             (8, 10, "missing comma or closing bracket before 2")],
        ),
        (
            'locals {\n  a = <<EOT\nresource "x" "y" {\nEOT\n}\n' + "locals {\n  b = 1 c = 2\n}\n",
            ["locals"],
            [(7, 9, "missing newline after argument")],
        ),
        ('locals {\n  a = <<EOT\n}\n' + QUEUE, ["q"], [(4, 1, "unclosed heredoc of line 2")]),
        ('locals {\n  a = 1\n  /* b\n}\n' + QUEUE, ["q"], [(3, 3, "unclosed comment")]),
        ('locals {\n  a = "${b"\n}\n' + QUEUE, ["q"], [(2, 11, "unclosed template interpolation")]),
    ],
)  # fmt: skip
def test_sound_blocks_stay_and_each_broken_one_is_reported(
    text: str, names: list[str], diagnostics: list[tuple[int, int, str]]
) -> None:
    assert read(text) == (names, diagnostics)


def test_a_comment_above_a_sound_block_stays_where_the_block_before_is_broken() -> None:
    file = parse(Source("main.tf", "locals {\n  a =\n}\n\n# one\n# two\n" + QUEUE))
    assert [comment.text for comment in file.comments] == [" one", " two"]


@pytest.mark.parametrize("opening", ["[", "(", "{a=", "f(", '"${', "!f(", "a[", "[for x in "])
def test_deep_nesting_is_refused_with_a_place(opening: str) -> None:
    file = parse(Source("main.tf", "locals {\n  a = " + opening * 2000 + "\n}\n"))
    (diagnostic,) = file.diagnostics
    assert (diagnostic.span.line, diagnostic.message) == (2, "brackets are nested more than 200 deep")


CHAINS = {
    "sum": lambda count: "+".join(["1"] * count),
    "not": lambda count: "!" * count + "true",
    "attributes": lambda count: "a" + ".b" * count,
    "indexes": lambda count: "a" + "[0]" * count,
    "splats": lambda count: "a" + "[*]" * count,
    "conditionals": lambda count: "a ? b : " * count + "c",
}


@pytest.mark.parametrize("chain", CHAINS)
def test_chains_longer_than_people_write_are_refused_with_a_place(chain: str) -> None:
    file = parse(Source("main.tf", f"locals {{\n  x = {CHAINS[chain](5000)}\n}}\n"))
    (diagnostic,) = file.diagnostics
    assert (diagnostic.span.line, diagnostic.message) == (2, "the expression has more than 1,000 operators")


@pytest.mark.parametrize(
    ("chain", "data"),
    [("sum", 900), ("not", True), ("attributes", "a.b isn't declared"), ("indexes", "a isn't declared"),
     ("splats", "a isn't declared")],
)  # fmt: skip
def test_long_chains_are_read_and_evaluated(chain: str, data: object) -> None:
    module = module_of(f"locals {{\n  x = {CHAINS[chain](900)}\n}}\n")
    assert module.is_whole
    value = Evaluator(module).evaluate(module.declarations["local.x"].expr)
    assert data in (value.data, value.reason) or value.reason == "it is nested too deeply to be evaluated"
