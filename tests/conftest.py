"""What all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Tests leave nothing in the user's cache, and records refuse what they let pass in a run."""
    assert "tflint_tap" not in sys.modules
    os.environ["TAP_LINT_STRICT_RECORDS"] = "1"
    folder = tempfile.mkdtemp(prefix="tap-lint-tests-")
    os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """Thousands of tests are there by now: they needn't be searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
