"""A function to complete, and the doubts that a rule has of a text."""

from __future__ import annotations

from tests.cards import judged, rule_named

FUNCTION = """
resource "aws_lambda_function" "worker" {{
  function_name = "worker"
  role          = "arn:aws:iam::123456789012:role/worker"
  {body}
}}
"""


def doubts(rule: str, text: str) -> list[tuple[int, str | None]]:
    report = judged(rule_named(rule), text)
    assert report.findings == ()
    return [(doubt.span.line, doubt.doubt) for doubt in report.doubts]
