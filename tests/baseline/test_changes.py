"""Findings on lines that have changed since a revision, in real git repositories."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.baseline.test_baseline import CHOSEN, queue, write
from tests.commands import invoke as run
from tflint_tap.baseline.changes import changes_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    write(tmp_path, {"a/main.tf": queue() + queue("mail"), "b/main.tf": queue("other")})
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def found(folder: Path, *arguments: str, base: str = "main") -> list[str]:
    """The rules and places of what is reported, without columns."""
    done = run(".", *CHOSEN, "--quiet", "--diff-base", base, *arguments, cwd=folder)
    assert done.stderr == "", done.stderr
    return [re.sub(r"^(.*?):(\d+):\d+: \w+ (\S+): .*", r"\1:\2 \3", line) for line in done.stdout.splitlines()]


def test_nothing_is_reported_where_nothing_has_changed(repository: Path) -> None:
    assert found(repository) == []


def test_a_changed_argument_is_reported_and_what_is_beside_it_is_not(repository: Path) -> None:
    write(repository, {"a/main.tf": queue(encrypted=False) + queue("mail")})
    assert found(repository) == [
        "a/main.tf:1 messaging/queue-without-dlq",
        "a/main.tf:4 encryption/unencrypted-queue",
    ]


def test_lines_that_move_are_not_changed(repository: Path) -> None:
    write(repository, {"a/main.tf": "# a comment\n\n" + queue() + queue("mail")})
    assert found(repository) == []


def test_blocks_that_move_to_another_file_are_not_changed(repository: Path) -> None:
    write(repository, {"a/main.tf": queue(), "a/mail.tf": queue("mail")})
    assert found(repository) == []
    commit(repository)
    assert found(repository, base="HEAD~1") == []


def test_a_renamed_file_is_not_changed(repository: Path) -> None:
    git(repository, "mv", "b/main.tf", "b/queue.tf")
    assert found(repository) == []


def test_what_is_taken_out_of_a_block_changes_it(repository: Path) -> None:
    dead = '  redrive_policy = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d", maxReceiveCount = 5 })\n'
    write(repository, {"b/main.tf": queue("other").replace("}\n", dead + "}\n")})
    commit(repository)
    write(repository, {"b/main.tf": queue("other")})
    assert found(repository, base="HEAD") == ["b/main.tf:1 messaging/queue-without-dlq"]


def test_a_file_that_git_does_not_know_is_new_in_all_lines(repository: Path) -> None:
    write(repository, {"c d/é.tf": queue("fresh")})
    assert found(repository) == ["c d/é.tf:1 messaging/queue-without-dlq"]
    commit(repository)
    assert found(repository, base="HEAD~1") == ["c d/é.tf:1 messaging/queue-without-dlq"]


def test_a_value_that_changes_elsewhere_counts(repository: Path) -> None:
    stack = queue("v").replace("= true", "= var.sse") + 'variable "sse" {\n  type = bool\n}\n'
    write(repository, {"v/main.tf": stack, "v/terraform.tfvars": "sse = true\n"})
    commit(repository)
    write(repository, {"v/terraform.tfvars": "sse = false\n"})
    assert found(repository, base="HEAD") == ["v/main.tf:4 encryption/unencrypted-queue"]


def test_what_the_base_has_changed_since_the_branch_left_it_is_not_the_branchs(repository: Path) -> None:
    git(repository, "checkout", "-qb", "branch")
    git(repository, "checkout", "-q", "main")
    write(repository, {"b/main.tf": queue("other", encrypted=False)})
    commit(repository)
    git(repository, "checkout", "-q", "branch")
    assert found(repository) == []


def test_a_file_that_cannot_be_read_is_reported_in_any_case(repository: Path) -> None:
    write(repository, {"b/main.tf": "resource {"})
    commit(repository)
    done = run(".", "--quiet", "--diff-base", "HEAD", cwd=repository)
    assert "syntax/" in done.stdout


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:a"])
def test_a_revision_that_is_none_ends_the_run(repository: Path, revision: str) -> None:
    done = run(".", f"--diff-base={revision}", cwd=repository)
    assert done.returncode == 2
    assert done.stderr.startswith(f"tap-lint: --diff-base {revision}: ")
    assert not (repository / "x").exists()


def test_a_folder_outside_repositories_ends_the_run(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": queue()})
    done = run(".", "--diff-base", "main", cwd=tmp_path)
    assert done.returncode == 2
    assert "lies in no git repository" in done.stderr


def test_no_command_of_the_repository_is_run(repository: Path) -> None:
    for name in ("core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command"):
        git(repository, "config", name, "touch ran; false")
    write(repository, {".gitattributes": "*.tf diff=x\n", "a/main.tf": queue(encrypted=False)})
    assert found(repository)
    assert not list(repository.rglob("ran"))


@pytest.mark.parametrize("setting", ["clean", "process"])
def test_no_filter_of_the_repository_is_run(repository: Path, setting: str) -> None:
    git(repository, "config", f"filter.x.{setting}", "touch ran; cat")
    write(repository, {".gitattributes": "*.tf filter=x\n", "a/main.tf": queue(encrypted=False)})
    assert found(repository)
    assert not list(repository.rglob("ran"))


@pytest.mark.parametrize("way", ["attribute", "zero byte", "threshold"])
def test_what_git_takes_for_binary_has_lines(repository: Path, way: str) -> None:
    write(repository, {"b/main.tf": queue("other") + queue("fresh")})
    if way == "attribute":
        write(repository, {".gitattributes": "*.tf -diff\n"})
    elif way == "zero byte":
        write(repository, {"b/main.tf": queue("other") + queue("fresh") + "# \0\n"})
    else:
        git(repository, "config", "core.bigFileThreshold", "1")
    assert "b/main.tf:6 messaging/queue-without-dlq" in found(repository)


@pytest.mark.parametrize("way", ["setting", "variable", "order"])
def test_neither_settings_nor_variables_shift_lines(
    repository: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    comments = [f"# {number}" for number in range(12)]
    write(repository, {"b/main.tf": "\n".join([*comments, queue("other")])})
    commit(repository)
    if way == "setting":
        git(repository, "config", "diff.interHunkContext", "20")
    elif way == "variable":
        monkeypatch.setenv("GIT_DIFF_OPTS", "-u5")
    else:
        git(repository, "config", "diff.orderFile", "/nonexistent")
    comments[1] = comments[3] = "# changed"
    write(repository, {"b/main.tf": "\n".join([*comments, queue("other"), queue("new")])})
    assert found(repository, base="HEAD") == ["b/main.tf:19 messaging/queue-without-dlq"]


def test_a_file_that_git_ignores_is_new(repository: Path) -> None:
    (repository / ".git" / "info" / "exclude").write_text("gen.tf\n")
    write(repository, {"b/gen.tf": queue("made")})
    assert found(repository) == ["b/gen.tf:1 messaging/queue-without-dlq"]


def test_what_was_taken_away_once_was_moved_once() -> None:
    changes = changes_of("--- a/x.tf\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a {\n-}\n", [], "/repo")
    assert [changes.was_moved("/repo", ["a {", "}"]) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("elsewhere", ["README.md", "c/main.tf"])
def test_what_was_taken_from_another_folder_was_not_moved(repository: Path, elsewhere: str) -> None:
    write(repository, {elsewhere: "# text\n" * 50 + queue("live")})
    commit(repository)
    write(repository, {elsewhere: "# text\n" * 50, "b/live.tf": queue("live")})
    assert found(repository, base="HEAD") == ["b/live.tf:1 messaging/queue-without-dlq"]


def test_a_module_that_loses_a_block_is_told_what_is_missing(repository: Path) -> None:
    dead = 'resource "aws_sqs_queue_redrive_policy" "m" {\n  queue_url = aws_sqs_queue.other.id\n  redrive_policy = '
    dead += 'jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:d", maxReceiveCount = 5 })\n}\n'
    write(repository, {"b/redrive.tf": dead})
    commit(repository)
    (repository / "b" / "redrive.tf").unlink()
    assert found(repository, base="HEAD") == ["b/main.tf:1 messaging/queue-without-dlq"]


def test_a_shallow_clone_says_what_to_do(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    write(repository, {"b/more.tf": queue("more")})
    commit(repository)
    clone = tmp_path_factory.mktemp("clone")
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))
    done = run(".", "--diff-base", "HEAD~1", cwd=clone)
    assert (done.returncode, "fetch-depth: 0" in done.stderr) == (2, True)


def test_paths_in_a_diff_may_be_quoted() -> None:
    diff = '--- a/x\n+++ "b/a\\tb\\303\\251.tf"\n@@ -1,0 +2,2 @@\n+++ x\n+b\n@@ -9,2 +11,0 @@\n-a\n--- b\n'
    changes = changes_of(diff, [], "/repo")
    (path, file), *_ = changes.files.items()
    assert (path, file.added, file.gaps) == ("/repo/a\tbé.tf", [2, 3], [11])
    assert changes.removed == {"/repo": ["", "", "a", "-- b"]}
