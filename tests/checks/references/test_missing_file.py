"""Files that aren't there: in a repository of git, in a stack that stands by itself, in modules that are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import rule_named
from tflint_tap.contract import load_contracts
from tflint_tap.discovery import targets
from tflint_tap.lint import Report, lint
from tflint_tap.rulebook.loader import BUNDLED

FUNCTION = 'resource "aws_lambda_function" "f" {\n  filename = "%s"\n}\n'


def judged(folder: Path, *, contract: str | None = None) -> Report:
    """The findings of the rule in a folder."""
    given = next((one for one in load_contracts(BUNDLED) if one.name == contract), None)
    return lint(targets([str(folder)], (), given=given), (rule_named("references/missing-file"),))


def said(report: Report) -> list[str]:
    assert report.failures == ()
    return [finding.message for finding in report.findings]


def test_a_file_that_git_ignores_may_be_built_before(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*.zip\n")
    (tmp_path / "main.tf").write_text(FUNCTION % "f.zip" + FUNCTION.replace('"f"', '"g"') % "g.tar")
    report = judged(tmp_path)
    assert said(report) == ['filename of aws_lambda_function.g is "g.tar", and nothing is there']
    assert [doubt.doubt for doubt in report.doubts] == ['git ignores "f.zip", which may be built before']


def test_a_stack_that_stands_by_itself_has_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "outside.zip").write_text("")
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "tap_stack.tf").write_text(FUNCTION % "../outside.zip" + 'locals {\n  a = file("../outside.zip")\n}\n')
    assert said(judged(folder)) == []
    (doubt,) = judged(folder).doubts
    assert doubt.doubt == '"../outside.zip" is outside the module\'s folder'
    assert said(judged(folder, contract="booking")) == [
        'filename of aws_lambda_function.f is "../outside.zip", and nothing is there',
        'file("../outside.zip") can\'t be read: "../outside.zip" is outside the module\'s folder',
    ]


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (folder / "main.tf").write_text(FUNCTION % "out/nothing.zip")
    report = judged(folder)
    assert said(report) == []
    assert [doubt.doubt for doubt in report.doubts] == ['"out/nothing.zip" is outside the module\'s folder']


@pytest.mark.parametrize(("path", "message"), [("worker.py", []), ("other.py", ["no file exists"])])
def test_a_called_module_has_files_of_its_own(tmp_path: Path, path: str, message: list[str]) -> None:
    folder = tmp_path / "worker"
    folder.mkdir()
    (tmp_path / "main.tf").write_text('module "worker" {\n  source = "./worker"\n}\n')
    (folder / "main.tf").write_text(f'locals {{\n  code = file("${{path.module}}/{path}")\n}}\n')
    (folder / "worker.py").write_text("")
    found = said(judged(tmp_path))
    assert len(found) == len(message)
    assert all(words in one for words, one in zip(message, found, strict=True))
