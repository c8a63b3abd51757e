"""Files that git ignores, compared with git itself where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tflint_tap.text.ignored import Ignored

PATTERNS = [
    ("*.tfvars", True),
    ("terraform.tfvars", True),
    ("*.auto.tfvars", False),
    ("/stacks/terraform.tfvars", False),
    ("/stacks/prod/terraform.tfvars", True),
    ("stacks/prod/*.tfvars", True),
    ("stacks/*.tfvars", False),
    ("stacks/**/*.tfvars", True),
    ("**/terraform.tfvars", True),
    ("stacks/", True),
    ("prod", True),
    ("other/", False),
    ("*.tfvars\n!terraform.tfvars", False),
    ("!terraform.tfvars\n*.tfvars", True),
    ("# *.tfvars", False),
    ("", False),
    ("terraform.tf[uv]ars", True),
    ("terraform.tf[!v]ars", False),
    ("terraform.tfvar?", True),
    ("terraform?tfvars", True),
    ("terraform.tfvars  ", True),
    ("[", False),
]


def _repository(folder: Path, patterns: str) -> Path:
    file = folder / "stacks" / "prod" / "terraform.tfvars"
    file.parent.mkdir(parents=True)
    file.write_text("")
    (folder / ".git").mkdir(exist_ok=True)
    (folder / ".gitignore").write_text(f"{patterns}\n")
    return file


@pytest.mark.parametrize(("patterns", "ignored"), PATTERNS)
def test_a_file_is_ignored_by_its_repository(tmp_path: Path, patterns: str, ignored: bool) -> None:
    assert Ignored().file(_repository(tmp_path, patterns)) is ignored


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")
@pytest.mark.parametrize(("patterns", "ignored"), PATTERNS)
def test_git_says_the_same(tmp_path: Path, patterns: str, ignored: bool) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    file = _repository(tmp_path, patterns)
    said = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", str(file)], check=False)
    assert (said.returncode == 0) is ignored


def test_a_folder_further_down_decides_last(tmp_path: Path) -> None:
    file = _repository(tmp_path, "*.tfvars")
    (file.parent / ".gitignore").write_text("!terraform.tfvars\n")
    assert not Ignored().file(file)


def test_a_file_outside_of_any_repository_is_not_ignored(tmp_path: Path) -> None:
    file = _repository(tmp_path, "*.tfvars")
    (tmp_path / ".git").rmdir()
    assert not Ignored().file(file)


TREE = {
    "a.tf": False,
    "build/a.tf": True,
    "modules/build/a.tf": True,
    "modules/build.tf": False,
    "logs": False,
    "out/keep/a.tf": True,
    "vendor/x/a.tf": True,
    "vendor/y/a.tf": False,
}
TREE_PATTERNS = "build/\nlogs/\nout\n!out/keep\nvendor/*\n!vendor/y\n"


def test_what_is_in_an_ignored_folder_is_ignored_whatever_keeps_it(tmp_path: Path) -> None:
    _tree(tmp_path)
    (tmp_path / ".git").mkdir()
    git = Ignored()
    assert {name: git.file(tmp_path / name) for name in TREE} == TREE
    assert git.folder(tmp_path / "modules" / "build")
    assert not git.folder(tmp_path / "modules")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")
def test_git_says_the_same_of_the_tree(tmp_path: Path) -> None:
    _tree(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    command = ["git", "-C", str(tmp_path), "check-ignore", *TREE]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stdout.splitlines()
    assert {name: name in said for name in TREE} == TREE


def _tree(folder: Path) -> None:
    for name in TREE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / ".gitignore").write_text(TREE_PATTERNS)
