"""The keys of settings: the published JSON Schema and docs/config.md say what the table says."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.settings.repository import QUEUE, checked, repository, run
from tests.settings.test_reading import MISTAKES
from tests.stacks import ROOT
from tflint_tap.settings.first import first_settings
from tflint_tap.settings.keys import IN_PATHS, KEYS, PATHS, schema_text, settings_schema
from tflint_tap.settings.reading import read_settings
from tflint_tap.text.yaml_text import Node, compose

PUBLISHED = ROOT / "tflint_tap" / "settings" / "tap-lint.schema.json"

GOOD = """\
select: [iam, naming/hard-coded]
ignore: encryption
severity: {tagging/untagged: warning, format: off}
exclude: [examples/, "*.gen.tf"]
paths:
  - files: [test/]
    ignore: [tagging]
  - {files: old, severity: {naming: note}, select: [iam]}
params:
  format/essay-comment: {most: 20}
prefix: acme-${var.environment}-
suffix: -prod
tags: [Owner, CostCenter]
inputs: [dev.tfvars]
contract: none
provider-version: ~> 5.0
rules: policies
doubts: fail
fail-on: error
baseline: .tap-lint-baseline.json
"""


def _plain(node: Node | None) -> Any:
    assert node is not None
    _, kind, content = node
    if kind == "list":
        return [_plain(one) for one in content]
    return {key[2]: _plain(value) for key, value in content} if kind == "mapping" else content


def _valid(text: str) -> bool:
    validator = jsonschema.Draft202012Validator(settings_schema())
    return bool(validator.is_valid(_plain(compose(text))))


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run tools/build_settings_schema.py"
    jsonschema.Draft202012Validator.check_schema(settings_schema())


def test_the_example_has_every_key_and_is_right(tmp_path: Path) -> None:
    found = _plain(compose(GOOD))
    assert set(found) == {*KEYS, PATHS}
    assert _valid(GOOD)
    (tmp_path / "dev.tfvars").touch()
    (tmp_path / "policies").mkdir()
    (tmp_path / ".tap-lint.yaml").write_text(GOOD)
    root = os.path.realpath(tmp_path)
    read = read_settings(f"{root}/.tap-lint.yaml", root, "x", root)
    assert set(read.values) == set(KEYS)
    assert len(read.entries) == 2


# what only the reader can tell: if a file is there and where it lies, what YAML is, what a pattern or a template is
BEYOND_THE_SCHEMA = re.compile(
    r"second time|no text|there is no such|outside the repository|isn't a pattern|leads out|than 4 times|template"
    r"|character of code|mapping values|alias|^:2: $|version"
)


@pytest.mark.parametrize(
    "text", [text for text, message in MISTAKES if not BEYOND_THE_SCHEMA.search(message)]
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    assert not _valid(text)


@pytest.mark.parametrize("line", GOOD.splitlines())
def test_each_line_that_the_reader_takes_fits_the_schema(tmp_path: Path, line: str) -> None:
    if line.startswith((" ", "paths", "params")):
        return
    (tmp_path / "dev.tfvars").touch()
    (tmp_path / "policies").mkdir()
    (tmp_path / "x.yaml").write_text(line)
    root = os.path.realpath(tmp_path)
    assert len(read_settings(f"{root}/x.yaml", root, "x", root).values) == 1
    assert _valid(line)


def test_the_first_file_has_every_key_as_a_comment(tmp_path: Path) -> None:
    text = first_settings("x.json", None)
    assert compose(text) is None
    bare = re.sub(r"^# (?=[a-z-]+:( |$)|  )", "", text, flags=re.MULTILINE).replace("yaml-language-server", "# x")
    assert set(_plain(compose(bare))) == {*KEYS, PATHS}
    assert _valid(bare)
    kept = first_settings("x.json", "known.json")
    assert _plain(compose(kept)) == {"baseline": "known.json"}


def test_the_command_prints_the_schema(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path, "config", "--schema").output) == settings_schema()


def test_the_page_describes_every_key() -> None:
    page = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert [row[0] for row in rows] == [*KEYS, PATHS]
    for name, _, joining, default in rows[:-1]:
        assert (joining, default.replace("`", "")) == (KEYS[name].joining.value, KEYS[name].default), name
    named = re.search(r"An entry has `files`.*?\n\n", page, re.DOTALL)
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[0])) >= {"files", *IN_PATHS}


def test_the_examples_of_the_page_are_right(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    tables = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(examples) > 1
    assert len(tables) == 1
    for number, (name, text) in enumerate(
        [*((".tap-lint.yaml", text) for text in examples), *(("pyproject.toml", text) for text in tables)]
    ):
        repo = repository(tmp_path / str(number), {"main.tf": QUEUE, name: text, "dev.tfvars": "", "prod.tfvars": ""})
        done = checked(repo)
        assert (done.code in (0, 1), done.complaint) == (True, ""), text
