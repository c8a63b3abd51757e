"""Functions on definitions of state machines, schedules and event patterns, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

MACHINE = """\
variable "x" {}
resource "aws_sfn_state_machine" "m" {
  definition = %s
}
"""
CHOICE = (
    'jsonencode({ StartAt = "A", States = { A = { Type = "Pass", Next = "C" }, B = { Type = "Wait", Next = "E" }, '
    'C = { Type = "Choice", Choices = [{ Variable = "$.x", IsNull = true, Next = "B" }], Default = "D" }, '
    'D = { Type = "Succeed" }, E = { Type = "Parallel", End = true, Branches = [{ StartAt = "F", States = { '
    'F = { Type = "Pass", End = true } } }] } } })'
)
CHOSEN = 'join(" ", machine(self.definition).chosen)'
WAIT = 'jsonencode({ StartAt = "A", TimeoutSeconds = 9, States = { A = { Type = "Wait", Seconds = 5, End = true } } })'


def _verdict(folder: Path, require: str, text: str, type_: str) -> str:
    """ "holds", "broken", or the reason of a doubt."""
    found = findings(card(folder, f"match: resource.{type_}\nrequire: >-\n  {require}\n"), text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


@pytest.mark.parametrize(
    ("definition", "require", "verdict"),
    [
        (WAIT, 'machine(self.definition).states[0].name == "A"', "holds"),
        (WAIT, "machine(self.definition).timeout == 9", "holds"),
        (WAIT, "machine(self.definition).longest.seconds == 5", "holds"),
        (WAIT, 'machine(self.definition).longest.slowest.name == "A"', "holds"),
        (WAIT, "machine(self.definition).longest.complete", "holds"),
        (WAIT, "exists(machine(self.definition).problems)", "broken"),
        (WAIT, "exists(machine(self.definition).unset)", "broken"),
        (WAIT.replace('Type = "Wait"', "Type = 1"), "exists(machine(self.definition).problems)", "holds"),
        (WAIT.replace("Seconds = 5", "Seconds = var.x"), "machine(self.definition).longest.seconds == 0", "holds"),
        (WAIT.replace("Seconds = 5", "Seconds = var.x"), "machine(self.definition).longest.complete",
         "var.x has no default"),
        ('"no JSON"', "machine(self.definition).timeout == null", "holds"),
        ('"no JSON"', "machine(self.definition).longest == null", "holds"),
        ("var.x", "machine(self.definition).timeout == null", "var.x has no default"),
        ("var.x", "exists(machine(self.definition).unset)", "var.x has no default"),
        ("var.x", "machine(self.definition).problems[0].sound", "var.x has no default"),
        (CHOICE, f'{CHOSEN} == "B D E F"', "holds"),
        (CHOICE.replace('Next = "C"', 'Next = "B"'), f'{CHOSEN} == ""', "holds"),
        (CHOICE.replace('Default = "D"', 'Default = "B"'), f'{CHOSEN} == "B E F"', "holds"),
        (CHOICE.replace('Next = "C"', 'Next = "C", Catch = [{ Next = "B" }]'), f'{CHOSEN} == "B D E F"', "holds"),
        (CHOICE.replace('Next = "C"', "Next = var.x"), f'{CHOSEN} == ""', "var.x has no default"),
        (WAIT, "exists(machine(self.definition).chosen)", "broken"),
        ('"no JSON"', "exists(machine(self.definition).chosen)", "broken"),
        ("var.x", "exists(machine(self.definition).chosen)", "var.x has no default"),
    ],
)  # fmt: skip
def test_what_a_definition_says(tmp_path: Path, definition: str, require: str, verdict: str) -> None:
    assert _verdict(tmp_path, require, MACHINE % definition, "aws_sfn_state_machine") == verdict


RULE = 'variable "x" {}\nresource "aws_cloudwatch_event_rule" "r" {\n  schedule_expression = %s\n}\n'


@pytest.mark.parametrize(
    ("expression", "require", "verdict"),
    [
        ('"rate(5 minutes)"', 'schedule(self.schedule_expression, "events").period == 300', "holds"),
        ('"rate(5 minutes)"', 'schedule(self.schedule_expression, "events").kind == "rate"', "holds"),
        ('"rate(5 minutes)"', 'schedule(self.schedule_expression, "events").problem == null', "holds"),
        (
            '"cron(0/30 8 * * ? *)"',
            'schedule(self.schedule_expression, "events").normal == schedule("cron(0,30 8 * * ? *)", "events").normal',
            "holds",
        ),
        ('"rate(5 minute)"', 'schedule(self.schedule_expression, "events").problem == null', "broken"),
        ('"rate(5 minute)"', 'schedule(self.schedule_expression, "events").period == 300', "it is no schedule"),
        ("var.x", 'schedule(self.schedule_expression, "events").problem == null', "var.x has no default"),
        ('"rate(${var.x} minutes)"', 'schedule(self.schedule_expression, "events").problem == null',
         "var.x has no default"),
        ('"each ${var.x} minutes"', 'schedule(self.schedule_expression, "events").problem == null', "broken"),
    ],
)  # fmt: skip
def test_what_a_schedule_says(tmp_path: Path, expression: str, require: str, verdict: str) -> None:
    assert _verdict(tmp_path, require, RULE % expression, "aws_cloudwatch_event_rule") == verdict


def test_a_service_that_has_no_schedules_is_the_cards_mistake(tmp_path: Path) -> None:
    found = _verdict(tmp_path, 'schedule("x", "s3").problem == null', RULE % '"x"', "aws_cloudwatch_event_rule")
    assert found.startswith("schedule knows these services: events, scheduler")


PATTERN = 'variable "x" {}\nresource "aws_cloudwatch_event_rule" "r" {\n  event_pattern = %s\n}\n'


@pytest.mark.parametrize(
    ("pattern", "verdict"),
    [
        ('jsonencode({ source = ["aws.s3", "aws.states"] })', "holds"),
        ('<<JSON\n{ "source": ["aws.states"] }\nJSON\n', "holds"),
        ('jsonencode({ source = [{ prefix = "aws." }] })', "holds"),
        ('jsonencode({ "detail-type" = ["Step Functions Execution Status Change"] })', "holds"),
        ('jsonencode({ source = ["aws.s3"] })', "broken"),
        ('jsonencode({ source = [{ prefix = "aws.s3" }] })', "broken"),
        ('jsonencode({ source = "aws.states" })', "broken"),
        ('jsonencode({ source = [{ "anything-but" = ["aws.s3"] }] })', "the pattern's source isn't written out"),
        ("jsonencode({ source = [var.x] })", "var.x has no default"),
        ("jsonencode({ source = var.x })", "var.x has no default"),
        ("jsonencode(var.x)", "var.x has no default"),
        ("var.x", "var.x has no default"),
        ("null", "broken"),
        ('"no JSON"', "broken"),
    ],
)
def test_the_rules_that_take_events_of_a_source(tmp_path: Path, pattern: str, verdict: str) -> None:
    require = 'exists(event_rules("aws.states"))'
    assert _verdict(tmp_path, require, PATTERN % pattern, "aws_cloudwatch_event_rule") == verdict


def test_an_element_that_a_variable_gives_is_pointed_at_where_it_is_used(tmp_path: Path) -> None:
    text = (
        'variable "seconds" {\n  default = "30"\n}\nlocals {\n  wait = { Type = "Pass", Ende = true }\n}\n'
        'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({ StartAt = "A", States = {\n'
        '    A = { Type = "Wait", Seconds = var.seconds, Next = "B" }\n    B = local.wait\n  } })\n}\n'
    )
    rule = card(
        tmp_path,
        "match: resource.aws_sfn_state_machine\neach: machine(self.definition).problems\nrequire: each.sound\n",
        message="${each.what}",
    )
    assert [(place, message) for _, place, message in findings(rule, text)] == [
        ("true", "the Pass state B has no field Ende; did you mean End?"),
        ("var.seconds", 'Seconds of the state A has to be a whole number and is "30"'),
    ]
