"""What the README shows is what the command prints."""

from __future__ import annotations

import subprocess

import pytest

from tests.stacks import ROOT

from .test_command import COMMAND

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_output_that_is_shown_is_real() -> None:
    shown = README.partition("```\n$ tap-lint docs/example/main.tf\n")[2].partition("```\n")[0]
    done = subprocess.run(
        [str(COMMAND), "docs/example/main.tf"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (1, shown)
