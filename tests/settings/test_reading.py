"""Files of settings: what they say, and what is wrong in them, by its line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, written
from tflint_tap.settings import SettingsError
from tflint_tap.settings.reading import LARGEST_FILE, Settings, read_settings


def _read(folder: Path, text: str | bytes, name: str = ".tap-lint.yaml") -> Settings:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    root = os.path.realpath(folder)
    return read_settings(str(path), root, name, root)


def _refused(folder: Path, text: str | bytes, name: str = ".tap-lint.yaml") -> str:
    with pytest.raises(SettingsError) as refused:
        _read(folder, text, name)
    return str(refused.value).removeprefix(name)


def test_values_have_their_places(tmp_path: Path) -> None:
    found = _read(tmp_path, "ignore:\n  - iam\n  - format/essay-comment\nfail-on: error\n")
    assert found.values["ignore"] == (("iam", ".tap-lint.yaml:2"), ("format/essay-comment", ".tap-lint.yaml:3"))
    assert found.values["fail-on"] == ("error", ".tap-lint.yaml:4")


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff# nothing\n", "{}\n"])
def test_a_file_may_say_nothing(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, text).values == {}


MISTAKES = [
    ("ignroe: [iam]", ":1: there is no key ignroe; did you mean ignore?"),
    ("\nzzz: 1", ":2: there is no key zzz"),
    ("[iam]", ":1: settings are a mapping"),
    ("? [a]\n: b", ":1: the key is no text"),
    ("ignore: [iam]\nignore: [format]", ":2: the key ignore stands here a second time"),
    ("ignore: {iam: off}", ":1: ignore has to be the name of a rule or family, or a list of these"),
    ("ignore:\n  - iam\n  - [format]", ":3: ignore has to be the name of a rule or family, or a list of these"),
    ("ignore:", ":1: ignore has to be the name of a rule or family, or a list of these"),
    ("select: []", ":1: select names no rule"),
    ("severity: off", ":1: severity has to be a mapping of rules and families to severities"),
    ("severity:\n  iam: eror", ":2: severity of iam is error, warning, note or off, not eror; did you mean error?"),
    ("severity:\n  iam: [error]", ":2: severity has to be one of error, warning, note or off"),
    ("exclude: ['']", ":1: exclude has to be a pattern as git has them, or a list of these"),
    ("exclude:\n  - '# x'", ":2: exclude # x isn't a pattern as git has them"),
    ("exclude: '[z-a]'", ":1: exclude [z-a] isn't a pattern as git has them"),
    ("exclude: ../other", ":1: exclude ../other leads out of the folder: patterns are for what lies below it"),
    ("exclude: '**/a/**/b/**/c/**/d/**/e'", ":1: exclude **/a/**/b/**/c/**/d/**/e has more than 4 times **"),
    ("params: [x]", ":1: params has to be a mapping of rules to mappings of their params to values"),
    ("params: {x: 1}", ":1: params has to be a mapping of rules to mappings of their params to values"),
    ("prefix: [acme-]", ":1: prefix has to be a text"),
    ("prefix: 'a${b'", ":1: prefix isn't a template: "),
    ("tags: {Owner: x}", ":1: tags has to be the key of a tag, or a list of these"),
    ("inputs: missing.tfvars", ":1: inputs missing.tfvars: there is no such file"),
    ("inputs:\n  - ../x.tfvars", ":2: inputs ../x.tfvars lies outside the repository: settings lead to what is in it"),
    ("inputs: /etc/passwd", ":1: inputs /etc/passwd lies outside the repository: settings lead to what is in it"),
    ("contract: ./missing.yaml", ":1: contract ./missing.yaml: there is no such file"),
    ("contract: a/../../c.yaml",
     ":1: contract a/../../c.yaml lies outside the repository: settings lead to what is in it"),
    ('contract: "a\\0/b"', ":1: contract a path has no character of code 0"),
    ("rules: policies", ":1: rules policies: there is no such folder"),
    ("rules: .tap-lint.yaml", ":1: rules .tap-lint.yaml: there is no such folder"),
    ("baseline: ../known.json",
     ":1: baseline ../known.json lies outside the repository: settings lead to what is in it"),
    ("provider-version: latest", ":1: provider-version has to be a version, such as 5.31.0, or a constraint, such as "
     "~> 5.0, not latest"),
    ("provider-version: '> 5, < 4'", ":1: provider-version has to be a version, such as 5.31.0, or a constraint"),
    ("doubts: fial", ":1: doubts is report, fail or ignore, not fial; did you mean fail?"),
    ("fail-on: [error]", ":1: fail-on has to be one of note, warning or error"),
    ("paths: {files: x}", ":1: paths has to be a list of mappings, each with files"),
    ("paths:\n  - x", ":2: an entry of paths is a mapping"),
    ("paths:\n  - ignore: iam", ":2: an entry of paths has no files"),
    ("paths:\n  - files: []\n    ignore: iam", ":2: files names no file"),
    ("paths:\n  - files: x", ":2: an entry of paths says nothing of its files"),
    ("paths:\n  - files: x\n    ignroe: iam", ":3: an entry of paths has no key ignroe; did you mean ignore?"),
    ("paths:\n  - files: x\n    tags: [Owner]", ":3: tags can't stand in an entry of paths: it is for whole folders"),
    ("paths:\n  - files: ['[z-a]']\n    ignore: iam", ":2: files [z-a] isn't a pattern as git has them"),
    ("a: b: c", ":1: mapping values are not allowed in this context"),
    ("a: [", ":2: "),
    ("ignore: &a [*a]", ":1: an alias stands within what it names"),
    ("ignore: *a", ":1: found undefined alias"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert _refused(tmp_path, text).startswith(message)


def test_a_file_that_is_not_utf_8_is_refused_by_its_line(tmp_path: Path) -> None:
    assert _refused(tmp_path, b"# a\nignore: [\xff]\n") == ":2: not valid UTF-8"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path, "#" * (LARGEST_FILE + 1)) == ": larger than 200,000 bytes"


def test_aliases_that_repeat_without_end_are_counted_first(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 200))
    assert _refused(tmp_path, bomb) == ":1: more than 5,000 values, as its aliases repeat them"


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    for text in ("ignore: " + "[" * 5000 + "]" * 5000, "ignore: " + "[" * 90_000):
        assert re.search("nested too deeply|nesting depth", _refused(tmp_path, text))


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / ".tap-lint.yaml").mkdir()
    with pytest.raises(SettingsError, match="not a regular file"):
        read_settings(str(tmp_path / ".tap-lint.yaml"), os.path.realpath(tmp_path), "x", "x")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(SettingsError, match="not a regular file"):
        read_settings(str(tmp_path / "pipe.yaml"), os.path.realpath(tmp_path), "x", "x")


def test_the_other_spelling_is_told(tmp_path: Path) -> None:
    assert _refused(tmp_path, "", ".tap-lint.yml") == ": this file isn't read; rename it to .tap-lint.yaml"


# -- containment ---------------------------------------------------------------------------------------------------


def test_a_link_that_leads_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: swordfish\n")
    repo = repository(tmp_path / "repo", {"main.tf": QUEUE})
    (repo / ".tap-lint.yaml").symlink_to(secret)
    done = checked(repo)
    assert (done.code, done.output) == (2, "")
    assert done.complaint == "tap-lint: .tap-lint.yaml: it is a link that leads out of the repository\n"


@pytest.mark.parametrize("key", ["inputs", "contract", "rules"])
def test_a_path_whose_link_leads_out_of_the_repository_is_refused(tmp_path: Path, key: str) -> None:
    written(tmp_path, {"out/x.yaml": "a: 1\n"})
    repo = repository(tmp_path / "repo", {"main.tf": QUEUE, ".tap-lint.yaml": f"\n{key}: linked/x.yaml\n"})
    (repo / "linked").symlink_to(tmp_path / "out")
    done = checked(repo)
    assert done.code == 2
    assert done.complaint.startswith(f"tap-lint: .tap-lint.yaml:2: {key} linked/x.yaml lies outside the repository")


def test_a_link_within_the_repository_is_followed(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE, "b/settings.yaml": "select: [tagging]\nexclude: [main.tf]\n"})
    (repo / "a" / ".tap-lint.yaml").symlink_to("../b/settings.yaml")
    assert checked(repo, "a").complaint == "tap-lint: a: the folder has no .tf files but what is excluded\n"


# -- pyproject.toml ------------------------------------------------------------------------------------------------

PROJECT = """\
[project]
name = "x"

[tool.tap-lint]
ignore = [
  "iam",
]
fail-on = "error"
severity."format" = "note"

[tool.tap-lint.params."format/essay-comment"]
most = 20

[[tool.tap-lint.paths]]
files = ["test/"]
ignore = ["tagging"]

[[tool.tap-lint.paths]]
files = "old"
[tool.tap-lint.paths.severity]
naming = "off"
"""


def test_a_table_of_pyproject_says_the_same(tmp_path: Path) -> None:
    found = _read(tmp_path, PROJECT, "pyproject.toml")
    assert found.values["ignore"] == (("iam", "pyproject.toml:5"),)
    assert found.values["severity"] == {"format": ("note", "pyproject.toml:9")}
    ((rule, params),) = found.values["params"].items()
    assert (rule, list(params)) == (("format/essay-comment", "pyproject.toml:11"), [("most", "pyproject.toml:12")])
    assert [entry.values for entry in found.entries] == [
        {"ignore": (("tagging", "pyproject.toml:16"),)},
        {"severity": {"naming": ("off", "pyproject.toml:21")}},
    ]


TABLES = [
    ("[tool.tap-lint]\n\nignroe = []", ":3: there is no key ignroe; did you mean ignore?"),
    ("[tool]\ntap-lint = { fail-on = 1 }", ":2: fail-on is note, warning or error, not 1"),
    ("[tool.tap-lint.severity]\na = 'error'\nb = true", ":3: severity of b is error, warning, note or off, not true"),
    ("[tool.tap-lint]\nselect = [", ":2: it isn't TOML: "),
    ("[tool.tap-lint]\n[[tool.tap-lint.paths]]\nfiles = 'x'\ntags = 'y'", ":4: tags can't stand in an entry of paths"),
    ("[tool.tap-lint]\n[[tool.tap-lint.paths]]\nfiles='x'\nignore='y'\n[[tool.tap-lint.paths]]\nignore='z'",
     ":5: an entry of paths has no files"),
    ("[tool]\ntap-lint = 1", ":2: settings are a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), TABLES, ids=[text for text, _ in TABLES])
def test_a_mistake_in_pyproject_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert _refused(tmp_path, text, "pyproject.toml").startswith(message)


def test_a_pyproject_without_the_table_is_not_read(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, "pyproject.toml": "[tool.other\nnot toml"})
    assert checked(repo).code == 1
    written(repo, {"pyproject.toml": "# tool.tap-lint isn't here\n[project]\nname = 'x'\n"})
    assert checked(repo).code == 1
