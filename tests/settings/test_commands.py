"""`tap-lint config` and `tap-lint init`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, run, written
from tflint_tap.settings.keys import KEYS

NAME = ".tap-lint.yaml"
FILES = {
    NAME: """\
ignore: [encryption]
severity: {naming: error}
params:
  tagging/overridden: {required: [Team]}
exclude: [gen/]
paths:
  - files: [a/test.tf]
    ignore: [tagging]
inputs: [dev.tfvars]
""",
    "dev.tfvars": "",
    "a/main.tf": QUEUE,
    "a/test.tf": "",
    "a/pyproject.toml": "[tool.tap-lint]\nignore = ['format']\nseverity.naming = 'note'\n",
    "gen/main.tf": QUEUE,
}


def _told(folder: Path, *arguments: str) -> dict[str, list[tuple[str, str]]]:
    done = run(folder, "config", *arguments, "--format", "json")
    assert (done.code, done.complaint) == (0, "")
    rows: dict[str, list[tuple[str, str]]] = {}
    for row in json.loads(done.output)["settings"]:
        rows.setdefault(row["key"], []).append((row["value"], row["from"]))
    return rows


def test_each_value_is_told_with_its_place(tmp_path: Path) -> None:
    repo = repository(tmp_path, FILES)
    told = _told(repo, "a")
    assert set(told) == {*KEYS, "paths"}
    assert told["ignore"] == [("encryption", f"{NAME}:1"), ("format", "a/pyproject.toml:2")]
    assert told["severity"] == [("naming: note", "a/pyproject.toml:3")]
    assert told["params"] == [('tagging/overridden.required: ["Team"]', f"{NAME}:4")]
    assert told["inputs"] == [("dev.tfvars", f"{NAME}:9")]
    assert told["fail-on"] == [("warning", "default")]
    assert told["paths"] == [("files a/test.tf: ignore tagging", f"{NAME}:8")]
    assert _told(repo, "a/test.tf")["ignore"] == [
        ("encryption", f"{NAME}:1"), ("tagging", f"{NAME}:8"), ("format", "a/pyproject.toml:2")
    ]  # fmt: skip


def test_options_are_told_too(tmp_path: Path) -> None:
    repo = repository(tmp_path, FILES)
    options = (
        "--select",
        "iam",
        "--ignore",
        "iam/wildcard-action",
        "--fail-on",
        "note",
        "--strict",
        "--inputs",
        "x.tfvars",
    )
    told = _told(repo, "a", *options)
    assert told["select"] == [("iam", "--select")]
    assert told["ignore"][-1] == ("iam/wildcard-action", "--ignore")
    assert told["fail-on"] == [("note", "--fail-on")]
    assert told["doubts"] == [("fail", "--strict")]
    assert told["inputs"] == [("x.tfvars", "--inputs")]
    assert {place for rows in _told(repo, "a", "--no-config").values() for _, place in rows} == {"default"}
    assert run(repo, "config", "--select", "imm").complaint.endswith("did you mean iam?\n")


def test_the_rules_that_report_are_those_that_check_reports(tmp_path: Path) -> None:
    repo = repository(tmp_path, FILES)
    content = json.loads(run(repo, "config", "a/main.tf", "--format", "json").output)
    assert content["files"] == [NAME, "a/pyproject.toml"]
    rules = {rule["id"]: rule["severity"] for rule in content["rules"]}
    assert rules["naming/hard-coded"] == "note"
    assert rules["tagging/untagged"] is None
    assert not any(rule.startswith(("encryption/", "format/")) for rule in rules)
    assert {rule.split()[1] for rule in checked(repo, "a").rules} <= set(rules)


def test_the_text_is_a_line_for_each_value(tmp_path: Path) -> None:
    repo = repository(tmp_path, FILES)
    lines = run(repo, "config", "a").output.splitlines()
    assert lines[0] == "a: .tap-lint.yaml, a/pyproject.toml"
    (ignored, *_) = (line.split() for line in lines if line.startswith("ignore"))
    assert ignored == ["ignore", "encryption", ".tap-lint.yaml:1"]
    assert lines[-1].endswith("rules report here")
    assert run(repo, "config", "gen/main.tf").output.splitlines()[-1].startswith("excluded: ")
    assert run(repo, "config", "a", "--no-config").output.startswith("a: no file of settings\n")


def test_config_tells_what_is_wrong(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: "ignore: imm"})
    done = run(repo, "config")
    assert (done.code, done.output) == (2, "")
    assert done.complaint == f"tap-lint: {NAME}:1: ignore: there is no rule or family imm; did you mean iam?\n"
    assert run(repo, "config", "missing").complaint == "tap-lint: missing: there is no such file or folder\n"


def test_init_makes_the_next_run_green_and_one_new_fault_red(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE, "b/main.tf": QUEUE.replace("jobs", "late")})
    assert checked(repo, "--strict").code == 1
    done = run(repo, "init")
    assert (done.code, done.complaint) == (0, "")
    assert done.output.startswith(f"{NAME} is written; .tap-lint-baseline.json lists 10 findings and 0 doubts as known")
    assert (checked(repo, "--strict").code, checked(repo).output) == (0, "")
    written(repo, {"b/more.tf": 'resource "aws_sns_topic" "news" {\n  name = "news"\n}\n'})
    assert checked(repo, "--select", "naming").rules == ["warning naming/hard-coded"]
    again = run(repo, "init")
    assert (again.code, again.complaint) == (2, f"tap-lint: {NAME}: there are settings already\n")


def test_init_where_nothing_is_found(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": "# nothing\n"})
    assert run(repo, "init", "a").output == f"a/{NAME} is written; nothing is found\n"
    assert sorted(path.name for path in (repo / "a").iterdir()) == [".tap-lint.schema.json", NAME, "main.tf"]
    assert run(repo, "config", "a").output.startswith(f"a: a/{NAME}\n")
    (repo / "empty").mkdir()
    assert run(repo, "init", "empty").code == 0


def test_init_writes_nothing_where_not_everything_could_be_judged(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE})
    (repo / "a" / "b.tf").symlink_to("nowhere.tf")
    done = run(repo, "init")
    assert done.code == 2
    assert done.complaint.splitlines()[-1].startswith("tap-lint: nothing is written: ")
    assert not (repo / NAME).exists()
    assert run(repo, "init", "missing").complaint == "tap-lint: missing: there is no such folder\n"


@pytest.mark.parametrize("name", [".tap-lint.yml", "pyproject.toml"])
def test_init_leaves_settings_that_are_there(tmp_path: Path, name: str) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, name: "[tool.tap-lint]\n"})
    assert run(repo, "init").complaint == f"tap-lint: {name}: there are settings already\n"
