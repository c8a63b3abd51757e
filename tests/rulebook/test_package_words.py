"""`package` reads archives beside the module, and folders that git ignores are doubts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.cards import rule_named
from tests.checks.references.test_missing_file import said
from tflint_tap.aws.handlers import Family, families, handler_files
from tflint_tap.aws.runtimes import names
from tflint_tap.discovery import targets
from tflint_tap.lint import Report, lint

FUNCTION = """
resource "aws_lambda_function" "f" {
  filename = "f.zip"
  runtime  = "python3.13"
  handler  = "app.handler"
}
"""
ARCHIVE = 'data "archive_file" "f" {\n  source_dir  = "src"\n  output_path = "f.zip"\n}\n'


def judged(folder: Path) -> Report:
    return lint(targets([str(folder)], ()), (rule_named("lambda/handler-mismatch"),))


@pytest.mark.parametrize(
    ("packed", "messages"),
    [
        (["app.py"], []),
        (["app/__init__.py", "other.py"], []),
        (["src/app.py"], ["is looked for in app.py, and f.zip holds src/app.py"]),
        ([], ["is looked for in app.py, and f.zip holds no file"]),
    ],
)
def test_a_zip_file_beside_the_module(tmp_path: Path, packed: list[str], messages: list[str]) -> None:
    (tmp_path / "main.tf").write_text(FUNCTION)
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as file:
        for name in packed:
            file.writestr(name, "")
    found = said(judged(tmp_path))
    assert [one.partition("aws_lambda_function.f ")[2] for one in found] == messages


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_file_or_is_empty_gives_no_crash(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "main.tf").write_text(FUNCTION)
    (tmp_path / "f.zip").write_bytes(content)
    assert len(said(judged(tmp_path))) == content.startswith(b"PK\x05\x06")  # an empty archive


def test_a_folder_that_git_ignores_may_be_filled_before(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "notes.txt").write_text("")
    (tmp_path / "main.tf").write_text(ARCHIVE + FUNCTION)
    assert len(said(judged(tmp_path))) == 1
    (tmp_path / ".gitignore").write_text("/src/\n")
    report = judged(tmp_path)
    assert said(report) == []
    assert [doubt.doubt for doubt in report.doubts] == ['git ignores "src", which may be built before']


def test_names_in_a_folder_are_read_and_no_link_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "one.py").write_text("")
    (folder / "src" / "out").symlink_to(tmp_path)
    (tmp_path / "app.py").write_text("")
    (folder / "main.tf").write_text(ARCHIVE + FUNCTION)
    (message,) = said(judged(folder))
    assert message.endswith("data.archive_file.f holds one.py")


@pytest.mark.parametrize("family", families(), ids=lambda family: family.runtimes)
def test_a_family_is_one_of_lambdas_runtimes_and_names_files(family: Family) -> None:
    assert any(name.startswith(family.runtimes) for name in names())
    assert all(file and not file.startswith("/") for file in family.files)
    assert family.source.startswith("https://")


def test_a_handler_that_names_no_file_has_none() -> None:
    assert handler_files("python3.13", "app") == ()
    assert handler_files("java21", "app.Handler::run") == ()
    assert handler_files("python3.13", "a/b.c.run")[0] == "a/b/c.py"
