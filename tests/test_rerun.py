"""What a run keeps for the next one: all that it depends on, and nothing that was changing."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.baseline.test_baseline import queue, write
from tflint_tap import rerun
from tflint_tap.cli.main import cli
from tflint_tap.text import store

TREE = {
    "main.tf": queue() + 'module "m" {\n  source = "./m"\n}\nresource "aws_sqs_queue" "read" {\n'
    '  for_each       = fileset("c", "*.txt")\n  name = "a"\n'
    '  redrive_policy = fileexists("b.txt") ? null : file("a.py")\n}\n',
    "m/main.tf": queue("inner"),
    "a.py": "text",
    "c/one.txt": "one",
    "terraform.tfvars": "",
}
LONG_AGO = 1_600_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a stack, and a cache of one's own, as an installed wheel has it."""
    own = (str(tmp_path / "cache"), *store.folders())  # the index of the rules stays where it is
    monkeypatch.setattr(rerun, "store", SimpleNamespace(folders=lambda: own, read=store.read, write=store.write))
    monkeypatch.setattr(rerun, "_RULES", str(Path(rerun.__file__).parent))
    monkeypatch.setattr(rerun, "_RACE", -(10**18))  # what was written just now counts as settled
    home = tmp_path / "repository"
    write(home, TREE)
    (home / ".git").mkdir()
    (home / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    monkeypatch.chdir(home)
    return home


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, bool]:
    """The exit code and the report of the command, and if they are those of a run before."""
    from tests.commands import runner

    arguments = (*arguments, "--select", "messaging/queue-without-dlq") if arguments[:1] == (".",) else arguments
    monkeypatch.setattr(sys, "argv", ["tap-lint", *arguments])
    kept = rerun.answer()
    if kept is not None:
        return *kept, True
    done = runner().invoke(cli, arguments)
    return done.exit_code, done.stdout, False


def test_an_unchanged_run_says_the_same_without_judging(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = command(monkeypatch, ".")
    assert (first[0], first[2]) == (1, False)
    assert command(monkeypatch, ".") == (*first[:2], True)
    assert command(monkeypatch, ".", "--quiet")[2] is False


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", queue("other")),
        ("m/main.tf", queue("other")),
        ("a.py", "other"),
        ("b.txt", "new"),
        ("c/two.txt", "new"),
        ("c/sub/two.txt", "new"),
        ("terraform.tfvars", "a = 1\n"),
        ("x.auto.tfvars", "a = 1\n"),
        ("new.tf", queue("new")),
        ("m/new.tf", queue("new")),
        ("d/e/f/new.tf", queue("new")),
        (".gitignore", "m\n"),
        ("m/.gitignore", "main.tf\n"),
        (".terraform.lock.hcl", ""),
        (".tap-lint.yaml", "fail-on: error\n"),
        ("m/.tap-lint.yaml", ""),
        ("pyproject.toml", "[tool.tap-lint]\n"),
        (".terraform/modules/modules.json", "{}"),
        ("../.git/HEAD", "x"),
    ],
)
def test_whatever_a_run_depends_on_makes_the_next_one_judge(
    folder: Path, monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    command(monkeypatch, ".")
    write(folder, {path: text})
    assert command(monkeypatch, ".")[2] is False
    assert command(monkeypatch, ".")[2] is True


@pytest.mark.parametrize("path", ["main.tf", "m/main.tf", "a.py", "c/one.txt", "terraform.tfvars", ".git/HEAD"])
def test_what_is_taken_away_makes_the_next_one_judge(folder: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    command(monkeypatch, ".")
    (folder / path).unlink()
    assert command(monkeypatch, ".")[2] is False


def test_a_pipe_in_place_of_a_file_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, ".")
    (folder / "main.tf").unlink()
    os.mkfifo(folder / "main.tf")
    assert command(monkeypatch, ".")[2] is False


def test_a_link_in_place_of_a_file_makes_the_next_one_judge(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, ".")
    (folder / "main.tf").rename(folder.parent / "outside.tf")
    (folder / "main.tf").symlink_to(folder.parent / "outside.tf")
    assert command(monkeypatch, ".")[2] is False


def test_so_do_variables_of_the_environment_and_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, ".")
    monkeypatch.setenv("TF_VAR_x", "1")
    assert command(monkeypatch, ".")[2] is False
    monkeypatch.chdir(folder / "m")
    assert command(monkeypatch, ".")[2] is False


def test_what_was_written_during_a_run_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun, "_RACE", 2_000_000_000)
    command(monkeypatch, ".")
    assert command(monkeypatch, ".")[2] is False
    for path in [folder, *folder.rglob("*")]:
        assert path.stat().st_ctime > LONG_AGO  # the time of a change can't be set back


@pytest.mark.parametrize(
    "arguments",
    [("missing.tf",), (".", "--output", "report.txt"), (".", "--write-baseline", "b.json"), ("--help",), ("rules",)],
)
def test_runs_that_fail_or_write_or_do_something_else_are_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    command(monkeypatch, *arguments)
    assert command(monkeypatch, *arguments)[2] is False


def test_a_damaged_record_is_not_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, ".")
    (record,) = (folder.parent / "cache").glob("run-*.cache")
    content = record.read_bytes()
    for position in range(0, len(content), 97):
        record.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        assert rerun.answer() is None
    (folder.parent / "cache").chmod(0o777)
    record.write_bytes(content)
    assert rerun.answer() is None


class _Stat:
    """os.stat or os.lstat, which notes the paths."""

    def __init__(self, real: Any, paths: set[str]) -> None:
        self.real, self.paths = real, paths

    def __call__(self, path: Any, *rest: Any, **named: Any) -> Any:
        if not isinstance(path, int):
            self.paths.add(os.path.abspath(os.fsdecode(path)))
        return self.real(path, *rest, **named)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    paths: set[str] = set()
    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, _Stat(getattr(os, name), paths))
    return paths


@pytest.mark.skipif(sys.version_info < (3, 11), reason="pathlib keeps its own os.stat")
def test_every_path_that_is_looked_at_is_noted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, looked_at: set[str]
) -> None:
    """Every path below the folder, that is, or the folder that it lies in was listed; with all rules."""
    command(monkeypatch, "./.")
    noted = {os.path.abspath(path) for path in rerun.depends_on()}
    missed = {
        path
        for path in looked_at
        if path.startswith(f"{folder}/") and path not in noted and os.path.dirname(path) not in noted
    }
    assert missed == set()
