"""What is kept of cards: expressions come back as they were, and a rule is judged where there is something to judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import RULES, rule_named
from tflint_tap.discovery import Target
from tflint_tap.hcl import parse_expression
from tflint_tap.hcl.packing import packed, unpacked
from tflint_tap.lint import lint
from tflint_tap.records import replace
from tflint_tap.rule import Hit, Rule
from tflint_tap.rulebook.index import entry_of, rule_of
from tflint_tap.text.source import Source

from .writing import card

EXPRESSIONS = [
    "true", "null", "-3", "0.25", "1e3", '"a"', '""', '"a${b}c%{ if d }e%{ else }f%{ endif }"',
    '"%{ for k, v in m ~}${k}%{ endfor }"', "<<-E\n  a ${b}\nE\n", "a.b[0].c", 'a["b"]', "a[*].b", "a.*.b", "a.0",
    "f(a, b...)", "f()", "provider::aws::arn_parse(a)", "[a, [b]]", "[]", '{a = 1, "b" : 2, (c) = 3}', "{}",
    "[for a in b : a]", "[for a, b in c : a if b]", "{for a, b in c : a => b...}", "a ? b : c", "a + b * -c", "!a",
    "(a)",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_comes_back_as_it_was(text: str) -> None:
    expr = parse_expression(Source("card", text))
    again = unpacked(packed(expr))
    assert repr(again) == repr(expr)
    assert again.span.text == expr.span.text


@pytest.mark.parametrize(
    ("match", "needs"),
    [
        ("resource.aws_sqs_queue", {"resource.aws_sqs_queue"}),
        ("[resource.aws_sqs_queue, resource.aws_sns_topic]", {"resource.aws_sqs_queue", "resource.aws_sns_topic"}),
        ("data.aws_region", {"data.aws_region"}),
        ("resource.*", {"resource"}),
        ("variable", {"variable"}),
        ("local", {"local"}),
        ("statement.trust", None),
        ("policy", None),
        ("stack", None),
    ],
)
def test_a_rule_needs_what_it_matches(tmp_path: Path, match: str, needs: set[str] | None) -> None:
    assert card(tmp_path, f"match: {match}\nrequire: true\n").needs == needs


def test_a_rule_of_edges_needs_what_holds_them(tmp_path: Path) -> None:
    needs = card(tmp_path, "match: edge.redrives_to\nrequire: true\n").needs
    assert needs is not None
    assert {"resource.aws_sqs_queue", "resource.aws_sqs_queue_redrive_policy"} <= needs


def test_a_rule_of_conditions_needs_what_any_of_them_does(tmp_path: Path) -> None:
    texts = [
        "- {match: variable, require: true}",
        "- {match: output, require: true}",
        "- {match: stack, require: true}",
    ]
    two, three = ("conditions:\n" + "\n".join(f"  {text}" for text in texts[:number]) for number in (2, 3))
    assert card(tmp_path, two).needs == {"variable", "output"}
    assert card(tmp_path, three).needs is None


def test_a_check_in_python_sees_every_stack() -> None:
    assert rule_named("references/undeclared").needs is None


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ('resource "aws_sqs_queue" "q" {}\n', True),
        ('data "aws_sqs_queue" "q" {\n  name = "q"\n}\n', False),
        ('resource "aws_sns_topic" "t" {}\n', False),
        ("", False),
    ],
)
def test_a_rule_isn_t_touched_where_the_stack_lacks_what_it_needs(text: str, judged: bool) -> None:
    touched: list[str] = []

    def check(stack: object, rule: Rule) -> list[Hit]:
        touched.append(rule.id)
        return []

    rule = replace(rule_named("encryption/unencrypted-queue"), check=check)
    source = Source("main.tf", text)
    lint([Target((source,), (source,), None)], (rule,))
    assert touched == [rule.id] * judged


def test_every_condition_is_judged_somewhere() -> None:
    for rule in RULES:
        assert rule.needs is None or rule.needs


def test_the_bool_true_of_a_card_is_the_expression_true() -> None:
    content = {
        "title": "T", "severity": "note", "message": "m", "remedy": "r", "why": "w.", "bad": "b", "good": "g",
        "match": "variable", "require": True,
    }  # fmt: skip
    assert rule_of("a/b", entry_of("a/b", content)).needs == {"variable"}
    assert entry_of("a/b", content)[-2] == entry_of("a/b", {**content, "require": "true"})[-2]
