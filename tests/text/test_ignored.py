"""Files that git ignores, compared with git itself where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tflint_tap.text.ignored import Ignored, covers, pattern_of

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
    ("*e*f*m*.tfvars", True),
    ("*e*f*x*.tfvars", False),
    ("*r*r*r*a*", True),
    ("*m.*s*s", False),
    ("s*c*s/*r*d/t*.t*s", True),
    ("s*c*s/*o*r*/t*", False),
    ("**a*/**", True),
    ("*?*.?*?*", True),
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


def test_many_stars_take_no_time_without_bound() -> None:
    pattern = pattern_of("*a" * 40 + "*b")
    assert pattern is not None
    assert not covers([("/repo", [pattern])], "/repo/" + "a" * 2000)
    assert covers([("/repo", [pattern])], "/repo/x/" + "a" * 2000 + "b")


@pytest.mark.parametrize(
    ("levels", "covered"),
    [
        ([("/r", ["*.tf"])], True),
        ([("/r", ["b/"])], True),
        ([("/r", ["c.tf/"])], False),
        ([("/r", ["/b"])], False),
        ([("/r/a", ["/b"])], True),
        ([("/r", ["*.tf", "!c.tf"])], False),
        ([("/r", ["*.tf"]), ("/r/a", ["!c.tf"])], False),
        ([("/r", ["!c.tf"]), ("/r/a", ["*.tf"])], True),
        ([("/r", ["a", "!c.tf"])], True),
        ([("/other", ["*.tf"])], False),
        ([("/", ["*.tf"])], True),
        ([("/", ["/r/a"])], True),
        ([], False),
    ],
)
def test_patterns_of_several_folders_cover_a_path(levels: list[tuple[str, list[str]]], covered: bool) -> None:
    made = [(base, [one for text in texts if (one := pattern_of(text)) is not None]) for base, texts in levels]
    assert covers(made, "/r/a/b/c.tf") is covered


def _tree(folder: Path) -> None:
    for name in TREE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / ".gitignore").write_text(TREE_PATTERNS)
