"""Version constraints of a module's providers."""

from __future__ import annotations

import pytest

from tests.stacks import module_of
from tflint_tap.records import replace
from tflint_tap.terraform.module.pins import Pin, admission, excludes, locked
from tflint_tap.terraform.module.versions import Version
from tflint_tap.text.source import Source


def _excluded(required: str) -> bool:
    module = module_of(f"terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n")
    return excludes(module, "hashicorp/aws", (6, 0, 0))


@pytest.mark.parametrize(
    ("constraint", "excluded"),
    [
        ("~> 5.0", True),
        ("~> 5", True),
        ("~> 5.99.0", True),
        ("5.31.0", True),
        ("= 5.31", True),
        ("< 6.0", True),
        ("< 6.0.0", True),
        ("<= 5.100.0", True),
        (">= 4.0, < 6.0.0", True),
        (">= 5.0", False),
        ("> 5.0", False),
        ("!= 5.0", False),
        ("~> 6.0", False),
        ("~> 6.2.1", False),
        ("6.0.0", False),
        ("<= 6.0.0", False),
        ("< 6.1", False),
        ("< 7.0", False),
        (">= 5.0, < 7.0", False),
        ("no version", False),
    ],
)
def test_a_constraint_excludes_what_lies_above_it(constraint: str, excluded: bool) -> None:
    assert _excluded(f'aws = {{ source = "hashicorp/aws", version = "{constraint}" }}') is excluded


@pytest.mark.parametrize(
    ("required", "excluded"),
    [
        ('aws = "~> 5.0"', True),
        ('aws = { version = "~> 5.0" }', True),
        ('cloud = { source = "hashicorp/aws", version = "~> 5.0" }', True),
        ('cloud = { source = "registry.terraform.io/hashicorp/aws", version = "~> 5.0" }', True),
        ('aws = { source = "opentofu/aws", version = "~> 5.0" }', False),
        ('random = { source = "hashicorp/random", version = "~> 3.0" }', False),
        ('aws = { source = "hashicorp/aws" }', False),
    ],
)
def test_a_provider_is_told_by_its_source(required: str, excluded: bool) -> None:
    assert _excluded(required) is excluded


def test_a_module_without_pins_excludes_nothing() -> None:
    assert not excludes(module_of('resource "aws_sqs_queue" "q" {}\n'), "hashicorp/aws", (6, 0, 0))


@pytest.mark.parametrize(
    ("own", "given", "admitted", "refused", "said"),
    [
        (["~> 5.0"], [], (5, 31, 0), (6, 0, 0), "this module admits ~> 5.0"),
        ([">= 4.0", "< 5.0"], [], (4, 67, 0), (5, 0, 0), "this module admits >= 4.0, < 5.0"),
        ([">= 4.0, != 5.31.0"], [], (5, 31, 1), (5, 31, 0), "this module admits >= 4.0, != 5.31.0"),
        (["~> 5.0"], ["5.31.0"], (5, 31, 0), (5, 32, 0), "given 5.31.0"),
        ([], ["5.31.0"], (5, 31, 0), (5, 32, 0), "given 5.31.0"),
        (["~> 6.0"], ["5.31.0"], (5, 31, 0), (6, 0, 0), "given 5.31.0"),
        (["~> 5.0"], ["5.31.0", "4.67.0"], (4, 67, 0), (5, 31, 0), "given 4.67.0"),
        (["~> 5.0"], [">= 5.10", "< 5.20"], (5, 15, 0), (5, 9, 0), "given < 5.20"),
        ([">= 6.0, < 5.0"], ["5.31.0"], (5, 31, 0), (6, 0, 0), "given 5.31.0"),
        ([">= 6.0.0-beta1"], [], (6, 0, 0), (5, 100, 0), "this module admits >= 6.0.0-beta1"),
    ],
)
def test_what_is_given_limits_what_the_module_admits(
    own: list[str], given: list[str], admitted: Version, refused: Version, said: str
) -> None:
    required = "".join(
        f'terraform {{\n  required_providers {{\n    aws = {{ version = "{text}" }}\n  }}\n}}\n' for text in own
    )
    pins = tuple(Pin("hashicorp/aws", text, f"given {text}") for text in given)
    found = admission(replace(module_of(required), pins=pins), "hashicorp/aws")
    assert found is not None
    assert found.range.admits(admitted)
    assert not found.range.admits(refused)
    assert found.said == said


@pytest.mark.parametrize("own", ["", "latest", ">= 6.0, < 5.0"])
def test_a_module_that_says_nothing_of_use_admits_everything(own: str) -> None:
    module = module_of(f'terraform {{\n  required_providers {{\n    aws = {{ version = "{own}" }}\n  }}\n}}\n')
    assert admission(module, "hashicorp/aws") is None


def test_a_lock_file_names_registry_provider_and_version() -> None:
    text = """\
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0"
  hashes      = ["h1:x"]
}
provider "registry.opentofu.org/hashicorp/random" {
  version = "3.6.0"
}
provider "example.com/hashicorp/aws" {
  version = "1.0.0"
}
provider "registry.terraform.io/hashicorp/null" {}
broken {
"""
    assert [(pin.provider, pin.constraint) for pin in locked(Source("a/.terraform.lock.hcl", text))] == [
        ("hashicorp/aws", "5.31.0"),
        ("hashicorp/random", "3.6.0"),
    ]
