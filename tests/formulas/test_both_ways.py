"""What a formula gives is what the evaluator gives, for the cards' own cases and for values of every kind."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.cards import CONTRACTS, RULES
from tests.formulas.both_ways import both_ways, told, walked
from tests.stacks import REFERENCE, lint_text, stack_of
from tflint_tap.authoring.trial import differences, examples_of
from tflint_tap.formulas.formula import Formula
from tflint_tap.formulas.scope import Scope
from tflint_tap.hcl import parse_expression
from tflint_tap.hcl.packing import packed
from tflint_tap.rule import Rule
from tflint_tap.terraform.evaluation.values import ErrorValue, ListValue, MapValue, Symbol, Unknown, Value, first_error
from tflint_tap.text.source import Source
from tflint_tap.vocabulary import evaluator_of
from tflint_tap.vocabulary.verdicts import verdict

STACK = stack_of('resource "aws_sqs_queue" "q" { name = "jobs" }')
PLACE = parse_expression(Source("written", "somewhere")).span


def _value(data: Any, *, sensitive: bool = False) -> Value:
    if isinstance(data, (list, tuple)):
        data = ListValue(tuple(map(_value, data)))
    elif isinstance(data, dict):
        data = MapValue({key: _value(item) for key, item in data.items()})
    return data if isinstance(data, Value) else Value(data, PLACE, sensitive)


UNKNOWN = Unknown("var.a has no default")
VALUES = {
    "true": _value(True),
    "false": _value(False),
    "text true": _value("true"),
    "text": _value("a"),
    "empty text": _value(""),
    "one": _value(1),
    "nothing": _value(None),
    "unknown": _value(UNKNOWN),
    "error": _value(ErrorValue("it is wrong")),
    "symbol": _value(Symbol("aws_sqs_queue.q", ("arn",))),
    "written": _value(Symbol("aws_sqs_queue.q", ("name",))),
    "sensitive": _value(True, sensitive=True),
    "empty": _value([]),
    "list": _value(["a", "b", 1]),
    "bools": _value([True, False]),
    "with unknown": _value([True, UNKNOWN, "a"]),
    "with error": _value(["a", ErrorValue("it is wrong")]),
    "open": _value(ListValue((_value("a"), _value(True)), "list", UNKNOWN, 1)),
    "open and empty": _value(ListValue((), "list", UNKNOWN, 0)),
    "set": _value(ListValue((_value("a"), _value("b")), "set")),
    "object": _value({"a": "x", "b": True}),
    "open object": _value(MapValue({"a": _value("x")}, "object", UNKNOWN)),
    "without a place": Value("a"),
}
TEXTS = (
    "a && b", "a || b", "!a", "a == b", "a != b", "a < b", "a >= b", "a + b", "-a", "a ? b : a",
    "a ? b == 1 : b == 2", "a == b ? true : false", "[a, b]", "{ x = a, (b) = 1 }",
    "{ for k, v in a : k => v if v != b }", "{ for v in a : v => b... }", "[for v in a : v]", "[for v in a : v if b]",
    "[for k, v in a : [k, v == b]]", "[for v in a : [for w in b : [v, w]]]", "anytrue([for v in a : v == b])",
    "alltrue([for v in a : v == b])", "anytrue([for v in a : v])", "alltrue(a)", "anytrue(a)",
    "alltrue([for v in a : !v if b])", "exists([for v in a : v if v == b])", "exists(a)",
    "exists([for k, v in a : v])", "contains(a, b)", "startswith(a, b)", "endswith(a, b)", "strcontains(a, b)",
    "can(a.x)", "can(a)", "try(a.b, b)", "try(a, b)", "certain(a)", "possible(a)", "certain(a == b)",
    "possible(a && b)", "given(a)", "default(a, b)", "a.a", "a[b]", "a[0]", "a[*]", "a[*].a", "a.x[b].y", 'a["a"]',
    '"${a}-${b}"', '"${a}"', '"x"', "concat(a, b)", "concat(a...)", "length(a)", "lower(a)", "merge(a, b)", "keys(a)",
    "(a)", "core::lower(a)", "nothing(a)", "var.a", "aws_sqs_queue.q.name", "aws_sqs_queue.q.arn == a", 'upper("x")',
    'contains(["a", "b"], a)', "[for v in [a, b] : v == a]", "a == null", 'a == "a"', "a == 1",
    "!(a == b) && (a || b)", "tostring(a)", "range(1, 3)", "1.5 * 2", "a % b", "a / b", "sensitive(a)",
    "[for k, k in a : k]", "length([for v in a : v if v == b]) > 0", "setsubtract(a, b)", "jsonencode(a)",
)  # fmt: skip

_STOPPING = ("a && b", "a || b")
_STOPS = ("&&", "||", "anytrue", "alltrue", "exists", "?")


@pytest.mark.parametrize("text", TEXTS)
def test_values_of_every_kind(text: str) -> None:
    formula = Formula(packed(parse_expression(Source("card", text))))
    for one, other in product(VALUES, VALUES):
        scope = Scope({"a": VALUES[one], "b": VALUES[other]}, evaluator_of(STACK))
        expected = walked(formula, scope)
        if first_error(expected) is None:
            if text not in _STOPPING or other != "sensitive":  # what isn't looked at marks nothing
                assert told(formula.value(scope)) == told(expected), (one, other)
            assert formula.verdict(scope) == verdict(expected), (one, other)
        elif not any(word in text for word in _STOPS):
            assert first_error(formula.value(scope)) == first_error(expected), (one, other)
            assert formula.verdict(scope) == verdict(expected), (one, other)
        else:  # what stops before the error is as if the error weren't there
            assert isinstance(formula.verdict(scope), (bool, str))
            formula.value(scope)


def test_the_reference() -> None:
    seen: list[str] = []
    with both_ways(seen):
        report = lint_text(REFERENCE.read_text(encoding="utf-8"), *RULES, contract=CONTRACTS[0])
    assert report.failures == ()
    assert len(seen) > 5_000


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.family != "suppressions"], ids=lambda rule: rule.id)
def test_the_cases_of_a_card(rule: Rule) -> None:
    with both_ways([]):
        for example in examples_of(rule):
            assert differences(example, rule) == []
