"""What people expect of a command: help by subject, a question where a name is mistaken, completion in shells."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import click
import pytest

from tests.commands import COMMAND, SOUND, invoke, run
from tflint_tap.cli.headings import HEADINGS
from tflint_tap.cli.main import COMPLETION_VARIABLE, GROUPS
from tflint_tap.rerun import _VARIABLES

COMMANDS = {name: summary for group in GROUPS.values() for name, summary in group.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sound.tf").write_text(SOUND)
    return tmp_path


# Names that are mistaken


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("chek", "check"),
        ("expalin", "explain"),
        ("rule", "rules"),
        ("newrule", "new-rule"),
        ("permision", "permissions"),
        ("help", "--help"),
        ("version", "--version"),
    ],
)
def test_a_mistaken_command_is_asked_about(word: str, meant: str, folder: Path) -> None:
    done = invoke(word, "sound.tf", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"tap-lint: there is no command, file or folder {word}; did you mean {meant}?\n"


@pytest.mark.parametrize("path", ["chek.tf", "./chek", "a/chek", "modules"])
def test_a_path_is_no_mistaken_command(path: str, folder: Path) -> None:
    done = invoke(path, cwd=folder)
    assert (done.returncode, done.stderr) == (2, f"tap-lint: {Path(path)}: there is no such file or folder\n")


def test_a_folder_that_is_called_like_a_command_is_checked(folder: Path) -> None:
    (folder / "chek").mkdir()
    (folder / "chek" / "sound.tf").write_text(SOUND)
    done = invoke("chek", "--select", "syntax", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["check", "hook", "rules", "trace"])
def test_a_mistaken_option_is_asked_about(command: str, folder: Path) -> None:
    done = invoke(command, "--formt", "json", cwd=folder)
    assert done.returncode == 2
    assert "--formt" in done.stderr
    assert "--format" in done.stderr.partition("--formt")[2]


# Help


def test_the_help_has_a_line_for_each_command_under_its_group(folder: Path) -> None:
    done = invoke("--help", cwd=folder)
    assert done.returncode == 0
    shown = done.stdout
    for group, commands in GROUPS.items():
        shown = shown.partition(f"\n{group}:\n")[2]
        assert shown, group
        lines = shown.split("\n\n")[0].splitlines()
        assert [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in lines] == list(commands.items())
        assert max(map(len, lines)) <= 80


def test_every_command_of_the_package_is_listed() -> None:
    folder = Path(str(import_module("tflint_tap.cli").__path__[0]))
    modules = {path.stem: import_module(f"tflint_tap.cli.{path.stem}") for path in folder.glob("[a-z]*.py")}
    found = {name.replace("_", "-") for name, module in modules.items() if hasattr(module, "command")}
    assert found == COMMANDS.keys()
    for name in found:
        assert modules[name.replace("-", "_")].command.name == name


@pytest.mark.parametrize("name", ["check", "hook"])
def test_every_option_is_under_a_heading(name: str) -> None:
    command: click.Command = import_module(f"tflint_tap.cli.{name}").command
    options = {parameter.name for parameter in command.params if isinstance(parameter, click.Option)}
    listed = [option for names in HEADINGS.values() for option in names]
    assert options - set(listed) == set()
    assert len(listed) == len(set(listed))
    if name == "check":
        assert set(listed) - options == {"help"}  # which is click's


def test_the_help_of_check_is_by_subject(folder: Path) -> None:
    shown = invoke("check", "--help", cwd=folder).stdout
    places = [shown.index(f"\n{heading}:\n") for heading in HEADINGS]
    assert places == sorted(places)
    assert places[0] < shown.index("--select") < places[1] < shown.index("--var-file") < places[2]
    assert "[PATHS]" not in shown[places[0] :]


# Completion


def complete(folder: Path, *words: str) -> list[str]:
    """What bash is offered for the last word."""
    line = " ".join(["tap-lint", *words])
    given = {"COMP_WORDS": line, "COMP_CWORD": str(len(words)), COMPLETION_VARIABLE: "bash_complete"}
    done = run(cwd=folder, **given)
    assert done.stderr == ""
    return [text.partition(",")[2] for text in done.stdout.splitlines() if text.startswith("plain,")]


def kinds(folder: Path, *words: str) -> set[str]:
    line = " ".join(["tap-lint", *words])
    given = {"COMP_WORDS": line, "COMP_CWORD": str(len(words)), COMPLETION_VARIABLE: "bash_complete"}
    return {text.partition(",")[0] for text in run(cwd=folder, **given).stdout.splitlines()}


@pytest.mark.slow
def test_commands_options_rules_and_files_are_completed(folder: Path) -> None:
    assert complete(folder, "") == list(COMMANDS)
    assert complete(folder, "ch") == ["check"]
    assert kinds(folder, "so") == {"file"}
    assert complete(folder, "--sel") == ["--select"]
    assert complete(folder, "sound.tf", "--sel") == ["--select"]
    assert complete(folder, "explain", "iam/wildcard-a") == ["iam/wildcard-action"]
    assert complete(folder, "test-rules", "syntax/inv") == ["syntax/invalid"]
    assert complete(folder, "check", "--select", "synta")[-1:] == ["syntax"]
    assert complete(folder, "--ignore", "iam,syntax/inv") == ["iam,syntax/invalid"]
    assert complete(folder, "hook", "--fail-on", "w") == ["warning"]
    assert complete(folder, "contract", "") == ["check", "draft"]
    for words in (["check", "so"], ["--var-file", "so"], ["contract", "check", "so"], ["graph", "so"]):
        assert kinds(folder, *words) == {"file"}, words


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_by_the_script_that_is_printed(folder: Path) -> None:
    script = run("completion", "bash", cwd=folder).stdout
    ask = 'COMP_WORDS=(tap-lint explain iam/wildcard-a) COMP_CWORD=2; _tap_lint_completion tap-lint; echo "$COMPREPLY"'
    environment = {**os.environ, "PATH": os.pathsep.join([str(COMMAND.parent), os.environ["PATH"]])}
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{ask}"], capture_output=True, env=environment, check=True, encoding="utf-8"
    )
    assert (done.stdout, done.stderr) == ("iam/wildcard-action\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_asks_by_the_same_variable(
    shell: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # no shell is run to print it
    done = invoke("completion", shell, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{COMPLETION_VARIABLE}={shell}_complete" in done.stdout
    assert "tap-lint" in done.stdout


def test_a_shell_is_never_answered_with_a_report_that_was_kept() -> None:
    assert COMPLETION_VARIABLE.startswith(_VARIABLES)
