"""Modules of several files, and what is reported of them."""

from __future__ import annotations

from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.text.source import Source

VARIABLE = 'variable "v" {\n  default = 1\n}\n'
QUEUE = 'resource "aws_sqs_queue" "q" {\n}\n'


def over_files(rule: Rule, files: dict[str, str], *shown: str) -> Report:
    sources = {name: Source(name, text) for name, text in files.items()}
    wanted = tuple(sources[name] for name in shown or files)
    return lint([Target(tuple(sources.values()), wanted, None)], (rule,))


def messages(report: Report) -> list[str]:
    assert report.doubts == ()
    assert report.failures == ()
    return [finding.message for finding in report.findings]
