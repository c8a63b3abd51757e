"""A baseline: what it knows again, what it doesn't, and what it says of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands import invoke as run

QUEUE = """resource "aws_sqs_queue" "{name}" {{
  name                      = "{name}"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = {sse}
}}
"""
CHOSEN = ("--select", "messaging/queue-without-dlq,encryption/unencrypted-queue,naming/invalid-name")


def queue(name: str = "jobs", *, encrypted: bool = True) -> str:
    return QUEUE.format(name=name, sse=str(encrypted).lower())


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def check(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code and the lines of a quiet run with the baseline."""
    done = run(".", *CHOSEN, "--quiet", "--baseline", "known.json", *arguments, cwd=folder)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A folder with two modules and a baseline of what is wrong with them."""
    write(tmp_path, {"a/main.tf": queue() + queue("mail", encrypted=False), "b/main.tf": queue()})
    done = run(".", *CHOSEN, "--write-baseline", "known.json", cwd=tmp_path)
    assert done.returncode == 0
    assert "0 errors, 0 warnings" in done.stdout
    assert "4 in the baseline" in done.stdout
    return tmp_path


def test_a_run_with_a_baseline_says_nothing_of_what_it_lists(known: Path) -> None:
    assert check(known) == (0, [])


def test_the_text_of_a_baseline_is_the_same_each_time_and_has_a_line_an_entry(known: Path) -> None:
    text = (known / "known.json").read_text()
    assert len(json.loads(text)["findings"]) == 4
    assert sum(line.lstrip().startswith('{"rule"') for line in text.splitlines()) == 4
    run(".", *CHOSEN, "--write-baseline", "known.json", cwd=known)
    assert (known / "known.json").read_text() == text


@pytest.mark.parametrize(
    "files",
    [
        {"a/main.tf": "\n\n# new\n\n" + queue() + queue("mail", encrypted=False)},
        {"a/main.tf": queue("mail", encrypted=False) + queue()},
        {"a/main.tf": queue(), "a/mail.tf": queue("mail", encrypted=False)},
        {"a/main.tf": queue() + queue("mail", encrypted=False).replace(" = ", "=")},
        {"a/main.tf": queue().replace('"jobs" {', '"tasks" {') + queue("mail", encrypted=False)},
        {"a/main.tf": queue(), "b/mail.tf": queue("mail", encrypted=False)},
        {
            "a/main.tf": queue("work")
            + queue("mail", encrypted=False)
            + "moved {\n  from = aws_sqs_queue.jobs\n  to   = aws_sqs_queue.work\n}\n"
        },
    ],
    ids=["lines", "order", "file", "layout", "name", "module", "moved"],
)
def test_a_finding_is_known_again_though_its_block_has_moved(known: Path, files: dict[str, str]) -> None:
    write(known, files)
    assert check(known) == (0, [])


def test_a_folder_may_be_renamed(known: Path) -> None:
    (known / "a").rename(known / "c")
    assert check(known) == (0, [])


def test_a_key_of_an_instance_is_no_part_of_what_identifies_a_finding(tmp_path: Path) -> None:
    stack = 'resource "aws_sqs_queue" "q" {\n  for_each = toset(["b"])\n  name = each.key\n}\n'
    write(tmp_path, {"main.tf": stack})
    run(".", *CHOSEN, "--write-baseline", "known.json", cwd=tmp_path)
    write(tmp_path, {"main.tf": stack.replace('["b"]', '["a", "b"]')})
    assert check(tmp_path) == (0, [])


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"a/main.tf": queue(encrypted=False) + queue("mail", encrypted=False)}, "encryption/unencrypted-queue"),
        ({"b/main.tf": queue() + queue("more")}, "messaging/queue-without-dlq"),
        ({"b/main.tf": queue(encrypted=False)}, "encryption/unencrypted-queue"),
        ({"c/main.tf": queue()}, "messaging/queue-without-dlq"),
        ({"b/main.tf": queue("other")}, "messaging/queue-without-dlq"),
    ],
    ids=[
        "another rule",
        "another block",
        "a rule known elsewhere",
        "another module of the same text",
        "a block in place of another",
    ],
)
def test_one_new_fault_is_one_finding(known: Path, files: dict[str, str], rule: str) -> None:
    write(known, files)
    code, lines = check(known)
    assert code == 1
    assert re.findall(r": (?:error|warning|note) (\S+):", "\n".join(lines)) == [rule]


def test_what_was_mended_in_one_module_is_not_known_in_another(known: Path) -> None:
    write(known, {"a/main.tf": queue() + queue("mail"), "b/main.tf": queue() + queue("mail", encrypted=False)})
    code, lines = check(known)
    assert code == 1
    assert sum("error" in line for line in lines) == 2


def test_a_value_that_is_wrong_in_another_way_is_new(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": queue("a b")})
    run(".", *CHOSEN, "--write-baseline", "known.json", cwd=tmp_path)
    write(tmp_path, {"main.tf": queue("a b").replace('"a b"\n', '"a/b"\n')})
    assert check(tmp_path)[0] == 1


def test_a_moved_block_renames_in_its_module_alone(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": queue("one"), "b/main.tf": queue("one") + queue("two")})
    run(".", *CHOSEN, "--write-baseline", "known.json", cwd=tmp_path)
    moved = "moved {\n  from = aws_sqs_queue.one\n  to   = aws_sqs_queue.two\n}\n"
    write(tmp_path, {"a/main.tf": queue("one").replace('"one" {', '"two" {') + moved})
    assert check(tmp_path) == (0, [])


def test_a_further_block_of_a_known_doubt_is_new(tmp_path: Path) -> None:
    stack = 'variable "sse" {\n  type = bool\n}\n' + queue("one").replace("= true", "= var.sse")
    write(tmp_path, {"main.tf": stack})
    run(".", *CHOSEN, "--write-baseline", "known.json", cwd=tmp_path)
    assert check(tmp_path, "--strict") == (0, [])
    write(tmp_path, {"main.tf": stack + queue("two").replace("= true", "= var.sse")})
    assert [line.split(": ")[1] for line in check(tmp_path, "--strict")[1] if "doubt" in line] == [
        "doubt encryption/unencrypted-queue"
    ]


def test_entries_that_nothing_matches_are_told_and_pruned(known: Path) -> None:
    write(known, {"a/main.tf": queue() + queue("mail")})
    code, lines = check(known)
    assert code == 0
    assert lines == [
        "notice: known.json: 1 entry matches no finding any more; --prune removes them",
        "notice: known.json: encryption/unencrypted-queue of aws_sqs_queue.mail (a)",
    ]
    assert check(known, "--prune") == (0, [])
    assert len(json.loads((known / "known.json").read_text())["findings"]) == 3
    assert check(known) == (0, [])


def test_an_entry_is_not_stale_where_the_run_did_not_look(known: Path) -> None:
    write(known, {"a/main.tf": queue(), "a/mail.tf": queue("mail")})
    one = run("a/main.tf", *CHOSEN, "--quiet", "--baseline", "known.json", cwd=known)
    assert (one.returncode, one.stdout) == (0, "")
    other = run(".", "--select", "schema", "--quiet", "--baseline", "known.json", cwd=known)
    assert (other.returncode, other.stdout) == (0, "")
    write(known, {"a/mail.tf": "resource {"})
    assert not any("no finding any more" in line for line in check(known)[1])


def test_what_cannot_be_read_is_never_known(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "resource {"})
    run(".", "--write-baseline", "known.json", cwd=tmp_path)
    assert check(tmp_path)[0] != 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "known.json:1: not JSON"),
        ("[]", "known.json:1: not a baseline"),
        ('{"findings": [], "format": 9}', "the format of this baseline is not 1"),
        ('{"findings": [{}], "format": 1}', "finding 1 is not one that tap-lint wrote"),
        ('{"findings": [{"rule": "a/b", "count": 0}], "format": 1}', "count is not a number from 1"),
        ("[" * 100_000, "known.json:1: not"),
        ('{"findings": [{"rule": "a/b", "count": 100000000000}], "format": 1}', "count is not a number from 1 to"),
        ('{"findings": [{"rule": "a/b", "count": 1' + "0" * 5000 + '}], "format": 1}', "too many digits"),
        ('{"findings": [{"rule": "a/b", "module": "a\\u0000"}], "format": 1}', "characters that no finding has"),
        ('{"findings": [{"rule": "a/b", "module": "a\\ud800"}], "format": 1}', "characters that no finding has"),
    ],
)
def test_a_file_that_is_no_baseline_ends_the_run(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, {"main.tf": queue(), "known.json": text})
    done = run(".", "--baseline", "known.json", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_missing_baseline_ends_the_run_and_so_does_pruning_none(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": queue()})
    assert "known.json: no such file" in run(".", "--baseline", "known.json", cwd=tmp_path).stderr
    assert "--prune needs --baseline" in run(".", "--prune", cwd=tmp_path).stderr


def test_a_secret_does_not_stand_in_the_baseline(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_db_instance" "d" {\n  password = "hunter2-Zk9!x"\n}\n'})
    run(".", "--write-baseline", "known.json", cwd=tmp_path)
    text = (tmp_path / "known.json").read_text()
    assert "secrets/" in text
    assert "hunter2" not in text
