"""What contracts demand of names and tags, and that nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import CONTRACTS, rule_named
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract, ContractError
from tflint_tap.contract.names_and_tags import name_prefixes, required_tags

RULES = [rule_named(id_) for id_ in ("naming/missing-prefix", "tagging/missing-tag", "tagging/missing-name")]
STACK = """locals {
  name_prefix = "p"
}

resource "aws_sqs_queue" "q" {
  name = "jobs"
  tags = { Team = "x" }
}
"""


def contract(text: str) -> Contract:
    return Contract("x", Claims("x.tf"), Path("x.yaml"), text)


def told(text: str) -> list[str]:
    return [finding.message for finding in lint_text(STACK, *RULES, contract=contract(text)).findings]


def test_the_booking_contract_demands_its_prefix_and_five_tags() -> None:
    assert name_prefixes(CONTRACTS[0]) == ("local.name_prefix", '"${var.project_name}-${var.environment}"')
    assert required_tags(CONTRACTS[0]) == ("Project", "Environment", "Owner", "CostCenter", "Name")


@pytest.mark.parametrize(
    ("text", "prefixes", "tags"),
    [
        ("variables: {a: {}}\n", (), ()),
        ("naming: {suffix: var.s}\ntags: {values: {A: [b]}}\n", (), ()),
        ("naming: {prefix: var.p}\ntags: {required: [A]}\n", ("var.p",), ("A",)),
        ("naming: {prefix: local.p}\nlocals: {q: {equals: q}}\n", ("local.p",), ()),
        ("naming: {prefix: local.p}\nlocals: {p: {id: p}}\n", ("local.p",), ()),
    ],
)
def test_a_contract_demands_what_it_says(text: str, prefixes: tuple[str, ...], tags: tuple[str, ...]) -> None:
    assert (name_prefixes(contract(text)), required_tags(contract(text))) == (prefixes, tags)


def test_a_mistake_is_reported_with_its_line() -> None:
    with pytest.raises(ContractError, match=r"^x\.yaml:2: this has to be a list$"):
        required_tags(contract("tags:\n  required: Name\n"))


def test_nothing_is_demanded_that_the_contract_does_not_say() -> None:
    prefix = 'the name of aws_sqs_queue.q is "jobs", which doesn\'t begin with local.name_prefix ("p")'
    assert told("variables: {a: {}}\n") == []
    assert told("naming: {prefix: local.name_prefix}\n") == [prefix]
    assert told("tags: {required: [Owner]}\n") == ["the tags of aws_sqs_queue.q lack Owner"]
    assert told("tags: {required: [Owner, Name]}\n") == ["the tags of aws_sqs_queue.q lack Owner and Name"]
    assert told("naming: {prefix: local.name_prefix}\ntags: {required: [Name]}\n") == [
        prefix,
        "the tags of aws_sqs_queue.q have no Name",
    ]
