"""The hook as pre-commit runs it, in real repositories: what a commit touches is judged as a whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import COMMAND, invoke
from tests.stacks import ROOT
from tflint_tap.cli.hook import TERRAFORM
from tflint_tap.terraform.module.file_names import SUFFIXES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
needs_pre_commit = pytest.mark.skipif(not PRE_COMMIT.exists(), reason="pre-commit is not installed")
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CHOSEN = ["--select", "tracing/untraced-function,references/undeclared,references/missing-file", "--quiet"]

STACK = {
    "live/main.tf": 'module "jobs" {\n  source = "../modules/jobs"\n  mode   = var.mode\n}\n',
    "live/variables.tf": 'variable "mode" {\n  type = string\n}\n',
    "live/terraform.tfvars": 'mode = "Active"\n',
    "modules/jobs/main.tf": """\
variable "mode" {
  type = string
}

resource "aws_lambda_function" "jobs" {
  function_name = "jobs"
  tracing_config {
    mode = var.mode
  }
}
""",
    "other/main.tf": 'locals {\n  text = file("${path.module}/texts/greeting.txt")\n}\n',
    "other/texts/greeting.txt": "hello\n",
    "docs/guide.md": "# Guide\n",
}
UNTRACED = "tracing/untraced-function"


class Repository:
    """A repository of git with the hook installed, or without."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
        self.environment = kept | {
            "PATH": os.pathsep.join([str(COMMAND.parent), os.environ["PATH"]]),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": "t" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        folder.mkdir()
        self.write(files)
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-qm", "first")

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def install(self, repo: Mapping[str, Any]) -> None:
        """Install the hook, in a commit of its own."""
        self.write({".pre-commit-config.yaml": json.dumps({"repos": [repo]})})
        self.git("add", "-A")
        self.git("commit", "-qm", "hook")
        done = self.run(str(PRE_COMMIT), "install")
        assert done.returncode == 0, done.stdout

    def change(self, files: Mapping[str, str | None]) -> None:
        """Stage new texts of files; without a text a file is removed."""
        self.write({name: text for name, text in files.items() if text is not None})
        for name in (name for name, text in files.items() if text is None):
            (self.folder / name).unlink()
        self.git("add", "-A")

    def commit(self, *arguments: str) -> str | None:
        """What is said where a commit is refused, None where it is made."""
        before = self.git("rev-parse", "HEAD")
        done = self.run("git", "commit", "-m", "change", *arguments)
        is_made = self.git("rev-parse", "HEAD") != before
        assert is_made == (done.returncode == 0), done.stdout
        return None if is_made else done.stdout


def installed_here(**fields: Any) -> dict[str, Any]:
    """The hook of this environment: all as users have it but for the installation."""
    own = {key: value for key, value in HOOK.items() if key != "minimum_pre_commit_version"}
    return {"repo": "local", "hooks": [{**own, "language": "system", "args": CHOSEN, **fields}]}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "repository", STACK)
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    return made


@pytest.fixture
def hooked(bare: Repository) -> Repository:
    bare.install(installed_here())
    return bare


def findings(told: str | None) -> list[str]:
    """The files and rules of what a commit is refused for."""
    return re.findall(r"^(\S+?):\d+:\d+: \w+ (\S+): ", told or "", re.MULTILINE) if told else []


@needs_pre_commit
def test_a_good_stack_is_accepted_and_a_bad_one_is_refused(hooked: Repository) -> None:
    good = 'resource "aws_lambda_function" "f" {\n  tracing_config {\n    mode = "Active"\n  }\n}\n'
    hooked.change({"more/main.tf": good})
    assert hooked.commit() is None
    hooked.change({"more/main.tf": good.replace("Active", "PassThrough")})
    assert findings(hooked.commit()) == [("more/main.tf", UNTRACED)]


@needs_pre_commit
def test_an_edit_of_values_that_turns_tracing_off_is_refused(hooked: Repository) -> None:
    hooked.change({"live/terraform.tfvars": 'mode = "PassThrough"\n'})
    assert [rule for _, rule in findings(hooked.commit())] == [UNTRACED]


@needs_pre_commit
def test_a_commit_that_removes_variables_is_refused(hooked: Repository) -> None:
    hooked.change({"live/variables.tf": None})
    assert findings(hooked.commit()) == [("live/main.tf", "references/undeclared")]


@needs_pre_commit
def test_a_module_is_judged_as_its_callers_have_it(hooked: Repository) -> None:
    mode = STACK["modules/jobs/main.tf"]
    hooked.change({"modules/jobs/main.tf": mode.replace('"jobs"\n  t', '"work"\n  t')})
    assert hooked.commit() is None  # by itself nothing is known of var.mode
    hooked.change({"modules/jobs/main.tf": mode.replace("mode = var.mode", 'mode = "PassThrough"')})
    (found,) = findings(told := hooked.commit())
    assert found == ("modules/jobs/main.tf", UNTRACED)
    assert "module.jobs.aws_lambda_function.jobs" in (told or "")


@needs_pre_commit
def test_a_file_that_code_reads_counts(hooked: Repository) -> None:
    hooked.change({"other/texts/greeting.txt": None})
    assert findings(hooked.commit()) == [("other/main.tf", "references/missing-file")]


@needs_pre_commit
def test_a_commit_that_touches_no_terraform_is_accepted_whatever_is_wrong(hooked: Repository) -> None:
    hooked.change({"live/variables.tf": None})
    hooked.git("commit", "-qnm", "unchecked")
    hooked.change({"docs/guide.md": "# A guide\n", "docs/new.md": "# New\n"})
    assert hooked.commit() is None


@needs_pre_commit
def test_only_what_is_committed_counts(hooked: Repository) -> None:
    hooked.change({"live/variables.tf": None})
    hooked.write({"docs/guide.md": "# A guide\n"})
    assert hooked.commit("docs/guide.md") is None  # git hands an index of its own to the hook
    assert findings(hooked.commit()) == [("live/main.tf", "references/undeclared")]


@needs_pre_commit
def test_all_files_are_judged_where_nothing_is_staged(hooked: Repository) -> None:
    run = (str(PRE_COMMIT), "run", "--all-files")
    assert hooked.run(*run).returncode == 0
    hooked.change({"live/variables.tf": None, "other/texts/greeting.txt": None})
    hooked.git("commit", "-qnm", "unchecked")
    assert hooked.run(str(PRE_COMMIT), "run").returncode == 0
    done = hooked.run(*run)
    assert done.returncode == 1
    assert findings(done.stdout) == [
        ("live/main.tf", "references/undeclared"),
        ("other/main.tf", "references/missing-file"),
    ]


@needs_pre_commit
def test_what_changed_between_two_commits_is_judged(hooked: Repository) -> None:
    hooked.change({"other/texts/greeting.txt": None})
    hooked.git("commit", "-qnm", "unchecked")
    hooked.git("tag", "base")
    hooked.change({"live/variables.tf": None})
    hooked.git("commit", "-qnm", "unchecked")
    done = hooked.run(str(PRE_COMMIT), "run", "--from-ref", "base", "--to-ref", "HEAD")
    assert done.returncode == 1
    assert findings(done.stdout) == [("live/main.tf", "references/undeclared")]
    hooked.git("checkout", "-q", "--orphan", "elsewhere")
    hooked.git("commit", "-qnm", "no history in common")
    done = hooked.run(str(PRE_COMMIT), "run", "--from-ref", "base", "--to-ref", "HEAD")
    assert findings(done.stdout) == [("live/main.tf", "references/undeclared")]


@needs_pre_commit
def test_what_users_exclude_is_left_out(bare: Repository) -> None:
    bare.install(installed_here(exclude="^live/"))
    bare.change({"live/terraform.tfvars": 'mode = "PassThrough"\n'})
    assert bare.commit() is None


@needs_pre_commit
def test_the_hook_can_be_installed_as_users_do(bare: Repository, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("the hook is installed from a repository of git, and this is none")
    clone = tmp_path / "clone"
    bare.git("clone", "-q", "--no-local", str(ROOT), str(clone))
    rev = bare.run("git", "-C", str(clone), "rev-parse", "HEAD").stdout.strip()
    bare.install({"repo": str(clone), "rev": rev, "hooks": [{"id": "tap-lint", "args": CHOSEN}]})
    done = bare.run(str(PRE_COMMIT), "install-hooks")
    if done.returncode and re.search("No matching distribution|Could not find a version|connection", done.stdout):
        pytest.skip("what the hook depends on can't be fetched: the package index isn't reachable")
    assert done.returncode == 0, done.stdout
    bare.change({"live/terraform.tfvars": 'mode = "PassThrough"\n'})
    assert [rule for _, rule in findings(bare.commit())] == [UNTRACED]
    bare.change({"live/terraform.tfvars": 'mode = "Active"\n# kept\n'})
    assert bare.commit() is None


# The command without pre-commit


def test_what_settings_exclude_is_left_out(bare: Repository) -> None:
    bare.change({".tap-lint.yaml": "exclude: [live]\n", "live/variables.tf": None})
    assert hook(bare) == (0, [])
    bare.change({"other/texts/greeting.txt": None})
    assert hook(bare) == (1, [("other/main.tf", "references/missing-file")])


def hook(repository: Repository, *arguments: str, within: str = ".") -> tuple[int, list[tuple[str, str]]]:
    done = invoke("hook", *CHOSEN, *arguments, cwd=repository.folder / within)
    assert done.stderr == ""
    return done.returncode, findings(done.stdout)


def test_without_pre_commit_all_that_is_staged_counts(bare: Repository) -> None:
    assert hook(bare) == (0, [])
    bare.change({"live/terraform.tfvars": 'mode = "PassThrough"\n'})
    code, found = hook(bare)
    assert (code, [rule for _, rule in found]) == (1, [UNTRACED])
    bare.git("commit", "-qm", "unchecked")
    assert hook(bare) == (0, [])
    assert hook(bare, "live/main.tf")[0] == 1


def test_paths_are_those_of_the_folder_at_hand(bare: Repository) -> None:
    bare.change({"live/variables.tf": None})
    assert hook(bare, within="live") == (1, [("main.tf", "references/undeclared")])
    assert hook(bare, within="docs") == (1, [("../live/main.tf", "references/undeclared")])


@pytest.mark.parametrize(
    ("text", "changed", "is_touched"),
    [
        ('filename = "${path.module}/src/index.py"', "app/src/index.py", True),
        ('filename = "${path.module}/src/${each.key}.py"', "app/src/index.py", True),
        ('source_dir = "${path.module}/src"', "app/src/deep/index.py", True),
        ('names = fileset(path.module, "src/*.py")', "app/src/index.py", True),
        ('names = fileset(path.module, "*.json")', "app/policy.json", True),
        ('names = fileset(path.module, "src/**")', "app/src/deep/index.py", True),
        ('text = file("../shared/policy.json")', "shared/policy.json", True),
        ('text = file("${path.module}/../policy.json")', "policy.json", True),
        ('filename = "${path.module}/src/index.py"', "app/src/README.md", False),
        ('source_dir = "${path.module}/src"', "web/src/index.py", False),
        ('filename = "${path.module}/src/index.py"', "web/src2/index.py", False),
        ('text = "see app"', "app/notes.txt", False),
        ("# see README.md", "app/README.md", False),
    ],
)
def test_the_files_that_code_names_are_told_from_others(
    text: str, changed: str, is_touched: bool, bare: Repository
) -> None:
    wrong = "locals {\n  a = var.nowhere\n}\n"
    assignment = text if text.startswith("#") else f"locals {{\n  {text}\n}}\n"
    bare.change({"app/main.tf": f"{wrong}\n{assignment}\n"})
    bare.git("commit", "-qm", "unchecked")
    bare.change({changed: "new\n"})
    code, found = hook(bare)
    assert (("app/main.tf", "references/undeclared") in found) is is_touched, found
    assert code == int(is_touched)


def test_values_are_for_the_module_above_or_for_any(bare: Repository) -> None:
    bare.change({"live/stages/prod.tfvars": "", "live/variables.tf": None, "other/texts/greeting.txt": None})
    bare.git("commit", "-qm", "unchecked")
    bare.change({"live/stages/prod.tfvars": "# none\n"})
    assert hook(bare) == (1, [("live/main.tf", "references/undeclared")])
    bare.git("reset", "-q", "--hard")
    bare.change({"stages/prod.tfvars": "# none\n"})
    assert hook(bare)[1] == [("live/main.tf", "references/undeclared"), ("other/main.tf", "references/missing-file")]


def test_callers_at_second_hand_are_judged_and_texts_that_look_like_calls_are_not(bare: Repository) -> None:
    call = 'module "inner" {\n  source = "%s"\n}\n'
    wrong = "locals {\n  a = var.nowhere\n}\n"
    bare.change({
        "modules/base/main.tf": 'output "a" {\n  value = 1\n}\n',
        "modules/middle/main.tf": call % "../base",
        "top/main.tf": call % "../modules/middle" + wrong,
        "apart/main.tf": 'locals {\n  module = "../modules/base"\n}\n' + wrong,
    })  # fmt: skip
    bare.git("commit", "-qm", "unchecked")
    bare.change({"modules/base/main.tf": 'output "b" {\n  value = 1\n}\n'})
    assert hook(bare) == (1, [("top/main.tf", "references/undeclared")])


def test_a_module_that_is_gone_is_missed_by_its_callers(bare: Repository) -> None:
    bare.change({"modules/jobs/main.tf": None, "live/variables.tf": None})
    bare.git("commit", "-qm", "unchecked")
    bare.change({"modules/jobs/notes.tf": "", "other/main.tf": None})
    assert hook(bare) == (1, [("live/main.tf", "references/undeclared")])


def test_nothing_of_the_linter_is_imported_where_nothing_is_touched(bare: Repository) -> None:
    bare.change({"docs/guide.md": "# A guide\n"})
    code = "import sys; sys.argv = ['tap-lint', 'hook']; from tflint_tap.cli.main import main\n"
    code += "try: main()\nexcept SystemExit as end: print(end.code, {'tflint_tap.lint', 'tflint_tap.hcl', "
    code += "'tflint_tap.rulebook', 'tflint_tap.discovery'} & sys.modules.keys())"
    environment = bare.environment | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=bare.folder, env=environment, capture_output=True, check=True, text=True
    )
    assert done.stdout == "0 set()\n"


def test_outside_of_a_repository_it_says_so(tmp_path: Path) -> None:
    done = invoke("hook", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "tap-lint: hook: this folder lies in no git repository\n")


def test_a_revision_is_never_an_option(bare: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "--output=stolen")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    done = invoke("hook", cwd=bare.folder)
    assert done.returncode == 2
    assert not (bare.folder / "stolen").exists()


def test_nothing_that_a_repository_names_is_run(bare: Repository, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    bare.write({".gitattributes": "* diff=trap\n"})
    bare.change({"other/texts/greeting.txt": None, "live/variables.tf": None})
    for name in ("core.fsmonitor", "diff.external", "diff.trap.textconv", "diff.trap.command", "core.pager"):
        bare.git("config", name, str(trap))
    for name, value in (("color.ui", "always"), ("grep.patternType", "perl"), ("status.relativePaths", "false")):
        bare.git("config", name, value)
    (tmp_path / "sprung").unlink(missing_ok=True)
    code, found = hook(bare)
    assert (code, len(found)) == (1, 2)
    assert not (tmp_path / "sprung").exists()
    bare.git("status")
    assert (tmp_path / "sprung").exists()


def test_a_baseline_is_not_written_by_a_hook(bare: Repository) -> None:
    done = invoke("hook", "--write-baseline", "known.json", cwd=bare.folder)
    assert done.returncode == 2
    assert "--write-baseline" in done.stderr


def test_pre_commit_is_asked_for_all_files_that_the_hook_knows() -> None:
    names = [*(f"a/main{suffix}" for suffix in SUFFIXES), "terraform.tfvars", "a.auto.tfvars.json"]
    names += [".terraform.lock.hcl", "a/.terraform.lock.hcl"]
    for name in names:
        assert TERRAFORM.search(name), name
        assert re.search(HOOK["files"], name), name
    for name in ("main.tf.bak", "terraform.tfstate", "x.hcl", "tf"):
        assert not TERRAFORM.search(name), name
        assert not re.search(HOOK["files"], name), name
