"""A function and a queue to complete, and the doubts that a rule has of a text."""

from __future__ import annotations

from tests.cards import judged, rule_named

FUNCTION = """
resource "aws_lambda_function" "worker" {{
  function_name = "worker"
  role          = "arn:aws:iam::123456789012:role/worker"
  {body}
}}
"""

QUEUE = """
variable "p" {{
  type = bool
}}
variable "k" {{
  type = string
}}
locals {{
  by_name = var.p
  name    = local.by_name ? "x" : null
  start   = var.p ? null : "x-"
}}
resource "aws_sqs_queue" "jobs" {{
  {body}
}}
"""


def doubts(rule: str, text: str) -> list[tuple[int, str | None]]:
    report = judged(rule_named(rule), text)
    assert report.findings == ()
    return [(doubt.span.line, doubt.doubt) for doubt in report.doubts]
