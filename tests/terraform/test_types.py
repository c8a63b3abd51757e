"""The type that several types have in common, as go-cty finds it for Terraform 1.11."""

from __future__ import annotations

import pytest

from tflint_tap.hcl import parse_expression
from tflint_tap.terraform.types import MOST_CANDIDATES, TypeConstraint, constraint_text, converts, unified
from tflint_tap.terraform.typing import parse_type
from tflint_tap.text.source import Source


def type_named(text: str) -> TypeConstraint:
    return parse_type(parse_expression(Source("type", text)))


def common(*texts: str) -> str | None:
    found = unified([type_named(text) for text in texts])
    return None if found is None else constraint_text(found)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("number", "number"), "number"),
        (("number", "string"), "string"),
        (("bool", "number"), None),
        (("bool", "number", "string"), "string"),
        (("number", "any"), "any"),
        (("bool", "number", "any"), "any"),
        (("string", "list(string)"), None),
        (("string", "list(string)", "any"), "any"),
        (("object({a = number})", "tuple([number])", "any"), None),
        (("object({a = number})", "object({a = string})"), "object({a = string})"),
        (("object({a = number})", "object({b = number})"), "map(number)"),
        (("object({a = number})", "object({b = string})"), "map(string)"),
        (("object({a = number})", "object({b = list(number)})"), None),
        (("object({a = number})", "object({})"), "map(number)"),
        (("object({a = number, b = list(string)})", "object({a = number})"), None),
        (("object({a = number})", "any"), "any"),
        (("object({a = number})", "map(string)"), "map(string)"),
        (("object({a = list(number)})", "map(string)"), None),
        (("object({})", "map(string)"), "map(string)"),
        (("tuple([number])", "tuple([string])"), "tuple([string])"),
        (("tuple([number])", "tuple([number, string])"), "list(string)"),
        (("tuple([number])", "tuple([])"), "list(number)"),
        (("tuple([])", "tuple([])"), "tuple([])"),
        (("tuple([tuple([]), number])", "tuple([number])"), None),
        (("tuple([])", "list(string)"), "list(string)"),
        (("tuple([number, number])", "list(string)"), "list(string)"),
        (("tuple([string])", "list(number)"), "list(string)"),
        (("tuple([object({a = number, b = number})])", "list(object({a = number}))"), "list(map(number))"),
        (("tuple([object({a = number, b = set(bool)})])", "list(object({a = number}))"), "list(object({a = number}))"),
        (("tuple([object({a = number})])", "list(object({a = number, b = set(bool)}))"), None),
        (("tuple([number])", "set(string)"), "set(string)"),
        (("list(number)", "set(string)"), "list(number)"),
        (("list(number)", "list(string)"), "list(string)"),
        (("map(number)", "map(any)"), "map(any)"),
        (("map(number)", "list(number)"), None),
    ],
)
def test_types_have_this_one_in_common(types: tuple[str, ...], expected: str | None) -> None:
    assert common(*types) == expected
    if "list(number)" not in types or "set(string)" not in types:  # there the first that is a list decides
        assert common(*reversed(types)) == expected


@pytest.mark.parametrize(
    ("type_", "wanted", "expected"),
    [
        ("string", "number", True),
        ("number", "bool", False),
        ("object({a = number, b = number})", "object({a = string})", True),
        ("object({a = number})", "object({a = string, b = string})", False),
        ("object({a = number})", "object({a = string, b = optional(string)})", True),
        ("map(string)", "object({a = number})", True),
        ("map(list(string))", "object({a = number})", False),
        ("object({a = number, b = list(string)})", "map(any)", False),
        ("object({a = number, b = string})", "map(any)", True),
        ("tuple([number, bool])", "list(any)", False),
        ("tuple([])", "set(any)", True),
        ("tuple([number])", "tuple([string])", True),
        ("tuple([number])", "tuple([string, string])", False),
        ("list(string)", "tuple([string])", False),
        ("set(number)", "list(string)", True),
        ("any", "list(string)", True),
    ],
)
def test_a_type_converts_to_another_one(type_: str, wanted: str, expected: bool) -> None:
    assert converts(type_named(type_), type_named(wanted)) is expected


def test_too_many_types_to_try_leave_it_open() -> None:
    sets = [f"set(object({{a{number} = string}}))" for number in range(MOST_CANDIDATES + 1)]
    assert common("tuple([string])", *sets) == "any"
