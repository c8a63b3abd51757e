"""Override files change the blocks of the others, as Terraform merges them."""

from __future__ import annotations

import pytest

from tests.cards import RULES
from tests.stacks import lint_text, module_of, stack_of
from tflint_tap.stack import Stack

BASE = """
locals {
  name = "base"
  kept = 1
}
resource "aws_sns_topic" "t" {
  name              = local.name
  kms_master_key_id = var.missing
  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
  }
  timeouts {
    create = "1m"
  }
}
"""


def overridden(override: str, name: str = "t_override.tf") -> Stack:
    return stack_of({"main.tf": BASE, name: override})


def test_arguments_are_replaced_one_by_one() -> None:
    (topic,) = overridden('resource "aws_sns_topic" "t" {\n  kms_master_key_id = ""\n}\n').resources("aws_sns_topic")
    assert (topic.value("name").data, topic.value("kms_master_key_id").data) == ("base", "")


def test_nested_blocks_are_replaced_by_type_but_lifecycle_by_argument() -> None:
    override = (
        'resource "aws_sns_topic" "t" {\n  lifecycle {\n    prevent_destroy = false\n  }\n'
        '  timeouts {\n    delete = "2m"\n  }\n}\n'
    )
    (topic,) = overridden(override).resources("aws_sns_topic")
    (lifecycle,), (timeouts,) = topic.blocks("lifecycle"), topic.blocks("timeouts")
    assert [attribute.name for attribute in lifecycle.body.attributes] == ["create_before_destroy", "prevent_destroy"]
    assert lifecycle.value("prevent_destroy").data is False
    assert [attribute.name for attribute in timeouts.body.attributes] == ["delete"]


@pytest.mark.parametrize("name", ["override.tf", "a_override.tf"])
def test_locals_are_replaced_by_name(name: str) -> None:
    (topic,) = overridden('locals {\n  name = "other"\n}\n', name).resources("aws_sns_topic")
    assert topic.value("name").data == "other"


def test_other_files_override_nothing() -> None:
    module = overridden('locals {\n  name = "other"\n}\n', "overrides.tf").module
    assert [(again.address, first.address) for again, first in module.duplicates] == [("local.name", "local.name")]


def test_what_is_overridden_is_not_judged_and_what_overrides_is() -> None:
    wanted = ("references/undeclared", "encryption/unencrypted-topic")
    rules = tuple(rule for rule in RULES if rule.id in wanted)
    override = 'resource "aws_sns_topic" "t" {\n  kms_master_key_id = ""\n}\n'
    report = lint_text({"main.tf": BASE, "t_override.tf": override}, *rules)
    assert report.failures == ()
    assert [(one.rule, one.span.source.path, one.span.line) for one in report.findings] == [
        ("encryption/unencrypted-topic", "t_override.tf", 2)
    ]


def test_a_module_has_the_declaration_that_is_overridden() -> None:
    module = module_of(dict.fromkeys(("a_override.tf", "main.tf"), 'variable "v" {}\n'))
    assert module.declarations["var.v"].span.source.path == "main.tf"
    assert module.duplicates == ()
