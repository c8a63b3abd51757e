"""Options and settings: what the command line says wins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, run, written
from tests.stacks import ROOT

NAME = ".tap-lint.yaml"
BOTH = "select: [naming, tagging]\n"


def _places(folder: Path, *arguments: str) -> list[str]:
    """The files of findings."""
    done = checked(folder, *arguments)
    return sorted({line.split(":")[0] for line in done.output.splitlines()})


def test_select_and_ignore_win(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: BOTH})
    assert checked(repo, "--select", "encryption").rules == ["error encryption/unencrypted-queue"]
    assert checked(repo, "--ignore", "naming").rules == ["note tagging/untagged"]
    done = checked(repo, "--select", "naming", "--ignore", "naming")
    assert (done.code, done.complaint) == (2, "tap-lint: --select and --ignore leave no rule\n")


def test_exit_zero(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE})
    assert checked(repo, "--exit-zero").code == 0
    assert checked(repo, "--exit-zero", "--strict").code == 0
    assert checked(repo, "missing.tf", "--exit-zero").code == 2
    assert checked(repo, ".", "--exit-zero", "--fail-on", "note").rules == checked(repo).rules


def test_no_config(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: "nonsense: 1"})
    assert checked(repo).code == 2
    assert checked(repo, "--no-config").code == 1
    done = checked(repo, "--no-config", "--config", NAME)
    assert (done.code, done.complaint) == (2, "tap-lint: --config and --no-config exclude each other\n")


def test_config_holds_in_place_of_what_is_found(tmp_path: Path) -> None:
    other = tmp_path / "other"
    written(other, {"strict.yaml": BOTH + "exclude: [gen/]\npaths: [{files: main.tf, ignore: tagging}]\n"})
    repo = repository(tmp_path / "repo", {"main.tf": QUEUE, "gen/main.tf": QUEUE, NAME: "nonsense: 1"})
    done = checked(repo, "--config", "../other/strict.yaml")
    assert (done.rules, done.complaint) == (["warning naming/hard-coded"], "")
    assert _places(repo, "--config", "../other/strict.yaml") == ["main.tf"]
    assert "no such file" in checked(repo, "--config", "missing.yaml").complaint
    written(
        other, {"strict.yaml": BOTH + "inputs: x.tfvars", "x.tfvars": "", "pyproject.toml": "[tool.tap-lint]\nx = 1"}
    )
    assert checked(repo, "--config", "../other/strict.yaml").code == 1
    assert checked(repo, "--config", "../other/pyproject.toml").complaint == (
        "tap-lint: ../other/pyproject.toml:2: there is no key x\n"
    )


def test_exclude_adds_to_what_settings_exclude(tmp_path: Path) -> None:
    files = {f"{name}/main.tf": QUEUE for name in ("a", "b", "c/d", "c/e")}
    repo = repository(tmp_path, {**files, NAME: BOTH + "exclude: [a/]\n", f"c/{NAME}": "exclude: [/d]\n"})
    assert _places(repo) == ["b/main.tf", "c/e/main.tf"]
    assert _places(repo, "--exclude", "c/e") == ["b/main.tf"]
    assert _places(repo, "c") == ["c/e/main.tf"]
    assert _places(repo / "c", "--exclude", "e") == []
    assert _places(repo / "c", "..", "--exclude", "/b") == ["../b/main.tf", "../c/e/main.tf"]
    assert _places(repo, "--no-config", "--select", "naming", "--exclude", "c", "--exclude", "!c/d") == [
        "a/main.tf", "b/main.tf"
    ]  # fmt: skip


def test_a_nearer_file_may_keep_what_a_farther_one_excludes(tmp_path: Path) -> None:
    files = {"a/x.gen.tf": QUEUE, "b/x.gen.tf": QUEUE}
    repo = repository(
        tmp_path, {**files, NAME: BOTH + 'exclude: ["*.gen.tf"]\n', f"b/{NAME}": 'exclude: "!x.gen.tf"\n'}
    )
    assert _places(repo) == ["b/x.gen.tf"]


def test_what_is_excluded_is_a_part_of_its_module_all_the_same(tmp_path: Path) -> None:
    files = {"main.tf": 'locals {\n  a = var.a\n}\noutput "a" {\n  value = local.a\n}\n', "gen.tf": 'variable "a" {}\n'}
    repo = repository(tmp_path, {**files, NAME: "select: [references]\nexclude: gen.tf\n"})
    assert checked(repo).rules == []
    (repo / "gen.tf").unlink()
    assert checked(repo).code == 1


def test_what_is_named_is_wanted_unless_it_is_forced(tmp_path: Path) -> None:
    repo = repository(
        tmp_path, {"a/main.tf": QUEUE, "a/b/main.tf": QUEUE, "main.tf": QUEUE, NAME: BOTH + "exclude: [a]"}
    )
    assert _places(repo, "a/main.tf", "main.tf") == ["a/main.tf", "main.tf"]
    assert _places(repo, "a") == ["a/b/main.tf", "a/main.tf"]
    assert _places(repo, "a/main.tf", "main.tf", "--force-exclude") == ["main.tf"]
    assert _places(repo, "a/b", ".", "--force-exclude") == ["main.tf"]
    done = run(repo, "check", "a/main.tf", "--force-exclude")
    assert (done.code, done.complaint) == (0, "")
    assert "0 files checked" in done.output


def test_a_folder_in_which_all_is_excluded_says_so(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: "exclude: main.tf"})
    done = checked(repo)
    assert (done.code, done.complaint) == (2, "tap-lint: .: the folder has no .tf files but what is excluded\n")


def test_exclude_has_to_be_a_pattern(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE})
    done = checked(repo, "--exclude", "[z-a]")
    assert (done.code, done.complaint) == (2, "tap-lint: --exclude: [z-a] isn't a pattern as git has them\n")


def test_standard_input_has_the_settings_of_its_name(tmp_path: Path) -> None:
    repo = repository(tmp_path, {f"a/{NAME}": "select: naming"})
    command = [sys.executable, "-m", "tflint_tap", "check", "-q", "-", "--stdin-filename", "a/main.tf"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=repo, input=QUEUE, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (1, 1, "")
    assert done.stdout.startswith("a/main.tf:2:10: warning naming/hard-coded")
    command += ["--force-exclude", "--exclude", "a"]
    done = subprocess.run(command, cwd=repo, input=QUEUE, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("files", [{}, {"pyproject.toml": "[project]\nname = 'x'\n"}])
def test_a_run_without_settings_imports_nothing_that_reads_them(tmp_path: Path, files: dict[str, str]) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE, **files})
    code = "import sys; sys.argv = ['tap-lint', '-q', '.']; from tflint_tap.cli.main import main\n"
    code += "try: main()\nexcept SystemExit: print([name for name in sys.modules if 'tflint_tap.settings' in name])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "['tflint_tap.settings']"


def test_several_processes_heed_the_settings_of_each_module(tmp_path: Path) -> None:
    files = {f"m{number}/main.tf": f"# {'x' * 10_000}\n{QUEUE.replace('jobs', f'j{number}')}" for number in range(10)}
    files["calls/main.tf"] = 'module "m" {\n  source = "../called"\n}\n'
    files["called/main.tf"] = QUEUE
    settings = {
        NAME: BOTH + "paths: [{files: m1, ignore: tagging}]\nseverity: {naming: error}\n",
        f"m2/{NAME}": "ignore: naming\n",
        f"m3/{NAME}": "select: encryption\n",
        f"called/{NAME}": "severity: {naming: note}\n",
        f"m4/{NAME}": "tags: [Owner]\n",
    }
    repo = repository(tmp_path, files | settings)
    one, several = (checked(repo, "--jobs", jobs) for jobs in ("1", "2"))
    assert several == one
    assert one.output.count("\n") == 6 * 2 + 1 + 1 + 1 + 2 + 2
    written(repo, {f"called/{NAME}": "nonsense: 1"})
    assert checked(repo, "calls", *(f"m{number}" for number in range(10)), "--jobs", "2").complaint == (
        "tap-lint: called/.tap-lint.yaml:1: there is no key nonsense\n"
    )
