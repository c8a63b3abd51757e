"""The list of suppressions: what each says, covers and silences."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.commands import run
from tflint_tap.aws.syntax import parse
from tflint_tap.report.suppressions import listing, suppressions
from tflint_tap.rule import Finding, Severity
from tflint_tap.suppressions.comments import find_suppressions
from tflint_tap.text.source import Source, Span

DAY = date(2026, 11, 28)
TEXT = """\
# tap:ignore[iam, encryption/unencrypted-queue] until=2026-01-31 reason: agreed
resource "aws_sqs_queue" "q" {
  #checkov:skip=CKV_AWS_27,CKV_AWS_117:"public data"
  name = "q"
}

# tap:ignore[iam]
# trivy:ignore:AVD-AWS-0096:ws:dev
variable "a" {}

# tfsec:ignore:AWS015
"""


def said(format_: str, text: str = TEXT) -> str:
    source = Source("/work/a.tf", text)
    found = find_suppressions(parse(source))
    finding = Finding(
        "encryption/unencrypted-queue", Severity.ERROR, "it is not\x1b[2J encrypted", Span(source, 80, 85), ""
    )
    silenced = {one.span: [finding] for one in found if one.tool == "checkov"}
    return suppressions(listing(found, silenced), format_, "/work", DAY)


def test_for_people() -> None:
    assert said("text") == (
        "a.tf:1:3: tap:ignore[iam, encryption/unencrypted-queue]\n"
        "    rules: iam, encryption/unencrypted-queue, in the code below it\n"
        "    reason: agreed\n"
        "    until: 2026-01-31, which is past\n"
        "    silences nothing\n"
        "\n"
        'a.tf:3:4: checkov:skip=CKV_AWS_27,CKV_AWS_117:"public data"\n'
        "    rules: encryption/unencrypted-queue, in its block\n"
        "    reason: public data\n"
        "    problem: no rule asks for what CKV_AWS_117 does\n"
        "    silences encryption/unencrypted-queue at a.tf:2:1: it is not\\x1b[2J encrypted\n"
        "\n"
        "a.tf:7:3: tap:ignore[iam]\n"
        "    rules: iam, in the code below it\n"
        "    reason: none is given\n"
        "    problem: gives no reason\n"
        "    silences nothing\n"
        "\n"
        "a.tf:8:3: trivy:ignore:AVD-AWS-0096:ws:dev\n"
        "    reason: none is given\n"
        "    problem: it is for the workspace dev alone\n"
        "    silences nothing\n"
        "\n"
        "a.tf:11:3: tfsec:ignore:AWS015\n"
        "    rules: encryption/unencrypted-queue, in the code below it\n"
        "    reason: none is given\n"
        "    problem: nothing stands where tfsec looks for it\n"
        "    silences nothing\n"
        "\n"
        "5 suppressions (1 of checkov, 2 of tap-lint, 1 of tfsec and 1 of trivy): 1 finding silenced, 4 without any\n"
    )


def test_for_programs() -> None:
    first, second, _, fourth, fifth = json.loads(said("json"))["suppressions"]
    assert (first["tool"], first["until"], first["expired"]) == ("tap-lint", "2026-01-31", True)
    assert first["covers"] == {"line": 2, "end_line": 5}
    assert second["unread"] == ["CKV_AWS_117"]
    assert second["rules"] == ["encryption/unencrypted-queue"]
    assert second["silences"] == [
        {
            "rule": "encryption/unencrypted-queue",
            "doubt": False,
            "message": "it is not\x1b[2J encrypted",
            "path": "a.tf",
            "line": 2,
            "column": 1,
        }
    ]
    assert fourth["problems"] == ["it is for the workspace dev alone"]
    assert (fifth["path"], fifth["line"], fifth["column"], fifth["covers"]) == ("a.tf", 11, 3, None)


def test_where_there_is_none() -> None:
    assert said("text", "a = 1\n") == "no suppressions\n"
    assert json.loads(said("json", "a = 1\n")) == {"version": 1, "suppressions": []}


@pytest.mark.slow
def test_the_command_lists_them_with_what_they_silence(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        "# trivy:ignore:AVD-AWS-0096\n# tap:ignore[encryption/unencrypted-queue] reason: agreed\n"
        'resource "aws_sqs_queue" "q" {\n  #checkov:skip=CKV_AWS_27\n  sqs_managed_sse_enabled = false\n}\n'
    )
    done = run("suppressions", ".", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    entries = json.loads(done.stdout)["suppressions"]
    assert [(one["tool"], [item["rule"] for item in one["silences"]]) for one in entries] == [
        ("trivy", []),
        ("tap-lint", ["encryption/unencrypted-queue"]),
        ("checkov", ["encryption/unencrypted-queue"]),
    ]
    broken = run("suppressions", "missing", cwd=tmp_path)
    assert broken.returncode == 2
