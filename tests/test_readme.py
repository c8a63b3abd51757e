"""What the README shows is what the command prints."""

from __future__ import annotations

import pytest

from tests.stacks import ROOT
from tools import build_docs, build_picture

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHORT = 120  # lines: what is longer stands in docs/


@pytest.mark.slow
def test_the_output_that_is_shown_is_real() -> None:
    assert "\n$ tap-lint docs/example/main.tf " in README
    assert build_docs.readme() == README, "run tools/build_docs.py"


def test_the_picture_is_that_of_the_real_report() -> None:
    assert build_picture.PICTURE.read_text(encoding="utf-8") == build_picture.picture(), "run tools/build_picture.py"


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= SHORT
