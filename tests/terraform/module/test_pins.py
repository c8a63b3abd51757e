"""Version constraints of a module's providers."""

from __future__ import annotations

import pytest

from tests.stacks import module_of
from tflint_tap.terraform.module.pins import excludes


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
