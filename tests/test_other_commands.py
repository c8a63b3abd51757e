"""The commands beside `check`: what they print and the code they exit with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import SOUND, run

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sound.tf").write_text(SOUND)
    return tmp_path


def test_the_rules_are_listed(folder: Path) -> None:
    done = run("rules", cwd=folder)
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines() if line.startswith("syntax/invalid")] == [
        ["syntax/invalid", "error", "Invalid", "syntax"]
    ]


def test_a_rule_is_explained(folder: Path) -> None:
    done = run("explain", "syntax/invalid", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("error syntax/invalid: Invalid syntax\n")
    assert run("explain", "--full", "syntax/invalid", cwd=folder).stdout.startswith(
        "# syntax/invalid: Invalid syntax\n"
    )


def test_the_rules_of_a_family_are_listed_as_markdown(folder: Path) -> None:
    done = run("rules", "syntax", "--format", "markdown", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("## syntax\n\n| rule | severity | |\n| --- | --- | --- |\n| `syntax/")
    wrong = run("rules", "sintax", cwd=folder)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "tap-lint: there is no family sintax; did you mean syntax?\n"


def test_what_is_wired_is_drawn(folder: Path) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  redrive_policy = jsonencode({ deadLetterTargetArn = %s })\n}\n'
    (folder / "queues.tf").write_text('resource "aws_sqs_queue" "dlq" {}\n' + queue % "aws_sqs_queue.dlq.arn")
    done = run("graph", ".", "--kind", "redrives_to", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert '  r1 -->|"redrives_to"| r0\n' in done.stdout
    edge = json.loads(run("graph", "--format", "json", cwd=folder).stdout)["edges"][0]
    assert (edge["source"], edge["target"], edge["file"], edge["line"]) == (
        "aws_sqs_queue.q",
        "aws_sqs_queue.dlq",
        "queues.tf",
        3,
    )


def test_a_kind_of_edge_that_there_is_not_exits_with_2(folder: Path) -> None:
    done = run("graph", "sound.tf", "--kind", "redrive_to", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "tap-lint: --kind redrive_to: there is no such kind; did you mean redrives_to?\n"


ROLE = """\
resource "aws_iam_role" "worker" {
  name = "worker"
}

resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["sns:Publish"], Resource = "*" }] })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}
"""


def test_permissions_tells_what_a_role_is_granted_and_lacks(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ROLE, encoding="utf-8")
    done = run("permissions", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
aws_iam_role.worker, for aws_lambda_function.worker
  ! sns:Publish on *
      nothing in the stack needs it (aws_iam_role_policy.worker, main.tf:7)
  - logs:CreateLogStream, logs:PutLogEvents on arn:aws:logs:*:*:log-group:/aws/lambda/worker:log-stream:*
      missing: aws_lambda_function.worker writes its logs
"""
    )
    (role,) = json.loads(run("permissions", "--format", "json", cwd=tmp_path).stdout)["roles"]
    assert [(grant["action"], grant["needed"]) for grant in role["granted"]] == [("sns:Publish", False)]
    assert role["missing"][0]["actions"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert "| not needed | `sns:Publish` |" in run("permissions", "--format", "markdown", cwd=tmp_path).stdout
    suggested = run("permissions", "--suggest", "--role", "aws_iam_role.worker", cwd=tmp_path).stdout
    assert '["logs:CreateLogStream", "logs:PutLogEvents"]' in suggested
    assert "sns" not in suggested


def test_permissions_of_a_role_that_there_is_not_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ROLE, encoding="utf-8")
    done = run("permissions", "--role", "aws_iam_role.wrker", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean aws_iam_role.worker?" in done.stderr


def test_permissions_and_graph_tell_of_the_module_of_a_folder_whatever_lies_below(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_iam_role" "upper" {\n  assume_role_policy = "{}"\n}\n')
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "main.tf").write_text('resource "aws_iam_role" "lower" {\n  assume_role_policy = "{}"\n}\n')
    for command in ("permissions", "graph"):
        result = run(command, ".", cwd=tmp_path)
        assert result.returncode == 0
        assert "aws_iam_role.upper" in result.stdout
        assert "aws_iam_role.lower" not in result.stdout


def test_a_matrix_tells_each_requirement_and_exits_as_a_check_does(folder: Path) -> None:
    contract = folder / "jobs.yaml"
    contract.write_text("variables: {name: {id: var.name, type: string}}\n")
    done = run("trace", "sound.tf", "--contract", "jobs.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "\nmet         var.name: there is a variable name, of the type string\n            sound.tf:1 var.name\n"
        in done.stdout
    )
    contract.write_text("variables: {name: {id: var.name, type: number}}\n")
    done = run("trace", "sound.tf", "--contract", "jobs.yaml", "--format", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["summary"]["broken"] == 1
    done = run("trace", "sound.tf", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "sound.tf follows no contract; --contract NAME|FILE says which one it has to hold" in done.stderr
