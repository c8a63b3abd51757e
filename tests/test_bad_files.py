"""Folders with files that can't be read: everything else is judged and reported, and the run says what wasn't."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.commands import run
from tflint_tap.discovery import decoded
from tflint_tap.hcl import parse

pytestmark = pytest.mark.slow

GOOD = 'resource "aws_sqs_queue" "jobs" {\n  name                    = "jobs"\n  sqs_managed_sse_enabled = false\n}\n'
FOUND = "encryption/unencrypted-queue"
UNREADABLE = {
    "big/a.tf": "larger than 2,000,000 bytes",
    "dangling/a.tf": "the link leads nowhere",
    "elsewhere/a.tf": "the link does not lead to a .tf file",
    "piped/a.tf": "not a regular file",
}
REFUSED = {
    "latin/a.tf": "not valid UTF-8: byte 0xe9",
    "broken/a.tf": "missing newline after argument",
    "json/a.tf.json": "a comma follows the last property of the object",
}
VALUES = {
    "values/terraform.tfvars": "values/terraform.tfvars:1:7: missing newline after argument",
    "json_values/x.auto.tfvars.json": "json_values/x.auto.tfvars.json:1:1: invalid JSON: the object that begins here",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One folder for each kind of bad file, each with a good file beside it."""
    for name in (*UNREADABLE, *REFUSED, *VALUES, "named/b.tf"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).with_name("good.tf").write_text(GOOD)
    (tmp_path / "big/a.tf").write_text("#" * 2_000_001)
    (tmp_path / "dangling/a.tf").symlink_to("nowhere.tf")
    (tmp_path / "notes.txt").write_text("secret")
    (tmp_path / "elsewhere/a.tf").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "json/a.tf.json").write_text('{"locals": {"a": 1,}}')
    os.mkfifo(tmp_path / "piped/a.tf")
    (tmp_path / "latin/a.tf").write_bytes(b'locals {\n  a = "caf\xe9"\n}\n')
    (tmp_path / "broken/a.tf").write_text("locals {\n  a = 1 b = 2\n}\n")
    (tmp_path / "values/terraform.tfvars").write_text("a = 1 b = 2\n")
    (tmp_path / "json_values/x.auto.tfvars.json").write_text("{")
    (tmp_path / "named/b.tf").mkdir()  # Terraform takes no folder for a file
    return tmp_path


def goods(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/good.tf"))


def test_every_good_file_is_judged_and_every_bad_one_named(folder: Path) -> None:
    done = run("--quiet", "--select", FOUND, cwd=folder)
    lines = done.stdout.splitlines()
    assert done.returncode == 2
    assert sorted(line.partition(":")[0] for line in lines if FOUND in line) == goods(folder)
    for name, reason in UNREADABLE.items():
        assert f"failure: {name}: {reason}" in lines
    for name, reason in REFUSED.items():
        assert [line for line in lines if line.startswith(f"{name}:") and reason in line]
    for reason in VALUES.values():
        assert [line for line in lines if line.startswith(f"failure: {reason}")]


def test_the_other_formats_say_the_same(folder: Path) -> None:
    done = run("--format", "json", "--select", FOUND, cwd=folder)
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert sorted(item["path"] for item in report["findings"] if item["rule"] == FOUND) == goods(folder)
    assert len(report["summary"]["failures"]) == len(UNREADABLE) + len(VALUES)
    done = run("--format", "sarif", "--select", FOUND, cwd=folder)
    (log,) = json.loads(done.stdout)["runs"]
    places = [item["locations"][0]["physicalLocation"]["artifactLocation"] for item in log["results"]]
    assert done.returncode == 2
    assert {place["uri"] for place in places} >= set(goods(folder))
    assert log["invocations"][0]["executionSuccessful"] is False


def test_what_was_not_asked_for_is_no_failure(folder: Path) -> None:
    done = run("dangling/good.tf", "--quiet", "--select", FOUND, cwd=folder)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == ["notice: dangling/a.tf: the link leads nowhere"]


def test_a_path_that_there_is_not_leaves_the_others_judged(folder: Path) -> None:
    done = run("latin/good.tf", "nowhere.tf", "notes.txt", "--quiet", "--select", "naming,syntax", cwd=folder)
    assert done.returncode == 2
    assert "latin/good.tf:2:29: warning naming/hard-coded" in done.stdout
    assert done.stdout.splitlines()[-2:] == [
        "failure: notes.txt: not a .tf file",
        "failure: nowhere.tf: there is no such file or folder",
    ]


def test_a_variable_that_a_broken_file_may_set_is_a_doubt(folder: Path) -> None:
    (folder / "values/good.tf").write_text(
        'variable "sse" {\n  type    = bool\n  default = false\n}\n'
        + GOOD.replace("sqs_managed_sse_enabled = false", "sqs_managed_sse_enabled = var.sse")
    )
    done = run("values", "--quiet", "--strict", "--select", FOUND, cwd=folder)
    assert done.returncode == 2
    assert "values/terraform.tfvars can't be read" in run("values", "--select", FOUND, cwd=folder).stdout


# As terraform fmt and validate have it, 1.11.4
@pytest.mark.parametrize(
    ("content", "is_right"),
    [
        (b"# caf\xe9\na = 1\n", True),
        (b"/* caf\xe9 */\na = 1 // \xff\xfe\n", True),
        (b"a = [\n  1, # \xe9\n]\n", True),
        (b'a = "${ 1 /* \xe9 */ }"\n', True),
        (b'a = "caf\xe9"\n', False),
        (b"a = <<E\ncaf\xe9\nE\n", False),
        (b"caf\xe9 = 1\n", False),
        (b'a = "${\xe9}"\n', False),
        (b'# \xe9\na = "# \xe9"\n', False),
        (b'a = "\xef\xbf\xbd"\n', True),  # U+FFFD itself
    ],
)
def test_bytes_that_are_no_utf_8_may_stand_in_comments(content: bytes, is_right: bool) -> None:
    assert (parse(decoded("a.tf", content)).diagnostics == ()) is is_right


def test_the_blocks_around_a_bad_byte_are_judged() -> None:
    content = b'# \xe9\nlocals {\n  a = 1\n}\n\nlocals {\n  b = "\xe9"\n}\n\nlocals {\n  c = 3 # \xe9\n}\n'
    file = parse(decoded("a.tf", content))
    assert [attribute.name for block in file.body.blocks for attribute in block.body.attributes] == ["a", "c"]
    assert [(item.span.line, item.span.column, item.message) for item in file.diagnostics] == [
        (7, 8, "not valid UTF-8: byte 0xe9")
    ]
