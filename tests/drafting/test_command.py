"""`tap-lint contract draft`: what it prints, and what it can't read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import runner
from tflint_tap.cli.main import cli

QUEUE = """\
variable "wait" {
  default = 5
}
resource "aws_sqs_queue" "jobs" {
  delay_seconds = var.wait > 3 ? 9 : 1
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(QUEUE)
    return tmp_path


def draft(*arguments: str) -> Result:
    return runner().invoke(cli, ("contract", "draft", *arguments))


def test_a_draft_goes_to_stdout_and_is_a_contract_that_the_stack_meets(folder: Path) -> None:
    done = draft("main.tf")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("# A draft: what main.tf has, as demands.")
    assert "\ncontract: main\n" in done.stdout
    (folder / "own.yaml").write_text(done.stdout)
    checked = runner().invoke(cli, ("contract", "check", "own.yaml"))
    assert checked.stdout == "own.yaml: 2 requirements, nothing wrong\n"
    judged = ("check", "main.tf", "--quiet", "--contract", "own.yaml", "--select", "stack")
    assert runner().invoke(cli, judged).exit_code == 0
    (folder / "main.tf").write_text(QUEUE.replace("jobs", "others"))
    broken = runner().invoke(cli, judged)
    assert (broken.exit_code, broken.stdout.count("\n")) == (1, 1)
    assert "stack/missing-resource" in broken.stdout


def test_a_folder_is_a_stack_and_variables_can_be_given(folder: Path) -> None:
    (folder / "more.tf").write_text('resource "aws_sns_topic" "news" {\n  count = var.wait\n}\n')
    assert "count: 2" not in draft(".").stdout
    assert 'news: {type: aws_sns_topic, named: news, count: ">= 1"}' in draft(".", "--var", "wait=2").stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.tf", None, "absent.tf: "),
        ("broken.tf", b'resource "aws_sqs_queue" {\n  x = \n', "a draft needs a stack that can be read"),
        ("latin.tf", b'locals { a = "caf\xe9" }\n', "latin.tf:1: not valid UTF-8"),
    ],
)
def test_what_can_not_be_read_is_told(folder: Path, name: str, content: bytes | None, said: str) -> None:
    (folder / "main.tf").unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    done = draft(name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("tap-lint: ")
