"""Conditions in HCL: what cards can say, and what is wrong with cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import judged
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import CardError, read_card

_HEAD = "title: T\nseverity: error\nmessage: m\nremedy: r\nwhy: w.\nbad: b\ngood: g\n"


def _card(folder: Path, text: str) -> Rule:
    path = folder / "card.yaml"
    path.write_text(_HEAD + text, encoding="utf-8")
    return read_card(path)


def _verdict(folder: Path, require: str, argument: str) -> str | None:
    """ "holds", "broken", or the reason of a doubt, for an argument `a`."""
    rule = _card(folder, f"match: resource.aws_sqs_queue\nrequire: {require}\n")
    text = f'variable "x" {{}}\nresource "aws_kms_key" "k" {{}}\nresource "aws_sqs_queue" "q" {{\n{argument}\n}}\n'
    report = judged(rule, text)
    assert report.failures == ()
    if report.doubts:
        return report.doubts[0].doubt
    return "broken" if report.findings else "holds"


@pytest.mark.parametrize(
    ("argument", "verdict"),
    [
        ("", "broken"),
        ("a = null", "broken"),
        ('a = ""', "broken"),
        ('a = "x"', "holds"),
        ("a = 0", "holds"),
        ("a = false", "holds"),
        ("a = []", "broken"),
        ("a = [1]", "holds"),
        ("a = aws_kms_key.k.arn", "holds"),
        ('a = "x-${var.x}"', "holds"),
        ("a = var.x", "var.x has no default"),
        ("a = module.m.arn", "module.m isn't declared"),
        ("a {\n}", "holds"),
        ('dynamic "a" {\nfor_each = []\ncontent {}\n}', "broken"),
        ('dynamic "a" {\nfor_each = var.x\ncontent {}\n}', "var.x has no default"),
    ],
)
def test_given_tells_whether_an_argument_is_set(tmp_path: Path, argument: str, verdict: str) -> None:
    assert _verdict(tmp_path, "given(self.a)", argument) == verdict


def test_unknown_gives_the_doubt_its_reason(tmp_path: Path) -> None:
    require = 'self.a == 1 || self.a == 2 && unknown("it is two")'
    assert [_verdict(tmp_path, f"'{require}'", f"a = {number}") for number in (1, 2, 3)] == [
        "holds",
        "it is two",
        "broken",
    ]


def test_a_module_cannot_call_what_only_conditions_may(tmp_path: Path) -> None:
    assert _verdict(tmp_path, "self.a == true", 'a = given("x")') not in ("holds", "broken")


def test_a_block_that_may_not_be_made_decides_nothing(tmp_path: Path) -> None:
    block = 'dynamic "n" {\nfor_each = var.x\ncontent {\na = 1\n}\n}'
    assert _verdict(tmp_path, "try(self.n[0].a, 0) == 1", block) == "var.x has no default"


def test_several_conditions_make_one_rule(tmp_path: Path) -> None:
    rule = _card(
        tmp_path,
        "conditions:\n"
        "  - {match: resource.aws_sqs_queue, require: self.a == 1, at: [b, a]}\n"
        "  - {match: resource.aws_sns_topic, where: self.c == 1, require: self.a == 2, at: n.a}\n",
    )
    report = judged(
        rule,
        'resource "aws_sns_topic" "t" {\n  c = 1\n  n {\n    a = 1\n  }\n}\n'
        'resource "aws_sns_topic" "u" {\n}\n'
        'resource "aws_sqs_queue" "q" {\n  a = 2\n}\n',
    )
    assert [(finding.address, finding.span.text) for finding in report.findings] == [
        ("aws_sns_topic.t", "1"),
        ("aws_sqs_queue.q", "2"),
    ]


def test_a_requirement_is_the_cards(tmp_path: Path) -> None:
    card = "match: resource.aws_sqs_queue\nrequire: true\n"
    assert _card(tmp_path, card + "requirement: sqs.dlq\n").requirement == "sqs.dlq"
    assert _card(tmp_path, card).requirement is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("check: true\nconditions: []\n", "8: a card has either a check, a require or conditions"),
        ("conditions: []\n", "8: conditions is a list, each with match and require, and where, each or at"),
        ("conditions: {}\n", "8: conditions is a list, each with match and require, and where, each or at"),
        (
            "conditions:\n  - {match: resource.a_b}\n",
            "8: conditions is a list, each with match and require, and where, each or at",
        ),
        (
            "conditions:\n  - {match: resource.a_b, require: true, message: m}\n",
            "8: conditions is a list, each with match and require, and where, each or at",
        ),
    ],
)
def test_a_mistake_in_a_card_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(CardError) as caught:
        _card(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'card.yaml'}:{problem}"
