"""Version constraints as ranges: what they admit, and which of two is the narrower one."""

from __future__ import annotations

import pytest

from tflint_tap.terraform.module.versions import Range, Version, range_of


def read(constraint: str) -> Range:
    found = range_of(constraint)
    assert found is not None, constraint
    return found


@pytest.mark.parametrize(
    ("constraint", "admitted", "refused"),
    [
        ("1.2.3", [(1, 2, 3)], [(1, 2, 2), (1, 2, 4)]),
        ("= v1.2", [(1, 2, 0)], [(1, 2, 1)]),
        ("!= 1.2.3", [(1, 2, 2), (9, 0, 0)], [(1, 2, 3)]),
        (">= 1.4", [(1, 4, 0), (2, 0, 0)], [(1, 3, 9)]),
        ("> 1.4", [(1, 4, 1)], [(1, 4, 0)]),
        ("<= 1.4", [(0, 0, 0), (1, 4, 0)], [(1, 4, 1)]),
        ("< 1.4", [(1, 3, 9)], [(1, 4, 0)]),
        ("~> 1.4", [(1, 4, 0), (1, 9, 9)], [(1, 3, 9), (2, 0, 0)]),
        ("~> 1.4.2", [(1, 4, 2), (1, 4, 9)], [(1, 4, 1), (1, 5, 0)]),
        ("~> 5", [(5, 0, 0), (5, 9, 0)], [(6, 0, 0)]),
        (">= 1.4.0-beta1, < 2.0, != 1.5.0", [(1, 4, 0), (1, 5, 1)], [(1, 5, 0), (2, 0, 0)]),
    ],
)
def test_a_constraint_admits_what_terraform_admits(
    constraint: str, admitted: list[Version], refused: list[Version]
) -> None:
    found = read(constraint)
    assert [version for version in admitted if not found.admits(version)] == []
    assert [version for version in refused if found.admits(version)] == []
    assert not found.is_empty


@pytest.mark.parametrize("text", ["", "1.x", ">= 1.4 < 2", "=> 1", "~> 1.2.3.4", "latest"])
def test_what_is_no_constraint_is_not_read(text: str) -> None:
    assert range_of(text) is None


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        (">= 1.4", ">= 1.4", True),
        ("~> 1.5", ">= 1.4", True),
        (">= 1.0", ">= 1.4", False),
        ("> 1.4", ">= 1.4", True),
        (">= 1.4", "> 1.4", False),
        (">= 5.0", "~> 5.0", False),
        ("~> 5.40.0", "~> 5.0", True),
        ("< 6.0.0, >= 5", "~> 5.0", True),
        ("<= 6.0.0, >= 5", "~> 5.0", False),
        ("<= 5.9", "<= 5.9", True),
        (">= 1.4", ">= 1.4, != 1.5.0", False),
        (">= 1.4, != 1.5.0", ">= 1.4, != 1.5.0", True),
        (">= 1.6", ">= 1.4, != 1.5.0", True),
        ("1.5.0", ">= 1.4, != 1.5.0", False),
    ],
)
def test_a_constraint_is_within_another_that_admits_all_of_it(narrow: str, wide: str, expected: bool) -> None:
    assert read(narrow).is_within(read(wide)) is expected


@pytest.mark.parametrize("text", [">= 2, < 1", "> 1.0, <= 1.0.0", "1.0.0, 1.0.1", "1.0.0, != 1.0.0"])
def test_constraints_that_no_version_meets_are_empty(text: str) -> None:
    assert read(text).is_empty
