"""Every command that README and docs show is run: it ends with findings or without, never in trouble."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.commands import invoke
from tests.stacks import ROOT
from tflint_tap.authoring.trial import differences, examples_of
from tflint_tap.rulebook.loader import load_rules

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

# What stands in blocks of commands beside tap-lint, and why it isn't run here
OTHERS = {
    "python3": "makes an environment: CI does so",
    "pip": "installs packages: CI does so",
    "python": "runs the tests, benchmarks, or scripts in tools/, whose --check has tests of its own",
    "run": "CI itself",
    "docker": "CI builds and tries the image",
    "mkdocs": "tests/test_site.py builds the site",
}
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


class Command(NamedTuple):
    """A line of a page: the program and its arguments, what it gets on standard input, and where its output goes."""

    program: str
    arguments: list[str]
    stdin: str | None
    output: str | None


def commands(page: Path) -> list[Command]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [command_of(line) for block in blocks for line in block.splitlines() if line.strip()]


def command_of(line: str) -> Command:
    """`cat FILE | PROGRAM ARGUMENTS > FILE`, of which only the program has to be there."""
    words = shlex.split(line, comments=True)
    stdin = output = None
    if words[0] == "cat":
        assert words[2] == "|", line
        stdin, words = words[1], words[3:]
    if ">" in words:
        *words, sign, output = words
        assert sign == ">", line
    return Command(Path(words[0]).name, words[1:], stdin, output)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that has what the pages name: a stack with files of values, and the reference stack."""
    stack = tmp_path / "stack"
    stack.mkdir()
    text = (ROOT / "docs" / "example" / "main.tf").read_text(encoding="utf-8")
    variable = 'variable "environment" {\n  type    = string\n  default = "dev"\n}\n'
    (stack / "main.tf").write_text(f"{text}\n{variable}", encoding="utf-8")
    for folder in (tmp_path, stack):  # as the paths of files of values start from the folder at hand
        for name in ("dev", "staging", "prod"):
            (folder / f"{name}.tfvars").write_text(f'environment = "{name}"\nservice = "shop"\n')
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "docs" / "example")
    shutil.copytree(ROOT / "reference", tmp_path / "reference")
    (tmp_path / ".gitignore").write_text("reference/\n")  # it is large: only commands that name it are to judge it
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"],
                      ["update-ref", "refs/remotes/origin/main", "HEAD"]):  # fmt: skip
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_can_be_run(page: Path, repository: Path) -> None:
    for command in commands(page):
        if command.program in OTHERS:
            continue
        assert command.program == "tap-lint", f"{command.program} is neither run nor said why not"
        stdin = (repository / command.stdin).read_bytes() if command.stdin is not None else None
        done = invoke(*command.arguments, cwd=repository, stdin=stdin)
        assert done.returncode in (0, 1), f"tap-lint {shlex.join(command.arguments)}: {done.stderr}"
        if command.output is not None:
            (repository / command.output).write_text(done.stdout, encoding="utf-8")


def test_the_doubt_that_is_shown_is_real(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "unknowns.md").read_text(encoding="utf-8")
    stack, shown = re.findall(r"^```(?:hcl|text)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "main.tf").write_text(stack, encoding="utf-8")
    done = invoke("main.tf", "--select", "encryption/unencrypted-queue", cwd=tmp_path)
    assert done.stdout.startswith(f"{shown}\n0 errors, 0 warnings, 0 notes, 1 doubt; ")


def test_the_command_lines_of_recipes_name_options_that_there_are() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    lines = re.findall(r"tap-lint (--[^\n'`#]*)", text)
    known = set(re.findall(r"--[\w-]+", invoke("check", "--help", cwd=ROOT).stdout))
    used = {option for line in lines for option in re.findall(r"--[\w-]+", line)}
    assert len(lines) == 5
    assert used <= known


def test_the_card_of_the_guide_is_as_its_marks_say(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "write-a-rule.md").read_text(encoding="utf-8")
    (card,) = re.findall(r"^```yaml\n(title: .*?)^```$", text, re.MULTILINE | re.DOTALL)
    path = tmp_path / "messaging" / "short-retention.yaml"
    path.parent.mkdir()
    path.write_text(card, encoding="utf-8")
    (rule,) = load_rules(tmp_path)
    examples = list(examples_of(rule))
    assert len(examples) == 4
    assert [line for example in examples for line in differences(example, rule)] == []


def test_the_contract_of_the_guide_has_no_mistakes(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "write-a-contract.md").read_text(encoding="utf-8")
    (contract,) = re.findall(r"^```yaml\n(contract: .*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "contract.yaml").write_text(contract, encoding="utf-8")
    done = invoke("contract", "check", "contract.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_settings_that_pages_show_are_understood(tmp_path: Path) -> None:
    shown = re.findall(
        r"^```yaml\n((?:# \.tap-lint\.yaml\n)?(?:ignore|exclude|rules|params): ?.*?)^```$",
        "".join(
            (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("adopt.md", "config.md", "write-a-rule.md")
        ),
        re.MULTILINE | re.DOTALL,
    )
    assert len(shown) == 4
    for name in ("dev", "prod"):
        (tmp_path / f"{name}.tfvars").touch()
    assert invoke("new-rule", "names/short", "--rules", "policies", cwd=tmp_path).returncode == 0
    for text in shown:
        (tmp_path / ".tap-lint.yaml").write_text(text, encoding="utf-8")
        done = invoke("config", ".", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), text
