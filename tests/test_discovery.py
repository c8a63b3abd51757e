"""Paths, and the modules that they stand for: which contract holds for which file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cards import CONTRACTS
from tflint_tap.contract import Claims, Contract
from tflint_tap.discovery import SKIPPED, Target, targets
from tflint_tap.lint import lint
from tflint_tap.terraform.module.file_names import is_override_name
from tflint_tap.text.source import Source, SourceError

BOOKING = CONTRACTS[0]
SITE = Contract("site", Claims("site.tf", ("landing_page",)), Path("site.yaml"), "claims: {file: site.tf}")
BARE = Contract("bare", Claims(), Path("bare.yaml"), "variables: [a]")
SIGN, OTHER = 'variable "booking_handler" {}\n', 'variable "v" {}\n'


def written(folder: Path, texts: Mapping[str, str]) -> str:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return str(folder)


def told(found: list[Target]) -> list[tuple[list[str], list[str], str | None]]:
    """Of each target: the names of its files, of those that are shown, and of its contract."""
    return [
        (
            [Path(source.path).name for source in target.sources],
            [Path(source.path).name for source in target.shown],
            target.contract.name if target.contract is not None else None,
        )
        for target in found
    ]


def notices(found: list[Target]) -> tuple[str, ...]:
    return lint(found, ()).notices


def test_a_recognised_file_stands_by_itself_beside_the_module(tmp_path: Path) -> None:
    folder = written(tmp_path, {"tap_stack.tf": SIGN, "provider.tf": OTHER})
    found = targets([folder], CONTRACTS)
    assert told(found) == [
        (["tap_stack.tf"], ["tap_stack.tf"], "booking"),
        (["provider.tf", "tap_stack.tf"], ["provider.tf"], None),
    ]
    assert notices(found) == ()


def test_a_file_that_is_only_called_so_is_read_with_its_siblings_and_the_report_says_so(tmp_path: Path) -> None:
    written(tmp_path, {"tap_stack.tf": OTHER, "provider.tf": OTHER})
    path = f"{tmp_path}/tap_stack.tf"
    found = targets([path], CONTRACTS)
    assert told(found) == [(["provider.tf", "tap_stack.tf"], ["tap_stack.tf"], None)]
    (notice,) = notices(found)
    assert notice == f"{path} follows no contract; --contract booking holds it to the booking specification"
    assert notices(targets([path], ())) == ()
    assert notices(targets([f"{tmp_path}/provider.tf"], CONTRACTS)) == ()


def test_several_files_that_are_only_called_so_are_one_line(tmp_path: Path) -> None:
    folder = written(tmp_path, {f"{name}/tap_stack.tf": OTHER for name in "abc"})
    (notice,) = notices(targets([folder], CONTRACTS))
    assert notice == (
        f"{folder}/a/tap_stack.tf and 2 more follow no contract; --contract booking holds them to the "
        "booking specification"
    )


def test_a_given_contract_holds_for_the_files_of_its_name_recognised_or_not(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a/tap_stack.tf": OTHER, "a/provider.tf": OTHER, "b/main.tf": SIGN})
    found = targets([folder], CONTRACTS, None, BOOKING)
    assert told(found) == [
        (["tap_stack.tf"], ["tap_stack.tf"], "booking"),
        (["provider.tf", "tap_stack.tf"], ["provider.tf"], None),
        (["main.tf"], ["main.tf"], None),
    ]
    assert notices(found) == ()


def test_a_given_contract_holds_for_the_only_file_whatever_it_is_called(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": OTHER, "more.tf": OTHER})
    assert told(targets([f"{tmp_path}/main.tf"], (), None, BOOKING)) == [(["main.tf"], ["main.tf"], "booking")]
    assert told(targets(["-"], (), Source("<stdin>", OTHER), BOOKING)) == [(["<stdin>"], ["<stdin>"], "booking")]
    with pytest.raises(SourceError, match=r"^there are 2 files, and none is called tap_stack\.tf: name the one "):
        targets([str(tmp_path)], (), None, BOOKING)


def test_a_contract_may_be_held_by_a_whole_module(tmp_path: Path) -> None:
    text = 'resource "aws_s3_object" "landing_page" {}\n'
    folder = written(tmp_path, {"a/site.tf": text, "a/more.tf": OTHER, "b/site.tf": OTHER})
    found = targets([folder], (SITE, *CONTRACTS))
    assert told(found) == [
        (["more.tf", "site.tf"], ["more.tf", "site.tf"], "site"),
        (["site.tf"], ["site.tf"], None),
    ]
    assert notices(found) == (
        f"{folder}/b/site.tf follows no contract; --contract site holds it to the site specification",
    )
    assert [told_contract for *_, told_contract in told(targets([f"{folder}/a"], (), None, BARE))] == ["bare"]
    with pytest.raises(SourceError, match=r"^there are 3 files: name the one that has to hold bare$"):
        targets([folder], (), None, BARE)


def test_a_folder_that_is_named_holds_the_contract_and_not_its_folders(tmp_path: Path) -> None:
    folder = written(tmp_path, {"main.tf": OTHER, "more.tf": OTHER, "modules/q/main.tf": OTHER})
    for name in (folder, f"{folder}/", f"{folder}/modules/.."):
        assert told(targets([name], (), None, BARE)) == [
            (["main.tf", "more.tf"], ["main.tf", "more.tf"], "bare"),
            (["main.tf"], ["main.tf"], None),
        ]
    with pytest.raises(SourceError, match=r"name the one that has to hold bare$"):
        targets([f"{folder}/main.tf", f"{folder}/modules"], (), None, BARE)
    with pytest.raises(SourceError, match=r"name the one that has to hold booking$"):
        targets([folder], (), None, BOOKING)


def test_the_first_contract_that_recognises_a_file_holds_for_it(tmp_path: Path) -> None:
    rival = Contract("rival", Claims("tap_stack.tf", ("rival",)), Path("rival.yaml"), "")
    written(tmp_path, {"tap_stack.tf": SIGN})
    (target,) = targets([f"{tmp_path}/tap_stack.tf"], (rival, BOOKING))
    assert target.contract is BOOKING


def shown(found: list[Target]) -> list[str]:
    return sorted(source.path.rpartition("/")[2] for target in found for source in target.shown)


def test_opentofu_s_files_are_read_in_the_place_of_terraform_s_of_the_same_name(tmp_path: Path) -> None:
    names = ["a.tf", "a.tofu", "b.tf", "b.tf.json", "b.tofu.json", "c.tofu", "d.tf.json"]
    tests = {"x.tftest.hcl": "", "x.tftest.json": "{", "x.tofutest.hcl": ""}
    folder = written(tmp_path, {**dict.fromkeys(names, "{}"), **tests})
    found = targets([folder], ())
    assert shown(found) == ["a.tofu", "b.tf", "b.tofu.json", "c.tofu", "d.tf.json"]
    assert notices(found) == ()
    asked = targets([f"{folder}/a.tf"], ())
    assert (shown(asked), notices(asked)) == ([], (f"{folder}/a.tf: OpenTofu reads a.tofu in its place",))
    assert lint(asked, ()).failures == ()


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("override.tf", True), ("x_override.tf.json", True), ("override.tofu", True), ("x_override.tofu.json", True),
        ("overrides.tf", False), ("x_override.json", False), ("xoverride.tf", False), ("override.tf.txt", False),
    ],
)  # fmt: skip
def test_override_files_are_told_by_their_names(name: str, verdict: bool) -> None:
    assert is_override_name(name) is verdict


def test_folders_that_tools_fill_and_what_git_ignores_are_left_out(tmp_path: Path) -> None:
    left_out = [*SKIPPED[1:], "generated", "kept/generated"]
    texts = {f"{name}/a.tf": OTHER for name in left_out} | {"backend.tf": OTHER, "kept/b.tf": OTHER, "c.tf": OTHER}
    folder = written(tmp_path, texts | {".gitignore": "generated/\n/backend.tf\n", ".git/HEAD": "", ".git/a.tf": OTHER})
    found = targets([folder], ())
    assert shown(found) == ["b.tf", "c.tf"]
    assert [source.path.rpartition("/")[2] for source in found[0].sources] == ["backend.tf", "c.tf"]  # it is a part
    named = targets([f"{folder}/generated", f"{folder}/cdktf.out", f"{folder}/backend.tf"], ())
    assert shown(named) == ["a.tf", "a.tf", "backend.tf"]
    (folder_of_ignored,) = targets([written(tmp_path / "only", {"generated/a.tf": OTHER})], ())
    assert [str(unread) for unread in folder_of_ignored.unread] == [
        f"{tmp_path}/only: the folder has no .tf files but what git ignores"
    ]
