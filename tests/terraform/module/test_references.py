"""References and calls in expressions."""

from __future__ import annotations

import pytest

from tflint_tap.hcl import parse_expression
from tflint_tap.hcl.nodes import Expr
from tflint_tap.terraform.module import Module
from tflint_tap.terraform.module.references import calls, references
from tflint_tap.text.source import Source


def expression(text: str) -> Expr:
    return parse_expression(Source("expression", text))


@pytest.mark.parametrize(
    ("text", "addresses", "names"),
    [
        ("1", [], []),
        ('"a${var.a}${upper(local.b)}"', ["var.a", "local.b"], ["upper"]),
        ("[for x in var.a : x.b if x != var.c]", ["var.a", "var.c"], []),
        ("{for k, v in var.a : k => f(v, each.value)}", ["var.a", "each.value"], ["f"]),
        ('"%{for x in var.a}${x}%{endfor}%{if var.b}${data.c.d.e}%{endif}"', ["var.a", "var.b", "data.c.d"], []),
        ("f(g(var.a)...)", ["var.a"], ["f", "g"]),
        ("aws_a.b[var.c].d[*].e", ["aws_a.b", "var.c"], []),
        ("resource.aws_a.b.id", ["aws_a.b"], []),
        # each part once, in the order of the text, also below what isn't a name
        ('tolist(["x"])[nope(1)][0]', [], ["tolist", "nope"]),
        ("f(var.a)[g(var.b)].c[var.d]", ["var.a", "var.b", "var.d"], ["f", "g"]),
        ("f(1)[0][0][var.a][0]", ["var.a"], ["f"]),
    ],
)
def test_each_reference_and_call_is_found_once(text: str, addresses: list[str], names: list[str]) -> None:
    expr = expression(text)
    assert [reference.address for reference in references(expr)] == addresses
    assert [call.name for call in calls(expr)] == names


def test_bound_names_are_none() -> None:
    expr = expression("[rule.value, var.a, resource.rule.b]")
    assert [reference.address for reference in Module((), {}).references(expr, frozenset(["rule"]))] == [
        "var.a",
        "rule.b",
    ]


def test_nested_keys_are_visited_once() -> None:
    text = "var.x"
    for _ in range(40):
        text = f"tolist([1])[{text}][0][0][0][0]"
    expr = expression(text)
    assert len(references(expr)) == 1
    assert len(calls(expr)) == 40
