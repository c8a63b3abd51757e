"""Which comments belong to which block."""

from __future__ import annotations

import pytest

from tests.patterns import steps_to_match
from tests.work import LINEAR, growth
from tflint_tap.contract import comment_index as reading
from tflint_tap.contract.comment_index import comment_index
from tflint_tap.hcl import parse
from tflint_tap.hcl.nodes import Object
from tflint_tap.text.source import Source

BLOCK = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
OTHER = 'resource "aws_sqs_queue" "other" {\n  name = "other"\n}\n'


def texts(text: str, index: int = 0) -> list[str]:
    """The comments of a file's block, by default of its first."""
    file = parse(Source("tap_stack.tf", text))
    assert not file.diagnostics
    return [comment_text.text for comment_text in comment_index(file).of(file.body.blocks[index])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\n" + BLOCK, ["a"]),
        ("// a\n" + BLOCK, ["a"]),
        ("/* a */\n" + BLOCK, ["a"]),
        ("# a\n# b\n" + BLOCK, ["a\nb"]),
        ("# a\n\n" + BLOCK, ["a"]),
        ("# a\n\n# b\n" + BLOCK, ["a", "b"]),
        ('resource "aws_sqs_queue" "q" { # a\n}\n', ["a"]),
        ('resource "aws_sqs_queue" "q" {\n  # a\n}\n', ["a"]),
        ('resource "aws_sqs_queue" "q" {\n  name = "q" # a\n}\n', ["a"]),
        ('resource "aws_sqs_queue" "q" {\n  tags = {\n    A = "a" // a\n    /* b */\n  }\n}\n', ["a", "b"]),
        ('resource "aws_sqs_queue" "q" {\n  timeouts {\n    # a\n  }\n}\n', ["a"]),
        ('resource "aws_sqs_queue" "q" {\n} # a\n# b\n', ["a"]),
        (BLOCK + "\n# a\n", []),
        ('resource "aws_sqs_queue" "q" {\n  name = <<-EOT\n    # a\n  EOT\n}\n', []),
        ('resource "aws_sqs_queue" "q" {\n  name = "# a"\n}\n', []),
        ('resource "aws_sqs_queue" "q" {\n  name = "q" # a\n             # b\n  # c\n}\n', ["a\nb", "c"]),
        ('resource "aws_sqs_queue" "q" {\n  name = "q" # a\n  fifo_queue = true # b\n}\n', ["a", "b"]),
        ("# a\r\n# b\r\n" + BLOCK, ["a\nb"]),
        ("\ufeff# a\n" + BLOCK, ["a"]),
    ],
)
def test_comments_above_inside_and_behind_belong_to_a_block(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("\n", ["section"]),
        ("\n# own\n", ["own"]),
        ("# own\n", ["section", "own"]),
        ("\n# heading\n\n# own\n", ["heading", "own"]),
        ("# trailing\n\n# own\n", ["own"]),
        ('\ndata "aws_region" "current" {}\n\n', ["section"]),
        ("\nlocals {\n  a = 1 # of the local\n}\n", ["section"]),
        ('\nvariable "a" {}\n\n', []),
        ('\nvariable "a" {}\n\n# own\n', ["own"]),
    ],
)
def test_a_sections_comment_counts_for_its_run_of_resources(between: str, expected: list[str]) -> None:
    assert texts(f"# section\n{OTHER}{between}{BLOCK}", -1) == expected


def test_a_blocks_own_comments_are_told_from_its_runs() -> None:
    file = parse(Source("tap_stack.tf", f"# section\n\n{OTHER}\n{BLOCK.replace('{', '{ # own')}"))
    found = comment_index(file)
    first, second = file.body.blocks
    assert [[comment_text.text for comment_text in part] for part in (found.shared(first), found.own(first))] == [
        [],
        ["section"],
    ]
    assert [[comment_text.text for comment_text in part] for part in (found.shared(second), found.own(second))] == [
        ["section"],
        ["own"],
    ]


def test_a_comment_above_variables_says_nothing_of_resources() -> None:
    assert texts(f'# variables\nvariable "a" {{}}\n\n{BLOCK}', -1) == []


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# ---- a: 5 s ----", "a: 5 s ----"),
        ("/* a\n * b\n */", "a\nb;"),
        ("# a\n#\n# b", "a;\nb"),
        ("# a\n# - b\n# - c", "a;b;c"),
        ("# a\n# timeout = 60\n# b", "a\nb"),
        ('# description = "within 5 s",', ""),
        ('# schedule_expression = "rate(5 minutes)"', ""),
        ('# resource "aws_sqs_queue" "old" {\n#   delay_seconds = var.delay\n# }', ""),
        ("# SLA = 5 s", "SLA = 5 s"),
        ("# P95 = <400 ms", "P95 = <400 ms"),
        ("# a\n# tap:ignore[a/b] reason: within 5 s\n# b", "a\nb"),
        ("# ~5 s", "~5 s"),
        ("# <5 s", "<5 s"),
    ],
)
def test_a_comments_text_lacks_marks_code_and_suppressions(comment: str, expected: str) -> None:
    assert texts(f"{comment}\n{BLOCK}") == [expected]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("# it takes\n# less than\n#   5 s\n", "less than\n#   5 s"),
        ("/*\n * one\n * two - three\n */\n", "two"),
        ("# - one\n# - two\n", "two"),
        ("# one\n# a = 1\n# two\n", "two"),
    ],
)
def test_a_part_of_a_comment_is_found_again_in_the_source(text: str, part: str) -> None:
    file = parse(Source("tap_stack.tf", text + BLOCK))
    (comment_text,) = comment_index(file).of(file.body.blocks[0])
    lines = [line.strip(" #*") for line in part.split("\n")]
    start = comment_text.text.index("\n".join(lines))
    assert comment_text.place(start, start + len("\n".join(lines))).text == part


def test_comments_of_a_maps_element_are_told_from_its_neighbours() -> None:
    text = "locals {\n  f = {\n    # a\n    x = 1 # b\n    y = {\n      # c\n    } # d\n    # e\n    z = 2\n  }\n}\n"
    file = parse(Source("tap_stack.tf", text))
    expr = file.body.blocks[0].body.attributes[0].expr
    assert isinstance(expr, Object)
    items = expr.items
    found = comment_index(file)
    assert [[comment_text.text for comment_text in found.at(item.value.span)] for item in items] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


@pytest.mark.parametrize(
    "unit", ["# a\n" + BLOCK, "# a\n\n", BLOCK, BLOCK + "\n# a\n", "# a = 1\n", "#" + " " * 50 + "x\n"]
)
def test_reading_takes_work_in_proportion_to_the_file(unit: str) -> None:
    files = {times: parse(Source("tap_stack.tf", unit * times)) for times in (50, 200)}

    def read(times: int) -> None:
        index = comment_index(files[times])
        for block in files[times].body.blocks:
            for comment in index.of(block):
                assert comment.text

    assert growth(read, 50) < LINEAR


@pytest.mark.parametrize("begin", ["a =", "a = [", "resource", "a", "}"])
def test_a_long_line_is_told_from_code_in_steps_in_proportion_to_it(begin: str) -> None:
    for pattern in (reading._CODE, reading._DECORATION):
        short, long = (steps_to_match(pattern, begin + " " * length + "x") for length in (200, 800))
        assert long < LINEAR * short
