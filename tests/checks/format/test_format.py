"""What a contract's file may be made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import judged, rule_named
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract

RULES = tuple(rule_named(f"format/{name}") for name in ("provider-block", "module-block", "foreign-resource"))
TEXT = """\
provider "aws" {}

module "queue" {
  source = "./queue"
}

resource "random_id" "suffix" {}
"""


@pytest.mark.parametrize(
    ("id_", "line", "requirement"),
    [
        ("format/provider-block", 1, "format.no-provider"),
        ("format/module-block", 3, "format.no-module"),
        ("format/foreign-resource", 7, "format.native"),
    ],
)
def test_each_breach_names_its_requirement(id_: str, line: int, requirement: str) -> None:
    (finding,) = judged(rule_named(id_), TEXT).findings
    assert (finding.span.line, finding.requirement) == (line, requirement)


def test_other_files_may_be_made_of_anything() -> None:
    assert lint_text(TEXT, *RULES).findings == ()


def test_a_contract_that_does_not_name_a_rule_does_not_ask_for_it() -> None:
    for text, count in (
        ("person: [a]\n", 0),
        ("rules: {a: [format/module-block]}\n", 1),
        ("rules: {a: [format/*]}\n", 3),
    ):
        contract = Contract("x", Claims("x.tf"), Path("x.yaml"), text)
        assert len(lint_text(TEXT, *RULES, contract=contract).findings) == count


def test_sound_blocks_of_a_broken_file_are_judged() -> None:
    report = judged(rule_named("format/module-block"), TEXT + 'resource "aws_sqs_queue" "q" {\n  name =\n}\n')
    assert [finding.span.line for finding in report.findings] == [3]


def test_blocks_without_labels_are_no_matter_of_types() -> None:
    for rule in RULES:
        report = judged(rule, "resource {}\ndata {}\nmodule {}\nprovider {}\n")
        assert report.failures == ()
    assert judged(rule_named("format/foreign-resource"), "resource {}\ndata {}\n").findings == ()


def test_a_provider_inside_another_block_is_none() -> None:
    assert judged(rule_named("format/provider-block"), "locals {\n  provider = 1\n}\n").findings == ()
