"""Stacks with tags, and what is reported of them."""

from __future__ import annotations

from tflint_tap.lint import Report

ALL = '{ Project = "p", Environment = "e", Owner = "o", CostCenter = "c" }'
VARIABLE = '\nvariable "tags" {\n  type = map(string)\n}\n'


def queue(tags: str | None, name: str = "q") -> str:
    return f'resource "aws_sqs_queue" "{name}" {{\n' + (f"  tags = {tags}\n" if tags else "") + "}\n"


def doubts(report: Report) -> list[tuple[int, str | None]]:
    assert report.findings == ()
    return [(doubt.span.line, doubt.doubt) for doubt in report.doubts]


def messages(report: Report) -> list[tuple[int, str]]:
    assert report.doubts == ()
    return [(finding.span.line, finding.message) for finding in report.findings]
