"""Stacks with tags, and what is reported of them."""

from __future__ import annotations

from tests.cards import CONTRACTS
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.text.source import Source

ALL = '{ Project = "p", Environment = "e", Owner = "o", CostCenter = "c" }'
VARIABLE = '\nvariable "tags" {\n  type = map(string)\n}\n'


def in_contract(rule: Rule, text: str) -> Report:
    source = Source("tap_stack.tf", text)
    return lint([Target((source,), (source,), None, CONTRACTS[0])], (rule,))


def queue(tags: str | None, name: str = "q") -> str:
    return f'resource "aws_sqs_queue" "{name}" {{\n' + (f"  tags = {tags}\n" if tags else "") + "}\n"


def default_tags(tags: str, more: str = "") -> str:
    return f'provider "aws" {{\n{more}  default_tags {{\n    tags = {tags}\n  }}\n}}\n'


def doubts(report: Report) -> list[tuple[int, str | None]]:
    assert report.findings == ()
    return [(doubt.span.line, doubt.doubt) for doubt in report.doubts]


def messages(report: Report) -> list[tuple[int, str]]:
    assert report.doubts == ()
    return [(finding.span.line, finding.message) for finding in report.findings]
