"""What is printed of a card: its page, its summary, its line in the list."""

from __future__ import annotations

import pytest

from tests.cards import RULES, rule_named
from tflint_tap.rule import Rule
from tflint_tap.rulebook.page import index, page, summary
from tflint_tap.rulebook.shortening import shortened

_SCREEN = 40

LONG = """\
resource "aws_sqs_queue" "first" {
  name = "first"
}

resource "aws_sqs_queue" "second" {
  name                      = "second"
  delay_seconds             = 1
  fifo_queue                = false
  max_message_size          = 2048
  message_retention_seconds = 60
  #                           ^^ too short
  receive_wait_time_seconds = 10
}

resource "aws_sqs_queue" "third" {
  name = "third"
}
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_summary_fits_on_a_screen_and_shows_both_kinds_of_example(rule: Rule) -> None:
    text = summary(rule)
    assert len(text.splitlines()) <= _SCREEN
    head, _, rest = text.partition(f" {rule.id}: {rule.title}\n\n")
    assert str(rule.severity) in head.split(" or ")
    assert rest.startswith(rule.why.split()[0])
    assert ("\nbreaks it:\n" in text, "\nis right:\n" in text) == (bool(rule.bad), bool(rule.good))


def test_an_example_is_cut_to_what_is_marked_and_the_block_that_it_is_in() -> None:
    assert shortened(LONG, 8) == (
        "…",
        'resource "aws_sqs_queue" "second" {',
        "  …",
        "  max_message_size          = 2048",
        "  message_retention_seconds = 60",
        "  #                           ^^ too short",
        "  receive_wait_time_seconds = 10",
        "…",
    )


def test_an_example_without_marks_is_cut_to_what_the_other_one_lacks() -> None:
    right = LONG.replace("  #                           ^^ too short\n", "").replace("= 60", "= 345600")
    assert shortened(right, 5, LONG) == (
        "…",
        'resource "aws_sqs_queue" "second" {',
        "  …",
        "  message_retention_seconds = 345600",
        "…",
    )


def test_a_short_example_is_left_as_it_is() -> None:
    assert shortened(LONG, 17) == tuple(LONG.splitlines())


def test_a_page_has_all_that_a_card_says() -> None:
    rule = rule_named("messaging/low-receive-count")
    text = page(rule)
    for part in (rule.why.strip(), *(example.strip() for example in (*rule.bad, *rule.good))):
        assert part in text
    assert all(f"- <{reference}>\n" in text for reference in rule.references)
    assert f"| `least` | `{rule.params['least']}` |" in text


def test_a_page_names_each_severity_that_findings_may_have() -> None:
    assert "\nSeverity: error or warning\n" in page(rule_named("messaging/visibility-too-short"))
    assert "\nSeverity: error\n" in page(rule_named("syntax/invalid"))


def test_the_index_has_a_table_for_each_family() -> None:
    text = index([rule_named("syntax/invalid"), rule_named("iam/wildcard-action"), rule_named("iam/wildcard-resource")])
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## iam", "## syntax"]
    assert "| `iam/wildcard-action` | error | Policy allows all actions of a service |" in text
    linked = index([rule_named("syntax/invalid")], lambda rule: f"{rule.id}.md")
    assert "| [syntax/invalid](syntax/invalid.md) | error | Invalid syntax |" in linked
