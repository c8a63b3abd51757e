"""What the provider's documentation shows of each type, written anew: nothing is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cards import RULES
from tests.stacks import stack_of
from tflint_tap.aws import constraints, schema
from tflint_tap.lint import judge
from tflint_tap.stack import Stack

from .oracle import require_oracle, validate

EXAMPLES = sorted((Path(__file__).parent / "minimal").glob("*.tf"))
DEPRECATED = "schema/deprecated"
_PAGE = re.compile(r"^# website/docs/r/(\w+)\.(?:html\.)?markdown$", re.MULTILINE)
JUDGING = [rule for rule in RULES if rule.family == "schema" or rule.id == "references/unknown-attribute"]


def _stack(path: Path) -> Stack:
    return stack_of(path.read_text(encoding="utf-8"), path=path.name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_a_documented_example(path: Path) -> None:
    stack = _stack(path)
    found = [finding for rule in JUDGING if rule.id != DEPRECATED for finding in judge(rule, stack)]
    assert [(finding.rule, finding.span.line, finding.message) for finding in found] == []


def test_only_what_the_documentation_itself_calls_deprecated_is_reported_so() -> None:
    (rule,) = (rule for rule in JUDGING if rule.id == DEPRECATED)
    found = [
        re.split(r" (?:is|are) ", finding.message)[0] for path in EXAMPLES for finding in judge(rule, _stack(path))
    ]
    assert found == [
        "hash_key and range_key in global_secondary_index in aws_dynamodb_table.example",
        *(f"aws_s3_bucket_object in aws_s3_bucket_object.{name}" for name in ("upload", "encrypted", "locked")),
    ]


def test_every_type_with_constraints_has_an_example_and_names_the_page_it_follows() -> None:
    """The page is that of https://github.com/hashicorp/terraform-provider-aws."""
    written = {declaration.type for path in EXAMPLES for declaration in _stack(path).module.resources()}
    pages = {page for path in EXAMPLES for page in _PAGE.findall(path.read_text(encoding="utf-8"))}
    constrained = {type_ for type_ in schema.resource_types() if constraints.constrained(type_)}
    assert constrained - written == set()
    assert {type_.removeprefix("aws_") for type_ in constrained} - pages == set()


@pytest.mark.slow
def test_terraform_accepts_the_examples() -> None:
    require_oracle()
    assert validate([path.read_text(encoding="utf-8") for path in EXAMPLES]) == [[] for _ in EXAMPLES]
