"""The workflow that publishes a release: what it is checked for before anything is built."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stacks import ROOT

WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
VERSION = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("tag", "changelog", "code"),
    [
        (f"v{VERSION}", f"## [{VERSION}] - 2027-01-01\n", 0),
        (f"v{VERSION}.1", f"## [{VERSION}] - 2027-01-01\n", 1),
        (f"v{VERSION}", "## [Unreleased]\n", 1),
    ],
    ids=["the version", "another version", "a version that the changelog lacks"],
)
def test_a_tag_has_to_be_the_version(tag: str, changelog: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "CHANGELOG.md").write_text(changelog)
    (step,) = [step["run"] for step in WORKFLOW["jobs"]["build"]["steps"] if "CHANGELOG" in step.get("run", "")]
    environment = {**os.environ, "GITHUB_REF_NAME": tag}
    assert subprocess.run(["bash", "-e", "-c", step], cwd=tmp_path, env=environment, check=False).returncode == code


def test_only_the_job_that_publishes_may_prove_who_it_is() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in WORKFLOW["jobs"].items()} == {
        "build": None,
        "publish": {"id-token": "write"},
    }
