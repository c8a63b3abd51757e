"""Files of settings are found from a folder upward, and a nearer one goes on where a farther one ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, written
from tflint_tap.settings import Nearby
from tflint_tap.settings.selection import Choice, is_chosen
from tflint_tap.suppressions.complaints import UNREADABLE

NAME = ".tap-lint.yaml"
ALL = [
    "error encryption/unencrypted-queue",
    "error messaging/queue-without-dlq",
    "note references/unused-resource",
    "note tagging/untagged",
    "warning naming/hard-coded",
]


def _found(nearby: Nearby, folder: Path) -> list[str]:
    real = os.path.realpath(folder)
    return [os.path.relpath(path, real) for path in nearby.files(real)]


def test_all_files_up_to_the_repository_are_found(tmp_path: Path) -> None:
    written(
        tmp_path, {NAME: "", f"repo/{NAME}": "", "repo/a/pyproject.toml": "[tool.tap-lint]", f"repo/a/b/c/{NAME}": ""}
    )
    repo = repository(tmp_path / "repo", {"a/pyproject.toml": "[tool.tap-lint]"})
    assert _found(Nearby(), repo / "a" / "b" / "c") == ["../../../.tap-lint.yaml", "../../pyproject.toml", NAME]


def test_a_repository_within_another_one_is_by_itself(tmp_path: Path) -> None:
    outer = repository(tmp_path, {NAME: "", "a/main.tf": ""})
    inner = repository(tmp_path / "inner", {"a/main.tf": ""})
    nearby = Nearby()
    assert _found(nearby, inner / "a") == []
    assert _found(nearby, outer / "a") == ["../.tap-lint.yaml"]


def test_outside_repositories_the_search_ends_at_the_folder_of_the_run(tmp_path: Path) -> None:
    written(tmp_path, {NAME: "", f"run/{NAME}": "", f"run/a/{NAME}": "", f"other/{NAME}": "", "other/a/main.tf": ""})
    nearby = Nearby((str(tmp_path / "run"),))
    assert _found(nearby, tmp_path / "run" / "a") == ["../.tap-lint.yaml", NAME]
    assert _found(nearby, tmp_path / "other" / "a") == []
    assert _found(nearby, tmp_path / "other") == [NAME]
    assert _found(Nearby((str(tmp_path / "other"),)), tmp_path / "other" / "a") == ["../.tap-lint.yaml"]


def test_each_folder_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, {f"a/b/{number}/main.tf": "" for number in range(20)})
    asked: list[str] = []
    lexists = os.path.lexists
    monkeypatch.setattr(os.path, "lexists", lambda path: asked.append(str(path)) or lexists(path))
    nearby = Nearby()
    for number in range(20):
        assert nearby.files(os.path.realpath(tmp_path / "a" / "b" / str(number))) == ()
    assert len(asked) == len(set(asked)) == 2 * 23


def test_a_folder_has_one_file(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: "ignore: iam", "pyproject.toml": "[tool.tap-lint]"})
    message = "tap-lint: pyproject.toml: .tap-lint.yaml has settings, too: keep them in one of the two\n"
    assert checked(repo).complaint == message


def test_a_broken_file_of_another_folder_does_not_matter(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE, f"b/{NAME}": "nonsense: 1"})
    assert checked(repo, "a").rules == ALL
    assert checked(repo).complaint == "tap-lint: b/.tap-lint.yaml:1: there is no key nonsense\n"


def test_a_nearer_file_extends_a_farther_one(tmp_path: Path) -> None:
    repo = repository(tmp_path, {
        NAME: "ignore: [encryption]\nseverity: {naming: error, tagging: off}\n",
        "a/main.tf": QUEUE,
        f"a/{NAME}": "ignore: references/unused-resource\nseverity: {tagging: warning}\n",
        "b/main.tf": QUEUE,
    })  # fmt: skip
    assert checked(repo, "a").rules == [
        "error messaging/queue-without-dlq", "error naming/hard-coded", "warning tagging/untagged"
    ]  # fmt: skip
    assert checked(repo, "b").rules == [
        "error messaging/queue-without-dlq", "error naming/hard-coded", "note references/unused-resource"
    ]  # fmt: skip
    assert len(checked(repo).rules) == 6


@pytest.mark.parametrize(
    ("choices", "chosen"),
    [
        ([], True),
        ([Choice(("iam",))], True),
        ([Choice(("naming",))], False),
        ([Choice(("iam",), ("iam/x",))], False),
        ([Choice(("iam/x",), ("iam",))], False),
        ([Choice(None, ("iam",)), Choice(("iam",))], True),
        ([Choice(None, ("iam",)), Choice(("iam/x",))], True),
        ([Choice(None, ("iam/x",)), Choice(("iam",))], False),
        ([Choice(None, ("iam/x",)), Choice(("iam/x",))], True),
        ([Choice(("iam/x",)), Choice(None, ("iam",))], False),
        ([Choice(("naming",)), Choice(("iam",))], True),
        ([Choice(("iam",)), Choice(("naming",))], False),
        ([Choice(("iam",)), Choice()], True),
        ([Choice(None, ("iam",)), Choice(("naming",)), Choice(("iam/x",))], True),
        ([Choice(None, ("iam",)), Choice(None, ("naming",))], False),
    ],
)
def test_what_is_chosen(choices: list[Choice], chosen: bool) -> None:
    assert is_chosen("iam/x", choices) is chosen
    assert is_chosen(UNREADABLE, choices)


def test_what_is_left_out_by_name_stays_so_though_its_family_is_selected(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: "ignore: [naming/hard-coded, encryption]"})
    assert checked(repo, "--select", "naming,encryption").rules == ["error encryption/unencrypted-queue"]
    assert checked(repo, "--select", "naming/hard-coded").rules == ["warning naming/hard-coded"]
