"""The report for programs: its keys are a promise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_tap.aws.provider import oldest_release, version_text
from tflint_tap.lint import Report
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.report.json_ import dump
from tflint_tap.rule import Finding, Severity
from tflint_tap.text.source import Related, Source, Span

SOURCE = Source("/repo/a.tf", 'a = "𝛑" # x\nb = {\n}\n')


def at(text: str) -> Span:
    start = SOURCE.text.index(text)
    return Span(SOURCE, start, start + len(text))


def render(report: Report) -> str:
    return FORMATS["json"](report, RenderOptions(root="/repo", version="1.0"))


def test_the_whole_document_has_exactly_these_keys() -> None:
    full = Finding(
        "stack/wrong-setting",
        Severity.ERROR,
        "it is so",
        at("{\n}"),
        "do it",
        "aws_sqs_queue.jobs",
        "queue.name",
        (Related("from here", at("# x")),),
    )
    bare = Finding("iam/a", Severity.NOTE, "ünïcödé \u2028 \x9b", at("b"), "do it", inputs=("prod.tfvars",))
    doubt = Finding("iam/b", Severity.WARNING, "may be", at('"𝛑"'), "do it", doubt="var.x has no default")
    report = Report(
        (SOURCE,), (), (full, bare), (doubt,), ("a notice", "held"), ("a failure",),
        left_out={"in the baseline": 2}, stale=("an entry",), unjudged=("held",),
    )  # fmt: skip
    assert json.loads(render(report)) == {
        "version": 1,
        "schema": {"provider": "hashicorp/aws", "version": version_text(), "since": oldest_release()},
        "findings": [
            {
                "rule": "stack/wrong-setting",
                "severity": "error",
                "message": "it is so",
                "path": "a.tf",
                "start": {"line": 2, "column": 5},
                "end": {"line": 3, "column": 2},
                "address": "aws_sqs_queue.jobs",
                "requirement": "queue.name",
                "related": [
                    {
                        "message": "from here",
                        "path": "a.tf",
                        "start": {"line": 1, "column": 9},
                        "end": {"line": 1, "column": 12},
                    }
                ],
                "inputs": [],
            },
            {
                "rule": "iam/a",
                "severity": "note",
                "message": "ünïcödé \u2028 \x9b",
                "path": "a.tf",
                "start": {"line": 2, "column": 1},
                "end": {"line": 2, "column": 2},
                "address": None,
                "requirement": None,
                "related": [],
                "inputs": ["prod.tfvars"],
            },
        ],
        "doubts": [
            {
                "rule": "iam/b",
                "severity": "warning",
                "message": "may be",
                "path": "a.tf",
                "start": {"line": 1, "column": 5},
                "end": {"line": 1, "column": 8},
                "address": None,
                "requirement": None,
                "related": [],
                "inputs": [],
                "reason": "var.x has no default",
            }
        ],
        "summary": {
            "errors": 1,
            "warnings": 0,
            "notes": 1,
            "doubts": 1,
            "files": 1,
            "rules": 0,
            "suppressed": 0,
            "left_out": {"in the baseline": 2},
            "notices": ["a notice", "held"],
            "stale": ["an entry"],
            "unjudged": ["held"],
            "failures": ["a failure"],
        },
    }


def test_an_empty_report_is_a_whole_document() -> None:
    assert (
        render(Report((), (), ()))
        == f"""\
{{
  "version": 1,
  "schema": {{
    "provider": "hashicorp/aws",
    "version": "{version_text()}",
    "since": "{oldest_release()}"
  }},
  "findings": [],
  "doubts": [],
  "summary": {{
    "errors": 0,
    "warnings": 0,
    "notes": 0,
    "doubts": 0,
    "files": 0,
    "rules": 0,
    "suppressed": 0,
    "left_out": {{}},
    "notices": [],
    "stale": [],
    "unjudged": [],
    "failures": []
  }}
}}
"""
    )


def test_letters_stay_letters_and_what_could_do_harm_is_escaped() -> None:
    assert dump("ü漢𝛑 \ud800 \u202e \x9b \x1b") == '"ü漢𝛑 \\ud800 \\u202e \\x9b \\u001b"\n'.replace("\\x9b", "\\u009b")


@pytest.mark.slow
@given(st.text(st.characters() | st.characters(categories=["Cs"])))
def test_every_text_can_be_written_and_is_read_back(text: str) -> None:
    written = dump({"text": text}).encode("utf-8")
    # Two halves that make a pair are read as the one character that they mean.
    meant = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written) == {"text": meant}
