"""Declarations that nothing uses: over files, in overrides, and where a contract demands them."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text
from tflint_tap.records import replace

from .reading import QUEUE, VARIABLE, messages, over_files

UNUSED = rule_named("references/unused")


@pytest.mark.parametrize(
    "reference",
    [
        'output "o" {\n  value = var.v\n}\n',
        'output "o" {\n  value = 1\n  depends_on = [var.v]\n}\n',
        'output "o" {\n  value = "%{for x in [var.v]}${x}%{endfor}"\n}\n',
        'provider "aws" {\n  region = var.v\n}\n',
        'module "m" {\n  source = "./m"\n  v = { (var.v) = 1 }\n}\n',
        'check "c" {\n  assert {\n    condition = var.v == 1\n  }\n}\n',
        'check "c" {\n  data "http" "h" {\n    url = var.v\n  }\n}\n',
        'import {\n  to = aws_sqs_queue.q[var.v]\n  id = "x"\n}\n',
        'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    precondition {\n      condition = var.v\n    }\n  }\n}\n',
        'resource "aws_sqs_queue" "q" {\n  provisioner "local-exec" {\n    command = var.v\n  }\n}\n',
        'ephemeral "random_password" "p" {\n  length = var.v\n}\n',
        'terraform {\n  backend "s3" {\n    bucket = var.v\n  }\n}\n' + QUEUE,
        "locals {\n  a = var.v\n}\n" + 'output "o" {\n  value = local.a\n}\n',
        'data "http" "h" {\n  url = var.v\n}\n' + QUEUE,
        'data "aws_vpc" "x" {\n  id = var.v\n}\nresource "aws_sqs_queue" "q" {\n  depends_on = ["data.aws_vpc.x"]\n}\n',
        'variable "w" {\n  validation {\n    condition = var.v < var.w\n  }\n}\noutput "o" {\n  value = var.w\n}\n',
    ],
)
def test_any_block_that_does_something_uses_what_it_leads_to(reference: str) -> None:
    assert messages(judged(UNUSED, VARIABLE + reference)) == []


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (QUEUE, "var.v is not used"),
        (QUEUE + "# var.v\n", "var.v is not used"),
        ('output "o" {\n  value = "$${var.v} var.v"\n}\n', "var.v is not used"),
        ('output "o" {\n  value = [for var in [{ v = 1 }] : var.v]\n}\n', "var.v is not used"),
    ],
)
def test_what_only_looks_like_a_use_is_none(reference: str, message: str) -> None:
    assert messages(judged(UNUSED, VARIABLE + reference)) == [message]


def test_what_is_used_only_by_something_unused_says_by_what() -> None:
    text = VARIABLE + "locals {\n  a = var.v\n  b = var.v\n}\n" + QUEUE
    assert messages(judged(UNUSED, text)) == [
        "var.v is used only by local.a and local.b, which is not used either",
        "local.a is not used",
        "local.b is not used",
    ]


def test_a_use_in_another_file_counts() -> None:
    files = {"variables.tf": VARIABLE, "main.tf": 'output "o" {\n  value = var.v\n}\n'}
    assert messages(over_files(UNUSED, files, "variables.tf")) == []


def test_a_file_of_variables_alone_is_not_judged() -> None:
    assert messages(judged(UNUSED, VARIABLE + 'locals {\n  a = 1\n}\nterraform {\n  required_version = "1"\n}\n')) == []


def test_nothing_is_unused_where_a_part_of_the_module_cannot_be_read() -> None:
    broken = judged(UNUSED, VARIABLE + QUEUE + "locals {\n  y = = 1\n}\n")
    assert (broken.findings, len(broken.notices)) == ((), 1)
    unread = lint_text(VARIABLE + QUEUE, UNUSED, unread=("x.tf.json",))
    assert (unread.findings, len(unread.notices)) == ((), 1)


def test_data_sources_that_do_something_are_a_matter_of_the_params() -> None:
    text = 'data "aws_lambda_invocation" "i" {}\n' + QUEUE
    assert messages(judged(UNUSED, text)) == []
    assert messages(judged(replace(UNUSED, params={"effects": []}), text)) == [
        "data.aws_lambda_invocation.i is not used"
    ]


def test_a_contracts_variables_need_no_use_in_its_file() -> None:
    text = 'variable "aws_region" {}\nvariable "other" {}\n' + QUEUE
    of_contract = in_contract(text, UNUSED)
    assert messages(of_contract) == ["var.other is not used"]
    assert messages(judged(UNUSED, text)) == ["var.aws_region is not used", "var.other is not used"]
