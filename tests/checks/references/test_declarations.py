"""Duplicates and unused declarations: over files, in overrides, and where a contract demands them."""

from __future__ import annotations

import pytest

from tests.cards import CONTRACTS, judged, rule_named
from tflint_tap.contract.variables import variables_of
from tflint_tap.discovery import Target
from tflint_tap.hcl import parse
from tflint_tap.lint import Report, lint
from tflint_tap.records import replace
from tflint_tap.rule import Rule
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source

DUPLICATE = rule_named("references/duplicate")
UNUSED = rule_named("references/unused")
VARIABLE = 'variable "v" {\n  default = 1\n}\n'
QUEUE = 'resource "aws_sqs_queue" "q" {\n}\n'


def over_files(rule: Rule, files: dict[str, str], *shown: str) -> Report:
    sources = {name: Source(name, text) for name, text in files.items()}
    wanted = tuple(sources[name] for name in shown or files)
    return lint([Target(tuple(sources.values()), wanted, None)], (rule,))


def messages(report: Report) -> list[str]:
    assert report.doubts == ()
    assert report.failures == ()
    return [finding.message for finding in report.findings]


# Duplicates


def test_a_duplicate_in_another_file_is_reported_there_with_the_first() -> None:
    (finding,) = over_files(DUPLICATE, {"a.tf": VARIABLE, "b.tf": QUEUE + VARIABLE}).findings
    assert (finding.span.source.path, finding.span.line) == ("b.tf", 3)
    assert [(related.message, related.span.source.path) for related in finding.related] == [
        ("it stands here first", "a.tf")
    ]


def test_the_first_is_reported_where_the_later_file_is_not_shown() -> None:
    (finding,) = over_files(DUPLICATE, {"a.tf": VARIABLE, "b.tf": VARIABLE}, "a.tf").findings
    assert (finding.span.source.path, finding.message) == ("a.tf", "var.v is declared a second time")
    assert [(related.message, related.span.source.path) for related in finding.related] == [
        ("it stands here again", "b.tf")
    ]


@pytest.mark.parametrize("name", ["override.tf", "a_override.tf", "x/y/z_override.tf"])
def test_an_override_file_declares_again_on_purpose(name: str) -> None:
    text = VARIABLE + 'provider "aws" {}\nterraform {\n  required_providers {}\n}\n'
    assert messages(over_files(DUPLICATE, {name: text + VARIABLE, "main.tf": text})) == []


@pytest.mark.parametrize("name", ["overrides.tf", "override_a.tf", "a-override.tf"])
def test_a_file_that_only_sounds_like_an_override_is_none(name: str) -> None:
    assert messages(over_files(DUPLICATE, {name: VARIABLE, "x.tf": VARIABLE})) == ["var.v is declared a second time"]


def test_a_module_has_the_declaration_that_is_overridden() -> None:
    files = [parse(Source(name, VARIABLE)) for name in ("a_override.tf", "main.tf")]
    module = build_module(files)
    assert module.declarations["var.v"].span.source.path == "main.tf"
    assert module.duplicates == ()


def test_a_local_that_is_set_twice_in_one_block_is_a_repeated_argument() -> None:
    assert messages(judged(DUPLICATE, "locals {\n  a = 1\n  a = 2\n}\n")) == []


def test_blocks_that_there_may_be_one_of_are_to_be_merged() -> None:
    text = 'terraform {\n  backend "s3" {}\n}\nterraform {\n  cloud {}\n  required_version = "1"\n}\n'
    (finding,) = judged(DUPLICATE, text).findings
    assert (finding.message, finding.remedy) == (
        "backend is declared a second time",
        "one backend block that holds both",
    )


def test_aliases_tell_providers_apart() -> None:
    text = (
        'provider "aws" {\n  alias = "a"\n}\nprovider "aws" {\n  alias = "b"\n}\nprovider "gcp" {\n  alias = "a"\n}\n'
    )
    assert messages(judged(DUPLICATE, text)) == []


def test_a_duplicate_breaks_the_contract() -> None:
    source = Source("tap_stack.tf", VARIABLE + VARIABLE)
    (finding,) = lint([Target((source,), (source,), None, CONTRACTS[0])], (DUPLICATE,)).findings
    assert finding.requirement == "format.consistent"


# What nothing uses


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
        (QUEUE, "nothing uses var.v"),
        (QUEUE + "# var.v\n", "nothing uses var.v"),
        ('output "o" {\n  value = "$${var.v} var.v"\n}\n', "nothing uses var.v"),
        ('output "o" {\n  value = [for var in [{ v = 1 }] : var.v]\n}\n', "nothing uses var.v"),
    ],
)
def test_what_only_looks_like_a_use_is_none(reference: str, message: str) -> None:
    assert messages(judged(UNUSED, VARIABLE + reference)) == [message]


def test_what_is_used_only_by_something_unused_says_by_what() -> None:
    text = VARIABLE + "locals {\n  a = var.v\n  b = var.v\n}\n" + QUEUE
    assert messages(judged(UNUSED, text)) == [
        "var.v is used only by local.a and local.b, which nothing uses itself",
        "nothing uses local.a",
        "nothing uses local.b",
    ]


def test_a_use_in_another_file_counts() -> None:
    files = {"variables.tf": VARIABLE, "main.tf": 'output "o" {\n  value = var.v\n}\n'}
    assert messages(over_files(UNUSED, files, "variables.tf")) == []


def test_a_file_of_variables_alone_is_not_judged() -> None:
    assert messages(judged(UNUSED, VARIABLE + 'locals {\n  a = 1\n}\nterraform {\n  required_version = "1"\n}\n')) == []


def test_nothing_is_unused_where_a_part_of_the_module_cannot_be_read() -> None:
    broken = judged(UNUSED, VARIABLE + QUEUE + "locals {\n  y = = 1\n}\n")
    assert (broken.findings, len(broken.notices)) == ((), 1)
    source = Source("main.tf", VARIABLE + QUEUE)
    unread = lint([Target((source,), (source,), None, unread=("x.tf.json",))], (UNUSED,))
    assert (unread.findings, len(unread.notices)) == ((), 1)


def test_data_sources_that_do_something_are_a_matter_of_the_params() -> None:
    text = 'data "aws_lambda_invocation" "i" {}\n' + QUEUE
    assert messages(judged(UNUSED, text)) == []
    assert messages(judged(replace(UNUSED, params={"effects": []}), text)) == [
        "nothing uses data.aws_lambda_invocation.i"
    ]


def test_a_contracts_variables_need_no_use_in_its_file() -> None:
    text = 'variable "aws_region" {}\nvariable "other" {}\n' + QUEUE
    source = Source("tap_stack.tf", text)
    of_contract = lint([Target((source,), (source,), None, CONTRACTS[0])], (UNUSED,))
    assert messages(of_contract) == ["nothing uses var.other"]
    assert messages(judged(UNUSED, text)) == ["nothing uses var.aws_region", "nothing uses var.other"]


def test_the_booking_contract_demands_the_variables_of_its_table() -> None:
    assert variables_of(CONTRACTS[0]) == (
        "aws_region",
        "project_name",
        "environment",
        "dynamodb_table_name",
        "dynamodb_replica_regions",
        "cache_node_type",
        "pms_queue_visibility_timeout_seconds",
        "booking_api_rate_limit_rps",
        "tags",
        "vpc_id",
        "private_subnet_ids",
        "security_group_ids",
    )
    assert variables_of(replace(CONTRACTS[0], text="claims: [x.tf]\n")) == ()
