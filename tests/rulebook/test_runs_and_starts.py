"""`run_of` and `started_each`: how long a state machine runs with the functions it calls, and what starts things."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

FUNCTIONS = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  timeout       = 20
}
resource "aws_lambda_function" "short" {
  function_name = "short"
}
variable "x" {
  type = number
}
resource "aws_lambda_function" "open" {
  function_name = "open"
  timeout       = var.x
}
"""
RETRY = 'Retry = [{ ErrorEquals = ["States.ALL"], MaxAttempts = 2, IntervalSeconds = 1, BackoffRate = 1 }]'
INVOKE = 'Resource = "arn:aws:states:::lambda:invoke", Parameters = { FunctionName = aws_lambda_function.f.arn }'


def machine(*tasks: str) -> str:
    states = [
        f'S{number} = {{ Type = "Task", {task}, Next = "S{number + 1}" }}' for number, task in enumerate(tasks, 1)
    ]
    states.append(f'S{len(tasks) + 1} = {{ Type = "Succeed" }}')
    listed = "\n      ".join(states)
    return (
        'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({\n    StartAt = "S1"\n'
        f"    States = {{\n      {listed}\n    }}\n  }})\n}}\n"
    )


def said(folder: Path, match: str, expression: str, text: str) -> str:
    """The value of an expression over `self`, or the reason why it isn't known."""
    rule = card(
        folder,
        f"match: resource.{match}\nwhere: contains(['m', 'f'], label(self))\nlet:\n  found: '{expression}'\n"
        "require: found == -1\n".replace("'m', 'f'", '"m", "f"'),
        message="'${found == null ? 0 : found}'",
    )
    ((_, _, message),) = findings(rule, text)
    return message


@pytest.mark.parametrize(
    ("tasks", "seconds"),
    [
        (["Resource = aws_lambda_function.f.arn"], "20"),
        ([INVOKE], "20"),
        ([INVOKE, "Resource = aws_lambda_function.short.arn"], "23"),  # Lambda's own limit is 3 s
        ([f"{INVOKE}, {RETRY}"], "62"),
        ([f"{INVOKE}, TimeoutSeconds = 5"], "5"),
        ([f"{INVOKE}, TimeoutSeconds = 50"], "20"),
        (["Resource = aws_lambda_function.f.arn, TimeoutSeconds = 50"], "20"),
        ([INVOKE.replace("arn }", 'arn, InvocationType = "Event" }')], "0"),
        ([INVOKE.replace("lambda:invoke", "lambda:invoke.waitForTaskToken")], "0"),
        (['Resource = "arn:aws:states:::sqs:sendMessage", Parameters = {}'], "0"),
    ],
)
def test_a_run_takes_as_long_as_its_functions_may(tmp_path: Path, tasks: list[str], seconds: str) -> None:
    text = FUNCTIONS + machine(*tasks)
    assert said(tmp_path, "aws_sfn_state_machine", "run_of(self).seconds", text) == seconds


def test_a_run_with_a_timeout_that_is_not_known_may_take_longer(tmp_path: Path) -> None:
    text = FUNCTIONS + machine(INVOKE, "Resource = aws_lambda_function.open.arn")
    assert said(tmp_path, "aws_sfn_state_machine", "run_of(self).seconds", text) == "20"
    assert said(tmp_path, "aws_sfn_state_machine", "run_of(self).complete ? 1 : 2", text) == "var.x has no default"


SCHEDULE = """\
resource "aws_cloudwatch_event_rule" "r" {
  name                = "r"
  schedule_expression = "rate(5 minutes)"
}
resource "aws_cloudwatch_event_target" "t" {
  rule = aws_cloudwatch_event_rule.r.name
  arn  = aws_lambda_function.f.arn
}
"""
TOPIC = """\
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.f.arn
}
"""
CALLER = """\
resource "aws_iam_role" "caller" {
  name = "caller"
}
resource "aws_lambda_function" "caller" {
  role = aws_iam_role.caller.arn
}
resource "aws_iam_role_policy" "calls" {
  role   = aws_iam_role.caller.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "%s", Resource = %s }] })
}
"""
TOLD = """\
resource "aws_lambda_function" "caller" {
  environment {
    variables = { NEXT = aws_lambda_function.f.function_name }
  }
}
"""
FAILING = """\
resource "aws_lambda_function" "other" {
  function_name = "other"
}
resource "aws_lambda_function_event_invoke_config" "c" {
  function_name = aws_lambda_function.other.function_name
  destination_config {
    on_success { destination = aws_lambda_function.f.arn }
  }
}
"""


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ("", "300"),
        (TOPIC, "0"),
        (CALLER % ("lambda:InvokeFunction", "aws_lambda_function.f.arn"), "0"),
        (CALLER % ("lambda:*", '"*"'), "0"),
        (CALLER % ("lambda:InvokeFunction", "aws_lambda_function.short.arn"), "300"),
        (CALLER % ("lambda:GetFunction", "aws_lambda_function.f.arn"), "300"),
        (TOLD, "0"),
        (FAILING, "0"),
    ],
)
def test_what_else_may_start_a_function_leaves_it_no_time_between_starts(
    tmp_path: Path, more: str, seconds: str
) -> None:
    text = FUNCTIONS + SCHEDULE + more
    assert said(tmp_path, "aws_lambda_function", "started_each(self)", text) == seconds
