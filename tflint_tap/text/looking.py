"""Paths that a run looks at without reading them: what is there, or isn't, is a part of what it says."""

from __future__ import annotations

import os
import sys

EVENT = "tap_lint.look"


def look(path: str | os.PathLike[str]) -> None:
    """Tell whoever notes what a run depends on (tflint_tap.rerun) that it depends on a path."""
    sys.audit(EVENT, os.fspath(path))
