"""The texts that a variable's validation admits."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tflint_tap.checks.admitted import admitted


def _admitted(*conditions: str, type_: str = "string") -> tuple[list[str], bool] | None:
    validations = "".join(f"  validation {{\n    condition = {condition}\n  }}\n" for condition in conditions)
    stack = stack_of(f'variable "v" {{\n  type = {type_}\n{validations}}}\nvariable "other" {{\n}}\n')
    found = admitted(stack, stack.module.declarations["var.v"])
    return (sorted(found.texts), found.is_listed) if found is not None else None


@pytest.mark.parametrize(
    "condition",
    [
        'contains(["dev", "prod"], var.v)',
        'contains(toset(["dev", "prod"]), var.v)',
        'var.v == "dev" || var.v == "prod"',
        'can(regex("^(dev|prod)$", var.v))',
        'can(regex("^(?:dev|prod)$", var.v))',
        'length(regexall("^dev$|^prod$", var.v)) > 0',
        'contains(keys({ dev = 1, prod = 2 }), var.v) || var.v == "prod" || var.v == "dev"',
        '!(var.v != "dev" && var.v != "prod")',
        'anytrue([for stage in ["dev", "prod"] : stage == var.v])',
    ],
)
def test_a_list_of_texts_may_be_written_in_many_ways(condition: str) -> None:
    assert _admitted(condition) == (["dev", "prod"], True)


@pytest.mark.parametrize(
    ("conditions", "length"),
    [
        (["length(var.v) <= 16"], 16),
        (["length(var.v) < 16"], 15),
        (["16 >= length(var.v)"], 16),
        (["length(var.v) > 2", "length(var.v) <= 16"], 16),
        (['can(regex("^[a-z]{3,16}$", var.v))'], 16),
        (['can(regex("^[a-z][a-z0-9-]{1,15}$", var.v))'], 16),
        (['can(regex("^[A-Z]{1,8}$", var.v))'], 8),
        (['can(regex("^\\\\d{12}$", var.v))'], 12),
        (['can(regex("^[a-z0-9-]+$", var.v)) && length(var.v) <= 20'], 20),
        (['can(regex("^[a-z-]+$", var.v))', "length(var.v) <= 20"], 20),
        (["length(var.v) <= 16", 'var.v != "default"'], 16),
    ],
)
def test_a_greatest_length_may_be_written_in_many_ways(conditions: list[str], length: int) -> None:
    found = _admitted(*conditions)
    assert found is not None
    assert ([len(text) for text in found[0]], found[1]) == ([length], False)


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        ["length(var.v) > 0"],
        ['can(regex("^[a-z]{3,}", var.v))'],
        ["length(var.v) <= length(var.other)"],
        ['var.v == "dev"', 'var.v == "prod"'],
        ["true"],
        ["null"],
        ["var.v"],
    ],
)
def test_what_sets_no_bounds_says_nothing(conditions: list[str]) -> None:
    assert _admitted(*conditions) is None


def test_other_types_say_nothing() -> None:
    assert _admitted("var.v <= 16", type_="number") is None
