"""Where things lie, and stacks made for tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"  # for development alone: tests that use it are skipped where it is absent
