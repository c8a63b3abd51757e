"""Modules of several files, and what is reported of them."""

from __future__ import annotations

from tests.stacks import lint_text
from tflint_tap.lint import Report
from tflint_tap.rule import Rule

VARIABLE = 'variable "v" {\n  default = 1\n}\n'
QUEUE = 'resource "aws_sqs_queue" "q" {\n}\n'


def over_files(rule: Rule, files: dict[str, str], *shown: str) -> Report:
    return lint_text(files, rule, shown=shown or None)


def messages(report: Report) -> list[str]:
    assert report.doubts == ()
    assert report.failures == ()
    return [finding.message for finding in report.findings]
