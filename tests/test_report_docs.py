"""docs/reports.md names all formats, and its commands and recipes work."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.commands import SOUND, invoke
from tests.stacks import ROOT
from tflint_tap.cli.outputs import NAMES
from tflint_tap.report.sarif import MOST_RESULTS

TEXT = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^.*?(tap-lint -[^'\n]*)'?$", "\n".join(text for _, text in BLOCKS), re.MULTILINE)


def test_every_format_is_described() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == NAMES
    assert f"more than {MOST_RESULTS:,} findings" in TEXT


def test_there_are_commands_of_all_recipes() -> None:
    assert len(COMMANDS) == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works_and_writes_what_it_says(command: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SOUND)
    _, *arguments = shlex.split(command)
    done = invoke(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, ""), done.stderr  # a variable that nothing uses
    wanted = [argument.rpartition("=")[2] for option, argument in pairwise(arguments)
              if option == "-o"]  # fmt: skip
    assert all((tmp_path / name).read_text() for name in wanted)
    files = {name for _, text in BLOCKS for name in re.findall(r"[\w-]+\.(?:sarif|xml|md|json)", text)}
    assert set(wanted) <= files


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "yaml"])
def test_a_recipe_reads_only_files_that_its_command_writes(text: str) -> None:
    assert yaml.safe_load(text)
    command = next(line for line in text.splitlines() if "tap-lint -" in line)
    for name in re.findall(r"[\w-]+\.(?:sarif|xml|md|json)", text):
        assert name in command
